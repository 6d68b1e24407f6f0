import type { Method } from '../core/client.js';

type MethodName = `${Exclude<Method, 'list'>}Operation` | 'listOperations';

/** Makes a handler for each method of `google.longrunning.Operations`. */
export function handlersOf<Handler>(
  handler: (method: Method) => Handler,
): Record<MethodName, Handler> {
  return {
    getOperation: handler('get'),
    listOperations: handler('list'),
    cancelOperation: handler('cancel'),
    deleteOperation: handler('delete'),
    waitOperation: handler('wait'),
  };
}
