import { createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { Metadata } from '@grpc/grpc-js';
import { EMPTY, Observable, firstValueFrom, from, of, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { Code, getOperation, waitForDone, type CallFailedError } from 'rx-lro';
import { grpcClient, type GrpcClient, type GrpcStub } from 'rx-lro/grpc';
import { FakeOperations } from 'rx-lro/testing';

import { startConnectServer } from '../support/connect-server.js';
import { failureOf } from '../support/failure-of.js';
import { startGrpcServer } from '../support/grpc-server.js';
import { Operations } from '../support/generated/es/google/longrunning/operations_pb.js';

const name = 'operations/1';
const once = { retry: { numOfAttempts: 1 }, callTimeout: 1_000 };

interface Options {
  readonly signal?: AbortSignal;
}

// The shape of nice-grpc: `(request, { metadata, signal, onHeader, onTrailer }) => Promise`.
const promising = (answer: (request: object, options: Options) => Promise<object>): GrpcStub => ({
  getOperation: async (request: object, options: Options) => answer(request, options),
});

describe('a stub whose methods return promises', () => {
  it('is taken, as nice-grpc makes it [report 38]', async () => {
    const requests: object[] = [];
    const stub = promising(async (request) => {
      requests.push(request);
      return { name, done: true, response: { typeUrl: 'a.b/C', value: new Uint8Array() } };
    });
    expect(await waitForDone(grpcClient(stub), name)).toMatchObject({ typeUrl: 'a.b/C' });
    expect(requests).toEqual([{ name }]);
  });

  it('is aborted by the signal that it was given [report 38]', async () => {
    const given: AbortSignal[] = [];
    const stub = promising(async (_, { signal }) => {
      given.push(signal!);
      return new Promise(() => undefined);
    });
    const controller = new AbortController();
    const call = failureOf(getOperation(grpcClient(stub), name, { signal: controller.signal }));
    controller.abort();
    await call;
    expect(given.map(({ aborted }) => aborted)).toEqual([true]);
  });

  it('fails with its own error, read [report 38]', async () => {
    const stub = promising(async () => {
      throw Object.assign(new Error('/Operations/GetOperation NOT_FOUND: gone'), {
        code: 5,
        details: 'gone',
      });
    });
    const error = await failureOf(getOperation(grpcClient(stub), name, once));
    expect(error).toMatchObject({ codeName: 'NOT_FOUND', attempts: 1 });
  });

  it('is taken, as Connect makes it [report 38]', async () => {
    const fake = new FakeOperations();
    const { name: own } = fake.start({ duration: 60_000 });
    const server = await startConnectServer(fake, '2');
    try {
      const transport = createGrpcTransport({ baseUrl: server.url });
      const client = grpcClient(createClient(Operations, transport) as unknown as GrpcStub);
      expect(await client.get({ name: own })).toMatchObject({ name: own });
    } finally {
      await server.close();
    }
  });

  const metadata = new Metadata();
  it.each<[string, (see: (...values: unknown[]) => object) => GrpcStub, object]>([
    [
      'async',
      (see) => ({
        getOperation: async (request: object, options: Options) => see(request, options),
        cancelOperation: async (request: object, options: Options) => see(request, options),
      }),
      metadata,
    ],
    [
      'a function that returns a promise',
      (see) => ({
        getOperation: (request: object, options?: Options) =>
          Promise.resolve(see(request, options)),
      }),
      () => metadata,
    ],
    [
      'async, of any number of parameters',
      (see) => ({ getOperation: async (...values: unknown[]) => see(values) }),
      metadata,
    ],
  ])(
    'is refused with metadata of grpc-js before any request: %s [report 38]',
    (_, stubFor, own) => {
      const calls: unknown[] = [];
      const see = (...values: unknown[]): object => {
        calls.push(values);
        return {};
      };
      expect(() => grpcClient(stubFor(see), { metadata: own })).toThrow(
        /`metadata`.*returns promises.*connectClient/,
      );
      expect(calls).toEqual([]);
    },
  );

  it('fails at the call with metadata of grpc-js, where nothing told before [report 38]', async () => {
    const answer = { name, done: true };
    const stub = { getOperation: (...all: object[]) => Promise.resolve({ ...answer, all }) };
    const client = grpcClient(stub, { metadata });
    const error = (await failureOf(getOperation(client, name, once))) as CallFailedError;
    expect(error.attempts).toBe(1);
    expect(error.message).toMatch(/`metadata`.*returns promises.*connectClient/);
  });
});

describe('a stub whose methods return Observables, as NestJS makes it,', () => {
  // As `ClientGrpcProxy` of @nestjs/microservices does it.
  const nest = (stub: object): GrpcStub => ({
    getOperation: (...values: unknown[]) =>
      new Observable((observer) => {
        const call = (
          stub as { getOperation: (...all: unknown[]) => { cancel: () => void } }
        ).getOperation(...values, (error: unknown, data: unknown) => {
          if (error == null) {
            observer.next(data);
            observer.complete();
          } else observer.error(error);
        });
        return () => call.cancel();
      }),
  });

  it('is taken, with its metadata [report 38]', async () => {
    const fake = new FakeOperations();
    const { name: own } = fake.start({ duration: 0, response: { a: 1 } });
    const server = await startGrpcServer(fake);
    try {
      const metadata = new Metadata();
      metadata.set('authorization', 'Bearer 1');
      const client = grpcClient(nest(server.stub), { metadata });
      expect(await client.get({ name: own })).toMatchObject({ name: own, done: true });
      const error = await failureOf(getOperation(client, 'operations/none', once));
      expect(error).toMatchObject({ codeName: 'NOT_FOUND', attempts: 1 });
    } finally {
      await server.close();
    }
  });

  it('may be any other that takes no callback [report 38]', async () => {
    const client = (answer: Observable<unknown>): GrpcClient =>
      grpcClient({ getOperation: () => answer });
    expect(await client(of({ name, done: true })).get({ name })).toMatchObject({ done: true });
    const failing = throwError(() =>
      Object.assign(new Error('gone'), { code: 5, details: 'gone' }),
    );
    const gone = await failureOf(getOperation(client(failing), name, once));
    expect(gone).toMatchObject({ codeName: 'NOT_FOUND' });
    const none = await failureOf(getOperation(client(EMPTY), name, once));
    expect(none).toMatchObject({ kind: 'protocol' });
  });

  it('is unsubscribed from by an abort, and after its value [report 38]', async () => {
    const left: string[] = [];
    const observed = (what: string, value?: object): GrpcStub => ({
      getOperation: () =>
        new Observable((observer) => {
          if (value !== undefined) observer.next(value);
          return () => left.push(what);
        }),
    });
    const controller = new AbortController();
    const { signal } = controller;
    const call = failureOf(
      firstValueFrom(from(grpcClient(observed('aborted')).get({ name }, { signal }))),
    );
    controller.abort(new Error('enough'));
    expect(await call).toMatchObject({ code: Code.CANCELLED });
    await grpcClient(observed('answered', { name })).get({ name });
    expect(left).toEqual(['aborted', 'answered']);
  });
});

describe('a stub of protobuf-ts, whose methods return a UnaryCall,', () => {
  // Then-able as `UnaryCall` of @protobuf-ts/runtime-rpc is: with all of the call, not with the response.
  const unary = (response: Promise<object>): object => {
    const call = { response, status: response.then(() => ({ code: 'OK', detail: '' })) };
    const whole = response.then((value) => ({ response: value, status: { code: 'OK' } }));
    Reflect.set(call, 'then', whole.then.bind(whole));
    return call;
  };

  it('is taken, with its signal [report 38]', async () => {
    const seen: unknown[] = [];
    const client = grpcClient({
      getOperation: (request: object, { abort }: { abort?: AbortSignal }) => {
        seen.push(request, abort?.aborted);
        return unary(Promise.resolve({ name, done: true, metadata: undefined }));
      },
    });
    expect(await getOperation(client, name)).toMatchObject({ name, done: true });
    expect(seen).toEqual([{ name }, false]);
  });

  it('fails with its own error, read [report 38]', async () => {
    const error = Object.assign(new Error('gone'), {
      name: 'RpcError',
      code: 'NOT_FOUND',
      meta: {},
    });
    const client = grpcClient({
      getOperation: () => ({ response: Promise.reject(error) }),
    });
    expect(await failureOf(getOperation(client, name, once))).toMatchObject({
      codeName: 'NOT_FOUND',
      attempts: 1,
    });
  });
});
