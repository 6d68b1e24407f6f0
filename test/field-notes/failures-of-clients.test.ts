import { describe, expect, it, vi } from 'vitest';
import {
  CallFailedError,
  Code,
  codeName,
  findDetail,
  getOperation,
  isTransient,
  statusFrom,
  waitForDone,
  type CodeName,
  type StatusError,
} from 'rx-lro';
import { VirtualTime } from 'rx-lro/testing';

import { failureOf } from '../support/failure-of.js';

const name = 'operations/1';
const failure = (message: string, fields: object = {}, cause?: unknown): Error =>
  Object.assign(new Error(message, cause === undefined ? {} : { cause }), fields);
const codeOf = (thrown: unknown): CodeName => codeName(statusFrom(thrown).code);
const delayOf = (thrown: unknown): unknown =>
  findDetail(statusFrom(thrown), 'google.rpc.RetryInfo')?.retryDelay;

/** How many calls a wait makes that is not done before its third, where the second goes wrong. */
async function callsWith(second: () => unknown): Promise<{ end: unknown; calls: number }> {
  const time = new VirtualTime();
  let calls = 0;
  const get = async (): Promise<object> => {
    calls += 1;
    if (calls === 1) return { name, done: false };
    return calls === 2 ? (second() as object) : { name, done: true, response: 'made' };
  };
  const end = waitForDone({ get }, name, { scheduler: time }).catch((error: unknown) => error);
  return { end: await time.runUntil(end), calls };
}
const thrown = (error: unknown) => callsWith(() => Promise.reject(error));

describe('what a message names does not make a failure lasting', () => {
  it.each([
    failure('getaddrinfo EAI_AGAIN certificatemanager.googleapis.com', { code: 'EAI_AGAIN' }),
    failure('getaddrinfo EAI_AGAIN certificate', {}),
    failure('Connect Timeout Error (attempted address: certificate:443)', {
      code: 'UND_ERR_CONNECT_TIMEOUT',
    }),
    failure('request to https://a.example/v1/renew_cert_1 failed, reason: read ECONNRESET'),
    failure('request to https://a.example/redirect failed, reason: x', { code: 'ECONNRESET' }),
    new TypeError('error sending request for url (https://a.example/my_certs/bad-port): reset'),
    new TypeError('error sending request for url (https://certificate.example/invalid-url): reset'),
    failure('Exceeded maximum number of retries', { code: 'ECONNRESET' }),
    failure('timed out', {}, failure('certificate 5', { code: 'ETIMEDOUT' })),
  ])('%s [report 31]', async (error) => {
    for (const each of [error, new TypeError('fetch failed', { cause: error })]) {
      expect(codeOf(each)).toBe('UNAVAILABLE');
      expect(await thrown(each)).toEqual({ end: 'made', calls: 3 });
    }
  });
});

describe('an HTTP status of 2xx says nothing of a failure', () => {
  const cut = 'Unterminated string in JSON at position 200';
  const http = { statusCode: 200, headers: {} };

  it.each<[string, unknown]>([
    ['got', failure('The server aborted', { code: 'ECONNRESET', response: http })],
    ['got', failure(`${cut} in "https://a.example"`, { name: 'ParseError', response: http })],
    ['AWS', failure('aborted\n  Deserialization', { code: 'ECONNRESET', $response: http })],
    ['AWS', failure(`${cut}\n  Deserialization`, { name: 'SyntaxError', $response: http })],
    ['axios', failure('stream has been aborted', { code: 'ERR_BAD_RESPONSE', status: 200 })],
    ['Azure', failure('Error reading response as text: aborted', { code: 'PARSE_ERROR' })],
    ['Azure', failure('Error reading response as text: aborted', { statusCode: 200 })],
    ['superagent', failure(cut, { name: 'SyntaxError', parse: true, statusCode: 200 })],
    ['node-fetch', failure(`invalid json response body at x reason: ${cut}`, { status: 206 })],
    [
      'Angular',
      {
        name: 'HttpErrorResponse',
        ok: false,
        status: 200,
        message: 'Http failure during parsing for https://a.example/',
        error: { error: new SyntaxError(cut), text: '{"na' },
      },
    ],
  ])('%s: %o [report 35]', async (_, error) => {
    expect(codeOf(error)).toBe('UNAVAILABLE');
    expect(await thrown(error)).toEqual({ end: 'made', calls: 3 });
  });

  it.each(['', ' ', '{"name":"operations/1","done":fa', '{"name":"opera', '['])(
    'nor does a text that is an answer: %j [report 35]',
    async (text) => {
      expect(await callsWith(() => text)).toEqual({ end: 'made', calls: 3 });
    },
  );

  it.each(['<html></html>', 'busy', '{"name":"operations/1"}', '{not JSON'])(
    'but a text that is whole is not an operation: %j [report 35]',
    async (text) => {
      expect((await callsWith(() => text)).end).toMatchObject({ kind: 'protocol' });
    },
  );
});

