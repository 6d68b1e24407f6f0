import { networkCodeOf } from '../../core/status/network-failure.js';
import { Code } from '../../core/status/code.js';
import { statusFrom } from '../../core/status/status-from.js';
import { isRecord } from '../../core/values/record.js';
import { readDetail } from '../protobuf/detail.js';
import { withStatus } from '../protobuf/service-error.js';

// What Connect writes before the message of the server.
const prefix = /^\[\w+\]\s*(: )?/;

/**
 * Gives a ConnectError a `status`: the code, the message of the server alone, and the details, decoded.
 *
 * @param wasAborted - Whether the caller itself gave the call up.
 * @returns The same error. A value that is not a ConnectError stays as it is.
 */
export function failureOf(error: unknown, wasAborted: boolean): unknown {
  if (!(error instanceof Error) || !Array.isArray(Reflect.get(error, 'details'))) return error;
  const { code, message, details } = statusFrom(error);
  // In a browser, Connect has UNKNOWN for everything that `fetch` throws.
  const status = {
    code: code === Code.UNKNOWN ? networkCodeOf(error.cause) : code,
    message: message.replace(prefix, ''),
    details: details.map(detailOf),
  };
  return withStatus(error, status, wasAborted);
}

function detailOf(detail: unknown): unknown {
  if (!isRecord(detail) || typeof detail['type'] !== 'string') return detail;
  const { type, value } = detail;
  return readDetail({ typeUrl: `type.googleapis.com/${type}`, value });
}
