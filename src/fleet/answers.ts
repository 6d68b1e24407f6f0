import type { StatusError } from '../core/errors/status-error.js';
import type { Operation } from '../core/operation.js';
import { isTransient } from '../core/policy/retry.js';
import { isEqual } from '../core/values/equal.js';
import type { Entry } from './entry.js';
import type { FleetHost } from './host.js';
import { nextDelay } from './pace.js';
import { queue, queueAgain, queueFirst } from './queue.js';
import { retryDelay } from './retry-delay.js';
import { waitFailed } from './wait-failure.js';
import type { Waiters } from './waiters.js';

// After so many failures in a row, callers of `wait` are told as well.
const SILENT_FAILURES = 2;

/**
 * Takes what requests have shown, and tells those who wait for it.
 *
 * @internal
 */
export class Answers {
  readonly #host: FleetHost;
  readonly #waiters: Waiters;

  constructor(host: FleetHost, waiters: Waiters) {
    this.#host = host;
    this.#waiters = waiters;
  }

  /**
   * Takes the answer to a request.
   *
   * @param number - Of the request.
   * @param pollAfter - When the server wants to be asked next, in milliseconds.
   */
  answered(entry: Entry, operation: Operation, number: number, pollAfter?: number): void {
    if (!entry.isWatched) return;
    const { done } = operation;
    // A newer request has been answered; this one was its turn.
    if (number < entry.newest && !done) return queue(entry, this.#host);
    entry.newest = Math.max(entry.newest, number);
    entry.failures = 0;
    if (entry.unconfirmed !== undefined && number > entry.unconfirmed.number) {
      entry.unconfirmed = undefined;
    }
    const isChanged = entry.known === undefined || !isEqual(entry.known, operation);
    if (isChanged) {
      entry.known = operation;
      entry.checkedAt = Math.floor(this.#host.now);
      // Who was told before does not know it.
      entry.told = 0;
    }
    const told = this.#waiters.take(
      entry,
      (each) => each.takes(number) && (done || isChanged || each.wants !== 'change'),
    );
    const fault = done ? undefined : this.#setDelay(entry, pollAfter);
    queueAgain(entry, this.#host, done ? 0 : (entry.delay ?? 0));
    entry.giveTo(told.length, this.#host.now);
    this.#waiters.tell(entry, told, (each) => each.answer(operation));
    // It is a fault in code of the user, and no wait must wait for what never comes.
    if (fault !== undefined) {
      const others = this.#waiters.take(entry, () => true);
      this.#waiters.tell(entry, others, (each) => each.fail(fault.error));
    }
    this.#waiters.release(entry, done);
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
    const told = this.#waiters.take(
      entry,
      (each) => each.takes(number) && (isTold || each.wants === 'get'),
    );
    queueAgain(entry, this.#host, retryDelay(error, entry.failures));
    if (wasConfirming) queueFirst(entry);
    this.#waiters.tell(entry, told, (each) =>
      each.fail(each.wants === 'get' ? thrown : waitFailed(entry.name, thrown, error)),
    );
    this.#waiters.release(entry, false);
  }

  /** Sets the delay of an entry by the backoff. @returns What the backoff of the user threw, if it did. */
  #setDelay(entry: Entry, pollAfter: number | undefined): { readonly error: unknown } | undefined {
    try {
      const delay = nextDelay(entry, this.#host, pollAfter);
      // The last one may have left because of what the code of the user did.
      if (entry.isWatched) entry.group.setDelay(entry, delay);
      else entry.delay = delay;
    } catch (error) {
      return { error };
    }
    return undefined;
  }
}
