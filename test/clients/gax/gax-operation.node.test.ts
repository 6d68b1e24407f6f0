import { Operation } from 'google-gax';
import { Code, OperationFailedError, poll, waitForDone } from 'rx-lro';
import { gaxClient, gaxOperation, type GaxOperation } from 'rx-lro/gax';
import { FakeOperations } from 'rx-lro/testing';
import { afterEach, describe, expect, test } from 'vitest';

import { encodeValue } from '../../../src/testing/protobuf/value.js';
import { failureOf } from '../../support/failure-of.js';
import { grpcOperations } from '../../support/gax-client.js';
import { startGrpcServer } from '../../support/grpc-server.js';
import { googleType } from '../protobuf/google-types.js';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

const valueType = googleType('google.protobuf.Value');
const decode = (bytes: Uint8Array): object => valueType.decode(bytes);
const quick = { backoff: { startingDelay: 5 } };

type Value = { readonly stringValue?: string; readonly numberValue?: number };

async function start(fake: FakeOperations): Promise<(name: string) => GaxOperation<Value, Value>> {
  const server = await startGrpcServer(fake);
  const operationsClient = grpcOperations(server.address);
  closers.push(server.close, async () => operationsClient.close());
  const descriptor = { operationsClient, responseDecoder: decode, metadataDecoder: decode };
  return (name) => {
    const operation = new Operation({ name } as never, descriptor as never, {} as never);
    return operation as unknown as GaxOperation<Value, Value>;
  };
}

describe('the Operation of google-gax', () => {
  test('is followed to its response, both decoded by its own types', async () => {
    const fake = new FakeOperations();
    const operationOf = await start(fake);
    const { name } = fake.start({ metadata: 'half', response: 'whole' });
    fake.fail({ method: 'get', answer: { name, metadata: 'half' } });
    const seen: unknown[] = [];
    await poll(...gaxOperation(operationOf(name), quick)).forEach(({ metadata, response }) =>
      seen.push([metadata?.stringValue, response?.stringValue]),
    );
    expect(seen.slice(-2)).toEqual([
      ['half', undefined],
      ['half', 'whole'],
    ]);
  });

  test('has an empty message where there is no response', async () => {
    const fake = new FakeOperations();
    const operationOf = await start(fake);
    const { name } = fake.start({ steps: [{ after: 0, done: true }] });
    const value = await waitForDone(...gaxOperation(operationOf(name), quick));
    expect(value.stringValue ?? '').toBe('');
  });

  test('leaves a response as it came where no decoder is known', async () => {
    const any = { type_url: 'x/library.v1.Book', value: Uint8Array.of(10, 1, 65) };
    const operationsClient = {
      getOperation: async () => [{ name: 'operations/1', done: true, response: any }],
      listOperations: async () => [[]],
      cancelOperation: async () => [{}],
      deleteOperation: async () => [{}],
    };
    const operation = {
      latestResponse: { name: 'operations/1' },
      longrunningDescriptor: { operationsClient },
    } as unknown as GaxOperation<Value, Value>;
    expect(await waitForDone(...gaxOperation(operation, quick))).toStrictEqual(any);
  });

  test('keeps code and details of a failure', async () => {
    const fake = new FakeOperations();
    const operationOf = await start(fake);
    const help = { '@type': 'type.googleapis.com/google.rpc.Help', links: [{ url: 'x' }] };
    const { name } = fake.start({ error: { code: 9, message: 'No.', details: [help] } });
    const wait = waitForDone(...gaxOperation(operationOf(name), quick));
    const error = (await failureOf(wait)) as OperationFailedError;
    expect(error).toBeInstanceOf(OperationFailedError);
    expect([error.code, error.details]).toEqual([Code.FAILED_PRECONDITION, [help]]);
  });

  test('is cancelled by a signal, and never starts its own polling', async () => {
    const fake = new FakeOperations();
    const operationOf = await start(fake);
    const { name } = fake.start();
    const signal = AbortSignal.abort();
    const wait = waitForDone(...gaxOperation(operationOf(name), { ...quick, signal }));
    expect(((await failureOf(wait)) as OperationFailedError).code).toBe(Code.CANCELLED);
    const methods = fake.calls.map(({ method }) => method);
    expect(methods.filter((method) => method === 'cancel')).toHaveLength(1);
  });
});

test('the headers go along with every call', async () => {
  const fake = new FakeOperations();
  const seen: unknown[] = [];
  const { grpc } = fake;
  const spying: typeof grpc = {
    ...grpc,
    getOperation: (call, callback) => {
      const metadata = call.metadata as { get(key: string): unknown[] };
      seen.push(metadata.get('x-tenant')[0]);
      grpc.getOperation(call, callback);
    },
  };
  const { GetOperation: _, ...handlers } = spying;
  const server = await startGrpcServer({ grpc: handlers });
  const operations = grpcOperations(server.address);
  closers.push(server.close, async () => operations.close());
  fake.start({ name: 'operations/a', response: encodeValue('x') });
  const client = gaxClient(operations, { headers: { 'x-tenant': 't' } });
  await client.get({ name: 'operations/a' });
  expect(seen).toEqual(['t']);
});

test('options that are inherited, or read by a getter of a class, count', () => {
  class Defaults {
    readonly timeout = 5_000;
    get callTimeout(): number {
      return 1_000;
    }
  }
  const options = Object.assign(Object.create(new Defaults()) as Defaults, quick);
  const operation = {
    latestResponse: { name: 'operations/1' },
    longrunningDescriptor: { operationsClient: { getOperation: async () => [{}] } },
  } as unknown as GaxOperation<Value, Value>;
  const [, , given] = gaxOperation(operation, options);
  expect(given).toMatchObject({ ...quick, timeout: 5_000, callTimeout: 1_000 });
});

describe('what is none is refused', () => {
  test.each([null, {}, 'operations/1', { latestResponse: {} }])('%j', (value) => {
    expect(() => gaxOperation(value as never)).toThrow(/const \[operation\] = await/);
    expect(() => gaxClient(value as never)).toThrow(/OperationsClient/);
  });
});
