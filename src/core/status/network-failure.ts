import { isRecord, list, text } from '../values/record.js';
import { Code } from './code.js';

// What the runtimes and the usual HTTP clients put in `error.code`, or in `error.name`, when a connection fails in a
// way that passes.
const passingCode =
  /^(UND_ERR_(SOCKET|\w+_TIMEOUT|CLOSED|DESTROYED|RES_CONTENT_LENGTH_MISMATCH)|ERR_(NETWORK|STREAM_PREMATURE_CLOSE|HTTP2_(\w*S(ESSION|TREAM)\w*|PING_\w+)|SOCKET_\w+|SSL_(\w+_MAC|DECRYPTION_FAILED))|Connection(Refused|Reset|Closed)|FailedToOpenSocket|ShortRead|(Network|Timeout)Error|Z_BUF_ERROR|HPE_INVALID_EOF_STATE)$/;

// Codes of the system, which stand in messages too.
const systemCode =
  /(^|[ (])E(PIPE|(SOCKET)?TIMEDOUT|ADDRNOTAVAIL|(AI_|CONN|HOST|NET)[A-Z]+)([ ,:;)]|$)/;

// What fetch and HTTP clients say when a call fails: they have no code of their own for it.
const passingMessage =
  /^(((fetch|load) failed|failed to fetch)( \(.*\))?|(networkerror when attempting to fetch resource|error in (input|body) stream|(the )?network connection( was)? lost|the internet connection appears to be offline|the request timed out|could not connect to the server|network (error|request (failed|timed out))|terminated|socket hang up|(stream has been |error reading response as text: )?aborted)\.?|(error (sending request|reading a body from connection)|(error decoding response body: )?request or response body error|network timeout at:|response timeout while|unable to connect|the socket connection was closed unexpectedly).*)$/i;

// The host has no address. One that cannot be looked up right now (EAI_AGAIN) is not meant.
const unresolved =
  /\bENOTFOUND\b|hostname could not be found|dns error: (?!.*temporary)|name resolution failed for target/i;

// As codes say it, and as messages do. HPE_* are codes of the parser of HTTP; Z_DATA_ERROR is one of zlib.
const lasting =
  /(^| )certificate(?![\w-])|unable.to.verify|overflow|exceeded.max_size|\bhpe_(?!invalid_eof|closed)|z_data|(wrong|protocol).version|unsupported.protocol|handshake.failure|packet.length|corrupt message|expected http|header check|(bad|unsafe).port|\bscheme\b|redirect|invalid.url|url is invalid|parse (url|dns)/i;

// What a message names is no part of what it says: URLs, hosts and paths.
const address = /\w+:\/\/\S+|[\w.@-]*[./]\w\S*/g;

// What the engines say of JSON that breaks off: the connection was cut, and nothing has told how long the body is.
// They say the same of JSON that is wrong, but few bodies begin as JSON and go wrong later.
const cutJson =
  /end of (JSON )?(input|data)|Unexpected EOF|unterminated|Expected ('[,:}\]]|double)|property name or '}' (at|in JSON at position (?!1\b))|unicode esc|No number|Exponent/i;

const MAX_LENGTH = 1000;

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
    const message = text(cause['message']).slice(0, MAX_LENGTH);
    const said = `${code} ${message.replace(address, '')}`;
    const codes = [code, name].filter((each) => passingCode.test(each));
    if (codes.length > 0 || systemCode.test(said)) return 'passing';
    if (code.includes('CERT') || lasting.test(said)) return 'lasting';
    if (unresolved.test(said)) found = 'unresolved';
    else if (
      /^(EPROTO|NetworkingError)$/.test(code) ||
      // As browsers have it, and as version 2 of the AWS SDK marks it.
      cause['status'] === 0 ||
      cause['retryable'] === true ||
      passingMessage.test(message) ||
      (/json/i.test(message) && cutJson.test(message))
    ) {
      found ??= 'passing';
    }
    cause = cause['cause'] ?? cause['originalError'] ?? list(cause['errors'])[0];
  }
  return found;
}

/** The code of a failure of the network; UNKNOWN for any other. @internal */
export function networkCodeOf(error: unknown): Code {
  const found = networkFailureOf(error);
  if (found === 'lasting') return Code.FAILED_PRECONDITION;
  return found === undefined ? Code.UNKNOWN : Code.UNAVAILABLE;
}