describe('a reason does not beat a time that the server names', () => {
  const v1 = { errors: [{ domain: 'usageLimits', reason: 'quotaExceeded' }] };
  const v2 = {
    details: [
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: 'RESOURCE_QUOTA_EXCEEDED',
        domain: 'googleapis.com',
      },
    ],
  };
  const info = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '39s' };
  const answer = (status: number, body: object, headers = {}): Error =>
    failure('m', { response: { status, headers, data: { error: { code: status, ...body } } } });
  const after = { 'retry-after': '20' };

  it.each([
    [answer(429, v1, after), '20s'],
    [answer(403, v1, after), '20s'],
    [answer(429, { details: [...v2.details, info] }), '39s'],
    [failure('m', { status: 429, code: 'insufficient_quota', headers: after }), '20s'],
  ])('%o [report 18]', async (error, delay) => {
    expect(codeOf(error)).toBe('RESOURCE_EXHAUSTED');
    expect(delayOf(error)).toBe(delay);
    expect(await thrown(error)).toEqual({ end: 'made', calls: 3 });
  });

  it.each([answer(429, v1), answer(403, v1), answer(429, v2)])(
    'but is final without: %o [report 18]',
    async (error) => {
      const { end, calls } = await thrown(error);
      expect(end).toMatchObject({ codeName: 'RESOURCE_EXHAUSTED' });
      expect(calls).toBe(2);
      expect(isTransient(end as StatusError)).toBe(false);
    },
  );

  it.each([
    [403, 'sharingRateLimitExceeded', 'RESOURCE_EXHAUSTED'],
    [400, 'jobRateLimitExceeded', 'RESOURCE_EXHAUSTED'],
    [400, 'jobBackendError', 'UNAVAILABLE'],
    [400, 'jobInternalError', 'INTERNAL'],
  ] as const)('HTTP %d with %s is %s [report 18]', (status, reason, code) => {
    expect(codeOf(answer(status, { errors: [{ domain: 'global', reason }] }))).toBe(code);
  });

  it.each(['IAM_PERMISSION_DENIED', 'SERVICE_DISABLED'])(
    'a 403 with a time stays a refusal where the reason is %s [report 20]',
    (reason) => {
      const denial = { status: 'PERMISSION_DENIED', details: [{ ...v2.details[0], reason }] };
      expect(codeOf(answer(403, denial, after))).toBe('PERMISSION_DENIED');
    },
  );
});

describe('a host is not looked for where a server has answered', () => {
  const text = 'getaddrinfo ENOTFOUND backend';

  it.each<[string, unknown]>([
    ['an envelope', { error: { code: 503, message: text } }],
    ['a body', { code: 503, message: text }],
    ['an error', failure(text, { status: 503 })],
    ['an error of this library', ownError(failure(text, { statusCode: 503 }))],
    [
      'a server over gRPC',
      failure('dial tcp: lookup backend: no such host', { code: 14, details: '' }),
    ],
  ])('%s [report 33]', async (_, error) => {
    const time = new VirtualTime();
    const client = { get: async () => Promise.reject(error) };
    await time.runUntil(failureOf(getOperation(client, name, { scheduler: time })));
    expect(time.now()).toBeGreaterThan(90_000);
  });

  function ownError(cause: Error): Error {
    return new CallFailedError({ method: 'get', status: statusFrom(cause), cause });
  }
});

