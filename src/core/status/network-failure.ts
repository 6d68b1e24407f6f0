import { isRecord } from '../values/record.js';
import { Code } from './code.js';

// What the runtimes and the usual HTTP clients put in `error.code` when a connection fails.
const systemCode =
  /^(E(CONN(RESET|REFUSED|ABORTED)|PIPE|TIMEDOUT|ADDRNOTAVAIL|AI_\w+|HOSTUNREACH|HOSTDOWN|NETUNREACH|NETDOWN|NETRESET|PROTO)|UND_ERR_(SOCKET|CONNECT_TIMEOUT|HEADERS_TIMEOUT|BODY_TIMEOUT|CLOSED|DESTROYED)|ERR_(NETWORK|HTTP2_\w+|STREAM_PREMATURE_CLOSE|SOCKET_\w+)|Connection(Refused|Reset|Closed)|FailedToOpenSocket|Z_BUF_ERROR|HPE_INVALID_EOF_STATE)$/;

// What fetch says when it fails, runtime by runtime: it has no code of its own.
const fetchMessage =
  /^((fetch failed|Failed to fetch|Load failed)( \(.*\))?|NetworkError when attempting to fetch resource\.?|Error in (input|body) stream|The network connection was lost\.?|The Internet connection appears to be offline\.?|The request timed out\.?|Could not connect to the server\.?|Network request (failed|timed out)|network error|terminated|Network connection lost\.?|error (sending request|reading a body from connection).*|socket hang up|Unable to connect.*|The socket connection was closed unexpectedly.*)$/i;

// The host has no address. One that cannot be looked up right now (EAI_AGAIN) is not meant.
const unresolved =
  /\bENOTFOUND\b|hostname could not be found|no such host|name or service not known|name resolution failed for target/i;

const lastingCode =
  /CERT|UNABLE_TO_VERIFY|OVERFLOW|EXCEEDED_MAX_SIZE|^HPE_(?!INVALID_EOF|CLOSED)|Z_DATA|WRONG_VERSION|PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|HANDSHAKE_FAILURE|PACKET_LENGTH|UNSAFE_PORT|INVALID_URL/;

const lastingMessage =
  /(^| )certificate|wrong version number|protocol version|unsupported protocol|handshake failure|packet length too long|corrupt message|expected http\/|headers? overflow|incorrect header check|bad port|unknown scheme|scheme must|scheme is not|not implemented\.\.\.|unexpected redirect|redirect count|invalid url|url is invalid|parse (url|dns)/i;

const names: ReadonlySet<unknown> = new Set(['NetworkError', 'TimeoutError']);

/**
 * How the network failed. `passing`: another try may succeed. `unresolved`: the host has no address, which
 * passes only if it had one before. `lasting`: no try can succeed, as long as the address, the certificate or
 * a limit of the client stays.
 *
 * @internal
 */
export type NetworkFailure = 'passing' | 'unresolved' | 'lasting';

/**
 * Tells whether an error means that the server could not be reached or that the connection broke.
 *
 * @internal
 */
export function networkFailureOf(error: unknown): NetworkFailure | undefined {
  // A chain of causes is short in practice; the bound keeps a circular one from looping.
  let cause = error;
  let found: NetworkFailure | undefined;
  for (let depth = 0; depth < 5 && isRecord(cause); depth += 1) {
    const { name, errors } = cause;
    const code = textOf(cause['code']);
    const message = textOf(cause['message']);
    if (lastingCode.test(code) || lastingMessage.test(message)) return 'lasting';
    if (unresolved.test(`${code} ${message}`)) found = 'unresolved';
    else if (systemCode.test(code) || fetchMessage.test(message) || names.has(name)) {
      found ??= 'passing';
    }
    cause = cause['cause'] ?? (Array.isArray(errors) ? errors[0] : undefined);
  }
  return found;
}

/** The code of a failure of the network; UNKNOWN for any other. @internal */
export function networkCodeOf(error: unknown): Code {
  const found = networkFailureOf(error);
  if (found === 'lasting') return Code.FAILED_PRECONDITION;
  return found === undefined ? Code.UNKNOWN : Code.UNAVAILABLE;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
