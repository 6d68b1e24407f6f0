import {
  Metadata,
  credentials,
  makeClientConstructor,
  type ServiceClientConstructor,
} from '@grpc/grpc-js';
import {
  Code,
  cancelOperation,
  deleteOperation,
  findDetail,
  getOperation,
  waitForDone,
  type CallFailedError,
} from 'rx-lro';
import { grpcClient, type GrpcStub } from 'rx-lro/grpc';
import { FakeOperations, plainOf, type GrpcHandler } from 'rx-lro/testing';
import { firstValueFrom, from } from 'rxjs';
import { afterEach, describe, expect, test } from 'vitest';

import { googleType } from '../protobuf/google-types.js';
import { failureOf } from '../../support/failure-of.js';
import { startGrpcServer, type GrpcServer } from '../../support/grpc-server.js';
import { signalMakes } from '../../support/signals.js';

const closers: (() => unknown)[] = [];
const { signal } = new AbortController();

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function serve(...parameters: Parameters<typeof startGrpcServer>): Promise<GrpcServer> {
  const server = await startGrpcServer(...parameters);
  closers.push(server.close);
  return server;
}

/** A server that answers nothing, and shows the calls. */
async function serveSeen(): Promise<{ server: GrpcServer; calls: SeenCall[] }> {
  const calls: SeenCall[] = [];
  const answer: GrpcHandler = (call, callback) => {
    calls.push(call as never);
    callback(null as never, { name: 'operations/1', done: true } as never);
  };
  return { server: await serve({ grpc: { getOperation: answer } }), calls };
}

interface SeenCall {
  readonly metadata: Metadata;
  getDeadline(): Date | number;
}

describe('a call', () => {
  test('of each method arrives with its name', async () => {
    const fake = new FakeOperations({ wait: true, pageSize: 1 });
    const { stub } = await serve(fake);
    const client = grpcClient(stub);
    const one = fake.start({ name: 'operations/Ü (1)' });
    fake.start({ name: 'operations/2' });
    const first = await client.list?.({ name: 'operations', pageSize: 1 });
    expect(first?.operations?.map(({ name }) => name)).toEqual([one.name]);
    const second = await client.list?.({
      name: 'operations',
      pageToken: first?.nextPageToken ?? '',
    });
    expect(second?.operations?.map(({ name }) => name)).toEqual(['operations/2']);
    await cancelOperation(client, one.name);
    const { error } = await firstValueFrom(
      from(client.wait?.({ name: one.name, timeout: 5_000 }, { signal }) ?? []),
    );
    expect(error).toMatchObject({ code: Code.CANCELLED });
    await deleteOperation(client, one.name);
    expect(((await failureOf(getOperation(client, one.name))) as CallFailedError).code).toBe(
      Code.NOT_FOUND,
    );
    expect(fake.calls.map(({ method }) => method)).toEqual([
      'list',
      'list',
      'cancel',
      'wait',
      'delete',
      'get',
    ]);
    expect(new Set(fake.calls.slice(2).map(({ name }) => name))).toEqual(new Set([one.name]));
  });

  test('tells the server its deadline', async () => {
    const { server, calls } = await serveSeen();
    const client = grpcClient(server.stub);
    const before = Date.now();
    await getOperation(client, 'operations/1', { callTimeout: 5_000 });
    const left = Number(calls[0]?.getDeadline()) - before;
    expect(left).toBeGreaterThan(4_000);
    expect(left).toBeLessThan(6_000);
    await client.get({ name: 'operations/1' });
    expect(calls[1]?.getDeadline()).toBe(Infinity);
  });

  test('carries the metadata, asked for anew before each', async () => {
    const { server, calls } = await serveSeen();
    const metadata = new Metadata();
    metadata.set('authorization', 'Bearer 0');
    let count = 0;
    const fresh = async (): Promise<Metadata> => {
      const own = new Metadata();
      own.set('authorization', `Bearer ${(count += 1)}`);
      return own;
    };
    await grpcClient(server.stub, { metadata }).get({ name: 'operations/1' });
    const client = grpcClient(server.stub, { metadata: fresh });
    await client.get({ name: 'operations/1' });
    await client.get({ name: 'operations/1' });
    expect(calls.map((call) => call.metadata.get('authorization')[0])).toEqual([
      'Bearer 0',
      'Bearer 1',
      'Bearer 2',
    ]);
  });

  test('is not made when its metadata cannot be had', async () => {
    const { server, calls } = await serveSeen();
    const broken = new Error('No token.');
    const metadata = async (): Promise<Metadata> => {
      throw broken;
    };
    expect(await failureOf(grpcClient(server.stub, { metadata }).get({ name: 'a' }))).toBe(broken);
    const plain = grpcClient(server.stub, { metadata: () => ({ authorization: 'Bearer' }) });
    expect(await failureOf(plain.get({ name: 'a' }))).toBeInstanceOf(TypeError);
    expect(calls).toEqual([]);
  });

  test('is not made when it was aborted while its metadata was fetched', async () => {
    const { server, calls } = await serveSeen();
    const controller = new AbortController();
    const reason = new Error('Enough.');
    const metadata = async (): Promise<Metadata> => {
      controller.abort(reason);
      return new Metadata();
    };
    const client = grpcClient(server.stub, { metadata });
    const call = client.get({ name: 'a' }, { signal: controller.signal });
    expect(await failureOf(call)).toBe(reason);
    expect(await failureOf(client.get({ name: 'a' }, { signal: AbortSignal.abort(reason) }))).toBe(
      reason,
    );
    expect(calls).toEqual([]);
  });

  test('leaves no listener behind', async () => {
    const { server } = await serveSeen();
    const [, make] = signalMakes[0]!;
    const { signal: own, listeners } = make();
    const client = grpcClient(server.stub);
    await client.get({ name: 'operations/1' }, { signal: own as AbortSignal });
    await failureOf(client.list!({ name: 'a' }, { signal: own as AbortSignal }));
    expect(listeners()).toBe(0);
  });
});

