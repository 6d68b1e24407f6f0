import type { Method } from '../../core/client.js';
import { readOperation, readPage } from './operation.js';

/** The name that generated code has for a method, such as `getOperation`. @internal */
export function rpcOf<Name extends Method>(method: Name): RpcName<Name> {
  return `${method}Operation${method === 'list' ? 's' : ''}` as RpcName<Name>;
}

type RpcName<Name extends Method = Method> =
  | `${Exclude<Name, 'list'>}Operation`
  | (Name extends 'list' ? 'listOperations' : never);

/** Reads the answer to a call, whatever library of protobuf holds it. @internal */
export function readAnswer(method: Method, answer: unknown): unknown {
  if (method === 'list') return readPage(answer);
  return method === 'get' || method === 'wait' ? readOperation(answer) : answer;
}
