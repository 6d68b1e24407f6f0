import type { OperationsClient } from 'google-gax';
import {
  Code,
  cancelOperation,
  deleteOperation,
  findDetail,
  getOperation,
  isTransient,
  type CallFailedError,
} from 'rx-lro';
import { gaxClient, type GaxGeneratedClient, type GaxOperationsClient } from 'rx-lro/gax';
import { FakeOperations } from 'rx-lro/testing';
import { afterEach, describe, expect, test } from 'vitest';

import { failureOf } from '../../support/failure-of.js';
import { grpcOperations, restOperations } from '../../support/gax-client.js';
import { startGrpcServer } from '../../support/grpc-server.js';
import { startHttpServer } from '../../support/http-server.js';
import { signalMakes } from '../../support/signals.js';

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const name = 'operations/1';
const once = { retry: { numOfAttempts: 1 } };

async function overGrpc(service: Parameters<typeof startGrpcServer>[0]): Promise<OperationsClient> {
  const server = await startGrpcServer(service);
  closers.push(server.close);
  const operations = grpcOperations(server.address);
  closers.push(() => operations.close());
  return operations;
}

async function overRest(fetch: FakeOperations['fetch']): Promise<OperationsClient> {
  const server = await startHttpServer(fetch);
  closers.push(server.close);
  return restOperations(server.url);
}

const kinds: readonly [string, (fake: FakeOperations) => Promise<OperationsClient>][] = [
  ['gRPC', overGrpc],
  ['REST', ({ fetch }) => overRest(fetch)],
];

describe.each(kinds)('over %s', (_, connect) => {
  test('a call of each method arrives with its name, once', async () => {
    const fake = new FakeOperations({ pageSize: 1 });
    const client = gaxClient(await connect(fake));
    const one = fake.start({ name: 'operations/a' });
    fake.start({ name: 'operations/b' });
    const first = await client.list({ name: 'operations', pageSize: 1 });
    const second = await client.list({
      name: 'operations',
      pageSize: 1,
      pageToken: first.nextPageToken ?? '',
    });
    const names = [first, second].map(({ operations }) => operations?.map((each) => each.name));
    expect(names).toEqual([['operations/a'], ['operations/b']]);
    await cancelOperation(client, one.name);
    await deleteOperation(client, one.name);
    const gone = (await failureOf(getOperation(client, one.name))) as CallFailedError;
    expect(gone.code).toBe(Code.NOT_FOUND);
    const methods = fake.calls.map(({ method }) => method);
    expect(methods).toEqual(['list', 'list', 'cancel', 'delete', 'get']);
  });

  test('a failure that passes is one call: its own retries are off', async () => {
    const fake = new FakeOperations();
    const client = gaxClient(await connect(fake));
    fake.fail({ times: 5, status: { code: Code.UNAVAILABLE, message: 'Busy.' } });
    const error = (await failureOf(getOperation(client, name, once))) as CallFailedError;
    expect([error.code, isTransient(error)]).toEqual([Code.UNAVAILABLE, true]);
    expect(fake.calls).toHaveLength(1);
  });

  test('details arrive decoded, and the error of google-gax is kept', async () => {
    const fake = new FakeOperations();
    const client = gaxClient(await connect(fake));
    const details = [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'STOCKOUT' }];
    fake.fail({ status: { code: Code.PERMISSION_DENIED, message: 'Ü', details } });
    const error = (await failureOf(getOperation(client, name))) as CallFailedError;
    expect(findDetail(error, 'google.rpc.ErrorInfo')?.reason).toBe('STOCKOUT');
    expect(error.cause).toBeInstanceOf(Error);
  });

  test('no listener stays behind, and none is there after an abort', async () => {
    const fake = new FakeOperations();
    const client = gaxClient(await connect(fake));
    const operation = fake.start({ steps: [{ after: 0, done: true }] });
    const [, make] = signalMakes[0]!;
    const { signal, listeners, abort } = make();
    await client.get({ name: operation.name }, { signal: signal as AbortSignal });
    expect(listeners()).toBe(0);
    fake.fail({ hang: true });
    const call = client.get({ name: operation.name }, { signal: signal as AbortSignal });
    setTimeout(() => abort(), 20);
    expect(await failureOf(call)).toBeInstanceOf(Error);
    expect(listeners()).toBe(0);
  });
});

