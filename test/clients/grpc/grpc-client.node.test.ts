import { Server, ServerCredentials, credentials, type sendUnaryData } from '@grpc/grpc-js';
import { afterEach, expect, test } from 'vitest';
import { grpcClient } from 'rx-lro/grpc';
import {
  OperationsClient,
  OperationsService,
  type ListOperationsRequest,
  type ListOperationsResponse,
} from '../../support/generated/ts-proto/google/longrunning/operations.js';

const closers: (() => void)[] = [];

afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function serve(handlers: Record<string, unknown>): Promise<OperationsClient> {
  const server = new Server();
  server.addService(OperationsService, handlers as never);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  const stub = new OperationsClient(`127.0.0.1:${port}`, credentials.createInsecure());
  closers.push(
    () => stub.close(),
    () => server.forceShutdown(),
  );
  return stub;
}

const missing = (_: unknown, answer: sendUnaryData<never>): void =>
  answer({ code: 5, details: 'No such operation.' });
const rest = { cancelOperation: missing, deleteOperation: missing, waitOperation: missing };

test('a request and its page arrive whole', async () => {
  let asked: ListOperationsRequest | undefined;
  const stub = await serve({
    ...rest,
    getOperation: missing,
    listOperations: (
      call: { request: ListOperationsRequest },
      answer: sendUnaryData<ListOperationsResponse>,
    ) => {
      asked = call.request;
      const operations = [{ name: 'operations/1', done: false, metadata: undefined }];
      answer(null, { operations, nextPageToken: 'two', unreachable: [] });
    },
  });
  const client = grpcClient(stub);
  const page = await client.list?.({ name: 'p', filter: 'é', pageSize: 300, pageToken: 't' });
  expect(asked).toMatchObject({ name: 'p', filter: 'é', pageSize: 300, pageToken: 't' });
  expect(page).toMatchObject({ operations: [{ name: 'operations/1' }], nextPageToken: 'two' });
});

test('a failure of the service is the ServiceError', async () => {
  const client = grpcClient(
    await serve({ ...rest, getOperation: missing, listOperations: missing }),
  );
  await expect(client.get({ name: 'operations/1' })).rejects.toMatchObject({
    code: 5,
    details: 'No such operation.',
  });
});

test('an abort cancels the call at the server', async () => {
  const controller = new AbortController();
  let sawCancel = (): void => undefined;
  const cancelled = new Promise<void>((resolve) => {
    sawCancel = resolve;
  });
  const hang = (call: { on: (event: 'cancelled', listener: () => void) => void }): void => {
    call.on('cancelled', sawCancel);
    controller.abort();
  };
  const client = grpcClient(await serve({ ...rest, getOperation: hang, listOperations: missing }));
  const { signal } = controller;
  await expect(client.get({ name: 'operations/1' }, { signal })).rejects.toMatchObject({ code: 1 });
  await cancelled;
});
