import { Code as ConnectCode, ConnectError } from '@connectrpc/connect';
import { Metadata } from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from 'vitest';
import { Code, getOperation, waitForDone, type CallFailedError, type StatusError } from 'rx-lro';
import { connectClient, type ConnectMethod, type ConnectOperationsClient } from 'rx-lro/connect';
import { grpcClient } from 'rx-lro/grpc';
import { restClient, type Fetch } from 'rx-lro/rest';

import { failureOf } from '../support/failure-of.js';
import { startGrpcServer } from '../support/grpc-server.js';

const name = 'operations/1';
const quick = { backoff: { startingDelay: 0 }, retry: { startingDelay: 0, numOfAttempts: 3 } };
const running = { name, done: false };
const done = { name, done: true, response: 'the result' };
const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A service whose tokens count up; each is refused after a number of answers. */
function serviceWith(
  tokens: { valid: number },
  answers: unknown[],
): { fetch: Fetch; seen: string[] } {
  const seen: string[] = [];
  const fetch: Fetch = async (_, { headers }) => {
    const token = new Headers(headers).get('authorization')!;
    seen.push(token);
    if (token !== `Bearer ${tokens.valid}`) return new Response('{}', { status: 401 });
    const answer = answers.shift();
    if (answer === running) tokens.valid += 1;
    return new Response(JSON.stringify(answer));
  };
  return { fetch, seen };
}

/** The header fields of a token that is kept until it is refused. */
function cached(refresh: () => Promise<number>): {
  headers: (context: { readonly refused: boolean }) => Promise<Record<string, string>>;
  asked: boolean[];
} {
  let token = 0;
  const asked: boolean[] = [];
  return {
    asked,
    headers: async ({ refused }) => {
      asked.push(refused);
      if (refused) token = await refresh();
      return { authorization: `Bearer ${token}` };
    },
  };
}

/** A client as Connect-ES makes it, with one function behind all its methods. */
function connectOperations(
  method: (request: object, options: { readonly headers?: unknown }) => Promise<object>,
): ConnectOperationsClient {
  const each = method as ConnectMethod;
  return {
    getOperation: each,
    listOperations: each,
    cancelOperation: each,
    deleteOperation: each,
  };
}

const baseUrl = 'https://api.example.com';

