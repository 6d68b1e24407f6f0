import type { Observer } from 'rxjs';
import type { Operation } from '../core/operation.js';
import { isEqual } from '../core/values/equal.js';
import { Entry, SOON, Watcher, type EntryGroup, type WatcherHost } from './entry.js';
import { Group } from './group.js';
import { Heap } from './heap.js';
import { LeftEntries } from './left-entries.js';
import { notLookedAt } from './look-failure.js';
import type { FleetSettings } from './options.js';
import { nextDelay } from './pace.js';

// How many are answered late at a time, so that other work comes in between.
const LATE_AT_A_TIME = 1000;

// A look at what was cancelled has failed: the next one waits for a while, and has no turn of its own.
const CONFIRM_AGAIN = -1;

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
  readonly groups: readonly EntryGroup[];
  readonly #host: RegistryHost;
  /** The names that no sweep covers; and the queue of those that none shows. */
  readonly #rest = new Group<Entry>(undefined);
  readonly #deadlines = new Heap<Watcher>((a, b) => a.deadline < b.deadline);
  readonly #left = new LeftEntries();
  /** Who was answered late while a look is under way, and may be back for what it shows; and until when. */
  readonly #lingering = new Map<Entry, number>();
  /** Counts looks and questions: it tells which came first where the clock does not. */
  #number = 0;
  #size = 0;
  /** Whose watchers are being told. */
  #telling: Entry | undefined;

  constructor(host: RegistryHost) {
    this.#host = host;
    this.groups = [...host.settings.sweeps.map((sweep) => new Group<Entry>(sweep)), this.#rest];
  }

  /** How many names are watched. */
  get size(): number {
    return this.#size;
  }

  /** When the next one is to be answered, whatever is known. */
  get deadline(): number {
    const [lingering] = this.#lingering.values();
    return Math.min(this.#deadlines.first?.deadline ?? Infinity, lingering ?? Infinity);
  }

  /** Numbers a look that begins. */
  nextNumber(): number {
    this.#number += 1;
    return this.#number;
  }

  /** Has a listener told of an operation, once. */
  join({ name, isGet, timeout }: JoinRequest, listener: Observer<Operation>): Watcher {
    const entry = this.#find(name) ?? this.#enter(name, isGet);
    const now = this.#host.settings.scheduler.now();
    const isInformed = !isGet && entry.comeBack(now);
    const asked = isInformed ? 0 : this.nextNumber();
    const isBounded = timeout !== Infinity;
    const deadline = isBounded ? Math.ceil(now + timeout) : NEVER;
    const watcher = new Watcher(this, entry, listener, { isGet, isInformed, asked, deadline });
    entry.add(watcher);
    this.#lingering.delete(entry);
    if (isBounded) this.#deadlines.put(watcher);
    this.#queue(entry);
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
    entry.group.queue.remove(entry);
    entry.group.restarted.delete(entry);
  }

  /**
   * Takes what a look has shown.
   *
   * @param number - Of the look.
   */
  answered(entry: Entry, operation: Operation, number: number): void {
    if (!entry.group.has(entry)) return;
    const { done } = operation;
    // What was told was seen later; this look was its turn.
    if (number < entry.looked && !done) return this.#queue(entry);
    entry.looked = Math.max(entry.looked, number);
    entry.failures = 0;
    if (number > entry.restarted) this.#confirm(entry);
    const isNews = entry.known === undefined || !isEqual(entry.known, operation);
    if (isNews) entry.known = operation;
    // Who was told before does not know it.
    if (isNews) entry.told = 0;
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

  /**
   * Takes what a page of a sweep has shown.
   *
   * @param group - Whose sweep it is.
   * @param number - Of the page.
   * @returns Whether it is the first time in this sweep that it shows this one of its own.
   */
  shown(group: EntryGroup, operation: Operation, number: number, sweepNumber: number): boolean {
    const entry = this.#find(operation.name);
    if (entry === undefined) return false;
    const isOwn = entry.home === group;
    const isFirst = isOwn && entry.looked < sweepNumber;
    if (isOwn) {
      entry.missed = 0;
      entry.wasShown = true;
      this.#move(entry, group);
    }
    this.answered(entry, operation, number);
    return isFirst;
  }

  /**
   * Takes the failure of a look.
   *
   * @param number - Of the look.
   * @param delay - After how long to look again, in milliseconds.
   * @param isFor - Who is to be told.
   * @param thrown - What they are told.
   */
  failed(
    entry: Entry,
    number: number,
    delay: number,
    isFor: (watcher: Watcher) => boolean,
    thrown: (watcher: Watcher) => unknown,
  ): void {
    if (!entry.group.has(entry)) return;
    const wasConfirming = entry.restarted !== 0 && number > entry.restarted;
    if (wasConfirming) entry.restarted = CONFIRM_AGAIN;
    const told = this.#detachAll(entry, isFor);
    this.#queueAfter(entry, delay);
    if (wasConfirming) this.#queueFirst(entry);
    this.#tell(entry, told, (each) => each.fail(thrown(each)));
    this.#release(entry, false);
  }

  /** Has an operation looked at soon, and then as one that has just begun. */
  restart(name: string): void {
    const entry = this.#find(name) ?? this.#left.get(name);
    if (entry === undefined) return;
    entry.attempt = 0;
    entry.ownDue = 0;
    entry.restarted = this.nextNumber();
    if (entry.first !== undefined) this.#queue(entry);
  }

  /** Has names that a sweep did not show asked about one by one. @returns How many. */
  missed(group: EntryGroup, sweepNumber: number, isPaid: boolean): number {
    let count = 0;
    for (const entry of group.entries.values()) {
      if (entry.looked >= sweepNumber || entry.call !== undefined) continue;
      // A list may not show yet what has just begun; what it shows no more has ended, as a rule.
      if (!isPaid && !entry.wasShown) continue;
      count += 1;
      entry.missed += 1;
      if (!entry.isMissing) continue;
      entry.due = Math.min(entry.due, Math.floor(this.#host.time));
      this.#move(entry, this.#rest);
    }
    return count;
  }

  /** Answers those whose time is up with what is known. */
  answerLate(now: number): void {
    for (const [entry, until] of this.#lingering) {
      if (until > now) break;
      this.#lingering.delete(entry);
      this.#release(entry, false);
    }
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
      // A look that takes longer than those who wait would else never be answered.
      const isUnderWay = entry.call !== undefined || entry.group.run?.call !== undefined;
      if (isUnderWay && entry.first === undefined) this.#lingering.set(entry, now + SOON);
      else this.#release(entry, false);
    }
  }

  #find(name: string): Entry | undefined {
    for (const { entries } of this.groups) {
      const entry = entries.get(name);
      if (entry !== undefined) return entry;
    }
    return undefined;
  }

  /** Has an entry go with those of another group. */
  #move(entry: Entry, to: EntryGroup): void {
    const from = entry.group;
    if (from === to) return;
    from.remove(entry);
    entry.group = to;
    to.add(entry);
    entry.home.away += to === entry.home ? -1 : 1;
    this.#queue(entry);
  }

  /** Has an entry wait for its turn, unless it has it now. */
  #queue(entry: Entry): void {
    if (entry.call !== undefined) return;
    if (entry.gets > 0) entry.due = Math.min(entry.due, Math.floor(this.#host.time));
    entry.group.queue.put(entry);
    if (entry.restarted > 0) entry.group.restarted.add(entry);
  }

  /** Has an entry that was looked at wait for its next turn, if anybody waits for it. */
  #queueAfter(entry: Entry, delay: number): void {
    entry.due = Math.ceil(this.#host.time + delay);
    // Who gives up and comes again keeps the turn: else one that waits for long would never have it.
    entry.turn = this.nextNumber();
    if (entry.first === undefined) entry.group.queue.remove(entry);
    else this.#queue(entry);
  }

  /** Has an entry that waits for its turn go before all that is overdue. */
  #queueFirst(entry: Entry): void {
    const { queue } = entry.group;
    if (entry.place === -1) return;
    entry.due = Math.min(entry.due, queue.first?.due ?? entry.due);
    entry.turn = 0;
    queue.put(entry);
  }

  /** Takes note of a look at what was cancelled. */
  #confirm(entry: Entry): void {
    entry.restarted = 0;
    entry.group.restarted.delete(entry);
  }

  #enter(name: string, isGet: boolean): Entry {
    let entry = this.#left.get(name);
    if (entry === undefined) {
      const { settings, time } = this.#host;
      const begun = Math.floor(settings.scheduler.now());
      // Asked once for each name: what the caller's function says may change.
      const home = this.groups.find(({ sweep }) => sweep?.covers(name) === true) ?? this.#rest;
      entry = new Entry(name, home, begun, Math.floor(time), this.nextNumber());
      if (!isGet) {
        entry.delay = nextDelay(entry, settings, time);
        entry.due = Math.ceil(time + entry.delay);
      }
      // The caller's own code has run, and may have asked for the same one.
      const other = this.#find(name);
      if (other !== undefined) return other;
    } else {
      this.#left.delete(name);
      entry.looked = this.nextNumber();
    }
    entry.group.add(entry);
    if (entry.group !== entry.home) entry.home.away += 1;
    this.#size += 1;
    return entry;
  }

  /** @returns What the function of the caller threw, if it did. */
  #setDelay(entry: Entry): { readonly error: unknown } | undefined {
    const { settings, time } = this.#host;
    try {
      const delay = nextDelay(entry, settings, time);
      // By what the caller's own code did the last one may have left.
      if (entry.group.has(entry)) entry.group.setDelay(entry, delay);
      else entry.delay = delay;
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
    // It was released before.
    if (!entry.group.has(entry)) return;
    entry.group.remove(entry);
    if (entry.group !== entry.home) entry.home.away -= 1;
    this.#lingering.delete(entry);
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
