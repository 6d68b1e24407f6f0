import type { Observable } from 'rxjs';
import type { OperationsClient } from './client.js';
import type { Operation } from './operation.js';
import type { PollOptions } from './options.js';
import type { Fixed, Known } from './values/known.js';
import { finalOperation } from './wait/final-operation.js';
import type { OperationSource } from './wait/source.js';

/**
 * Waits until an operation is done, and gives the whole of it: for services that tell in the metadata how each
 * part of the work ended, such as each document of a batch.
 *
 * It does all that `waitForDone` does, with the same options and the same errors.
 *
 * @param client - Any client; only `get` is needed, and `cancel` to cancel.
 * @param operation - A name, a snapshot, or a promise or Observable of either.
 * @param options - Those of `poll`. The signal **cancels the operation** on the server, unless
 * `onAbort: 'detach'` is given.
 * @returns The final operation: its name, metadata and response.
 * @throws Whatever `waitForDone` throws: OperationFailedError when the operation failed or was cancelled, …
 *
 * @example
 * ```ts
 * import { waitForOperation } from 'rx-lro';
 * import { restClient } from 'rx-lro/rest';
 *
 * const client = restClient({ baseUrl: 'https://documentai.googleapis.com' });
 *
 * const { metadata } = await waitForOperation(client, 'projects/p/locations/l/operations/42');
 * console.log(metadata);
 * ```
 */
export function waitForOperation<
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
): Promise<Operation<Fixed<Response>, Fixed<Metadata>>>;
/**
 * Waits for the end of what `poll` returned.
 *
 * @param snapshots - What `poll` returned, or any Observable of snapshots whose last one is done.
 * @returns The final operation.
 * @throws OperationFailedError when the operation failed or was cancelled.
 * @throws ProtocolError when the Observable completes before the operation is done.
 */
export function waitForOperation<Response, Metadata>(
  snapshots: Observable<Operation<Response, Metadata>>,
): Promise<Operation<Response, Metadata>>;
export function waitForOperation(
  first: OperationsClient | Observable<Operation>,
  ...rest: readonly unknown[]
): Promise<unknown> {
  return finalOperation(first, rest, true);
}
