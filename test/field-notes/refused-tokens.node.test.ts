import { Metadata } from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from 'vitest';
import { Code, getOperation, waitForDone, type StatusError } from 'rx-lro';
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
