import type { Observer } from 'rxjs';
import type { Operation } from '../core/operation.js';
import type { Entries } from './entries.js';
import { SOON, Watcher, type Entry } from './entry.js';
import { Heap } from './heap.js';
import type { FleetHost } from './host.js';
import { queue } from './queue.js';
import { neverAsked } from './wait-failure.js';

// How many are answered late at a time, so that other work comes in between.
const LATE_AT_A_TIME = 1000;

/** What `join` asks for. @internal */
export interface JoinRequest {
  readonly name: string;
  /** `'get'`: the answer must come from a request that begins from now on, even if it is the same as before. */
  readonly method: 'get' | 'wait';
  /** When it must be answered, in milliseconds from now. Default: no limit. */
  readonly timeout?: number | undefined;
}

/**
 * Those who wait for operations.
 *
 * @internal
 */
export class Waiters {
  readonly #host: FleetHost;
  readonly #entries: Entries;
  /** Those who wait for a limited time. */
  readonly #limited = new Heap<Watcher>((a, b) => deadlineOf(a) < deadlineOf(b));
  /**
   * Entries whose last watcher was answered late while a request was in flight, and may be back for what it
   * shows; and until when they are kept, in milliseconds.
   */
  readonly #kept = new Map<Entry, number>();
  /** Whose watchers are being told. */
  #telling: Entry | undefined;

  constructor(host: FleetHost, entries: Entries) {
    this.#host = host;
    this.#entries = entries;
  }

  /** When the next one must be answered, whatever is known. */
  get deadline(): number {
    const [kept = Infinity] = this.#kept.values();
    return Math.min(deadlineOf(this.#limited.first), kept);
  }

  /** Has a listener told of an operation, once. */
  join({ name, method, timeout = Infinity }: JoinRequest, listener: Observer<Operation>): Watcher {
    const entry = this.#entries.enter(name, method === 'get');
    const { now } = this.#host;
    const wants = method === 'wait' && entry.comeBack(now) ? 'change' : method;
    const number = this.#host.nextNumber();
    const deadline = timeout === Infinity ? undefined : Math.ceil(now + timeout);
    const watcher = new Watcher(this.#leave, listener, entry, wants, number, deadline);
    entry.add(watcher);
    this.#kept.delete(entry);
    if (deadline !== undefined) this.#limited.put(watcher);
    queue(entry, this.#host);
    this.#host.onChange();
    return watcher;
  }

  /** Answers those whose time is up with what is known. */
  answerLate(now: number): void {
    for (const [entry, until] of this.#kept) {
      if (until > now) break;
      this.#kept.delete(entry);
      this.release(entry, false);
    }
    for (let count = 0; count < LATE_AT_A_TIME; count += 1) {
      const late = this.#limited.first;
      if (late === undefined || deadlineOf(late) > now) return;
      const { entry } = late;
      const { known } = entry;
      this.#detach(late);
      if (known !== undefined) entry.giveTo(1, this.#host.now);
      this.tell(entry, [late], (each) => {
        if (known === undefined) each.fail(neverAsked(entry.name));
        else each.answer(known);
      });
      // A request that takes longer than those who wait would otherwise never be answered.
      const isInFlight = entry.call !== undefined || entry.group.run?.call !== undefined;
      if (isInFlight && entry.first === undefined) this.#kept.set(entry, now + SOON);
      else this.release(entry, false);
    }
  }

  /** Takes out the watchers that fit. @returns They, in the order in which they came. */
  take(entry: Entry, fits: (watcher: Watcher) => boolean): readonly Watcher[] {
    const all = entry.watchersFor(fits);
    for (const each of all) this.#detach(each);
    return all;
  }

  /** Tells watchers that were taken out; meanwhile the entry is kept. */
  tell(entry: Entry, told: readonly Watcher[], how: (watcher: Watcher) => void): void {
    if (told.length === 0) return;
    this.#telling = entry;
    try {
      for (const each of told) how(each);
    } finally {
      this.#telling = undefined;
    }
  }

  /** Removes an entry if no wait needs it. @param isOver - Whether it will not be asked for again. */
  release(entry: Entry, isOver: boolean): void {
    if (entry.first !== undefined || entry === this.#telling || !entry.isWatched) return;
    const { call } = entry;
    entry.call = undefined;
    this.#entries.remove(entry, isOver);
    this.#kept.delete(entry);
    call?.stop();
    this.#host.onChange();
  }

  // One function for all watchers.
  readonly #leave = (watcher: Watcher): void => {
    if (!watcher.isWaiting) return;
    this.#detach(watcher);
    this.release(watcher.entry, false);
  };

  #detach(watcher: Watcher): void {
    watcher.isWaiting = false;
    watcher.entry.remove(watcher);
    this.#limited.remove(watcher);
  }
}

function deadlineOf(watcher: Watcher | undefined): number {
  return watcher?.deadline ?? Infinity;
}
