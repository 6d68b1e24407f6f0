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

// As codes say it, and as messages do. HPE_* are codes of the parser of HTTP; Z_DATA_ERROR is one of zlib.
const lasting =
  /_cert|cert_|(^| )certificate|unable.to.verify|headers?.overflow|exceeded.max|\bhpe_(?!invalid_eof|closed)|z_data|(wrong|protocol).version|unsupported.protocol|handshake.failure|packet.length|corrupt message|expected http|header check|(bad|unsafe).port|unknown scheme|scheme (must|is not)|unexpected redirect|redirect count|invalid.url|url is invalid|parse (url|dns)/i;

// What the engines say of JSON that breaks off: the connection was cut, and nothing has told how long the body is.
const cutJson =
  /end of (JSON )?(input|data)|Unexpected EOF|unterminated string|Expected ('[,:]|double)|unicode esc/i;

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
    const text = `${code} ${message}`;
    if (lasting.test(text)) return 'lasting';
    if (unresolved.test(text)) found = 'unresolved';
    else if (
      systemCode.test(code) ||
      fetchMessage.test(message) ||
      names.has(name) ||
      (name === 'SyntaxError' && cutJson.test(message))
    ) {
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
