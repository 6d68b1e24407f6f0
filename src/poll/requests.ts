import type { OperationsClient } from '../client/client.js';
import type { CallRequest } from '../client/retrying-call.js';

/** GetOperation. @internal */
export function getRequest(client: OperationsClient, name: string): CallRequest {
  return { method: 'get', start: (options) => client.get({ name }, options) };
}

/** WaitOperation. @internal */
export function waitRequest(
  client: OperationsClient,
  name: string,
  timeout: number | undefined,
): CallRequest {
  const wait = client.wait?.bind(client);
  return { method: 'wait', start: wait && ((options) => wait({ name, timeout }, options)) };
}

/** CancelOperation. @internal */
export function cancelRequest(client: OperationsClient, name: string): CallRequest {
  const cancel = client.cancel?.bind(client);
  return { method: 'cancel', start: cancel && ((options) => cancel({ name }, options)) };
}
