import type { Observer } from 'rxjs';
import type { Operation } from '../operation/operation.js';
import { isEqual } from '../values/equal.js';
import { Entry, Watcher, type WatcherHost } from './entry.js';
import { Group } from './group.js';
import { Heap } from './heap.js';
import { LeftEntries } from './left-entries.js';
import { notLookedAt } from './look-failure.js';
import type { FleetSettings } from './options.js';
import { nextDelay } from './pace.js';

// How many are answered late at a time, so that other work comes in between.
const LATE_AT_A_TIME = 1000;

const A_DAY = 86_400_000;
// Those who wait without end are in no heap.
const NEVER = -1;

/** What `join` asks for. @internal */
export interface JoinRequest {
  readonly name: string;
  /** Whether the answer has to come of a look that begins from now on, and be it the same as before. */
  readonly isGet: boolean;
  /** When it is to be answered at the latest, in milliseconds from now; Infinity for never. */
  readonly timeout: number;
}

/** What a registry needs of its fleet. @internal */
export interface RegistryHost {
  readonly settings: FleetSettings;
  /** The time by which looks are due. */
  readonly time: number;
  /** Is told that there may be more or less to call for. */
  onChange(): void;
}

/**
 * Who waits for which operation, and what is known of it: one entry for each name, however many wait.
 *
 * @internal
 */
export class Registry implements WatcherHost {
  /** Each with the names that it covers; the last one has no sweep. */
  readonly groups: readonly Group[];
  readonly #host: RegistryHost;
  /** The names that no sweep covers; and the queue of those that none shows. */
  readonly #rest = new Group(undefined);
  readonly #deadlines = new Heap<Watcher>((a, b) => a.deadline < b.deadline);
  readonly #left = new LeftEntries();
  /** Counts looks and questions: it tells which came first where the clock does not. */
  #number = 0;
  #size = 0;
  /** Whose watchers are being told. */
  #telling: Entry | undefined;

  constructor(host: RegistryHost) {
    this.#host = host;
    this.groups = [...host.settings.sweeps.map((sweep) => new Group(sweep)), this.#rest];
  }

  /** How many names are watched. */
  get size(): number {
    return this.#size;
  }

  /** When the next one is to be answered, whatever is known. */
  get deadline(): number {
    return this.#deadlines.first?.deadline ?? Infinity;
  }

  /** Numbers a look that begins. */
  nextNumber(): number {
    this.#number += 1;
    return this.#number;
  }

  /** Has a listener told of an operation, once. */
  join({ name, isGet, timeout }: JoinRequest, listener: Observer<Operation>): Watcher {
    const group = this.#groupOf(name);
    const entry = group.entries.get(name) ?? this.#enter(group, name, isGet);
    const now = this.#host.settings.scheduler.now();
    const isBack = entry.comeBack(now);
    const isInformed = isBack && !isGet;
    const asked = isInformed ? 0 : this.nextNumber();
    const isBounded = timeout !== Infinity;
    const deadline = isBounded ? Math.ceil(now + timeout) : NEVER;
    const watcher = new Watcher(this, entry, listener, { isGet, isInformed, asked, deadline });
    entry.add(watcher);
    if (isBounded) this.#deadlines.put(watcher);
    this.#queue(group, entry);
    this.#host.onChange();
    return watcher;
  }

  leave(watcher: Watcher): void {
    if (!watcher.isWaiting) return;
    this.#detach(watcher);
    this.#release(watcher.entry, false);
  }

  /** Takes an entry out of its queue, for a look at it. */
  take(entry: Entry): void {
    this.#queueOf(this.#groupOf(entry.name), entry).remove(entry);
  }

  /**
   * Takes what a look has shown.
   *
   * @param number - Of the look.
   */
  answered(entry: Entry, operation: Operation, number: number): void {
    if (number < entry.looked) {
      // What was told was seen later; this look was its turn.
      if (entry.first !== undefined) this.#queue(this.#groupOf(entry.name), entry);
      return;
    }
    entry.looked = number;
    entry.failures = 0;
    const isNews = entry.known === undefined || !isEqual(entry.known, operation);
    if (isNews) entry.known = operation;
    // Who was told before does not know it.
    if (isNews) entry.told = 0;
    const { done } = operation;
    const told = this.#detachAll(
      entry,
      (each) => each.asked < number && (done || isNews || each.isGet || !each.isInformed),
    );
    const fault = done ? undefined : this.#setDelay(entry);
    this.#queueAfter(entry, done ? 0 : entry.delay);
    this.#giveTo(entry, told.length);
    this.#tell(entry, told, (each) => each.answer(operation));
    // It is the caller's own fault, and nobody is to wait for what never comes.
    if (fault !== undefined) {
      this.#tell(entry, this.#detachAll(entry, isAny), (each) => each.fail(fault.error));
    }
    this.#release(entry, done);
  }

  /** Takes what a page of a sweep has shown. @returns Whether it is the first time in this sweep. */
  shown(operation: Operation, number: number, sweepNumber: number): boolean {
    const group = this.#groupOf(operation.name);
    const entry = group.entries.get(operation.name);
    if (entry === undefined) return false;
    const isFirst = entry.looked < sweepNumber;
    if (entry.missed > 0) {
      this.#queueOf(group, entry).remove(entry);
      entry.missed = 0;
      this.#queue(group, entry);
    }
    entry.wasShown = true;
    this.answered(entry, operation, number);
    return isFirst;
  }

