import type { FailedOperation, Operation } from '../operation.js';
import type { Method } from '../client.js';
import { codeName } from '../status/code.js';
import { isRecord, list, text, type Fields } from '../values/record.js';
import { CallFailedError } from './call-failed-error.js';
import { CancelNotConfirmedError } from './cancel-not-confirmed-error.js';
import { OperationFailedError } from './operation-failed-error.js';
import { ProtocolError } from './protocol-error.js';
import type { StatusError } from './status-error.js';
import { WaitTimeoutError } from './wait-timeout-error.js';

/**
 * Makes an error of this library again of what `JSON.stringify` made of it, so that it can be stored or
 * sent to another process: with the same class, message and fields. Only `stack` is new, and `cause` is what
 * JSON kept of it.
 *
 * @param json - What `JSON.parse` gave, or what `toJSON` of the error returned.
 * @returns The error.
 * @throws TypeError when it is not the JSON of such an error.
 *
 * @example
 * ```ts
 * import { CallFailedError, Code, errorFromJson } from 'rx-lro';
 *
 * const status = { code: Code.UNAVAILABLE, message: 'try later', details: [] };
 * const stored = JSON.stringify(new CallFailedError({ method: 'get', operationName: 'operations/1', status }));
 *
 * const error = errorFromJson(JSON.parse(stored));
 * console.log(error instanceof CallFailedError, error.codeName); // true UNAVAILABLE
 * ```
 */
export function errorFromJson(json: unknown): StatusError {
  if (!isRecord(json) || typeof json['message'] !== 'string' || typeof json['code'] !== 'number') {
    throw notAnError();
  }
  const { message, code } = json;
  const details = list(json['details']);
  // An error within an error has its whole Status.
  const { message: own = json['statusMessage'] } = isRecord(json['status']) ? json['status'] : {};
  const status = { code, message: typeof own === 'string' ? own : message, details };
  const error = errorOf(json, status);
  // What an older or newer version of the package has said and decided stays as it is.
  Object.defineProperty(error, 'message', { value: message });
  return Object.assign(error, { code, codeName: codeName(code), details, status });
}

function errorOf(json: Fields, status: StatusError['status']): StatusError {
  const { kind, cause, answer } = json;
  const operation = isRecord(json['operation'])
    ? (json['operation'] as unknown as Operation)
    : undefined;
  const common = { operation, cause };
  const method = text(json['method']) as Method;
  switch (kind) {
    case 'operation-failed':
      if (operation?.error === undefined) throw notAnError();
      return new OperationFailedError({ operation: operation as FailedOperation });
    case 'call-failed': {
      const { attempts, url } = json as { readonly attempts?: number; readonly url?: string };
      return new CallFailedError({ ...common, status, method, attempts, url });
    }
    case 'wait-timeout':
      return new WaitTimeoutError({ ...common, timeout: Number(json['timeout'] ?? Infinity) });
    case 'cancel-not-confirmed': {
      const failure = json['failure'] === undefined ? undefined : errorFromJson(json['failure']);
      return new CancelNotConfirmedError({ ...common, cancelTimeout: NaN, failure });
    }
    case 'protocol':
      return new ProtocolError({ ...common, problem: text(json['problem']), answer, method });
    default:
      throw notAnError();
  }
}

function notAnError(): TypeError {
  return new TypeError(
    'This is not the JSON of an error of rx-lro: pass what `JSON.stringify` made of one, parsed.',
  );
}
