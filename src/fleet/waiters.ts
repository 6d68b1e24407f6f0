import type { Observer } from 'rxjs';
import type { StatusError } from '../core/errors/status-error.js';
import type { Operation } from '../core/operation.js';
import { isTransient } from '../core/policy/retry.js';
import { isEqual } from '../core/values/equal.js';
import { Deadlines } from './deadlines.js';
import type { Entries } from './entries.js';
import { Watcher, type Entry, type WatcherHost } from './entry.js';
import type { FleetHost } from './host.js';
import { neverAsked, waitFailed } from './wait-failure.js';
import { nextDelay } from './pace.js';
import { queue, queueAgain, queueFirst } from './queue.js';
import { retryDelay } from './retry-delay.js';

// How many are answered late at a time, so that other work comes in between.
const LATE_AT_A_TIME = 1000;

// After so many failures in a row, callers of `wait` are told as well.
const SILENT_FAILURES = 2;

/** What `join` asks for. @internal */
export interface JoinRequest {
  readonly name: string;
  /** `'get'`: the answer must come from a request that begins from now on, even if it is the same as before. */
  readonly method: 'get' | 'wait';
  /** When it must be answered, in milliseconds from now; undefined for no limit. */
  readonly timeout: number | undefined;
}

/**
 * Those who wait for operations, and what they are told.
 *
 * @internal
 */
export class Waiters implements WatcherHost {
  readonly #host: FleetHost;
  readonly #entries: Entries;
  readonly #deadlines = new Deadlines();
  /** Whose watchers are being told. */
  #telling: Entry | undefined;

  constructor(host: FleetHost, entries: Entries) {
    this.#host = host;
    this.#entries = entries;
  }

  /** When the next one must be answered, whatever is known. */
  get deadline(): number {
    return this.#deadlines.next;
  }

  /** Has a listener told of an operation, once. */
  join({ name, method, timeout = Infinity }: JoinRequest, listener: Observer<Operation>): Watcher {
    const entry = this.#entries.enter(name, method === 'get');
    const { now } = this.#host;
    const watcher = new Watcher(this, entry, listener, {
      wants: method === 'wait' && entry.comeBack(now) ? 'change' : method,
      number: this.#host.nextNumber(),
      deadline: timeout === Infinity ? undefined : Math.ceil(now + timeout),
    });
    entry.add(watcher);
    this.#deadlines.add(watcher);
    queue(entry, this.#host);
    this.#host.onChange();
    return watcher;
  }

  leave(watcher: Watcher): void {
    if (!watcher.isWaiting) return;
    this.#detach(watcher);
    this.#release(watcher.entry, false);
  }

  /**
   * Takes the answer to a request.
   *
   * @param number - Of the request.
   */
  answered(entry: Entry, operation: Operation, number: number): void {
    if (!entry.isWatched) return;
    const { done } = operation;
    // A newer request has been answered; this one was its turn.
    if (number < entry.newest && !done) return queue(entry, this.#host);
    entry.newest = Math.max(entry.newest, number);
    entry.failures = 0;
    if (entry.unconfirmed !== undefined && number > entry.unconfirmed.number) {
      entry.unconfirmed = undefined;
      entry.group.cancelled.delete(entry);
    }
    const isChanged = entry.known === undefined || !isEqual(entry.known, operation);
    if (isChanged) entry.known = operation;
    // Who was told before does not know it.
    if (isChanged) entry.told = 0;
    const told = this.#detachAll(
      entry,
      (each) => each.takes(number) && (done || isChanged || each.wants !== 'change'),
    );
    const fault = done ? undefined : this.#setDelay(entry);
    queueAgain(entry, this.#host, done ? 0 : (entry.delay ?? 0));
    entry.giveTo(told.length, this.#host.now);
    this.#tell(entry, told, (each) => each.answer(operation));
    // It is a fault in code of the user, and nobody must wait for what never comes.
    if (fault !== undefined) {
      this.#tell(entry, this.#detachAll(entry, isAny), (each) => each.fail(fault.error));
    }
    this.#release(entry, done);
  }

  /**
   * Takes the failure of a request for one entry.
   *
   * @param number - Of the request.
   * @param thrown - What the client threw.
   * @param error - What it means.
   */
  failed(entry: Entry, number: number, thrown: unknown, error: StatusError): void {
    entry.failures += 1;
    if (!entry.isWatched) return;
    const isTold = !isTransient(error) || entry.failures > SILENT_FAILURES;
    const cancel = entry.unconfirmed;
    const wasConfirming = cancel !== undefined && number > cancel.number;
    if (wasConfirming) entry.unconfirmed = { ...cancel, state: 'failed' };
    const told = this.#detachAll(
      entry,
      (each) => each.takes(number) && (isTold || each.wants === 'get'),
    );
    queueAgain(entry, this.#host, retryDelay(error, entry.failures));
    if (wasConfirming) queueFirst(entry);
    this.#tell(entry, told, (each) =>
      each.fail(each.wants === 'get' ? thrown : waitFailed(entry.name, thrown, error)),
    );
    this.#release(entry, false);
  }

  /** Answers those whose time is up with what is known. */
  answerLate(now: number): void {
    for (const entry of this.#deadlines.takeKept(now)) this.#release(entry, false);
    for (let count = 0; count < LATE_AT_A_TIME; count += 1) {
      const late = this.#deadlines.firstLate(now);
      if (late === undefined) return;
      const { entry } = late;
      const { known } = entry;
      this.#detach(late);
      if (known !== undefined) entry.giveTo(1, this.#host.now);
      this.#tell(entry, [late], (each) => {
        if (known === undefined) each.fail(neverAsked(entry.name));
        else each.answer(known);
      });
      // A request that takes longer than those who wait would otherwise never be answered.
      const isInFlight = entry.call !== undefined || entry.group.run?.call !== undefined;
      if (isInFlight && entry.first === undefined) this.#deadlines.keep(entry, now);
      else this.#release(entry, false);
    }
  }

  /** Sets the delay of an entry by the backoff. @returns What the backoff of the user threw, if it did. */
  #setDelay(entry: Entry): { readonly error: unknown } | undefined {
    try {
      const delay = nextDelay(entry, this.#host);
      // The last one may have left because of what the code of the user did.
      if (entry.isWatched) entry.group.setDelay(entry, delay);
      else entry.delay = delay;
    } catch (error) {
      return { error };
    }
    return undefined;
  }

  #detach(watcher: Watcher): void {
    watcher.isWaiting = false;
    watcher.entry.remove(watcher);
    this.#deadlines.remove(watcher);
  }

  /** Detaches the watchers that fit. @returns They, in the order in which they came. */
  #detachAll(entry: Entry, fits: (watcher: Watcher) => boolean): readonly Watcher[] {
    const all = entry.watchersFor(fits);
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

  /** Removes an entry that nobody waits for. @param isOver - Whether nobody will ask about it again. */
  #release(entry: Entry, isOver: boolean): void {
    if (entry.first !== undefined || entry === this.#telling || !entry.isWatched) return;
    const { call } = entry;
    entry.call = undefined;
    this.#entries.remove(entry, isOver);
    this.#deadlines.forget(entry);
    call?.stop();
    this.#host.onChange();
  }
}

function isAny(): boolean {
  return true;
}
