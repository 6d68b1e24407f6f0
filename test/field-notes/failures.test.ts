import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  CallFailedError,
  Code,
  codeName,
  findDetail,
  isTransient,
  poll,
  statusFrom,
  waitForDone,
  type CallOptions,
  type CodeName,
  type OperationsClient,
} from 'rx-lro';
import { VirtualTime } from 'rx-lro/testing';

const name = 'operations/1';
const done = { name, done: true, response: 'made' };

/** How a wait ends that is answered, then fails once, then is done. */
async function waitWith(failure: unknown): Promise<{ end: unknown; calls: number }> {
  const time = new VirtualTime();
  let calls = 0;
  const get = async (): Promise<object> => {
    calls += 1;
    if (calls === 1) return { name, done: false };
    if (calls === 2) throw failure;
    return done;
  };
  const end = waitForDone({ get }, name, { scheduler: time }).catch((error: unknown) => error);
  return { end: await time.runUntil(end), calls };
}

describe('a reason that is known comes before the name of a code and before an HTTP status', () => {
  const v1 = (reason: string, domain = 'usageLimits'): object => ({
    errors: [{ domain, reason, message: 'm' }],
  });
  const v2 = (reason: string, domain = 'googleapis.com'): object => ({
    details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain }],
  });
  const denied = { code: 403, message: 'm', status: 'PERMISSION_DENIED' };
  const exhausted = { code: 429, message: 'm', status: 'RESOURCE_EXHAUSTED' };

  it.each([
    [denied, v1('rateLimitExceeded'), 'RESOURCE_EXHAUSTED'],
    [denied, v1('rateLimitExceeded', 'global'), 'RESOURCE_EXHAUSTED'],
    [denied, v1('userRateLimitExceeded'), 'RESOURCE_EXHAUSTED'],
    [denied, v1('userRateLimitExceededUnreg'), 'RESOURCE_EXHAUSTED'],
    [denied, v1('concurrentLimitExceeded'), 'RESOURCE_EXHAUSTED'],
    [denied, v1('servingLimitExceeded'), 'RESOURCE_EXHAUSTED'],
    [denied, v2('RATE_LIMIT_EXCEEDED'), 'RESOURCE_EXHAUSTED'],
    [denied, v1('backendError', 'global'), 'UNAVAILABLE'],
    [denied, v1('internalError', 'global'), 'INTERNAL'],
    [{ code: 400 }, v1('backendError', 'global'), 'UNAVAILABLE'],
    [exhausted, v1('dailyLimitExceeded'), 'RESOURCE_EXHAUSTED'],
    [exhausted, v1('dailyLimitExceededUnreg'), 'RESOURCE_EXHAUSTED'],
    [exhausted, v1('variableTermLimitExceeded'), 'RESOURCE_EXHAUSTED'],
    [exhausted, v1('quotaExceeded', 'global'), 'RESOURCE_EXHAUSTED'],
    [exhausted, v2('RESOURCE_QUOTA_EXCEEDED'), 'RESOURCE_EXHAUSTED'],
    [denied, v1('accessNotConfigured'), 'PERMISSION_DENIED'],
    [denied, v1('rateLimitExceeded', 'youtube.parameter'), 'PERMISSION_DENIED'],
    [denied, v2('RATE_LIMIT_EXCEEDED', 'zoo.example.com'), 'PERMISSION_DENIED'],
    [denied, v2('RATE_LIMIT_EXCEEDED_FOR_ALL'), 'PERMISSION_DENIED'],
    [exhausted, v2('SERVICE_DISABLED'), 'RESOURCE_EXHAUSTED'],
  ] as const)('%j with %j is %s [report 18]', (fields, reason, expected) => {
    const error = { ...fields, ...reason };
    expect(codeName(statusFrom({ error }).code)).toBe(expected);
    expect(codeName(statusFrom({ error }, 403).code)).toBe(expected);
    const thrown = Object.assign(new Error('m'), { response: { status: 403, data: { error } } });
    expect(codeName(statusFrom(thrown).code)).toBe(expected);
  });

  it('wherever the details stand: in an error of gRPC, and in a Status [report 18]', () => {
    const status = { code: 7, message: 'm', ...v2('RATE_LIMIT_EXCEEDED') };
    expect(statusFrom(status).code).toBe(8);
    expect(statusFrom(Object.assign(new Error('m'), status)).code).toBe(8);
    expect(statusFrom(Object.assign(new Error('m'), { status })).code).toBe(8);
  });

  it('in the `errors` that an SDK of Google copies to its own error [report 18]', () => {
    const errors = [{ domain: 'usageLimits', reason: 'rateLimitExceeded' }];
    const error = Object.assign(new Error('m'), { code: 403, errors });
    expect(statusFrom(error)).toEqual({ code: 8, message: 'm', details: errors });
  });

  it('so a rate limit in the middle of a wait is survived, and a used-up quota ends it [report 18]', async () => {
    const limited = await waitWith({ error: { ...denied, ...v1('rateLimitExceeded') } });
    expect(limited).toEqual({ end: 'made', calls: 3 });
    const used = await waitWith({ error: { ...exhausted, ...v1('dailyLimitExceeded') } });
    expect(used.calls).toBe(2);
    expect(used.end).toMatchObject({ kind: 'call-failed', codeName: 'RESOURCE_EXHAUSTED' });
  });

  it('but the verdict on an operation keeps its code [report 18]', async () => {
    const error = { code: 8, message: 'Used up.', ...v2('RESOURCE_QUOTA_EXCEEDED') };
    const end = waitForDone({ get: async () => ({ name, done: true, error }) }, name);
    await expect(end).rejects.toMatchObject({ kind: 'operation-failed', code: 8 });
  });

  it.each([
    [{ errors: [{ reason: 'odd' }], code: 403 }, 'odd'],
    [{ errors: [{ code: 'ODD_CODE' }] }, 'ODD_CODE'],
    [{ code: 403, details: [{ reason: 'ODD', domain: 'zoo.example.com' }] }, 'ODD'],
    [{ code: 403, details: [{ reason: 'ODD' }], errors: [{ message: 'Of v1.' }] }, 'Of v1.'],
    [{ code: 403, message: 'Own.', errors: [{ reason: 'odd' }] }, 'Own.'],
    [{ code: 403, errors: [{ reason: 5, code: null }] }, ''],
  ])(
    'and one that is not known is the message where there is no other: %j [report 18]',
    (error, message) => {
      expect(statusFrom({ error }).message).toBe(message);
    },
  );

  it('is not looked for in what throws when it is read [report 18]', () => {
    const hostile = {
      get reason(): string {
        throw new Error('no');
      },
    };
    expect(statusFrom({ code: 7, message: 'm', details: [hostile] }).code).toBe(7);
  });
});

