import type { Observable } from 'rxjs';
import type { OperationsClient } from './client.js';
import type { Operation } from './operation.js';
import type { PollOptions } from './options.js';
import type { Fixed, Known } from './values/known.js';
import { finalOperation } from './wait/final-operation.js';
import type { OperationSource } from './wait/source.js';

/**
 * Waits until an operation is done, and returns its response.
 *
 * It does what `poll` does, with the same options, as one promise; or it takes what `poll` returned.
 *
 * @param client - Any client; only `get` is needed, and `cancel` to cancel.
 * @param operation - A name, a snapshot, or a promise or Observable of either.
 * @param options - Those of `poll`. The signal **cancels the operation** on the server, unless
 * `onAbort: 'detach'` is given.
 * @returns The response, or undefined when the operation succeeded with none.
 * @throws OperationFailedError when the operation failed or was cancelled: the server's own verdict.
 * @throws CallFailedError when a call failed, and retrying did not help.
 * @throws WaitTimeoutError when `timeout` is up; the operation goes on.
 * @throws CancelNotConfirmedError when a cancel was requested, and the server did not say how it ended.
 * @throws ProtocolError when an answer was not valid, or `response` rejected the response.
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
): Promise<Fixed<Response>>;
/**
 * Waits for the end of what `poll` returned.
 *
 * @param snapshots - What `poll` returned, or any Observable of snapshots whose last one is done.
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
  return finalOperation(first, rest, false);
}
