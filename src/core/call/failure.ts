import { CallFailedError } from '../errors/call-failed-error.js';
import { ProtocolError } from '../errors/protocol-error.js';
import { isStatusError, type StatusError } from '../errors/status-error.js';
import type { Operation } from '../operation.js';
import { Code } from '../status/code.js';
import { statusFrom } from '../status/status-from.js';
import { isRecord, readSafely } from '../values/record.js';
import type { Method } from '../client.js';

/** What a call is about. @internal */
export interface CallSubject {
  /** The method that is called. */
  readonly method: Method | 'start';
  /** The name of the operation or of the parent; empty while it is not known. */
  readonly name: string;
  /** The last that is known of the operation. */
  readonly operation?: Operation | undefined;
}

/**
 * Makes the error of a call that failed, of whatever the client threw.
 *
 * @internal
 */
export function failureOf(subject: CallSubject, thrown: unknown, attempts: number): StatusError {
  const { method, name, operation } = subject;
  if (thrown instanceof ProtocolError) {
    const { problem, answer, cause } = thrown;
    return new ProtocolError({ problem, answer, method, operationName: name, operation, cause });
  }
  const status = statusFrom(isStatusError(thrown) ? thrown.status : thrown);
  return new CallFailedError({
    method,
    operationName: name,
    operation,
    attempts,
    url: readSafely(() => urlOf(thrown)),
    // What failed cannot be OK, whatever the client says.
    status: status.code === Code.OK ? { ...status, code: Code.UNKNOWN } : status,
    cause: thrown,
  });
}

// Where a Response and the errors of HTTP clients keep it, or what they are the cause of.
function urlOf(thrown: unknown, depth = 0): string | undefined {
  if (!isRecord(thrown) || depth > 4) return undefined;
  const { config, request, response, options, cause } = thrown;
  for (const place of [thrown, config, { url: request }, request, response, options]) {
    const { baseURL, url } = isRecord(place) ? place : {};
    const text = isRecord(url) ? url['href'] : url;
    if (typeof text !== 'string' || text === '') continue;
    const isWhole = typeof baseURL !== 'string' || /^(\w+:|\/\/)/.test(text);
    return isWhole ? text : `${baseURL.replace(/\/+$/, '')}/${text.replace(/^\/+/, '')}`;
  }
  return urlOf(cause, depth + 1);
}

/** Makes the error of a call that the client has no method for. @internal */
export function missingMethod(subject: CallSubject): StatusError {
  const message = `The client has no method \`${subject.method}\``;
  return failureOf(subject, { code: Code.UNIMPLEMENTED, message, details: [] }, 1);
}
