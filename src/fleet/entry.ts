import type { Observer, Unsubscribable } from 'rxjs';
import type { Stoppable } from '../core/wait/guard.js';
import type { Operation } from '../core/operation.js';
import type { Group, Member } from './group.js';
import type { Heaped } from './heap.js';

/** How soon a wait that has received what is known asks for more, in milliseconds. @internal */
export const SOON = 100;

/** Entries of one sweep. @internal */
export type EntryGroup = Group<Entry>;

/** A cancel that no request has confirmed that began after it. @internal */
export interface Unconfirmed {
  /** The number of the cancel. */
  readonly number: number;
  /** `'failed'`: the request that was to confirm it failed, so the next one waits for its retry delay. */
  readonly state: 'due' | 'failed';
}

/**
 * What is known of one name, and who waits for it. There may be 100,000, so its times are whole milliseconds:
 * V8 keeps other numbers in objects of their own.
 *
 * @internal
 */
export class Entry implements Member {
  readonly name: string;
  /** The group of the sweep that covers the name. */
  readonly home: EntryGroup;
  /** The group that it is in: its home, or the group of all that no sweep shows. */
  group: EntryGroup;
  /** When the first wait for it began, in milliseconds. */
  readonly begun: number;
  place: number | undefined;
  /** When the next request is due, by the fleet's `time`. */
  due: number;
  /** The number of the newest request that told of it; before the first one, that of its beginning. */
  newest: number;
  /** How long to wait after the latest answer, in milliseconds, unstretched; undefined before the first. */
  delay: number | undefined;
  /** How many answers said "not done", of the requests at its own pace: sweeps come more often. */
  attempt = 0;
  /** When its own next request would be due, by the fleet's `time`, if there were no sweeps. */
  ownDue = 0;
  /** What a backoff remembers of it. */
  memory: Record<string, unknown> | undefined;
  /** How many requests in a row have failed. */
  failures = 0;
  unconfirmed: Unconfirmed | undefined;
  /** How many sweeps in a row have not shown it. */
  missed = 0;
  /** Whether a sweep has ever shown it. */
  wasShown = false;
  /** When it last changed, or was last asked about by Get, in milliseconds. */
  checkedAt: number;
  /** How many wait for the answer to a request that begins after they asked. */
  gets = 0;
  /** The newest snapshot. */
  known: Operation | undefined;
  /** How many were told what is known, and have yet to come back for more; and when. */
  told = 0;
  toldAt = 0;
  /** Orders those that are due at the same time: the one that has waited for longer comes first. */
  turn: number;
  /** The Get in flight. */
  call: Stoppable | undefined;
  /** The first in the list of those who wait: the one who came last. */
  first: Watcher | undefined;

  constructor(name: string, home: EntryGroup, begun: number, due: number, number: number) {
    this.name = name;
    this.home = home;
    this.group = home;
    this.begun = begun;
    this.checkedAt = begun;
    this.due = due;
    this.newest = number;
    this.turn = number;
  }

  /** Whether a wait needs it, or is receiving an answer. */
  get isWatched(): boolean {
    return this.group.entries.get(this.name) === this;
  }

  /**
   * Whether it is asked about before all that is due: it was cancelled, or a wait that has waited for it wants
   * to know now, as a notifier does. The first Get of a name is as urgent as any other.
   */
  get isUrgent(): boolean {
    return this.unconfirmed?.state === 'due' || (this.gets > 0 && this.delay !== undefined);
  }

  /** Whether so many sweeps did not show it that Get must ask about it. */
  get isMissing(): boolean {
    return this.missed >= (this.wasShown ? 1 : 2);
  }

  /** Counts those who are told what is known. @param now - Milliseconds. */
  giveTo(count: number, now: number): void {
    this.told += count;
    this.toldAt = Math.floor(now);
  }

  /** Counts a wait. @returns Whether it has received what is known. */
  comeBack(now: number): boolean {
    // Who wants more asks at once: the others have left for good, and newcomers must not be taken for them.
    if (now - this.toldAt > SOON) this.told = 0;
    if (this.told === 0) return false;
    this.told -= 1;
    return true;
  }

  /** @returns The watchers that fit, in the order in which they came. */
  watchersFor(fits: (watcher: Watcher) => boolean): Watcher[] {
    const all: Watcher[] = [];
    for (let each = this.first; each !== undefined; each = each.next) {
      if (fits(each)) all.push(each);
    }
    return all.toReversed();
  }

  add(watcher: Watcher): void {
    watcher.next = this.first;
    if (this.first !== undefined) this.first.previous = watcher;
    this.first = watcher;
    if (watcher.wants === 'get') this.gets += 1;
  }

  remove(watcher: Watcher): void {
    const { previous, next } = watcher;
    if (previous === undefined) this.first = next;
    else previous.next = next;
    if (next !== undefined) next.previous = previous;
    watcher.previous = undefined;
    watcher.next = undefined;
    if (watcher.wants === 'get') this.gets -= 1;
  }
}

/** One call of `get` or `wait` that is yet to be answered. @internal */
export class Watcher implements Heaped, Unsubscribable {
  readonly #leave: (watcher: Watcher) => void;
  readonly #listener: Observer<Operation>;
  readonly entry: Entry;
  /**
   * `'get'`: the answer to a request that begins from now on, and soon · `'wait'`: the same, when it is due ·
   * `'change'`: a snapshot that differs from the one that is known.
   */
  readonly wants: 'get' | 'wait' | 'change';
  /** Requests with a smaller number began before it. */
  readonly #number: number;
  /** When it must be answered, in whole milliseconds; undefined for no limit. */
  readonly deadline: number | undefined;
  isWaiting = true;
  place: number | undefined;
  previous: Watcher | undefined;
  next: Watcher | undefined;

  constructor(
    leave: (watcher: Watcher) => void,
    listener: Observer<Operation>,
    entry: Entry,
    wants: Watcher['wants'],
    number: number,
    deadline: number | undefined,
  ) {
    this.#leave = leave;
    this.#listener = listener;
    this.entry = entry;
    this.wants = wants;
    this.#number = number;
    this.deadline = deadline;
  }

  /** Ends the wait: no caller is told any more. */
  unsubscribe(): void {
    this.#leave(this);
  }

  /** Whether a request counts for it. @param number - Of the request. */
  takes(number: number): boolean {
    return this.wants === 'change' || this.#number < number;
  }

  answer(operation: Operation): void {
    this.#listener.next(operation);
    this.#listener.complete();
  }

  fail(thrown: unknown): void {
    this.#listener.error(thrown);
  }
}
