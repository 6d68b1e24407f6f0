import { Code as ConnectCode, ConnectError, createClient } from '@connectrpc/connect';
import {
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from '@connectrpc/connect-node';
import {
  Code,
  cancelOperation,
  deleteOperation,
  findDetail,
  getOperation,
  isTransient,
  statusFrom,
  type CallFailedError,
  type StatusError,
} from 'rx-lro';
import { connectClient, type ConnectHeaders, type ConnectOperationsClient } from 'rx-lro/connect';
import { FakeOperations } from 'rx-lro/testing';
import { firstValueFrom, from } from 'rxjs';
import { afterEach, describe, expect, test } from 'vitest';

import { failureOf } from '../../support/failure-of.js';
import { Operations } from '../../support/generated/es/google/longrunning/operations_pb.js';
import { startConnectServer } from '../../support/connect-server.js';
import { answerInPart, startRudeServer, unusedAddress } from '../../support/rude-server.js';
import { startHttpServer } from '../../support/http-server.js';
import { signalMakes } from '../../support/signals.js';

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const name = 'operations/1';
const once = { retry: { numOfAttempts: 1 } };

async function serve(fake: FakeOperations): Promise<ConnectOperationsClient> {
  const server = await startConnectServer(fake, '1.1');
  closers.push(server.close);
  const transport = createConnectTransport({ baseUrl: server.url, httpVersion: '1.1' });
  return createClient(Operations, transport);
}

/** A server of the Connect protocol that shows the header fields of each call. */
async function serveSeen(): Promise<{ client: ConnectOperationsClient; seen: Headers[] }> {
  const seen: Headers[] = [];
  const server = await startHttpServer(async ({ headers }) => {
    seen.push(headers);
    return new Response(Uint8Array.of(24, 1), { headers: { 'content-type': 'application/proto' } });
  });
  closers.push(server.close);
  const transport = createConnectTransport({ baseUrl: server.url, httpVersion: '1.1' });
  return { client: createClient(Operations, transport), seen };
}

describe('a call', () => {
  test('of each method arrives with its name', async () => {
    const fake = new FakeOperations({ wait: true });
    const client = connectClient(await serve(fake));
    const one = fake.start({ name: 'operations/Ü (1)' });
    await cancelOperation(client, one.name);
    const answer = client.wait?.({ name: one.name, timeout: 5_000 });
    const { error } = await firstValueFrom(from(answer ?? []));
    expect(error).toMatchObject({ code: Code.CANCELLED });
    const page = await client.list({ name: 'operations' });
    expect(page.operations?.map((operation) => operation.name)).toEqual([one.name]);
    await deleteOperation(client, one.name);
    const gone = (await failureOf(getOperation(client, one.name))) as CallFailedError;
    expect(gone.code).toBe(Code.NOT_FOUND);
    const methods = fake.calls.map(({ method }) => method);
    expect(methods).toEqual(['cancel', 'wait', 'list', 'delete', 'get']);
  });

  test('of wait says how long, unless the server may hold it for ever', async () => {
    const { client } = await serveSeen();
    const asked: unknown[] = [];
    const waitOperation = async (request: object): Promise<object> => {
      asked.push(request);
      return { name, done: true };
    };
    const { wait } = connectClient({ ...client, waitOperation });
    for (const timeout of [1_500, Infinity, undefined]) {
      await firstValueFrom(from(wait?.({ name, timeout }) ?? []));
    }
    const timeout = { seconds: 1n, nanos: 500_000_000 };
    expect(asked).toEqual([{ name, timeout }, { name }, { name }]);
  });

  test.each([undefined, 'page', { operations: 'none' }])(
    'of list that answers %o leaves it to the core',
    async (page) => {
      const { client } = await serveSeen();
      const own = { ...client, listOperations: async () => page as never };
      expect(await connectClient(own).list({ name: 'operations' })).toEqual(page);
    },
  );

  test('tells the server its timeout', async () => {
    const { client, seen } = await serveSeen();
    await getOperation(connectClient(client), name, { callTimeout: 5_000 });
    await connectClient(client).get({ name });
    expect(seen.map((headers) => headers.get('connect-timeout-ms'))).toEqual(['5000', null]);
  });

  test.each<[string, () => ConnectHeaders | (() => ConnectHeaders | Promise<ConnectHeaders>)]>([
    ['fields', () => ({ authorization: 'Bearer 1' })],
    ['pairs', () => [['authorization', 'Bearer 1']]],
    ['Headers', () => new Headers({ authorization: 'Bearer 1' })],
    ['a function', () => () => ({ authorization: 'Bearer 1' })],
    ['an async function', () => async () => new Headers({ authorization: 'Bearer 1' })],
  ])('carries headers given as %s', async (_, headers) => {
    const { client, seen } = await serveSeen();
    await connectClient(client, { headers: headers() }).get({ name });
    expect(seen.map((each) => each.get('authorization'))).toEqual(['Bearer 1']);
  });

  test('asks for its headers anew each time, and is not made without them', async () => {
    const { client, seen } = await serveSeen();
    let count = 0;
    const headers = (): ConnectHeaders => {
      count += 1;
      if (count === 3) throw new Error('No token.');
      return { authorization: `Bearer ${count}` };
    };
    const own = connectClient(client, { headers });
    await own.get({ name });
    await own.get({ name });
    expect(await failureOf(own.get({ name }))).toEqual(new Error('No token.'));
    expect(seen.map((each) => each.get('authorization'))).toEqual(['Bearer 1', 'Bearer 2']);
  });

  test('leaves no listener behind', async () => {
    const { client } = await serveSeen();
    const [, make] = signalMakes[0]!;
    const { signal, listeners } = make();
    await connectClient(client).get({ name }, { signal: signal as AbortSignal });
    expect(listeners()).toBe(0);
  });
});

async function rude(
  treat: Parameters<typeof startRudeServer>[0],
): Promise<ReturnType<typeof connectClient>> {
  const { address, close } = await startRudeServer(treat);
  closers.push(close);
  const transport = createGrpcTransport({ baseUrl: `http://${address}` });
  return connectClient(createClient(Operations, transport));
}

describe('a failure', () => {
  test('has its details decoded, and is still the ConnectError', async () => {
    const fake = new FakeOperations();
    const client = connectClient(await serve(fake));
    const details = [
      { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'STOCKOUT', domain: 'd' },
    ];
    fake.fail({ status: { code: Code.FAILED_PRECONDITION, message: 'Ü', details } });
    const error = (await failureOf(getOperation(client, name))) as CallFailedError;
    expect(findDetail(error, 'google.rpc.ErrorInfo')).toMatchObject({ reason: 'STOCKOUT' });
    expect(error.cause).toBeInstanceOf(ConnectError);
    expect(error.cause).toMatchObject({ code: ConnectCode.FailedPrecondition, rawMessage: 'Ü' });
  });

  test.each([
    ['INTERNAL_ERROR', 2],
    ['REFUSED_STREAM', 7],
    ['CANCEL', 8],
    ['ENHANCE_YOUR_CALM', 11],
  ])('of a stream that the server resets with %s passes', async (_, code) => {
    const client = await rude((stream) => stream.close(code));
    expect(isTransient((await failureOf(getOperation(client, name, once))) as StatusError)).toBe(
      true,
    );
  });

  test('of a connection that is cut in the middle of an answer passes', async () => {
    const client = await rude((stream) => answerInPart(stream, () => stream.session?.destroy()));
    expect(isTransient((await failureOf(getOperation(client, name, once))) as StatusError)).toBe(
      true,
    );
  });

  test.each([
    ['Connect', createConnectTransport],
    ['gRPC-web', createGrpcWebTransport],
  ])('of a port that nobody listens on passes, with %s', async (_, create) => {
    const transport = create({ baseUrl: `http://${await unusedAddress()}`, httpVersion: '1.1' });
    const client = connectClient(createClient(Operations, transport));
    const error = await failureOf(getOperation(client, name, once));
    expect([statusFrom(error).code, isTransient(error as StatusError)]).toEqual([
      Code.UNAVAILABLE,
      true,
    ]);
  });

  test('of `fetch` in a browser passes, which is UNKNOWN to Connect', async () => {
    const cause = new TypeError('Failed to fetch');
    const error = new ConnectError('Failed to fetch', ConnectCode.Unknown, undefined, [], cause);
    const { client } = await serveSeen();
    const broken = { ...client, getOperation: async () => Promise.reject(error) };
    const failure = await failureOf(getOperation(connectClient(broken), name, once));
    expect([statusFrom(failure).code, isTransient(failure as StatusError)]).toEqual([
      Code.UNAVAILABLE,
      true,
    ]);
    // A code that the service chose stays.
    const own = { ...client, getOperation: async () => Promise.reject(new ConnectError('?')) };
    const unknown = await failureOf(getOperation(connectClient(own), name, once));
    expect([statusFrom(unknown).code, isTransient(unknown as StatusError)]).toEqual([
      Code.UNKNOWN,
      false,
    ]);
  });

  test('keeps a detail of which it does not know how it is written', async () => {
    const { client } = await serveSeen();
    const details = ['a text', { type: 7, value: Uint8Array.of(1) }];
    const error = Object.assign(new ConnectError('No.', ConnectCode.Aborted), { details });
    const broken = { ...client, getOperation: async () => Promise.reject(error) };
    const failure = (await failureOf(
      getOperation(connectClient(broken), name, once),
    )) as StatusError;
    expect([failure.code, failure.details]).toEqual([Code.ABORTED, details]);
  });

  test('that is no ConnectError stays what it is', async () => {
    const { client } = await serveSeen();
    const error = new Error('A bug.');
    const broken = { ...client, getOperation: async () => Promise.reject(error) };
    expect(await failureOf(connectClient(broken).get({ name }))).toBe(error);
  });
});

describe('connectClient refuses', () => {
  test.each([undefined, {}, { getOperation: 7 }])('%o as a client', (client) => {
    expect(() => connectClient(client as unknown as ConnectOperationsClient)).toThrow(TypeError);
  });

  test('headers that are a text', async () => {
    const { client } = await serveSeen();
    expect(() => connectClient(client, { headers: 'Bearer' as never })).toThrow(TypeError);
  });
});

test('a service without WaitOperation has no wait', async () => {
  const { client } = await serveSeen();
  expect(connectClient({ ...client, waitOperation: undefined }).wait).toBeUndefined();
});
