import type { Method } from '../../core/client.js';
import { CallFailedError } from '../../core/errors/call-failed-error.js';
import { Code } from '../../core/status/code.js';

/** Makes the error of something that was asked of the engine. */
export function failure(
  { method, name }: { readonly method: Method; readonly name: string },
  code: number,
  message: string,
  cause?: unknown,
): CallFailedError {
  const status = { code, message, details: [] };
  return new CallFailedError({ method, operationName: name, status, cause });
}

/** Makes the error about an operation that is not waited for. */
export function notWaitedFor(queue: string, method: Method, name: string): CallFailedError {
  const message = `It is not waited for in the queue "${queue}", or its verdict is not kept any more: begin with add(name, { kind })`;
  return failure({ method, name }, Code.NOT_FOUND, message);
}