describe('CANCELLED is the word of the server for an operation that has ended, and of nothing else', () => {
  const cancelled = { code: 1, message: 'The call was cut off.' };
  const quick = { retry: { startingDelay: 0, numOfAttempts: 3 } } as const;

  it('a get that fails with it, when nobody aborted, is tried again [report 19]', async () => {
    expect(await waitWith(cancelled)).toEqual({ end: 'made', calls: 3 });
    const error = new CallFailedError({ method: 'get', status: { ...cancelled, details: [] } });
    expect(isTransient(error)).toBe(true);
    expect(isTransient({ kind: 'operation-failed', code: Code.CANCELLED })).toBe(false);
  });

  it('a cancel that fails with it is tried again as any other call [report 19]', async () => {
    const methods: string[] = [];
    const client: OperationsClient = {
      get: async () => {
        methods.push('get');
        return done;
      },
      cancel: async () => {
        methods.push('cancel');
        if (methods.length === 1) throw cancelled;
      },
    };
    const signal = AbortSignal.abort();
    expect(await waitForDone(client, name, { signal, ...quick })).toBe('made');
    expect(methods).toEqual(['cancel', 'cancel', 'get']);
  });

  it.each(['detach', 'unsubscribe'] as const)(
    'a call that is given up by %s is not made again [polling 15] [report 19]',
    async (how) => {
      const time = new VirtualTime();
      const stop = new AbortController();
      let calls = 0;
      const get = (_: object, { signal }: CallOptions): Promise<never> => {
        calls += 1;
        return new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new DOMException('m', 'AbortError')));
        });
      };
      const options = { scheduler: time, signal: stop.signal, onAbort: 'detach' } as const;
      const ends: unknown[] = [];
      const wait = poll({ get }, name, options).subscribe({
        error: (error: unknown) => ends.push(error),
      });
      const reason = new Error('closed the page');
      if (how === 'detach') stop.abort(reason);
      else wait.unsubscribe();
      expect(ends).toEqual(how === 'detach' ? [reason] : []);
      await time.advance(600_000);
      expect(calls).toBe(1);
    },
  );

  it.each([
    ['CANCELLED', 'UNKNOWN'],
    ['UNIMPLEMENTED', 'UNIMPLEMENTED'],
  ] as const)(
    'a cancel that fails with %s and is not confirmed has the code %s [report 19]',
    async (code, expected) => {
      const client: OperationsClient = {
        get: async () => ({ name, done: false }),
        cancel: async () => {
          throw { code: Code[code], message: 'no' };
        },
      };
      const end = waitForDone(client, name, { signal: AbortSignal.abort(), ...quick });
      await expect(end).rejects.toMatchObject({
        kind: 'cancel-not-confirmed',
        codeName: expected,
        status: { code: Code[expected] },
        failure: { codeName: code },
      });
    },
  );

  it.each([
    { code: 1, killed: false, signal: null, cmd: 'gcloud', stdout: '', stderr: '' },
    { code: 5, killed: false, signal: null, cmd: 'gcloud' },
    { code: 16, errno: -13, syscall: 'open' },
  ])('an exit code or a number of a system is not a code of a Status: %j [report 19]', (fields) => {
    const error = Object.assign(new Error('Command failed: gcloud'), fields);
    expect(statusFrom(error).code).toBe(Code.UNKNOWN);
    expect(statusFrom(new Error('m', { cause: error })).code).toBe(Code.UNKNOWN);
  });
});

