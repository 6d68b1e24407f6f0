import { cloudbuild } from '@googleapis/cloudbuild';
import { run, type run_v2 } from '@googleapis/run';
import {
  Code,
  findDetail,
  getOperation,
  isTransient,
  listOperations,
  listNext,
  statusFrom,
  waitForDone,
  type CallFailedError,
  type OperationEvent,
  type StatusError,
} from 'rx-lro';
import {
  googleapisClient,
  type GoogleapisClientOptions,
  type GoogleapisCollection,
} from 'rx-lro/googleapis';
import { FakeOperations, VirtualTime } from 'rx-lro/testing';
import { lastValueFrom, toArray } from 'rxjs';
import { afterEach, describe, expect, test } from 'vitest';

import { failureOf } from '../../support/failure-of.js';
import { startHttpServer } from '../../support/http-server.js';
import { signalMakes } from '../../support/signals.js';

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const parent = 'projects/p/locations/l';
const name = `${parent}/operations/1`;
const once = { retry: { numOfAttempts: 1 } };

interface Seen {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

type Answer = (request: Request) => Response | Promise<Response>;

async function serve(answer: Answer = () => Response.json({ name, done: true })): Promise<{
  operations: run_v2.Resource$Projects$Locations$Operations;
  seen: Seen[];
  url: string;
}> {
  const seen: Seen[] = [];
  const server = await startHttpServer(async (request) => {
    const { pathname, search } = new URL(request.url);
    const body = await request.clone().text();
    seen.push({ method: request.method, path: pathname + search, body });
    return answer(request);
  });
  closers.push(server.close);
  const { projects } = run({ version: 'v2', rootUrl: `${server.url}/` });
  return { operations: projects.locations.operations, seen, url: server.url };
}

describe('a call is one request', () => {
  test('of each method, at its path', async () => {
    const { operations, seen } = await serve();
    const client = googleapisClient(operations);
    const options = { signal: new AbortController().signal };
    await client.get({ name }, options);
    await client.list?.(
      { name: parent, filter: 'done=true', pageSize: 2, pageToken: 't' },
      options,
    );
    await client.delete?.({ name }, options);
    await client.wait?.({ name, timeout: 1_500 }, options);
    expect(seen).toEqual([
      { method: 'GET', path: `/v2/${name}`, body: '' },
      {
        method: 'GET',
        path: `/v2/${parent}/operations?filter=done%3Dtrue&pageSize=2&pageToken=t`,
        body: '',
      },
      { method: 'DELETE', path: `/v2/${name}`, body: '' },
      { method: 'POST', path: `/v2/${name}:wait`, body: '{"timeout":"1.5s"}' },
    ]);
  });

  test('also when it fails with what the collection would try again', async () => {
    const { operations, seen } = await serve(() => new Response('', { status: 503 }));
    const client = googleapisClient(operations);
    const error = await failureOf(getOperation(client, name, once));
    expect([statusFrom(error).code, isTransient(error as StatusError)]).toEqual([
      Code.UNAVAILABLE,
      true,
    ]);
    expect(seen).toHaveLength(1);
  });

  test('with a cancel that has an empty body', async () => {
    const { seen, url } = await serve();
    const { operations } = cloudbuild({ version: 'v1', rootUrl: `${url}/` });
    const client = googleapisClient(operations);
    await client.cancel?.({ name }, { signal: new AbortController().signal });
    expect(seen).toEqual([{ method: 'POST', path: `/v1/${name}:cancel`, body: '{}' }]);
    // The collection has neither, and so has the client.
    expect(Object.keys(client).toSorted()).toEqual(['cancel', 'get']);
  });

  test('with the query parameters of the options', async () => {
    const { operations, seen } = await serve();
    const options = { params: { quotaUser: 'u', '$.xgafv': '2' } };
    await getOperation(googleapisClient(operations, options), name);
    const query = new URLSearchParams(seen[0]?.path.split('?')[1]);
    expect(Object.fromEntries(query)).toEqual({ quotaUser: 'u', '$.xgafv': '2' });
  });

  test('with the time to wait in the query, where it belongs there', async () => {
    const asked: unknown[] = [];
    const collection = {
      get: async () => ({ data: { name } }),
      wait: async (params: unknown) => {
        asked.push(params);
        return { data: { name, done: true } };
      },
    };
    const { wait } = googleapisClient(collection, { waitTimeout: 'query' });
    const options = { signal: new AbortController().signal };
    await wait?.({ name, timeout: 30_000 }, options);
    await wait?.({ name }, options);
    expect(asked).toEqual([{ name, timeout: '30s' }, { name }]);
  });

  test('with parameters that the options inherit', async () => {
    const asked: unknown[] = [];
    const collection = {
      get: async (params: unknown) => {
        asked.push(params);
        return { data: { name } };
      },
    };
    const options = Object.create({ params: { quotaUser: 'u' } }) as GoogleapisClientOptions;
    await getOperation(googleapisClient(collection, options), name);
    expect(asked).toEqual([{ name, quotaUser: 'u' }]);
  });

  test('that nothing can end where it is given no options', async () => {
    const asked: unknown[] = [];
    const collection = {
      get: async (_: unknown, options: unknown) => {
        asked.push(options);
        return { data: { name } };
      },
    };
    const { get } = googleapisClient(collection);
    const own = get as unknown as (request: object) => Promise<unknown>;
    expect(await own({ name })).toEqual({ name });
    expect(asked).toEqual([{ retry: false }]);
  });

  test('with a name encoded segment by segment', async () => {
    const { operations, seen } = await serve();
    await getOperation(
      googleapisClient(operations),
      'projects/p/databases/(default)/operations/ü:1',
    );
    expect(seen[0]?.path).toBe('/v2/projects/p/databases/(default)/operations/%C3%BC%3A1');
  });

  test.each(['projects/../p', 'a//b', '/a', 'https://example.com/a', 'a?b=c', ''])(
    'unless its name is %o: nothing is sent',
    async (wrong) => {
      const { operations, seen } = await serve();
      await failureOf(getOperation(googleapisClient(operations), wrong));
      const { get } = googleapisClient(operations);
      const options = { signal: new AbortController().signal };
      expect(await failureOf(Promise.resolve(get({ name: wrong }, options)))).toBeInstanceOf(Error);
      expect(seen).toEqual([]);
    },
  );
});

test('Retry-After of an answer says when to ask next', async () => {
  let calls = 0;
  const client = googleapisClient({
    get: async () => {
      calls += 1;
      return Promise.resolve({ data: { name, done: calls > 1 }, headers: { 'retry-after': '7' } });
    },
  });
  const delays: number[] = [];
  const scheduler = new VirtualTime();
  const onEvent = (event: OperationEvent): void => {
    if (event.type === 'delay') delays.push(event.delay);
  };
  const wait = waitForDone(client, name, { onEvent, scheduler });
  await scheduler.runUntil(wait);
  expect(delays).toEqual([7_000]);
});

describe('a failure', () => {
  test('keeps its details, and the GaxiosError as its cause', async () => {
    const details = [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'STOCKOUT' }];
    const { operations } = await serve(() =>
      Response.json(
        { error: { code: 429, message: 'Full.', status: 'RESOURCE_EXHAUSTED', details } },
        { status: 429, headers: { 'retry-after': '7' } },
      ),
    );
    const call = getOperation(googleapisClient(operations), name, once);
    const error = (await failureOf(call)) as CallFailedError;
    expect(error.code).toBe(Code.RESOURCE_EXHAUSTED);
    expect(findDetail(error, 'google.rpc.ErrorInfo')?.reason).toBe('STOCKOUT');
    expect(findDetail(error, 'google.rpc.RetryInfo')?.retryDelay).toBe('7s');
    expect(error.cause).toMatchObject({ response: { status: 429 } });
  });

  test('of an older gaxios, with plain header fields, has its Retry-After too', async () => {
    const response = { status: 503, headers: { 'retry-after': '3' }, data: 'Busy.' };
    const gaxios = Object.assign(new Error('Request failed'), { status: 503, response });
    const client = googleapisClient({ get: async () => Promise.reject(gaxios) });
    const error = (await failureOf(getOperation(client, name, once))) as CallFailedError;
    expect(findDetail(error, 'google.rpc.RetryInfo')?.retryDelay).toBe('3s');
    expect(error.cause).toBe(gaxios);
  });

  test('that is no Error stays what it is', async () => {
    const client = googleapisClient({ get: async () => Promise.reject('out of order') });
    const error = (await failureOf(getOperation(client, name))) as CallFailedError;
    expect(error.cause).toBe('out of order');
  });

  test('of a connection that breaks passes', async () => {
    const { operations } = await serve(async () => Promise.reject(new Error('cut')));
    const error = await failureOf(getOperation(googleapisClient(operations), name, once));
    expect(isTransient(error as StatusError)).toBe(true);
  });
});

