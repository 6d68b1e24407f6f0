import { networkCodeOf } from '../../core/status/network-failure.js';
import { Code } from '../../core/status/code.js';
import { statusFrom } from '../../core/status/status-from.js';
import { isRecord } from '../../core/values/record.js';
import { readDetail } from '../protobuf/detail.js';
import { withStatus } from '../protobuf/service-error.js';

// What encoders of JSON say of an Any whose type they do not know: of ECMAScript, Go and Java.
const unknownType =
  /is not in the type registry|unable to resolve "type\.|Cannot find type for url/;

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
  const own = message.replace(prefix, '');
  const isUnknownType = unknownType.test(own);
  // In a browser, Connect has UNKNOWN for everything that `fetch` throws.
  const itsCode = code === Code.UNKNOWN ? networkCodeOf(error.cause) : code;
  const status = {
    // It never passes, so it is not INTERNAL, whichever side says so.
    code: isUnknownType ? Code.FAILED_PRECONDITION : itsCode,
    message: isUnknownType ? `${own}. ${adviceOn(own)}` : own,
    details: details.map(detailOf),
  };
  return withStatus(error, status, wasAborted);
}

function adviceOn(message: string): string {
  // No request has an Any: only answers are encoded.
  const who = message.startsWith('cannot decode') ? 'The transport of the client' : 'The server';
  return `${who} needs \`jsonOptions: { registry: createRegistry(…) }\` with that type, or the transport \`useBinaryFormat: true\`.`;
}

function detailOf(detail: unknown): unknown {
  if (!isRecord(detail) || typeof detail['type'] !== 'string') return detail;
  const { type, value } = detail;
  return readDetail({ typeUrl: `type.googleapis.com/${type}`, value });
}
