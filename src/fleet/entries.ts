import { Entry, type EntryGroup } from './entry.js';
import { Group } from './group.js';
import type { FleetHost } from './host.js';
import { partsOf, projectsIn } from './names-under.js';
import { nextDelay } from './pace.js';
import { queue } from './queue.js';

// For how many names it is kept what is known of them: for those who give up and come again, as a retry does.
const MOST_LEFT = 10_000;

/**
 * The names that are waited for: one entry for each, in the group of the sweep that covers it.
 *
 * @internal
 */
export class Entries {
  /** One for each sweep, and the rest. */
  readonly groups: readonly EntryGroup[];
  readonly #host: FleetHost;
  /** The names that no sweep covers, and those that their sweep does not show. */
  readonly #rest: EntryGroup = new Group(undefined);
  /** What is known of names that are not waited for any more: the latest of them. */
  readonly #left = new Map<string, Entry>();
  /** By the project in names that the server gives: the project in the names that it was asked about. */
  readonly #projects = new Map<string, string>();

  constructor(host: FleetHost) {
    this.#host = host;
    this.groups = [...host.settings.sweeps.map((sweep) => new Group<Entry>(sweep)), this.#rest];
  }

  find(name: string): Entry | undefined {
    for (const { entries } of this.groups) {
      const entry = entries.get(name);
      if (entry !== undefined) return entry;
    }
    return undefined;
  }

  /** Finds the entry of a name in a list, which may have another name of the project. */
  findListed(name: string): Entry | undefined {
    const found = this.find(name);
    if (found !== undefined || this.#projects.size === 0) return found;
    const { project = '', rest = '' } = partsOf(name) ?? {};
    const asked = this.#projects.get(project);
    return asked === undefined ? undefined : this.find(`projects/${asked}${rest}`);
  }

  /** Takes note of the name that the server gave in place of the one that it was asked about. */
  learn(name: string, told: string): void {
    const projects = name === told ? undefined : projectsIn(name, told);
    if (projects !== undefined) this.#projects.set(projects.told, projects.asked);
  }

  /**
   * Finds the entry of a name, or makes it.
   *
   * @param isDue - Whether a new one is due at once, and not after the first delay.
   * @throws What the backoff of the user throws.
   */
  enter(name: string, isDue: boolean): Entry {
    const found = this.find(name);
    if (found !== undefined) return found;
    const entry = this.#left.get(name) ?? this.#make(name, isDue);
    // Code of the user has run, and may have waited for the same name.
    const other = this.find(name);
    if (other !== undefined) return other;
    this.#left.delete(name);
    entry.newest = this.#host.nextNumber();
    entry.group.add(entry);
    if (entry.group !== entry.home) entry.home.away += 1;
    return entry;
  }

  /** Removes an entry. @param isOver - Whether the name will not be asked for again. */
  remove(entry: Entry, isOver: boolean): void {
    entry.group.remove(entry);
    if (entry.group !== entry.home) entry.home.away -= 1;
    if (isOver) return;
    this.#left.set(entry.name, entry);
    if (this.#left.size <= MOST_LEFT) return;
    const [oldest] = this.#left.keys();
    if (oldest !== undefined) this.#left.delete(oldest);
  }

  /** Has an operation that was cancelled asked about soon, and then as one that has just begun. */
  restart(name: string): void {
    const entry = this.find(name) ?? this.#left.get(name);
    if (entry === undefined) return;
    entry.attempt = 0;
    entry.ownDue = 0;
    entry.unconfirmed = { number: this.#host.nextNumber(), state: 'due' };
    if (entry.first !== undefined) queue(entry, this.#host);
  }

  /** Takes note of an entry that a sweep of its own has shown. */
  shown(entry: Entry): void {
    entry.missed = 0;
    entry.wasShown = true;
    this.#move(entry, entry.home);
  }

  /**
   * Has names that a sweep did not show asked about one by one.
   *
   * @param sweepNumber - Of the sweep.
   * @param isPaid - Whether the sweep showed enough to be worth its pages.
   * @returns How many names it did not show.
   */
  missed(group: EntryGroup, sweepNumber: number, isPaid: boolean): number {
    let count = 0;
    for (const entry of group.entries.values()) {
      if (entry.newest >= sweepNumber || entry.call !== undefined) continue;
      // A list may not show yet what has just begun; what it no longer shows has usually ended.
      if (!isPaid && !entry.wasShown) continue;
      count += 1;
      entry.missed += 1;
      if (entry.isMissing) this.getNext(entry);
    }
    return count;
  }

  /** Has a name asked about by Get as soon as may be, until a sweep shows it again. */
  getNext(entry: Entry): void {
    entry.due = Math.min(entry.due, Math.floor(this.#host.time));
    this.#move(entry, this.#rest);
  }

  #make(name: string, isDue: boolean): Entry {
    const host = this.#host;
    const begun = Math.floor(host.now);
    // Asked once for each name: the answer of the user's function may change.
    const home =
      this.groups.find(({ sweep }) => sweep?.covers(name) === true) ??
      this.groups.find(({ sweep }) => sweep?.mayCover?.(name) === true) ??
      this.#rest;
    const entry = new Entry(name, home, begun, Math.floor(host.time), host.nextNumber());
    if (!isDue) {
      entry.delay = nextDelay(entry, host);
      entry.due = Math.ceil(host.time + entry.delay);
    }
    return entry;
  }

  #move(entry: Entry, to: EntryGroup): void {
    const from = entry.group;
    if (from === to) return;
    from.remove(entry);
    entry.group = to;
    to.add(entry);
    entry.home.away += to === entry.home ? -1 : 1;
    queue(entry, this.#host);
  }
}
