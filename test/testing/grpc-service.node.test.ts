import fc from 'fast-check';
import { Metadata, type ServiceError } from '@grpc/grpc-js';
import protobuf from 'protobufjs';
import { FakeOperations, plainOf } from 'rx-lro/testing';
import { afterEach, describe, expect, test, vi } from 'vitest';

import { readStatus } from '../../src/clients/protobuf/status.js';
import { decodeValue, encodeValue } from '../../src/testing/protobuf/value.js';
import { encodeStatus } from '../../src/testing/protobuf/status.js';
import { googleType } from '../clients/protobuf/google-types.js';
import { startGrpcServer, type GrpcServer } from '../support/grpc-server.js';

const servers: GrpcServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function start(fake: FakeOperations, options = {}): Promise<GrpcServer> {
  const server = await startGrpcServer(fake, options);
  servers.push(server);
  return server;
}

type Fields = Readonly<Record<string, unknown>>;

function call({ stub }: GrpcServer, method: string, request: object): Promise<Fields> {
  return new Promise((resolve, reject) => {
    stub[method]?.(request, (error: ServiceError | null, answer: Fields) =>
      error === null ? resolve(answer) : reject(error),
    );
  });
}

describe('the service over gRPC', () => {
  test.each([{ keepCase: false }, { keepCase: true }])(
    'has every method, with %o',
    async (options) => {
      const fake = new FakeOperations({ wait: true, unreachable: ['locations/l'], pageSize: 1 });
      fake.start({ name: 'operations/a', metadata: { step: 1 } });
      fake.start({ name: 'operations/b', response: { text: 'Ü 🚀' } });
      const server = await start(fake, { ...options, defaults: true });
      const a = await call(server, 'getOperation', { name: 'operations/a' });
      expect(a).toMatchObject({ name: 'operations/a', done: false });
      expect(plainOf(a['metadata'])).toEqual({ step: 1 });
      const b = await call(server, 'waitOperation', {
        name: 'operations/b',
        timeout: { seconds: 1, nanos: 0 },
      });
      expect(plainOf(b['response'])).toEqual({ text: 'Ü 🚀' });
      const page = await call(server, 'listOperations', {
        returnPartialSuccess: true,
        return_partial_success: true,
      });
      const [token, size] = options.keepCase
        ? ['next_page_token', 'page_size']
        : ['nextPageToken', 'pageSize'];
      expect(page).toMatchObject({ operations: [{ name: 'operations/a' }] });
      expect(page['unreachable']).toEqual(['locations/l']);
      expect(page[token]).not.toBe('');
      const both = await call(server, 'listOperations', { [size]: 2 });
      expect(both['operations']).toHaveLength(2);
      await call(server, 'cancelOperation', { name: 'operations/a' });
      const cancelled = await call(server, 'getOperation', { name: 'operations/a' });
      expect(cancelled).toMatchObject({ done: true, error: { code: 1 } });
      await call(server, 'deleteOperation', { name: 'operations/a' });
      await expect(call(server, 'getOperation', { name: 'operations/a' })).rejects.toMatchObject({
        code: 5,
      });
    },
  );

  test('passes an Any in binary form as it is', async () => {
    const fake = new FakeOperations();
    const value = Uint8Array.of(10, 1, 65);
    fake.start({ name: 'operations/a', response: { typeUrl: 'x/library.v1.Book', value } });
    const { response } = await call(await start(fake), 'getOperation', { name: 'operations/a' });
    expect(response).toMatchObject({ type_url: 'x/library.v1.Book', value: Buffer.from(value) });
    expect(plainOf(response)).toBe(response);
  });

  test('is done with neither a response nor an error', async () => {
    const fake = new FakeOperations();
    fake.start({ name: 'operations/a', steps: [{ after: 0, done: true }] });
    const answer = await call(await start(fake), 'getOperation', { name: 'operations/a' });
    expect(answer['done']).toBe(true);
    expect([answer['error'] ?? null, answer['response'] ?? null]).toEqual([null, null]);
  });

  test('fails with the Status and its details in the trailer', async () => {
    const fake = new FakeOperations();
    const details = [
      { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'STOCKOUT' },
      { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '1.5s' },
    ];
    fake.fail({ status: { code: 8, message: 'Kein Platz 🚀', details } });
    const error: unknown = await call(await start(fake), 'getOperation', { name: 'a' }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ code: 8, details: 'Kein Platz 🚀' });
    const [trailer] = (error as ServiceError).metadata.get('grpc-status-details-bin');
    expect(readStatus(trailer as Buffer)).toEqual({ code: 8, message: 'Kein Platz 🚀', details });
  });

  test('says UNAVAILABLE for a connection that breaks', async () => {
    const fake = new FakeOperations();
    fake.fail({ network: true });
    await expect(call(await start(fake), 'getOperation', { name: 'a' })).rejects.toMatchObject({
      code: 14,
    });
  });

  test('has bytes as they are where there are no Buffers', async () => {
    const fake = new FakeOperations();
    fake.start({ name: 'operations/a', response: 'made' });
    const metadata = new Metadata();
    const taken = { request: { name: 'operations/a' }, metadata, on: (): void => undefined };
    vi.stubGlobal('Buffer', undefined);
    try {
      const answer = await new Promise((resolve) => {
        fake.grpc.getOperation(taken, (_: null, message: unknown) => resolve(message));
      });
      const { value } = (answer as { readonly response: { readonly value: unknown } }).response;
      expect((value as object).constructor).toBe(Uint8Array);
      expect(plainOf((answer as Fields)['response'])).toBe('made');
    } finally {
      vi.unstubAllGlobals();
    }
  });

  test('sees when the client cancels a call', async () => {
    const fake = new FakeOperations();
    fake.fail({ hang: true });
    const { stub } = await start(fake);
    const seen = new Promise((resolve) => {
      const started = stub['getOperation']?.({ name: 'a' }, resolve) as { cancel(): void };
      const look = setInterval(() => {
        if (fake.inFlight === 0) return;
        clearInterval(look);
        started.cancel();
      }, 1);
    });
    expect(await seen).toMatchObject({ code: 1 });
    await expect.poll(() => fake.calls[0]?.aborted).toBe(true);
    expect(fake.inFlight).toBe(0);
  });
});

describe('what is written in binary form', () => {
  test('is a google.protobuf.Value that protobufjs reads too, and comes back the same', () => {
    const root = new protobuf.Root();
    root.addJSON(protobuf.common.get('google/protobuf/struct.proto')?.nested ?? {});
    const type = root.lookupType('google.protobuf.Value');
    const json = fc.jsonValue().filter((value) => !JSON.stringify(value).includes('__proto__'));
    fc.assert(
      fc.property(json, (value) => {
        const bytes = encodeValue(value);
        expect(decodeValue(bytes)).toEqual(value);
        const again = type.encode(type.decode(bytes)).finish();
        expect(decodeValue(again)).toEqual(value);
      }),
    );
  });

  test('is a google.rpc.Status that protobufjs reads too', () => {
    const help = {
      '@type': 'type.googleapis.com/google.rpc.Help',
      links: [{ description: 'Quota', url: 'https://example.com' }, { url: 'https://example.org' }],
    };
    const bytes = encodeStatus({ code: -3, message: 'No.', details: [help, 'plain'] });
    const status = googleType('google.rpc.Status').decode(bytes).toJSON();
    expect(status).toMatchObject({ code: -3, message: 'No.' });
    expect(readStatus(bytes)?.details[0]).toEqual(help);
    expect(plainOf(readStatus(bytes)?.details[1])).toBe('plain');
  });
});
