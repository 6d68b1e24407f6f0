import { Code } from '../../core/status/code.js';
import { isRecord, type Fields } from '../../core/values/record.js';
import { cutBodyStatus } from '../http/cut-body.js';

/**
 * Checks that the body of an answer has arrived: gaxios gives the text where that is not JSON.
 *
 * @throws Error with the status UNAVAILABLE when it is empty or breaks off.
 */
export function checkWhole(answer: unknown): void {
  const { data, status: httpStatus, config } = answer as Fields;
  const status = typeof data === 'string' && httpStatus !== 204 ? cutBodyStatus(data) : undefined;
  if (status === undefined) return;
  const url = isRecord(config) ? config['url'] : undefined;
  throw Object.assign(new Error(status.message), { status, url });
}

/** Makes the error that a call rejects with: the GaxiosError as it is, or an Error around it that says what failed. */
export function failureOf(error: unknown): unknown {
  if (error instanceof Error && isOwnTimeout(error)) {
    const status = { code: Code.DEADLINE_EXCEEDED, message: error.message, details: [] };
    return Object.assign(new Error(error.message, { cause: error }), { status });
  }
  return error;
}

/** Gaxios reports its own timeout as an aborted request; the signal of the request holds the reason. */
function isOwnTimeout(error: object): boolean {
  const config: unknown = Reflect.get(error, 'config');
  const signal = isRecord(config) ? config['signal'] : undefined;
  const reason = isRecord(signal) ? signal['reason'] : undefined;
  return isRecord(reason) && reason['name'] === 'TimeoutError';
}