describe("a stub of the caller's own", () => {
  test('that answers before it returns leaves no listener', async () => {
    const [, make] = signalMakes[0]!;
    const { signal: own, listeners } = make();
    const stub = {
      getOperation: (_: object, __: object, settle: (error: null, answer: object) => void) => {
        settle(null, { name: 'a', done: true });
        return { cancel: (): void => undefined };
      },
    };
    await grpcClient(stub).get({ name: 'a' }, { signal: own as AbortSignal });
    expect(listeners()).toBe(0);
  });

  test('is told of an abort that comes before it returns', async () => {
    const controller = new AbortController();
    const stub = {
      getOperation: (_: object, __: object, settle: (error: Error) => void) => {
        controller.abort();
        return { cancel: (): void => settle(Object.assign(new Error('Cancelled.'), { code: 1 })) };
      },
    };
    const call = grpcClient(stub).get({ name: 'a' }, { signal: controller.signal });
    expect(await failureOf(call)).toMatchObject({ code: 1 });
  });
});

describe('details', () => {
  test('that the service sent arrive decoded, of a call and of an operation', async () => {
    const fake = new FakeOperations();
    const { stub } = await serve(fake);
    const client = grpcClient(stub);
    const details = [
      { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'STOCKOUT', domain: 'd' },
      {
        '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
        violations: [{ subject: 's', description: 'CPUS' }],
      },
      { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '1.500s' },
    ];
    fake.fail({ status: { code: Code.FAILED_PRECONDITION, message: 'Ü', details } });
    const refused = (await failureOf(getOperation(client, 'operations/1'))) as CallFailedError;
    const failing = fake.start({ error: { code: Code.INTERNAL, message: 'Ü', details } });
    const failed = (await failureOf(waitForDone(client, failing.name))) as CallFailedError;
    for (const error of [refused, failed]) {
      expect(findDetail(error, 'google.rpc.ErrorInfo')).toMatchObject({ reason: 'STOCKOUT' });
      expect(findDetail(error, 'google.rpc.QuotaFailure')?.violations).toMatchObject([
        { subject: 's', description: 'CPUS' },
      ]);
      expect(findDetail(error, 'google.rpc.RetryInfo')?.retryDelay).toBe('1.5s');
    }
    // What grpc-js made of the failure is still there.
    expect(refused.cause).toMatchObject({ code: 9, details: 'Ü' });
  });
});

