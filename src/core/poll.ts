import type { OperationsClient } from './client.js';
import type { Operation } from './operation.js';
import { IterableObservable } from './platform/iterable-observable.js';
import type { Fixed, Known } from './values/known.js';
import { checkWait } from './wait/check.js';
import type { PollOptions } from './options.js';
import type { OperationSource } from './wait/source.js';
import { Wait } from './wait/wait.js';

/**
 * Watches an operation until it is done.
 *
 * It emits a snapshot whenever something changed (a deep comparison, bytes included), the final one
 * exactly once, and completes. A failed or cancelled operation is a state as well: it is emitted, then
 * the Observable completes. It errors only when the outcome is not known.
 *
 * Cold: every subscription has its own calls, clock and listeners, and nothing happens before it.
 * A snapshot is emitted at once, and one that is done needs no call; a name is requested at once.
 * There is at most one call at a time, and the next delay begins with its answer. Calls that fail are
 * retried (`retry`); NOT_FOUND too, for 30 s, while an operation that was passed as a snapshot or a
 * start call has not been seen yet. Unsubscribing ends everything in the same tick and tells the server nothing.
 *
 * The signal **cancels the operation**: one CancelOperation, then polling goes on, from the start of the
 * backoff, to learn the server's own verdict, which is emitted: CANCELLED (code 1), success after all, or
 * another error. With `onAbort: 'detach'` it errors with the signal's reason, and the operation runs on.
 *
 * Source: AIP-151; google/longrunning/operations.proto.
 *
 * @param client - Any client; only `get` is needed, and `cancel` to cancel.
 * @param operation - A name, a snapshot, or a promise or Observable of either.
 * @param options - All optional; the interface says what each does, in which unit, and its default.
 * @returns An Observable that is an async iterable too. It errors with CallFailedError when a call failed
 * for good, WaitTimeoutError when `timeout` is up, CancelNotConfirmedError when the result of a cancel
 * is not known, ProtocolError when an answer was not valid; and with the signal's reason for
 * `onAbort: 'detach'`. What the functions `backoff` and `retry.retry` throw comes through as it is.
 * @throws TypeError or RangeError, before any call, when an option or the operation is not valid.
 *
 * @example
 * ```ts
 * import { poll, progressOf } from 'rx-lro';
 * import { restClient } from 'rx-lro/rest';
 *
 * const client = restClient({ baseUrl: 'https://speech.googleapis.com' });
 *
 * poll(client, 'operations/42').subscribe({
 *   next: (operation) => console.log(progressOf(operation), operation.done),
 *   error: (error) => console.error(error.message),
 * });
 * ```
 */
export function poll<
  ClientResponse = unknown,
  ClientMetadata = unknown,
  SnapshotResponse = unknown,
  SnapshotMetadata = unknown,
  Response = Known<SnapshotResponse, ClientResponse>,
  Metadata = Known<SnapshotMetadata, ClientMetadata>,
>(
  client: OperationsClient<ClientResponse, ClientMetadata>,
  operation: OperationSource<SnapshotResponse, SnapshotMetadata>,
  options: PollOptions<Response, Metadata> = {},
): IterableObservable<Operation<Fixed<Response>, Fixed<Metadata>>> {
  const { source, settings } = checkWait(client, operation, options);
  const stream = new IterableObservable<Operation>((subscriber) => {
    const wait = new Wait(client, settings, subscriber);
    // First, for a subscriber that leaves at the very first snapshot.
    subscriber.add(() => wait.stop());
    wait.begin(source);
  });
  return stream as IterableObservable<Operation<Fixed<Response>, Fixed<Metadata>>>;
}