describe('what a client says of a connection that broke is known', () => {
  const aws = (called: string): Error =>
    failure('m', { name: called, $metadata: { httpStatusCode: 400 } });

  it.each<[string, unknown, CodeName]>([
    ['node-fetch', failure('network timeout at: https://a.example/'), 'UNAVAILABLE'],
    [
      'node-fetch',
      failure('Response timeout while trying to fetch https://a.example/ (over 5ms)'),
      'UNAVAILABLE',
    ],
    ['request', failure('m', { code: 'ESOCKETTIMEDOUT' }), 'UNAVAILABLE'],
    ['undici', failure('m', { code: 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH' }), 'UNAVAILABLE'],
    ['axios', failure('m', { code: 'ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC' }), 'UNAVAILABLE'],
    ['axios', failure('m', { code: 'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC' }), 'UNAVAILABLE'],
    [
      'Bun',
      failure('ShortRead fetching "https://a.example"', { code: 'ShortRead' }),
      'UNAVAILABLE',
    ],
    [
      'Deno',
      new TypeError('request or response body error: connection reset by peer'),
      'UNAVAILABLE',
    ],
    ['AWS 2', failure('m', { code: 'NetworkingError', retryable: true }), 'UNAVAILABLE'],
    ['AWS 2', failure('m', { code: 'UnknownError', retryable: true }), 'UNAVAILABLE'],
    [
      'AWS 2',
      failure('m', { code: 'Odd', originalError: failure('m', { code: 'EPIPE' }) }),
      'UNAVAILABLE',
    ],
    ['AWS', aws('PriorRequestNotComplete'), 'RESOURCE_EXHAUSTED'],
    ['AWS', aws('TransactionInProgressException'), 'RESOURCE_EXHAUSTED'],
    ['AWS', aws('RequestThrottledException'), 'RESOURCE_EXHAUSTED'],
    ['gaxios', gaxiosError(), 'CANCELLED'],
    ['HTTP 425', new Response('', { status: 425 }), 'UNAVAILABLE'],
    ['a text', failure('read ECONNRESET'), 'UNAVAILABLE'],
    [
      'two causes',
      failure('a', {}, failure('b', {}, failure('c', { status: 503 }))),
      'UNAVAILABLE',
    ],
    [
      'a body in a cause',
      failure('a', {}, failure('b', { response: { data: { error: { status: 'ABORTED' } } } })),
      'ABORTED',
    ],
  ])('%s: %o is %s [report 21]', async (_, error, code) => {
    expect(codeOf(error)).toBe(code);
    expect(await thrown(error)).toEqual({ end: 'made', calls: 3 });
  });

  it.each<[string, unknown, CodeName]>([
    [
      'AWS 2',
      failure('m', {
        code: 'NetworkingError',
        retryable: true,
        originalError: failure('m', { code: 'CERT_HAS_EXPIRED' }),
      }),
      'FAILED_PRECONDITION',
    ],
    ['a class', failure('m', { name: 'ThrottledClientError', status: 404 }), 'NOT_FOUND'],
    ['HTTP/2', failure('m', { code: 'ERR_HTTP2_INVALID_HEADER_VALUE' }), 'UNKNOWN'],
    ['SQLSTATE', failure('m', { code: '23505', details: 'Key (id)=(1) exists.' }), 'UNKNOWN'],
    ['a program', { code: 1, signal: null, stdout: '', stderr: '' }, 'UNKNOWN'],
  ])('but not %s: %o is %s [report 19]', async (_, error, code) => {
    expect(codeOf(error)).toBe(code);
    expect(await thrown(error)).toMatchObject({ end: { codeName: code }, calls: 2 });
  });

  it('and a number that no Status has is none of its codes [report 19]', () => {
    expect(statusFrom({ code: 503, message: 'm' }).code).toBe(Code.UNAVAILABLE);
    expect(statusFrom({ code: 429 }).code).toBe(Code.RESOURCE_EXHAUSTED);
    const kubernetes = { kind: 'Status', status: 'Failure', code: 409, reason: 'Conflict' };
    expect(statusFrom(kubernetes).code).toBe(Code.ABORTED);
    const twilio = { code: 20429, status: 429, details: [] };
    expect(statusFrom(failure('m', twilio)).code).toBe(Code.RESOURCE_EXHAUSTED);
    expect(statusFrom(failure('m', { code: '23505', details: '' })).code).toBe(Code.UNKNOWN);
  });
});

// It has what it was made of in two places.
function gaxiosError(): Error {
  const error = failure('aborted', { name: 'AbortError' });
  return failure('m', { error }, error);
}

describe('headers are read in all the forms that clients have', () => {
  const now = Date.parse('Wed, 21 Oct 2026 07:28:00 GMT');
  const limited = (headers: object): Error => failure('m', { status: 429, headers });
  const plain = { 'Retry-After': '20' };

  it.each<[string, unknown]>([
    ['a Map', limited(new Map(Object.entries(plain)))],
    ['pairs', limited(Object.entries(plain))],
    ['with spaces', limited({ 'retry-after': ' 20 ' })],
    ['with a fraction', limited({ 'retry-after': '20.0' })],
    ['cohere', failure('m', { statusCode: 429, rawResponse: { headers: new Headers(plain) } })],
    ['mistral', failure('m', { rawResponse: new Response('', { status: 429, headers: plain }) })],
    [
      'RxJS',
      failure('m', {
        status: 429,
        xhr: { getResponseHeader: (field: string) => (field === 'retry-after' ? '20' : null) },
      }),
    ],
    ['Kubernetes', failure('m', { code: 403, body: '{}', headers: plain })],
    ['a cause of a cause', failure('a', {}, failure('b', {}, limited(plain)))],
  ])('%s [report 20]', (_, error) => {
    expect(codeOf(error)).toBe('RESOURCE_EXHAUSTED');
    expect(delayOf(error)).toBe('20s');
  });

  it.each([
    ['seconds of the day', String(now / 1000 + 60), '60s'],
    ['milliseconds of the day', String(now + 60_000), '60s'],
    ['seconds from now on', '60', '60s'],
    ['too far', String(now / 1000 + 86_401), '0s'],
    ['too far from now on', '900000000', '0s'],
    ['not a number', 'soon', '0s'],
  ])('a reset that is %s [report 20]', (_, reset, delay) => {
    const clock = vi.spyOn(Date, 'now').mockReturnValue(now);
    try {
      const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset };
      expect(delayOf(limited(headers))).toBe(delay);
    } finally {
      clock.mockRestore();
    }
  });
});

describe('a message has no secret of a URL', () => {
  it.each([
    'request to https://user:SECRET@a.example/v1/op?key=SECRET failed, reason: read ECONNRESET',
    'error sending request for url (https://a.example/v1/op?key=SECRET): connection reset',
    'Http failure response for https://a.example/v1/op?key=SECRET: 500 Server Error',
  ])('%s [report 34]', async (message) => {
    const error = await failureOf(
      getOperation({ get: () => Promise.reject(new Error(message)) }, name, {
        retry: { numOfAttempts: 1 },
      }),
    );
    expect((error as Error).message).toContain('/v1/op');
    expect((error as Error).message).toContain('a.example');
    expect((error as Error).message).not.toContain('SECRET');
  });

  it.each([
    ['https://a.example/v1', 'op', 'https://a.example/v1/op'],
    ['https://a.example/v1/', '/op', 'https://a.example/v1/op'],
    ['https://a.example/v1', '/op', 'https://a.example/v1/op'],
    ['https://a.example/v1', 'https://b.example/op', 'https://b.example/op'],
  ])('the URL of axios is whole: %s and %s [report 34]', async (baseURL, url, whole) => {
    const config = { baseURL, url };
    const get = () => Promise.reject(failure('m', { config }));
    const error = await failureOf(getOperation({ get }, name));
    expect((error as CallFailedError).url).toBe(whole);
  });
});
