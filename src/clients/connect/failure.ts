import { Code } from '../../core/status/code.js';
import { statusFrom } from '../../core/status/status-from.js';
import type { Status } from '../../core/status/status.js';
import { readDetail } from '../protobuf/detail.js';
import { isNetworkFailure } from '../../core/status/network-failure.js';
import { isRecord } from '../../core/values/record.js';

/**
 * Gives a ConnectError a `status` that says what it says, with its details decoded. What is no
 * ConnectError stays as it is.
 *
 * @param wasAborted - Whether the caller itself gave the call up.
 */
export function failureOf(error: unknown, wasAborted: boolean): unknown {
  if (!(error instanceof Error) || !Array.isArray(Reflect.get(error, 'details'))) return error;
  const { code, message, details } = statusFrom(error);
  const status: Status = {
    code: wasAborted ? code : codeOf(code, error.cause),
    message,
    details: details.map(detailOf),
  };
  return Object.assign(error, { status });
}

function codeOf(code: number, cause: unknown): number {
  // A stream that a proxy or the server reset is no verdict of the service: it may well pass.
  if (code === Code.CANCELLED) return Code.UNAVAILABLE;
  // In a browser all that `fetch` throws is UNKNOWN to Connect.
  return code === Code.UNKNOWN && isNetworkFailure(cause) ? Code.UNAVAILABLE : code;
}

function detailOf(detail: unknown): unknown {
  if (!isRecord(detail) || typeof detail['type'] !== 'string') return detail;
  const { type, value } = detail;
  return readDetail({ typeUrl: `type.googleapis.com/${type}`, value });
}
