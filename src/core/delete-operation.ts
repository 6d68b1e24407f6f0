import type { OperationsClient } from './client.js';
import type { RequestOptions } from './options.js';
import { callOnce } from './wait/one-call.js';

/**
 * Tells the server that the operation is no longer of interest. It does not cancel it. A call
 * that fails is retried; when it was the answer that was lost, the next try finds NOT_FOUND.
 *
 * Source: `DeleteOperation` in google/longrunning/operations.proto.
 *
 * @param client - Any client with `delete`.
 * @param name - The name of the operation.
 * @param options - All optional. The signal gives up the call.
 * @returns Resolves when the server has forgotten the operation.
 * @throws CallFailedError when the call failed, and retrying did not help; with code UNIMPLEMENTED when the
 * service or the client cannot delete, with NOT_FOUND when there is no such operation.
 * @throws TypeError or RangeError, before any call, when something given is not valid; the signal's own
 * reason when it is aborted.
 *
 * @example
 * ```ts
 * import { deleteOperation, waitForDone, type OperationsClient } from 'rx-lro';
 *
 * export const takeResult = async (client: OperationsClient, name: string): Promise<unknown> => {
 *   const response = await waitForDone(client, name);
 *   await deleteOperation(client, name);
 *   return response;
 * };
 * ```
 */
export async function deleteOperation(
  client: OperationsClient,
  name: string,
  options: RequestOptions = {},
): Promise<void> {
  await callOnce(client, 'delete', name, options);
}
