import { parseJson } from '../../core/values/json.js';
import { isRecord } from '../../core/values/record.js';
import { statusFrom } from '../../core/status/status-from.js';

/**
 * Reads the Status out of an error that has the body of an HTTP answer as JSON in its message, and
 * nowhere else.
 *
 * @returns An Error with that `status` around it; the error itself where there is none.
 * @internal
 */
export function readStatusInMessage(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const httpStatus: unknown = Reflect.get(error, 'status');
  const body = typeof httpStatus === 'number' ? parseJson(error.message) : undefined;
  if (!isRecord(body) || typeof httpStatus !== 'number') return error;
  const status = statusFrom(body, httpStatus);
  return Object.assign(new Error(status.message, { cause: error }), { status });
}