describe('when to ask again is read from the headers, wherever a client keeps them', () => {
  const now = Date.parse('Wed, 21 Oct 2026 07:28:00 GMT');
  const failure = (fields: object): Error => Object.assign(new Error('m'), fields);
  const delayOf = (value: unknown): unknown =>
    findDetail(statusFrom(value), 'google.rpc.RetryInfo')?.retryDelay;
  const plain = { 'retry-after': '20' };
  const angular = { get: (field: string) => (field === 'retry-after' ? '20' : null) };

  beforeAll(() => void vi.spyOn(Date, 'now').mockReturnValue(now));
  afterAll(() => void vi.restoreAllMocks());

  it.each<[string, unknown]>([
    ['a Response', new Response('slow down', { status: 429, headers: plain })],
    ['openai, undici', failure({ status: 429, headers: new Headers(plain) })],
    ['axios, got, octokit', failure({ response: { status: 429, headers: plain } })],
    ['ky', failure({ response: new Response('', { status: 429, headers: plain }) })],
    ['Node.js', failure({ statusCode: 429, headers: { 'Retry-After': ['20'] } })],
    ['a number', failure({ statusCode: 429, headers: { 'RETRY-AFTER': 20 } })],
    ['an answer of undici that was thrown', { statusCode: 429, headers: plain }],
    [
      'an Error around a Response',
      new Error('m', { cause: new Response('', { status: 429, headers: plain }) }),
    ],
    ['AWS', failure({ $metadata: { httpStatusCode: 429 }, $response: { headers: plain } })],
    ['Vercel AI', failure({ statusCode: 429, responseHeaders: plain })],
    ['Azure', failure({ statusCode: 429, response: { status: 429, headers: angular } })],
    ['Angular', { name: 'HttpErrorResponse', ok: false, status: 429, headers: angular }],
  ])('%s [report 20]', (_, thrown) => {
    expect(statusFrom(thrown).code).toBe(Code.RESOURCE_EXHAUSTED);
    expect(delayOf(thrown)).toBe('20s');
  });

  const reset = String(now / 1000 + 60);
  it.each<[number, Record<string, string>, CodeName, string | undefined]>([
    [403, { 'retry-after': '60' }, 'RESOURCE_EXHAUSTED', '60s'],
    [
      403,
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset },
      'RESOURCE_EXHAUSTED',
      '60s',
    ],
    [
      429,
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset },
      'RESOURCE_EXHAUSTED',
      '60s',
    ],
    [403, { 'x-ratelimit-remaining': '0' }, 'RESOURCE_EXHAUSTED', '0s'],
    [
      403,
      { 'x-ratelimit-remaining': '7', 'x-ratelimit-reset': reset },
      'PERMISSION_DENIED',
      undefined,
    ],
    [404, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset }, 'NOT_FOUND', undefined],
    [503, { 'retry-after': 'Wed, 21 Oct 2026 07:28:30 GMT' }, 'UNAVAILABLE', '30s'],
    [503, { 'retry-after': 'Wed, 21 Oct 2026 07:20:00 GMT' }, 'UNAVAILABLE', '0s'],
    [429, { 'retry-after-ms': '1500', 'retry-after': '2' }, 'RESOURCE_EXHAUSTED', '1.5s'],
    [429, { 'x-ms-retry-after-ms': '250' }, 'RESOURCE_EXHAUSTED', '0.25s'],
    [429, { 'retry-after': 'soon' }, 'RESOURCE_EXHAUSTED', undefined],
    [429, {}, 'RESOURCE_EXHAUSTED', undefined],
  ])('HTTP %d with %j is %s, after %s [report 20]', (status, headers, code, delay) => {
    for (const thrown of [
      new Response('', { status, headers }),
      failure({ response: { status, headers, data: { message: 'API rate limit exceeded' } } }),
      failure({ response: { status, headers, data: { error: { code: status } } } }),
    ]) {
      expect(codeName(statusFrom(thrown).code)).toBe(code);
      expect(delayOf(thrown)).toBe(delay);
    }
  });

  it('is time relative to the clock of the server, where that tells it [report 20]', () => {
    const date = new Date(now - 3_600_000).toUTCString();
    const at = {
      date,
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(now / 1000 - 3570),
    };
    expect(delayOf(new Response('', { status: 403, headers: at }))).toBe('30s');
  });

  it('keeps a RetryInfo that the server sent itself [report 20]', () => {
    const own = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '5s' };
    const data = { error: { code: 429, details: [own] } };
    expect(
      statusFrom(failure({ response: { status: 429, headers: plain, data } })).details,
    ).toEqual([own]);
  });

  it.each([
    ['text', 'retry-after: 20'],
    ['null', null],
    [
      'a getter that throws',
      Object.defineProperty({}, 'retry-after', { get: fail, enumerable: true }),
    ],
    ['a `get` that throws', { get: fail }],
    ['a value that cannot be a text', { 'retry-after': Object.create(null) as unknown }],
    ['a proxy that throws', new Proxy({}, { ownKeys: fail, get: fail })],
    ['no end', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': 'Infinity' }],
  ])('is survived where the headers are %s [report 20]', (_, headers) => {
    expect(statusFrom(failure({ status: 429, headers })).code).toBe(Code.RESOURCE_EXHAUSTED);
  });

  it('so a bare client waits as long as it was asked to, and survives a 403 of GitHub [report 20]', async () => {
    const time = new VirtualTime();
    const times: number[] = [];
    const get = async (): Promise<object> => {
      times.push(time.now());
      if (times.length === 1) throw new Response('', { status: 403, headers: plain });
      if (times.length === 2) throw new Response('', { status: 429, headers: plain });
      return done;
    };
    expect(await time.runUntil(waitForDone({ get }, name, { scheduler: time }))).toBe('made');
    expect(times).toEqual([0, 20_000, 40_000]);
  });
});

