import { from, takeWhile, type Observable } from 'rxjs';
import type { OperationsClient } from './client.js';
import { OperationFailedError } from './errors/operation-failed-error.js';
import { ProtocolError } from './errors/protocol-error.js';
import type { FailedOperation, Operation } from './operation.js';
import { checkWait } from './wait/check.js';
import type { PollOptions } from './options.js';
import { ForwardingObserver, isObservable } from './platform/observable.js';
import type { Known } from './poll.js';
import type { OperationSource } from './wait/source.js';
import { Wait, type Watcher } from './wait/wait.js';

/**
 * Waits until an operation is done, and gives its response.
 *
 * It does all that `poll` does, with the same options, in one promise; or it takes what `poll` gave.
 *
 * @param client - Any client; only `get` is needed, and `cancel` to cancel.
 * @param operation - A name, a snapshot, or a promise or Observable of either.
 * @param options - Those of `poll`. The signal **cancels the operation** on the server, unless
 * `onAbort: 'detach'` is given.
 * @returns The response, or undefined when the operation succeeded with none.
 * @throws OperationFailedError when the operation failed or was cancelled: the server's own verdict.
 * @throws CallFailedError when a call failed and was not survived.
 * @throws WaitTimeoutError when `timeout` is up; the operation goes on.
 * @throws CancelNotConfirmedError when it was to be cancelled, and how it ended could not be learnt.
 * @throws ProtocolError when an answer made no sense, or the response is not what `response` takes.
 * @throws TypeError or RangeError, before any call, when an option or the operation is not valid; the
 * signal's own reason for `onAbort: 'detach'`.
 *
 * @example
 * ```ts
 * import { waitForDone } from 'rx-lro';
 * import { restClient } from 'rx-lro/rest';
 *
 * const client = restClient({ baseUrl: 'https://speech.googleapis.com' });
 *
 * export const transcript = (name: string): Promise<unknown> =>
 *   waitForDone(client, name, { signal: AbortSignal.timeout(600_000) });
 * ```
 */
export function waitForDone<
  ClientResponse = unknown,
  ClientMetadata = unknown,
  SnapshotResponse = unknown,
  SnapshotMetadata = unknown,
  Response = Known<SnapshotResponse, ClientResponse>,
  Metadata = Known<SnapshotMetadata, ClientMetadata>,
>(
  client: OperationsClient<ClientResponse, ClientMetadata>,
  operation: OperationSource<SnapshotResponse, SnapshotMetadata>,
  options?: PollOptions<Response, Metadata>,
): Promise<Response>;
/**
 * Waits for the end of what `poll` gave.
 *
 * @param snapshots - What `poll` gave, or any Observable of snapshots whose last one is done.
 * @returns The response, or undefined when the operation succeeded with none.
 * @throws OperationFailedError when the operation failed or was cancelled.
 * @throws ProtocolError when the Observable completes before the operation is done.
 */
export function waitForDone<Response>(
  snapshots: Observable<Operation<Response>>,
): Promise<Response>;
export function waitForDone(
  first: OperationsClient | Observable<Operation>,
  ...rest: readonly unknown[]
): Promise<unknown> {
  // What is thrown within rejects the promise.
  return new Promise((resolve, reject) => {
    const waiter = new Waiter(resolve, reject);
    if (!isObservable(first)) {
      const { source, settings } = checkWait(first, rest[0], rest[1] as PollOptions | undefined);
      return new Wait(first, settings, waiter).begin(source);
    }
    // A stream of the caller's own making need not complete.
    const snapshots = from(first).pipe(takeWhile((operation) => !operation.done, true));
    snapshots.subscribe(new ForwardingObserver(waiter));
  });
}

/** Waits for the final snapshot, and settles a promise by it. */
class Waiter implements Watcher {
  closed = false;
  readonly #resolve: (response: unknown) => void;
  readonly #reject: (error: unknown) => void;
  #latest: Operation | undefined;

  constructor(resolve: (response: unknown) => void, reject: (error: unknown) => void) {
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
    this.#resolve(operation.response);
  }
}
