import { describe, expect, it } from 'vitest';
// Not part of the API: what `statusFrom` decides by.
import { isNetworkFailure } from '../../src/core/status/network-failure.js';

const codes = [
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
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
  'A server with the specified hostname could not be found.',
  'A server with the specified hostname could not be found',
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

  it.each(['CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'])(
    'is not what a certificate causes: %s',
    (code) => {
      expect(isNetworkFailure({ code, message: 'fetch failed' })).toBe(false);
      expect(isNetworkFailure({ message: 'fetch failed', cause: { code } })).toBe(false);
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