describe('a stub', () => {
  test.each([
    ['with names in camel case', {}],
    ['with names as in the proto', { keepCase: true }],
    ['with defaults', { defaults: true, oneofs: true }],
    ['with bytes as texts', { bytes: String, longs: String, enums: String }],
  ])('of proto-loader %s', async (_, options) => {
    const fake = new FakeOperations({ pageSize: 1 });
    const operation = fake.start({ response: { pages: 12 }, metadata: { a: 1 } });
    fake.start();
    const { stub } = await serve(fake, options);
    const client = grpcClient(stub);
    expect(await waitForDone(client, operation.name, { response: plainOf })).toEqual({ pages: 12 });
    const page = await client.list?.({ name: 'operations', pageSize: 1 });
    expect([page?.operations?.length, page?.nextPageToken]).toEqual([1, expect.any(String)]);
    expect(plainOf(page?.operations?.[0]?.metadata)).toEqual({ a: 1 });
  });

  test('of grpc-tools, whose messages are instances with getters', async () => {
    const fake = new FakeOperations();
    const operation = fake.start({ response: { pages: 12 } });
    const { address } = await serve(fake);
    const Stub = googleProtobufStub();
    const stub = new Stub(address, credentials.createInsecure());
    closers.push(() => stub.close());
    const client = grpcClient(stub);
    expect(await waitForDone(client, operation.name, { response: plainOf })).toEqual({ pages: 12 });
    const page = await client.list?.({ name: 'operations' });
    expect(page?.operations?.map(({ name }) => name)).toEqual([operation.name]);
  });

  test('may have only getOperation', async () => {
    const stub = {
      getOperation: (
        { name }: { name: string },
        _: object,
        answer: (error: null, operation: object) => void,
      ) => {
        answer(null, { name, done: true });
        return { cancel: (): void => undefined };
      },
    };
    const client = grpcClient(stub);
    expect(Object.keys(client)).toEqual(['get']);
    expect(await client.get({ name: 'a' })).toMatchObject({ name: 'a', done: true });
  });

  test('that does not describe its methods is given the fields by either spelling', async () => {
    const asked: unknown[] = [];
    const method = (
      request: object,
      _: object,
      answer: (error: null, message: unknown) => void,
    ): object => {
      asked.push(request);
      answer(null, 'page');
      return { cancel: (): void => undefined };
    };
    const methods = { getOperation: method, listOperations: method, waitOperation: method };
    const { list, wait } = grpcClient(methods as unknown as GrpcStub);
    const request = { name: 'p', filter: 'f', pageSize: 2, pageToken: 't' };
    // What is no page is left to the core.
    expect(await list?.({ ...request, returnPartialSuccess: true })).toBe('page');
    for (const timeout of [1_500, Infinity, undefined]) {
      await firstValueFrom(from(wait?.({ name: 'a', timeout }, { signal }) ?? []));
    }
    expect(asked).toEqual([
      {
        ...request,
        page_size: 2,
        page_token: 't',
        returnPartialSuccess: true,
        return_partial_success: true,
      },
      { name: 'a', timeout: { seconds: 1, nanos: 500_000_000 } },
      { name: 'a' },
      { name: 'a' },
    ]);
  });

  test.each([undefined, null, {}, { getOperation: 7 }])('is not %o', (stub) => {
    expect(() => grpcClient(stub as unknown as GrpcStub)).toThrow(TypeError);
  });

  test('takes no metadata that is a plain object', () => {
    const stub = { getOperation: (): void => undefined };
    expect(() => grpcClient(stub, { metadata: { authorization: 'Bearer' } })).toThrow(/Metadata/);
  });
});

// Messages as protoc makes them for google-protobuf: fields behind getters, lists with `List` at the end,
// and `toObject`.
function googleProtobufStub(): ServiceClientConstructor {
  class Message {
    readonly fields: Readonly<Record<string, unknown>>;
    constructor(fields: Readonly<Record<string, unknown>>) {
      this.fields = fields;
    }
    toObject(): object {
      return this.fields;
    }
    getName(): unknown {
      return this.fields['name'];
    }
    getDone(): unknown {
      return this.fields['done'];
    }
  }
  const plain = (type: string, bytes: Uint8Array): Record<string, unknown> =>
    googleType(type).toObject(googleType(type).decode(bytes));
  const instance = (fields: Record<string, unknown>): Message => {
    const { operations, response, metadata, ...rest } = fields;
    const any = (value: unknown): unknown => {
      const { type_url: typeUrl, value: bytes } = (value ?? {}) as Record<string, unknown>;
      return value === undefined ? undefined : { typeUrl, value: bytes };
    };
    return new Message({
      ...rest,
      ...(operations === undefined
        ? {}
        : {
            operationsList: (operations as Record<string, unknown>[]).map((each) =>
              instance(each).toObject(),
            ),
          }),
      response: any(response),
      metadata: any(metadata),
    });
  };
  const method = (path: string, request: string, answer: string): object => ({
    path: `/google.longrunning.Operations/${path}`,
    requestStream: false,
    responseStream: false,
    requestSerialize: (message: Message) =>
      Buffer.from(googleType(request).encode(message.toObject()).finish()),
    requestDeserialize: (bytes: Uint8Array) => new Message(plain(request, bytes)),
    responseSerialize: () => Buffer.alloc(0),
    responseDeserialize: (bytes: Uint8Array) => instance(plain(answer, bytes)),
  });
  const package_ = 'google.longrunning';
  return makeClientConstructor(
    {
      getOperation: method(
        'GetOperation',
        `${package_}.GetOperationRequest`,
        `${package_}.Operation`,
      ),
      listOperations: method(
        'ListOperations',
        `${package_}.ListOperationsRequest`,
        `${package_}.ListOperationsResponse`,
      ),
    } as never,
    'Operations',
  );
}
