import { from, takeWhile, type Observable } from 'rxjs';
import type { OperationsClient } from '../client.js';
import { OperationFailedError } from '../errors/operation-failed-error.js';
import { ProtocolError } from '../errors/protocol-error.js';
import type { FailedOperation, Operation } from '../operation.js';
import type { PollOptions } from '../options.js';
import { ForwardingObserver, isObservable } from '../platform/observable.js';
import { checkWait } from './check.js';
import { Wait } from './wait.js';
import type { Watcher } from './watcher.js';

/**
 * Waits for the final snapshot of an operation that succeeds.
 *
 * @param first - A client; or an Observable of snapshots, and then there is nothing else.
 * @param rest - The operation and the options.
 * @param isWhole - Whether to resolve to the operation; otherwise to its response.
 * @internal
 */
export function finalOperation(
  first: OperationsClient | Observable<Operation>,
  [operation, options]: readonly unknown[],
  isWhole: boolean,
): Promise<unknown> {
  // What is thrown within rejects the promise.
  return new Promise((resolve, reject) => {
    const waiter = new Waiter(isWhole, resolve, reject);
    if (!isObservable(first)) {
      const { source, settings } = checkWait(first, operation, options as PollOptions | undefined);
      return new Wait(first, settings, waiter).begin(source);
    }
    // A stream of the caller's own making need not complete.
    const snapshots = from(first).pipe(takeWhile(({ done }) => !done, true));
    snapshots.subscribe(new ForwardingObserver(waiter));
  });
}

/** Waits for the final snapshot, and settles a promise by it. */
class Waiter implements Watcher {
  closed = false;
  readonly #isWhole: boolean;
  readonly #resolve: (result: unknown) => void;
  readonly #reject: (error: unknown) => void;
  #latest: Operation | undefined;

  constructor(
    isWhole: boolean,
    resolve: (result: unknown) => void,
    reject: (error: unknown) => void,
  ) {
    this.#isWhole = isWhole;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  next(operation: Operation): void {
    this.#latest = operation;
  }

  error(error: unknown): void {
    this.closed = true;
    this.#reject(error);
  }

  complete(): void {
    const operation = this.#latest;
    if (operation?.done !== true) {
      const problem = 'ended before the operation was done: hand over all that `poll` emits';
      return this.error(new ProtocolError({ problem, answer: operation, operation }));
    }
    if (operation.error !== undefined) {
      return this.error(new OperationFailedError({ operation: operation as FailedOperation }));
    }
    this.closed = true;
    this.#resolve(this.#isWhole ? operation : operation.response);
  }
}
