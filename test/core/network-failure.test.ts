import { describe, expect, it } from 'vitest';
import { Code } from 'rx-lro';
// Not part of the API: what `statusFrom` decides by.
import { networkCodeOf, networkFailureOf } from '../../src/core/status/network-failure.js';

const isNetworkFailure = (error: unknown): boolean => networkCodeOf(error) === Code.UNAVAILABLE;

const codes = [
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EADDRNOTAVAIL',
  'EAI_AGAIN',
  'EAI_NONAME',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'ENETRESET',
  'EPROTO',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CLOSED',
  'UND_ERR_DESTROYED',
  'ERR_NETWORK',
  'ERR_HTTP2_STREAM_ERROR',
  'ERR_HTTP2_GOAWAY_SESSION',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_SOCKET_CLOSED',
  'ERR_SOCKET_CONNECTION_TIMEOUT',
  'ConnectionRefused',
  'ConnectionReset',
  'ConnectionClosed',
  'FailedToOpenSocket',
  'Z_BUF_ERROR',
  'HPE_INVALID_EOF_STATE',
];

const otherCodes = [
  '',
  'E',
  'ECONN',
  'EAI_',
  'EAI_!',
  'ENOENT',
  'EACCES',
  'UND_ERR',
  'UND_ERR_',
  'UND_ERR_INVALID_ARG',
  'ERR_',
  'ERR_INVALID_URL',
  'ERR_HTTP2_',
  'ERR_HTTP2_!',
  'ERR_SOCKET_',
  'ERR_SOCKET_!',
  'Connection',
  'econnreset',
];

const messages = [
  'fetch failed',
  'Failed to fetch',
  'Failed to fetch (api.example.com)',
  'Load failed',
  'Load failed (api.example.com)',
  'NetworkError when attempting to fetch resource.',
  'NetworkError when attempting to fetch resource',
  'Error in input stream',
  'Error in body stream',
  'The network connection was lost.',
  'The network connection was lost',
  'The Internet connection appears to be offline.',
  'The Internet connection appears to be offline',
  'The request timed out.',
  'The request timed out',
  'Could not connect to the server.',
  'Could not connect to the server',
  'Network request failed',
  'Network request timed out',
  'network error',
  'Network Error',
  'terminated',
  'Network connection lost.',
  'Network connection lost',
  'socket hang up',
];

// These go on with what no one can know beforehand.
const beginnings = [
  'error sending request',
  'error reading a body from connection',
  'Unable to connect',
  'The socket connection was closed unexpectedly',
];

const otherMessages = [
  '',
  'failed',
  'Failed to fetch(x)',
  'Failed to fetch (x',
  'Failed to fetch x',
  'Error in stream',
  'Error in  stream',
  'Network request',
  'Network request ',
  'error',
  'error receiving request',
  'Unable',
];

describe('a failure of the network', () => {
  it.each(codes)('has the code %s, and no longer one', (code) => {
    expect(isNetworkFailure({ code })).toBe(true);
    expect(isNetworkFailure({ code: `!${code}` })).toBe(false);
    expect(isNetworkFailure({ code: `${code}!` })).toBe(false);
  });

  it.each(otherCodes)('does not have the code %j', (code) => {
    expect(isNetworkFailure({ code })).toBe(false);
  });

  it.each(messages)('says %j in upper or lower case, and nothing more', (message) => {
    expect(isNetworkFailure({ message })).toBe(true);
    expect(isNetworkFailure({ message: message.toUpperCase() })).toBe(true);
    expect(isNetworkFailure({ message: `x ${message}` })).toBe(false);
    expect(isNetworkFailure({ message: `${message} x` })).toBe(false);
  });

  it.each(beginnings)('begins with %j', (message) => {
    expect(isNetworkFailure({ message })).toBe(true);
    expect(isNetworkFailure({ message: `${message} for url (x): y` })).toBe(true);
    expect(isNetworkFailure({ message: `x ${message}` })).toBe(false);
  });

  it.each(otherMessages)('does not say %j', (message) => {
    expect(isNetworkFailure({ message })).toBe(false);
  });

  it('may have a name alone', () => {
    expect(isNetworkFailure({ name: 'NetworkError' })).toBe(true);
    expect(isNetworkFailure({ name: 'TypeError' })).toBe(false);
  });

  it.each([undefined, null, 'ECONNRESET', 5, [{ code: 'ECONNRESET' }], {}])(
    'is not %j',
    (value) => {
      expect(isNetworkFailure(value)).toBe(false);
    },
  );

  it('has a code and a message that are texts', () => {
    expect(isNetworkFailure({ code: ['ECONNRESET'] })).toBe(false);
    expect(isNetworkFailure({ message: ['fetch failed'] })).toBe(false);
    expect(isNetworkFailure({ code: ['CERT_HAS_EXPIRED'], message: 'fetch failed' })).toBe(true);
  });
});

