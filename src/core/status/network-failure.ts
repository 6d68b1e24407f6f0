import { isRecord, list, text } from '../values/record.js';
import { Code } from './code.js';

// What the runtimes and the usual HTTP clients put in `error.code`, or in `error.name`, when a connection fails.
const systemCode =
  /^(E(PIPE|PROTO|TIMEDOUT|ADDRNOTAVAIL|(AI_|CONN|HOST|NET)\w+)|UND_ERR_(SOCKET|\w+_TIMEOUT|CLOSED|DESTROYED)|ERR_(NETWORK|STREAM_PREMATURE_CLOSE|(HTTP2|SOCKET)_\w+)|Connection(Refused|Reset|Closed)|FailedToOpenSocket|(Network|Timeout)Error|Z_BUF_ERROR|HPE_INVALID_EOF_STATE)$/;

// What fetch says when it fails, runtime by runtime: it has no code of its own.
const fetchMessage =
  /^(((fetch|load) failed|failed to fetch)( \(.*\))?|(networkerror when attempting to fetch resource|error in (input|body) stream|(the )?network connection( was)? lost|the internet connection appears to be offline|the request timed out|could not connect to the server|network (error|request (failed|timed out))|terminated|socket hang up)\.?|(error (sending request|reading a body from connection)|unable to connect|the socket connection was closed unexpectedly).*)$/i;

// The host has no address. One that cannot be looked up right now (EAI_AGAIN) is not meant.
const unresolved =
  /\bENOTFOUND\b|hostname could not be found|no such host|name or service not known|name resolution failed for target/i;

// As codes say it, and as messages do. HPE_* are codes of the parser of HTTP; Z_DATA_ERROR is one of zlib.
const lasting =
  /_cert|cert_| certificate|unable.to.verify|overflow|exceeded.max|\bhpe_(?!invalid_eof|closed)|z_data|(wrong|protocol).version|unsupported.protocol|handshake.failure|packet.length|corrupt message|expected http|header check|(bad|unsafe).port|\bscheme\b|redirect|invalid.url|url is invalid|parse (url|dns)/i;

// What the engines say of JSON that breaks off: the connection was cut, and nothing has told how long the body is.
const cutJson =
  /end of (JSON )?(input|data)|Unexpected EOF|unterminated string|Expected ('[,:]|double)|unicode esc/i;

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
    const code = text(cause['code']);
    const name = text(cause['name']);
    const message = text(cause['message']);
    const isPassing =
      [code, name].some((each) => systemCode.test(each)) ||
      fetchMessage.test(message) ||
      (name === 'SyntaxError' && cutJson.test(message));
    if (lasting.test(`${code} ${message}`)) return 'lasting';
    if (unresolved.test(`${code} ${message}`)) found = 'unresolved';
    else if (isPassing) found ??= 'passing';
    cause = cause['cause'] ?? list(cause['errors'])[0];
  }
  return found;
}

/** The code of a failure of the network; UNKNOWN for any other. @internal */
export function networkCodeOf(error: unknown): Code {
  const found = networkFailureOf(error);
  if (found === 'lasting') return Code.FAILED_PRECONDITION;
  return found === undefined ? Code.UNKNOWN : Code.UNAVAILABLE;
}
