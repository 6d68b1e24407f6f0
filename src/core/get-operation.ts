import type { DecodeOptions } from './answer/decoder.js';
import type { OperationsClient } from './client.js';
import type { Operation } from './operation.js';
import type { RequestOptions } from './options.js';
import type { Fixed } from './values/known.js';
import { callOnce } from './wait/one-call.js';

/**
 * Requests the latest state of an operation. A call that fails is retried.
 *
 * Source: `GetOperation` in google/longrunning/operations.proto.
 *
 * @param client - Any client.
 * @param name - The name of the operation.
 * @param options - All optional. The signal gives up the call; it cancels nothing on the server.
 * @returns The latest snapshot, done or not.
 * @throws CallFailedError when the call failed, and retrying did not help.
 * @throws ProtocolError when the answer is not an operation, or its response not what `response` takes.
 * @throws TypeError or RangeError, before any call, when something given is not valid; the signal's own
 * reason when it is aborted.
 *
 * @example
 * ```ts
 * import { getOperation, type OperationsClient } from 'rx-lro';
 *
 * export const isDone = async (client: OperationsClient, name: string): Promise<boolean> =>
 *   (await getOperation(client, name)).done;
 * ```
 */
export async function getOperation<
  ClientResponse = unknown,
  ClientMetadata = unknown,
  Response = ClientResponse,
  Metadata = ClientMetadata,
>(
  client: OperationsClient<ClientResponse, ClientMetadata>,
  name: string,
  options: RequestOptions & DecodeOptions<Response, Metadata> = {},
): Promise<Operation<Fixed<Response>, Fixed<Metadata>>> {
  const operation = await callOnce(client, 'get', name, options);
  return operation as Operation<Fixed<Response>, Fixed<Metadata>>;
}