describe('a failure that lasts', () => {
  it.each([
    'CERT_HAS_EXPIRED',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'HPE_HEADER_OVERFLOW',
    'HPE_INVALID_CONSTANT',
    'UND_ERR_HEADERS_OVERFLOW',
    'UND_ERR_RES_EXCEEDED_MAX_SIZE',
    'Z_DATA_ERROR',
    'ERR_SSL_WRONG_VERSION_NUMBER',
    'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
    'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
    'ERR_SSL_PACKET_LENGTH_TOO_LONG',
    'ERR_HTTP2_UNSUPPORTED_PROTOCOL',
    'ERR_UNSAFE_PORT',
    'ERR_INVALID_URL',
  ])('has the code %s', (code) => {
    expect(networkFailureOf({ code, message: 'fetch failed' })).toBe('lasting');
    expect(networkFailureOf({ message: 'fetch failed', cause: { code } })).toBe('lasting');
  });

  it.each([
    'self-signed certificate',
    'certificate has expired',
    'SSL routines:ssl3_get_record:wrong version number',
    'Headers Overflow Error',
    'Parse Error: Header overflow',
    'Parse Error: Expected HTTP/',
    'incorrect header check',
    'bad port',
    'unknown scheme',
    'URL scheme must be a HTTP(S) scheme',
    'about scheme is not supported',
    'unexpected redirect',
    'redirect count exceeded',
    'Failed to parse URL from x',
  ])('says %j', (message) => {
    expect(networkFailureOf({ message: 'fetch failed', cause: { message } })).toBe('lasting');
  });

  it.each([
    'request to https://cert.example/certificate failed',
    'connect ECONNREFUSED',
    'tlsv1 alert internal error',
  ])('does not say %j', (message) => {
    const failure = { message: 'fetch failed', cause: { code: 'ECONNREFUSED', message } };
    expect(networkFailureOf(failure)).toBe('passing');
  });
});

describe('a host that has no address', () => {
  it.each([
    { code: 'ENOTFOUND' },
    { message: 'getaddrinfo ENOTFOUND a.example' },
    { message: 'A server with the specified hostname could not be found.' },
    {
      message:
        'error sending request for url (http://a.example/): dns error: Name or service not known',
    },
    { message: 'Name resolution failed for target dns:a.example:443' },
  ])('is told apart: %o', (error) => {
    expect(networkFailureOf(error)).toBe('unresolved');
    expect(networkFailureOf({ message: 'fetch failed', cause: error })).toBe('unresolved');
    expect(networkCodeOf(error)).toBe(Code.UNAVAILABLE);
  });

  it.each([{ code: 'EAI_AGAIN' }, { message: 'getaddrinfo EAI_AGAIN a.example' }])(
    'is not one that cannot be looked up right now: %o',
    (cause) => {
      expect(networkFailureOf({ message: 'fetch failed', cause })).toBe('passing');
    },
  );
});

describe('its causes', () => {
  const failure = { code: 'ECONNRESET' };

  it('are looked through as far as the fifth error', () => {
    const under = (links: number): unknown =>
      links === 0 ? failure : { message: 'x', cause: under(links - 1) };
    expect([0, 1, 2, 3, 4, 5].map((links) => isNetworkFailure(under(links)))).toEqual([
      true,
      true,
      true,
      true,
      true,
      false,
    ]);
  });

  it('do not take back what was found', () => {
    expect(isNetworkFailure({ code: 'ECONNRESET', cause: { message: 'x' } })).toBe(true);
    expect(isNetworkFailure({ message: 'fetch failed', cause: { message: 'x' } })).toBe(true);
    expect(isNetworkFailure({ name: 'NetworkError', cause: { message: 'x' } })).toBe(true);
  });

  it('are the first of several errors where there is no other', () => {
    expect(isNetworkFailure({ errors: [failure, {}] })).toBe(true);
    expect(isNetworkFailure({ errors: [{}, failure] })).toBe(false);
    expect(isNetworkFailure({ errors: { 0: failure } })).toBe(false);
    expect(isNetworkFailure({ errors: [] })).toBe(false);
    expect(isNetworkFailure({ cause: {}, errors: [failure] })).toBe(false);
    expect(isNetworkFailure({ cause: null, errors: [failure] })).toBe(true);
  });

  it('may go round in a circle', () => {
    const circle: { cause?: unknown } = {};
    circle.cause = circle;
    expect(isNetworkFailure(circle)).toBe(false);
  });
});