test('the timeout of the library itself is a deadline, and no abort', async () => {
  const { operations } = await serve(() => new Promise(() => undefined));
  const { signal } = new AbortController();
  const call = Promise.resolve(googleapisClient(operations).get({ name }, { signal, timeout: 50 }));
  const error = await failureOf(call);
  expect(statusFrom(error).code).toBe(Code.DEADLINE_EXCEEDED);
});

test('callTimeout ends the request, and no listener stays behind', async () => {
  const { operations } = await serve(() => new Promise(() => undefined));
  const client = googleapisClient(operations);
  const error = await failureOf(getOperation(client, name, { ...once, callTimeout: 50 }));
  expect(statusFrom(error).code).toBe(Code.DEADLINE_EXCEEDED);

  const answering = googleapisClient((await serve()).operations);
  const [, make] = signalMakes[0]!;
  const { signal, listeners } = make();
  await waitForDone(answering, name, { signal });
  expect(listeners()).toBe(0);
});

test('list_next walks through a collection page by page', async () => {
  const fake = new FakeOperations({ parent, pageSize: 2 });
  const names = [1, 2, 3, 4, 5].map(() => fake.start().name);
  const { operations } = await serve((request) => fake.fetch(request));
  const client = googleapisClient(operations);

  const all = await lastValueFrom(listOperations(client, { name: parent }).pipe(toArray()));
  expect(all.map((operation) => operation.name)).toEqual(names);

  const pages: number[] = [];
  let request: Parameters<typeof listNext>[0] | undefined = { name: parent };
  while (request !== undefined) {
    const response: run_v2.Schema$GoogleLongrunningListOperationsResponse = (
      await operations.list(request as never)
    ).data;
    pages.push(response.operations?.length ?? 0);
    request = listNext(request, response);
  }
  expect(pages).toEqual([2, 2, 1]);
});

describe('googleapisClient refuses', () => {
  test.each([undefined, null, {}, { get: 7 }])('%o as a collection', (collection) => {
    expect(() => googleapisClient(collection as unknown as GoogleapisCollection)).toThrow(
      TypeError,
    );
  });

  test.each([{ waitTimeout: 'header' }, { params: 7 }])('%o as options', (options) => {
    const collection = { get: async (): Promise<unknown> => undefined };
    expect(() => googleapisClient(collection, options as GoogleapisClientOptions)).toThrow(
      /waitTimeout|params/,
    );
  });
});
