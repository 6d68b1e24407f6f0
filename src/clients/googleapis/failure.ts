import { Code } from '../../core/status/code.js';
import { isRecord } from '../../core/values/record.js';

/** Makes what a call is rejected with: the GaxiosError as it is, or an Error around it that says what it was. */
export function failureOf(error: unknown): unknown {
  if (error instanceof Error && isOwnTimeout(error)) {
    const status = { code: Code.DEADLINE_EXCEEDED, message: error.message, details: [] };
    return Object.assign(new Error(error.message, { cause: error }), { status });
  }
  return error;
}

/** Gaxios says of its own timeout that the request was aborted; why is told by the signal of the request. */
function isOwnTimeout(error: object): boolean {
  const config: unknown = Reflect.get(error, 'config');
  const signal = isRecord(config) ? config['signal'] : undefined;
  const reason = isRecord(signal) ? signal['reason'] : undefined;
  return isRecord(reason) && reason['name'] === 'TimeoutError';
}