function fail(): never {
  throw new Error('no');
}

describe('a failure of an SDK that passes by itself is tried again', () => {
  class APIError extends Error {
    readonly status = undefined;
  }
  class APIConnectionTimeoutError extends APIError {}
  class APIConnectionError extends APIError {}
  class APIUserAbortError extends APIError {}
  class Shortened extends APIError {}
  const aws = (called: string, httpStatusCode?: number, fields: object = {}): Error =>
    Object.assign(new Error('m'), {
      name: called,
      $fault: 'client',
      $metadata: { httpStatusCode, requestId: '1', attempts: 1 },
      ...fields,
    });
  const named = (called: string, fields: object = {}): Error =>
    Object.assign(new Error('m'), { name: called, ...fields });

  it.each<[string, unknown, CodeName]>([
    ['openai', new APIConnectionTimeoutError('Request timed out.'), 'DEADLINE_EXCEEDED'],
    ['openai, minified', new Shortened('Request timed out.'), 'DEADLINE_EXCEEDED'],
    ['openai', new APIConnectionError('Connection error.'), 'UNAVAILABLE'],
    ['openai', new APIUserAbortError('Request was aborted.'), 'CANCELLED'],
    ['openai, minified', new Shortened('Request was aborted.'), 'CANCELLED'],
    ['anthropic', named('APIConnectionTimeoutError'), 'DEADLINE_EXCEEDED'],
    ['AWS', aws('ThrottlingException', 400), 'RESOURCE_EXHAUSTED'],
    ['AWS', aws('Throttling', 400), 'RESOURCE_EXHAUSTED'],
    ['AWS', aws('EC2ThrottledException', 400), 'RESOURCE_EXHAUSTED'],
    ['AWS', aws('RequestLimitExceeded', 400), 'RESOURCE_EXHAUSTED'],
    ['AWS', aws('TooManyRequestsException', 400), 'RESOURCE_EXHAUSTED'],
    ['AWS', aws('ProvisionedThroughputExceededException', 400), 'RESOURCE_EXHAUSTED'],
    ['AWS', aws('SlowDown', 503), 'RESOURCE_EXHAUSTED'],
    ['AWS', aws('RequestTimeout', 400), 'DEADLINE_EXCEEDED'],
    ['AWS', aws('TimeoutError'), 'DEADLINE_EXCEEDED'],
    ['AWS', aws('Unknown', 503), 'UNAVAILABLE'],
    ['AWS', aws('InternalFailure', 500, { $fault: 'server' }), 'INTERNAL'],
    ['AWS, a page of a proxy', aws('SyntaxError', 502), 'INTERNAL'],
    ['AWS', aws('OddException', 400, { $retryable: { throttling: false } }), 'UNAVAILABLE'],
    ['AWS', aws('OddException', 400, { $retryable: { throttling: true } }), 'RESOURCE_EXHAUSTED'],
    [
      'AWS 2',
      named('Error', { code: 'ThrottlingException', statusCode: 400 }),
      'RESOURCE_EXHAUSTED',
    ],
    ['Azure', named('RestError', { code: 'REQUEST_SEND_ERROR' }), 'UNAVAILABLE'],
    ['Azure', named('RestError', { statusCode: 503 }), 'UNAVAILABLE'],
    ['gaxios', failureWith(named('AbortError')), 'CANCELLED'],
    ['got', named('TimeoutError', { code: 'ETIMEDOUT' }), 'DEADLINE_EXCEEDED'],
    ['mistral', named('RequestTimeoutError'), 'DEADLINE_EXCEEDED'],
  ])('%s: %s is %s [report 21]', async (_, thrown, code) => {
    expect(codeName(statusFrom(thrown).code)).toBe(code);
    expect(await waitWith(thrown)).toEqual({ end: 'made', calls: 3 });
  });

  it.each<[string, unknown, CodeName]>([
    ['AWS', aws('ResourceNotFoundException', 404), 'NOT_FOUND'],
    ['AWS', aws('AccessDeniedException', 400), 'INVALID_ARGUMENT'],
    ['AWS', aws('ValidationException', 400), 'INVALID_ARGUMENT'],
    ['AWS, a page with 200', aws('SyntaxError', 200), 'UNKNOWN'],
    ['openai', named('Error', { status: 429, code: 'insufficient_quota' }), 'FAILED_PRECONDITION'],
    ['a text that speaks of it', new Error('This was said after Throttling.'), 'UNKNOWN'],
  ])('and one that lasts is final: %s: %s is %s [report 21]', async (_, thrown, code) => {
    expect(codeName(statusFrom(thrown).code)).toBe(code);
    expect(await waitWith(thrown)).toMatchObject({ end: { codeName: code }, calls: 2 });
  });
});

// A GaxiosError has what it was made of in `error`.
function failureWith(error: Error): Error {
  return Object.assign(new Error('m'), { error });
}
