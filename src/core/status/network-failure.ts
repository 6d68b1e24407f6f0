import { isRecord } from '../values/record.js';

// What the runtimes and the usual HTTP clients put in `error.code` when a connection fails.
const systemCode =
  /^(E(CONN(RESET|REFUSED|ABORTED)|PIPE|TIMEDOUT|NOTFOUND|ADDRNOTAVAIL|AI_\w+|HOSTUNREACH|HOSTDOWN|NETUNREACH|NETDOWN|NETRESET|PROTO)|UND_ERR_(SOCKET|CONNECT_TIMEOUT|HEADERS_TIMEOUT|BODY_TIMEOUT|CLOSED|DESTROYED)|ERR_(NETWORK|HTTP2_\w+|STREAM_PREMATURE_CLOSE|SOCKET_\w+)|Connection(Refused|Reset|Closed)|FailedToOpenSocket)$/;

// What fetch says when it fails, runtime by runtime: it has no code of its own.
const fetchMessage =
  /^((fetch failed|Failed to fetch|Load failed)( \(.*\))?|NetworkError when attempting to fetch resource\.?|Error in (input|body) stream|The network connection was lost\.?|The Internet connection appears to be offline\.?|The request timed out\.?|Could not connect to the server\.?|A server with the specified hostname could not be found\.?|Network request (failed|timed out)|network error|terminated|Network connection lost\.?|error (sending request|reading a body from connection).*|socket hang up|Unable to connect.*|The socket connection was closed unexpectedly.*)$/i;

// A retry does not fix a certificate that is not trusted.
const certificateCode = /CERT|UNABLE_TO_VERIFY/;

/**
 * Tells whether an error means that the server could not be reached or that the connection broke.
 *
 * @internal
 */
export function isNetworkFailure(error: unknown): boolean {
  // A chain of causes is short in practice; the bound keeps a circular one from looping.
  let cause = error;
  let found = false;
  for (let depth = 0; depth < 5 && isRecord(cause); depth += 1) {
    const { code, message, name, errors } = cause;
    if (typeof code === 'string' && certificateCode.test(code)) return false;
    found ||= typeof code === 'string' && systemCode.test(code);
    found ||= typeof message === 'string' && fetchMessage.test(message);
    found ||= name === 'NetworkError';
    cause = cause['cause'] ?? (Array.isArray(errors) ? errors[0] : undefined);
  }
  return found;
}
