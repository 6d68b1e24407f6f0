import { createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { Metadata } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { getOperation, waitForDone, type CallFailedError } from 'rx-lro';
import { grpcClient, type GrpcStub } from 'rx-lro/grpc';
import { FakeOperations } from 'rx-lro/testing';

import { startConnectServer } from '../support/connect-server.js';
import { failureOf } from '../support/failure-of.js';
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

  it('says at once that it takes no metadata of grpc-js [report 38]', async () => {
    const stub = promising(async () => ({ name, done: true }));
    const client = grpcClient(stub, { metadata: new Metadata() });
    const error = (await failureOf(getOperation(client, name, once))) as CallFailedError;
    expect(error.attempts).toBe(1);
    expect(error.message).toMatch(/`metadata`.*returns promises.*connectClient/);
  });
});
