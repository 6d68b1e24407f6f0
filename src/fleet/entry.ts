import type { Observer, Unsubscribable } from 'rxjs';
import type { Operation } from '../core/operation.js';
import type { Group, Member } from './group.js';
import type { Heaped } from './heap.js';

/** How soon one who was given what is known asks for more, in milliseconds. @internal */
export const SOON = 100;

/** Entries of one sweep. @internal */
export type EntryGroup = Group<Entry>;

/**
 * What is known of one name, and who waits for it. There may be 100,000: its times are whole milliseconds,
 * since V8 keeps other numbers in objects of their own.
 *
 * @internal
 */
export class Entry implements Member {
  readonly name: string;
  /** With the names that the same sweep covers. */
  readonly home: EntryGroup;
  /** Where it is now: at home, or with those that no sweep shows. */
  group: EntryGroup;
  /** When it was first asked about, in milliseconds. */
  readonly begun: number;
  place = -1;
  /** When the next look is due, by the stretched clock. */
  due: number;
  /** The number of the newest look at it; before the first one, of its beginning. */
  looked: number;
  /** How long to wait after the latest look, in milliseconds, unstretched; 0 before the first one. */
  delay = 0;
  /** How many looks said "not done", of those that it asked for by itself: sweeps come more often. */
  attempt = 0;
  /** When its own next look would be due, by the stretched clock, if there were no sweeps. */
  ownDue = 0;
  /** What a backoff remembers of it. */
  readonly memory: Record<string, unknown> = {};
  /** How many looks in a row have failed. */
  failures = 0;
  /** The number of the cancel after which it has yet to be looked at; 0 for none, -1 after a look that failed. */
  restarted = 0;
  /** How many sweeps in a row have not shown it. */
  missed = 0;
  /** Whether a sweep has ever shown it. */
  wasShown = false;
  /** How many wait for a look that begins after they asked. */
  gets = 0;
  /** The newest that is known. */
  known: Operation | undefined;
  /** How many were given what is known, and have yet to come back for more; and when. */
  told = 0;
  toldAt = 0;
  /** Which of several that are due at once is first: the one that has waited for longer. */
  turn: number;
  /** The Get that is under way. */
  call: { stop(): void } | undefined;
  /** The first of those who wait. */
  first: Watcher | undefined;

  constructor(name: string, home: EntryGroup, begun: number, due: number, looked: number) {
    this.name = name;
    this.home = home;
    this.group = home;
    this.begun = begun;
    this.due = due;
    this.looked = looked;
    this.turn = looked;
  }

  /** Whether sweeps have not shown it often enough: it is to be asked about by itself. */
  get isMissing(): boolean {
    return this.missed >= (this.wasShown ? 1 : 2);
  }

  /** Takes note of those who are given what is known. @param now - Whole milliseconds. */
  giveTo(count: number, now: number): void {
    this.told += count;
    this.toldAt = now;
  }

  /** Takes note of one who waits. @returns Whether it is one who was given what is known. */
  comeBack(now: number): boolean {
    // Who wants more asks at once: the others have left for good, and newcomers are not to be taken for them.
    if (now - this.toldAt > SOON) this.told = 0;
    if (this.told === 0) return false;
    this.told -= 1;
    return true;
  }

  /** @returns Those for whom it is, in the order in which they came. */
  watchersFor(isFor: (watcher: Watcher) => boolean): Watcher[] {
    const all: Watcher[] = [];
    for (let each = this.first; each !== undefined; each = each.next) {
      if (isFor(each)) all.push(each);
    }
    return all.toReversed();
  }

  add(watcher: Watcher): void {
    watcher.next = this.first;
    if (this.first !== undefined) this.first.previous = watcher;
    this.first = watcher;
    if (watcher.isGet) this.gets += 1;
  }

  remove(watcher: Watcher): void {
    const { previous, next } = watcher;
    if (previous === undefined) this.first = next;
    else previous.next = next;
    if (next !== undefined) next.previous = previous;
    watcher.previous = undefined;
    watcher.next = undefined;
    if (watcher.isGet) this.gets -= 1;
  }
}

/** Who is told when somebody no longer waits. @internal */
export interface WatcherHost {
  leave(watcher: Watcher): void;
}

/** One call of `get` or `wait` that is yet to be answered. @internal */
export class Watcher implements Heaped, Unsubscribable {
  readonly #host: WatcherHost;
  readonly entry: Entry;
  readonly listener: Observer<Operation>;
  /** Whether any answer will do, as long as it is a new one. */
  readonly isGet: boolean;
  /** Only looks with a greater number count for it. */
  readonly asked: number;
  /** Whether it was given what is known of the operation, so that only what differs is news to it. */
  readonly isInformed: boolean;
  /** When it is to be answered at the latest, in milliseconds; -1 for never. */
  readonly deadline: number;
  isWaiting = true;
  place = -1;
  previous: Watcher | undefined;
  next: Watcher | undefined;

  constructor(
    host: WatcherHost,
    entry: Entry,
    listener: Observer<Operation>,
    request: Pick<Watcher, 'isGet' | 'asked' | 'isInformed' | 'deadline'>,
  ) {
    this.#host = host;
    this.entry = entry;
    this.listener = listener;
    this.isGet = request.isGet;
    this.asked = request.asked;
    this.isInformed = request.isInformed;
    this.deadline = request.deadline;
  }

  /** Tells that nobody waits for the answer any more. */
  unsubscribe(): void {
    this.#host.leave(this);
  }

  answer(operation: Operation): void {
    this.listener.next(operation);
    this.listener.complete();
  }

  fail(thrown: unknown): void {
    this.listener.error(thrown);
  }
}
