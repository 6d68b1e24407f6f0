import type { FailedOperation, Operation } from '../operation.js';
import type { Method } from '../client.js';
import { codeName } from '../status/code.js';
import type { Status } from '../status/status.js';
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
  try {
    return readError(json, 0);
  } catch (cause) {
    throw new TypeError(
      'This is not the JSON of an error of rx-lro: pass what `JSON.stringify` made of one, parsed.',
      { cause },
    );
  }
}

// `toJSON` never nests deeper.
const MAX_DEPTH = 32;

function readError(json: unknown, depth: number): StatusError {
  const fields = expect(isRecord, json, 'an object');
  const message = expect(isText, fields['message'], 'a `message`');
  const code = expect(isNumber, fields['code'], 'a `code`');
  const details = list(fields['details']);
  // An error within an error has its whole Status.
  const { message: own = fields['statusMessage'] } = isRecord(fields['status'])
    ? fields['status']
    : {};
  const status = { code, message: isText(own) ? own : message, details };
  const error = errorOf(fields, status, depth);
  // What an older or newer version of the package has said and decided stays as it is.
  Object.defineProperty(error, 'message', { value: message });
  return Object.assign(error, { code, codeName: codeName(code), details, status });
}

function errorOf(json: Fields, status: Status, depth: number): StatusError {
  const { kind, cause, answer } = json;
  const operation = optional(isOperation, json['operation'], 'an `operation`');
  const method = optional(isText, json['method'], 'a `method`') as Method;
  const common = { operation, cause };
  switch (kind) {
    case 'operation-failed':
      return new OperationFailedError({
        operation: expect(isFailed, operation, 'an `operation` that failed'),
      });
    case 'call-failed': {
      const attempts = optional(isNumber, json['attempts'], '`attempts`');
      const url = optional(isText, json['url'], 'a `url`');
      return new CallFailedError({ ...common, status, method, attempts, url });
    }
    case 'wait-timeout': {
      // Infinity is null in JSON.
      const timeout = optional(isNumber, json['timeout'] ?? undefined, 'a `timeout`') ?? Infinity;
      return new WaitTimeoutError({ ...common, timeout });
    }
    case 'cancel-not-confirmed': {
      const { failure } = json;
      if (depth > MAX_DEPTH) throw new RangeError('It nests too deep.');
      return new CancelNotConfirmedError({
        ...common,
        cancelTimeout: NaN,
        failure: failure === undefined ? undefined : readError(failure, depth + 1),
      });
    }
    case 'protocol':
      return new ProtocolError({ ...common, problem: text(json['problem']), answer, method });
    default:
      throw new TypeError('It has no known `kind`.');
  }
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isNumber = (value: unknown): value is number => Number.isFinite(value);
const isOperation = (value: unknown): value is Operation =>
  isRecord(value) && isText(value['name']);
const isFailed = (value: unknown): value is FailedOperation =>
  isOperation(value) &&
  isRecord(value.error) &&
  isNumber(value.error.code) &&
  isText(value.error.message);

function expect<Value>(
  is: (value: unknown) => value is Value,
  value: unknown,
  what: string,
): Value {
  if (is(value)) return value;
  throw new TypeError(`It has not ${what}.`);
}

function optional<Value>(
  is: (value: unknown) => value is Value,
  value: unknown,
  what: string,
): Value | undefined {
  return value === undefined ? undefined : expect(is, value, what);
}
