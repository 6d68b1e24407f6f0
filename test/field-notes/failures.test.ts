import { describe, expect, it } from 'vitest';
import {
  CallFailedError,
  Code,
  codeName,
  isTransient,
  poll,
  statusFrom,
  waitForDone,
  type CallOptions,
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
    [exhausted, v1('dailyLimitExceeded'), 'FAILED_PRECONDITION'],
    [exhausted, v1('dailyLimitExceededUnreg'), 'FAILED_PRECONDITION'],
    [exhausted, v1('variableTermLimitExceeded'), 'FAILED_PRECONDITION'],
    [exhausted, v1('quotaExceeded', 'global'), 'FAILED_PRECONDITION'],
    [exhausted, v2('RESOURCE_QUOTA_EXCEEDED'), 'FAILED_PRECONDITION'],
    [denied, v1('accessNotConfigured'), 'PERMISSION_DENIED'],
    [denied, v1('rateLimitExceeded', 'youtube.parameter'), 'PERMISSION_DENIED'],
    [denied, v2('RATE_LIMIT_EXCEEDED', 'zoo.example.com'), 'PERMISSION_DENIED'],
    [denied, v2('RATE_LIMIT_EXCEEDED_FOR_ALL'), 'PERMISSION_DENIED'],
    [exhausted, v2('SERVICE_DISABLED'), 'RESOURCE_EXHAUSTED'],
  ] as const)('%j with %j is %s [report 16]', (fields, reason, expected) => {
    const error = { ...fields, ...reason };
    expect(codeName(statusFrom({ error }).code)).toBe(expected);
    expect(codeName(statusFrom({ error }, 403).code)).toBe(expected);
    const thrown = Object.assign(new Error('m'), { response: { status: 403, data: { error } } });
    expect(codeName(statusFrom(thrown).code)).toBe(expected);
  });

  it('wherever the details stand: in an error of gRPC, and in a Status [report 16]', () => {
    const status = { code: 7, message: 'm', ...v2('RATE_LIMIT_EXCEEDED') };
    expect(statusFrom(status).code).toBe(8);
    expect(statusFrom(Object.assign(new Error('m'), status)).code).toBe(8);
    expect(statusFrom(Object.assign(new Error('m'), { status })).code).toBe(8);
  });

  it('so a rate limit in the middle of a wait is survived, and a used-up quota ends it [report 16]', async () => {
    const limited = await waitWith({ error: { ...denied, ...v1('rateLimitExceeded') } });
    expect(limited).toEqual({ end: 'made', calls: 3 });
    const used = await waitWith({ error: { ...exhausted, ...v1('dailyLimitExceeded') } });
    expect(used.calls).toBe(2);
    expect(used.end).toMatchObject({ kind: 'call-failed', codeName: 'FAILED_PRECONDITION' });
  });

  it('but the verdict on an operation keeps its code [report 16]', async () => {
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
    'and one that is not known is the message where there is no other: %j [report 16]',
    (error, message) => {
      expect(statusFrom({ error }).message).toBe(message);
    },
  );

  it('is not looked for in what throws when it is read [report 16]', () => {
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

  it('a get that fails with it, when nobody aborted, is tried again [report 17]', async () => {
    expect(await waitWith(cancelled)).toEqual({ end: 'made', calls: 3 });
    const error = new CallFailedError({ method: 'get', status: { ...cancelled, details: [] } });
    expect(isTransient(error)).toBe(true);
    expect(isTransient({ kind: 'operation-failed', code: Code.CANCELLED })).toBe(false);
  });

  it('a cancel that fails with it is tried again as any other call [report 17]', async () => {
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
    'a call that is given up by %s is not made again [polling 15] [report 17]',
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
    'a cancel that fails with %s and is not confirmed has the code %s [report 17]',
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
  ])('an exit code or a number of a system is not a code of a Status: %j [report 17]', (fields) => {
    const error = Object.assign(new Error('Command failed: gcloud'), fields);
    expect(statusFrom(error).code).toBe(Code.UNKNOWN);
    expect(statusFrom(new Error('m', { cause: error })).code).toBe(Code.UNKNOWN);
  });
});
