import type { OperationsClient } from './client.js';
import type { RequestOptions } from './options.js';
import { callOnce } from './wait/one-call.js';

/**
 * Asks the server to stop an operation, and does not wait for it. The server does what it can; only the
 * operation itself tells how it ended: `poll` or `getOperation` shows it, with code 1 (CANCELLED) when
 * it was stopped. A call that fails is retried.
 *
 * Source: `CancelOperation` in google/longrunning/operations.proto.
 *
 * @param client - Any client with `cancel`.
 * @param name - The name of the operation.
 * @param options - All optional. The signal gives up the call.
 * @returns Resolves when the server has taken the request.
 * @throws CallFailedError when the call failed, and retrying did not help; with code UNIMPLEMENTED when the
 * service or the client cannot cancel.
 * @throws TypeError or RangeError, before any call, when something given is not valid; the signal's own
 * reason when it is aborted.
 *
 * @example
 * ```ts
 * import { cancelOperation, waitForDone, type OperationsClient } from 'rx-lro';
 *
 * export const stop = async (client: OperationsClient, name: string): Promise<unknown> => {
 *   await cancelOperation(client, name);
 *   return waitForDone(client, name);
 * };
 * ```
 */
export async function cancelOperation(
  client: OperationsClient,
  name: string,
  options: RequestOptions = {},
): Promise<void> {
  await callOnce(client, 'cancel', name, options);
}