describe('a cached token that is refused in the middle of a wait', () => {
  it('is replaced once for each call that is refused [report 36]', async () => {
    const tokens = { valid: 0 };
    const { fetch, seen } = serviceWith(tokens, [running, running, done]);
    const { headers, asked } = cached(async () => tokens.valid);
    const client = restClient({ baseUrl, fetch, headers });
    expect(await waitForDone(client, name, quick)).toBe('the result');
    expect(seen).toEqual(['Bearer 0', 'Bearer 0', 'Bearer 1', 'Bearer 1', 'Bearer 2']);
    expect(asked).toEqual([false, false, true, false, true]);
  });

  it('ends the wait when the new one is refused, too [report 36]', async () => {
    const { fetch, seen } = serviceWith({ valid: 7 }, [done]);
    const { headers, asked } = cached(async () => 1);
    const error = await failureOf(
      getOperation(restClient({ baseUrl, fetch, headers }), name, quick),
    );
    expect((error as StatusError).code).toBe(Code.UNAUTHENTICATED);
    expect(seen).toEqual(['Bearer 0', 'Bearer 1']);
    expect(asked).toEqual([false, true]);
  });

  it('is refreshed again when the refresh fails by something that passes [report 36]', async () => {
    const { fetch } = serviceWith({ valid: 1 }, [done]);
    let refreshes = 0;
    const { headers } = cached(async () => {
      refreshes += 1;
      if (refreshes === 1) throw Object.assign(new Error('read'), { code: 'ECONNRESET' });
      return 1;
    });
    const client = restClient({ baseUrl, fetch, headers });
    expect(await waitForDone(client, name, quick)).toBe('the result');
    expect(refreshes).toBe(2);
  });

  it('is not replaced for 403, nor where the headers are fixed [report 36]', async () => {
    let calls = 0;
    const answer =
      (status: number): Fetch =>
      async () => {
        calls += 1;
        return new Response('{}', { status });
      };
    const { headers, asked } = cached(async () => 1);
    await failureOf(restClient({ baseUrl, fetch: answer(403), headers }).get({ name }));
    expect(asked).toEqual([false]);
    await failureOf(restClient({ baseUrl, fetch: answer(401), headers: {} }).get({ name }));
    expect(calls).toBe(2);
  });

  it('is not sent by a call that was given up during the refresh [report 36]', async () => {
    const { fetch, seen } = serviceWith({ valid: 1 }, [done]);
    const controller = new AbortController();
    const { headers } = cached(async () => {
      controller.abort(new Error('enough'));
      return 1;
    });
    const client = restClient({ baseUrl, fetch, headers });
    const error = await failureOf(client.get({ name }, { signal: controller.signal }));
    expect((error as Error).message).toBe('enough');
    expect(seen).toEqual(['Bearer 0']);
  });

  const faults: [string, () => unknown, string | RegExp][] = [
    [
      'throws',
      () => {
        throw new Error('no key');
      },
      'no key',
    ],
    ['rejects', () => Promise.reject(new Error('no key')), 'no key'],
    ['rejects with a text', () => Promise.reject('no key'), 'no key'],
    ['gives nothing', () => undefined, /undefined/],
  ];
  const chainOf = (error: unknown): readonly unknown[] => {
    const { message, cause } = error as Error;
    return [error instanceof Error ? message : error, ...(cause == null ? [] : chainOf(cause))];
  };
  const refusedFor = (reason: string | RegExp): unknown => [
    { code: Code.UNAUTHENTICATED, attempts: 1, text: 'It expired.' },
    expect.stringMatching(reason),
  ];
  const told = (failure: unknown): unknown => {
    const { code, attempts, status } = failure as CallFailedError;
    return [{ code, attempts, text: status.message }, chainOf(failure).at(-1)];
  };

  it.each(faults)(
    'stays refused for restClient, when the function %s [report 36]',
    async (_, refresh, reason) => {
      const detail = { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'R' };
      const error = { code: 401, message: 'It expired.', details: [detail] };
      const client = restClient({
        baseUrl,
        fetch: async () => Response.json({ error }, { status: 401 }),
        headers: ({ refused }) => (refused ? refresh() : {}) as object as HeadersInit,
      });
      const failure = await failureOf(getOperation(client, name, quick));
      expect(told(failure)).toEqual(refusedFor(reason));
      expect((failure as StatusError).status.details).toEqual([detail]);
    },
  );

  it.each(faults)(
    'stays refused for grpcClient, when the function %s [report 36]',
    async (_, refresh, reason) => {
      const refusal = Object.assign(new Error('16 UNAUTHENTICATED: It expired.'), {
        code: 16,
        details: 'It expired.',
      });
      const getRefused = (...values: unknown[]): void =>
        (values.at(-1) as (error: Error) => void)(refusal);
      const client = grpcClient(
        { getOperation: getRefused },
        { metadata: ({ refused }) => (refused ? refresh() : new Metadata()) as object },
      );
      const failure = await failureOf(getOperation(client, name, quick));
      expect(told(failure)).toEqual(refusedFor(reason));
    },
  );

  it.each(faults)(
    'stays refused for connectClient, when the function %s [report 36]',
    async (_, refresh, reason) => {
      const refusal = new ConnectError('It expired.', ConnectCode.Unauthenticated);
      const client = connectClient(
        connectOperations(() => Promise.reject(refusal)),
        { headers: ({ refused }) => (refused ? refresh() : {}) as Record<string, string> },
      );
      const failure = await failureOf(getOperation(client, name, quick));
      expect(told(failure)).toEqual(refusedFor(reason));
    },
  );

  it('is replaced by connectClient, too, and once for each call [report 36]', async () => {
    const seen: unknown[] = [];
    const operations = connectOperations(async (_, { headers }) => {
      const { authorization } = headers as Record<string, string>;
      seen.push(authorization);
      if (authorization === 'Bearer 1') return { name, done: true };
      throw new ConnectError('It expired.', ConnectCode.Unauthenticated);
    });
    const good = cached(async () => 1);
    expect(await connectClient(operations, good).get({ name })).toMatchObject({ done: true });
    expect(good.asked).toEqual([false, true]);
    const bad = cached(async () => 2);
    const error = await failureOf(getOperation(connectClient(operations, bad), name, quick));
    expect((error as StatusError).code).toBe(Code.UNAUTHENTICATED);
    expect(bad.asked).toEqual([false, true]);
    expect(seen).toEqual(['Bearer 0', 'Bearer 1', 'Bearer 0', 'Bearer 2']);
  });

  it('is refreshed again by grpcClient and connectClient when the refresh fails by something that passes [report 36]', async () => {
    let refreshes = 0;
    const refresh = async (): Promise<number> => {
      refreshes += 1;
      if (refreshes % 2 === 1) throw Object.assign(new Error('read'), { code: 'ECONNRESET' });
      return 1;
    };
    const refusal = new ConnectError('It expired.', ConnectCode.Unauthenticated);
    const operations = connectOperations(async (_, { headers }) => {
      if ((headers as Record<string, string>)['authorization'] === 'Bearer 0') throw refusal;
      return { name, done: true };
    });
    const connect = connectClient(operations, cached(refresh));
    expect(await getOperation(connect, name, quick)).toMatchObject({ done: true });
    const { headers } = cached(refresh);
    const stub = {
      getOperation: (...values: unknown[]): void => {
        const callback = values.at(-1) as (error: object | null, value?: object) => void;
        if ((values[1] as Metadata).get('authorization')[0] !== 'Bearer 0') {
          callback(null, { name, done: true });
        } else callback(Object.assign(new Error('It expired.'), { code: 16, details: '' }));
      },
    };
    const metadata = async (context: { readonly refused: boolean }): Promise<Metadata> => {
      const own = new Metadata();
      own.set('authorization', (await headers(context))['authorization']!);
      return own;
    };
    expect(await getOperation(grpcClient(stub, { metadata }), name, quick)).toMatchObject({
      done: true,
    });
    expect(refreshes).toBe(4);
  });

  it('is replaced by grpcClient, too [report 36]', async () => {
    const seen: unknown[] = [];
    const server = await startGrpcServer({
      grpc: {
        GetOperation: (
          { metadata }: { metadata: Metadata },
          callback: (error: object | null, value?: object) => void,
        ) => {
          const [token] = metadata.get('authorization');
          seen.push(token);
          if (token === 'Bearer 1') callback(null, { name, done: true });
          else callback({ code: Code.UNAUTHENTICATED, details: 'expired' });
        },
      } as never,
    });
    closers.push(server.close);
    const metadataOf = (last: number) => {
      const { headers, asked } = cached(async () => last);
      const metadata = async (context: { readonly refused: boolean }): Promise<Metadata> => {
        const own = new Metadata();
        own.set('authorization', (await headers(context))['authorization']!);
        return own;
      };
      return { metadata, asked };
    };
    const good = metadataOf(1);
    expect(await grpcClient(server.stub, good).get({ name })).toMatchObject({ done: true });
    expect(good.asked).toEqual([false, true]);
    const error = await failureOf(grpcClient(server.stub, metadataOf(2)).get({ name }));
    expect((error as StatusError).code).toBe(Code.UNAUTHENTICATED);
    expect(seen).toEqual(['Bearer 0', 'Bearer 1', 'Bearer 0', 'Bearer 2']);
  });
});