  /**
   * Takes the failure of a look.
   *
   * @param delay - After how long to look again, in milliseconds.
   * @param isFor - Who is to be told.
   * @param thrown - What they are told.
   */
  failed(
    entry: Entry,
    delay: number,
    isFor: (watcher: Watcher) => boolean,
    thrown: (watcher: Watcher) => unknown,
  ): void {
    const told = this.#detachAll(entry, isFor);
    this.#queueAfter(entry, delay);
    this.#tell(entry, told, (each) => each.fail(thrown(each)));
    this.#release(entry, false);
  }

  /** Has an operation looked at before all others, and then as one that has just begun. */
  restart(name: string): void {
    const group = this.#groupOf(name);
    const entry = group.entries.get(name) ?? this.#left.get(name);
    if (entry === undefined) return;
    entry.attempt = 0;
    entry.ownDue = 0;
    entry.due = -A_DAY;
    if (entry.first !== undefined) this.#queue(group, entry);
  }

  /** Has names that a sweep did not show asked about one by one. @returns How many. */
  missed(group: Group, sweepNumber: number, isPaid: boolean): number {
    let count = 0;
    for (const entry of group.entries.values()) {
      if (entry.looked >= sweepNumber || entry.isAlone || entry.call !== undefined) continue;
      // A list may not show yet what has just begun; what it shows no more has ended, as a rule.
      if (!isPaid && !entry.wasShown) continue;
      count += 1;
      group.queue.remove(entry);
      entry.missed += 1;
      if (entry.isAlone) entry.due = Math.min(entry.due, Math.floor(this.#host.time));
      this.#queue(group, entry);
    }
    return count;
  }

  /** Answers those whose time is up with what is known. */
  answerLate(now: number): void {
    for (let count = 0; count < LATE_AT_A_TIME; count += 1) {
      const late = this.#deadlines.first;
      if (late === undefined || late.deadline > now) return;
      const { entry } = late;
      const { known } = entry;
      this.#detach(late);
      if (known !== undefined) this.#giveTo(entry, 1);
      this.#tell(entry, [late], (each) => {
        if (known === undefined) each.fail(notLookedAt(entry.name));
        else each.answer(known);
      });
      this.#release(entry, false);
    }
  }

  #groupOf(name: string): Group {
    return this.groups.find(({ sweep }) => sweep?.covers(name) === true) ?? this.#rest;
  }

  #queueOf(group: Group, entry: Entry): Heap<Entry> {
    return entry.isAlone ? this.#rest.queue : group.queue;
  }

  /** Has an entry wait for its turn, unless it has it now. */
  #queue(group: Group, entry: Entry): void {
    if (entry.call !== undefined) return;
    if (entry.gets > 0) entry.due = Math.min(entry.due, Math.floor(this.#host.time));
    this.#queueOf(group, entry).put(entry);
  }

  /** Has an entry that was looked at wait for its next turn, if anybody waits for it. */
  #queueAfter(entry: Entry, delay: number): void {
    const group = this.#groupOf(entry.name);
    entry.due = Math.ceil(this.#host.time + delay);
    // Who gives up and comes again keeps the turn: else one that waits for long would never have it.
    entry.turn = this.nextNumber();
    if (entry.first === undefined) this.#queueOf(group, entry).remove(entry);
    else this.#queue(group, entry);
  }

  #enter(group: Group, name: string, isGet: boolean): Entry {
    let entry = this.#left.get(name);
    if (entry === undefined) {
      const { settings, time } = this.#host;
      const begun = Math.floor(settings.scheduler.now());
      entry = new Entry(name, begun, Math.floor(time), this.nextNumber());
      if (!isGet) {
        entry.delay = nextDelay(entry, settings, time);
        entry.due = Math.ceil(time + entry.delay);
      }
    } else {
      this.#left.delete(name);
      entry.looked = this.nextNumber();
    }
    group.add(entry);
    this.#size += 1;
    return entry;
  }

  /** @returns What the function of the caller threw, if it did. */
  #setDelay(entry: Entry): { readonly error: unknown } | undefined {
    const { settings, time } = this.#host;
    try {
      this.#groupOf(entry.name).setDelay(entry, nextDelay(entry, settings, time));
    } catch (error) {
      return { error };
    }
    return undefined;
  }

  #giveTo(entry: Entry, count: number): void {
    entry.giveTo(count, Math.floor(this.#host.settings.scheduler.now()));
  }

  #detach(watcher: Watcher): void {
    watcher.isWaiting = false;
    watcher.entry.remove(watcher);
    this.#deadlines.remove(watcher);
  }

  /**
   * Forgets an entry that nobody waits for.
   *
   * @param isOver - Whether nobody will ask again.
   */
  #release(entry: Entry, isOver: boolean): void {
    if (entry.first !== undefined || entry === this.#telling) return;
    const group = this.#groupOf(entry.name);
    // It was released before.
    if (group.entries.get(entry.name) !== entry) return;
    this.#queueOf(group, entry).remove(entry);
    group.remove(entry);
    this.#size -= 1;
    const { call } = entry;
    entry.call = undefined;
    call?.stop();
    if (!isOver) this.#left.put(entry);
    this.#host.onChange();
  }

  /** Has those leave for whom it is. @returns They, in the order in which they came. */
  #detachAll(entry: Entry, isFor: (watcher: Watcher) => boolean): readonly Watcher[] {
    const all = entry.watchersFor(isFor);
    for (const each of all) this.#detach(each);
    return all;
  }

  #tell(entry: Entry, told: readonly Watcher[], how: (watcher: Watcher) => void): void {
    if (told.length === 0) return;
    this.#telling = entry;
    try {
      for (const each of told) how(each);
    } finally {
      this.#telling = undefined;
    }
  }
}

function isAny(): boolean {
  return true;
}