test('a call that was aborted beforehand is not made', async () => {
  const fake = new FakeOperations();
  const client = gaxClient(await overGrpc(fake));
  const reason = new Error('Enough.');
  expect(await failureOf(client.get({ name }, { signal: AbortSignal.abort(reason) }))).toBe(reason);
  expect(fake.calls).toEqual([]);
});

test('a call is cancelled when its making is what aborts it', async () => {
  const controller = new AbortController();
  let cancelled = false;
  const source = {
    getOperation: () => {
      controller.abort();
      let settle: (error: Error) => void = () => undefined;
      const answer = new Promise<never>((_, reject) => {
        settle = reject;
      });
      const cancel = (): void => {
        cancelled = true;
        settle(new Error('cancelled'));
      };
      return Object.assign(answer, { cancel });
    },
  } as unknown as GaxOperationsClient;
  await failureOf(gaxClient(source).get({ name }, { signal: controller.signal }));
  expect(cancelled).toBe(true);
});

test('a client whose answers are no tuples is read as well', async () => {
  const calls = {
    getOperation: async () => ({ name, done: true }),
    listOperations: async () => [[{ name, done: true }]],
    cancelOperation: async () => [{}],
    deleteOperation: async () => [{}],
  };
  const client = gaxClient(calls);
  expect(await client.get({ name })).toMatchObject({ name, done: true });
  const { operations, nextPageToken } = await client.list({ name: 'operations' });
  expect([operations?.length, nextPageToken]).toEqual([1, undefined]);
});

test('a page that has no list is left to the core', async () => {
  const calls = {
    getOperation: async () => ({ name, done: true }),
    listOperations: async () => ['none', null, { nextPageToken: 't' }],
    cancelOperation: async () => [{}],
    deleteOperation: async () => [{}],
  };
  const page = await gaxClient(calls).list({ name: 'operations' });
  expect(page).toEqual({ operations: 'none', nextPageToken: 't', unreachable: undefined });
});

test('a failure that is no Error rejects with just that', async () => {
  const fail = async (): Promise<never> => Promise.reject({ metadata: {}, code: 14 });
  const calls = {
    getOperation: fail,
    listOperations: fail,
    cancelOperation: fail,
    deleteOperation: fail,
  };
  expect(await failureOf(gaxClient(calls).get({ name }))).toEqual({ metadata: {}, code: 14 });
});

test('an error whose metadata has no trailer as gRPC has it keeps its code', async () => {
  const metadata = { get: () => undefined };
  const error = Object.assign(new Error('14 UNAVAILABLE: Busy.'), { code: 14, metadata });
  const fail = async (): Promise<never> => Promise.reject(error);
  const calls = {
    getOperation: fail,
    listOperations: fail,
    cancelOperation: fail,
    deleteOperation: fail,
  };
  expect(await failureOf(gaxClient(calls).get({ name }))).toBe(error);
  expect(error).toHaveProperty('status', { code: 14, message: 'Busy.', details: [] });
});

describe('gaxClient refuses', () => {
  test.each([undefined, null, {}, { getOperation: 7 }, { operationsClient: {} }])(
    '%o',
    (source) => {
      expect(() => gaxClient(source as unknown as GaxGeneratedClient)).toThrow(TypeError);
    },
  );

  test('headers that are none', () => {
    const source = { getOperation: async () => [] } as unknown as GaxOperationsClient;
    expect(() => gaxClient(source, { headers: 'a' as never })).toThrow(/headers/);
  });
});
