import { Code } from '../../core/status/code.js';
import { statusFrom } from '../../core/status/status-from.js';
import { retryAfterOf, withRetryInfo } from '../../core/status/retry-after.js';
import { isRecord } from '../../core/values/record.js';

/**
 * Makes what a call is rejected with: the GaxiosError as it is, or an Error around it that has what the
 * header `Retry-After` says.
 *
 * @param now - Our own clock, in milliseconds since 1970.
 */
export function failureOf(error: unknown, now: number): unknown {
  if (error instanceof Error && isOwnTimeout(error)) {
    const status = { code: Code.DEADLINE_EXCEEDED, message: error.message, details: [] };
    return Object.assign(new Error(error.message, { cause: error }), { status });
  }
  const retryAfter = retryAfterOf(headersOf(isRecord(error) ? error['response'] : undefined), now);
  if (retryAfter === undefined || !(error instanceof Error)) return error;
  const { code, message, details } = statusFrom(error);
  const status = { code, message, details: withRetryInfo(details, retryAfter) };
  return Object.assign(new Error(message, { cause: error }), { status });
}

/** Gaxios says of its own timeout that the request was aborted; why is told by the signal of the request. */
function isOwnTimeout(error: object): boolean {
  const config: unknown = Reflect.get(error, 'config');
  const signal = isRecord(config) ? config['signal'] : undefined;
  const reason = isRecord(signal) ? signal['reason'] : undefined;
  return isRecord(reason) && reason['name'] === 'TimeoutError';
}

/** The headers of a response of Gaxios. */
export function headersOf(response: unknown): Headers {
  const headers = isRecord(response) ? response['headers'] : undefined;
  // Gaxios may have a `Headers` of its own make; older versions of it have a plain object.
  const entries = isIterable(headers) ? headers : isRecord(headers) ? Object.entries(headers) : [];
  return new Headers([...entries].map(([name, value]): [string, string] => [name, String(value)]));
}

function isIterable(value: unknown): value is Iterable<readonly [string, unknown]> {
  return isRecord(value) && typeof Reflect.get(value, Symbol.iterator) === 'function';
}
