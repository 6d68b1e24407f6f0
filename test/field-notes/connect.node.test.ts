import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { createRegistry } from '@bufbuild/protobuf';
import { ValueSchema } from '@bufbuild/protobuf/wkt';
import { ConnectError, createClient, type ConnectRouter } from '@connectrpc/connect';
import {
  connectNodeAdapter,
  createConnectTransport,
  createGrpcWebTransport,
} from '@connectrpc/connect-node';
import { Code, getOperation, waitForDone, type CallFailedError } from 'rx-lro';
import { connectClient, type ConnectOperationsClient } from 'rx-lro/connect';
import { FakeOperations } from 'rx-lro/testing';
import { afterEach, describe, expect, it } from 'vitest';

import { failureOf } from '../support/failure-of.js';
import { Operations } from '../support/generated/es/google/longrunning/operations_pb.js';

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const jsonOptions = { registry: createRegistry(ValueSchema) };
const transports = [createConnectTransport, createGrpcWebTransport] as const;

describe.each(transports)('over JSON, by %o', (createTransport) => {
  /** A running operation whose metadata is an Any, on a server and a client with or without a registry. */
  const open = async (withRegistry: readonly ('server' | 'client')[], useBinaryFormat = false) => {
    const fake = new FakeOperations();
    const { name } = fake.start({ duration: 1e9, metadata: { progressPercent: 3 } });
    const service = fake.connect(({ message, code }) => new ConnectError(message, code));
    const routes = (router: ConnectRouter): unknown => router.service(Operations, service);
    const ofServer = withRegistry.includes('server') ? { jsonOptions } : {};
    const server = createServer(connectNodeAdapter({ routes, ...ofServer }));
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    closers.push(
      () => server.closeAllConnections(),
      () => server.close(),
    );
    const transport = createTransport({
      baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      httpVersion: '1.1',
      useBinaryFormat,
      ...(withRegistry.includes('client') ? { jsonOptions } : {}),
    });
    const operations: ConnectOperationsClient = createClient(Operations, transport);
    return { fake, name, client: connectClient(operations) };
  };

  it.each<[string, readonly ('server' | 'client')[], string]>([
    ['server', ['client'], 'The server'],
    ['client', ['server'], 'The transport of the client'],
  ])(
    'a %s without a type registry ends the wait, and the message says what is missing [report 26]',
    async (_, has, who) => {
      const { fake, name, client } = await open(has);
      const error = (await failureOf(waitForDone(client, name))) as CallFailedError;
      expect(error.kind).toBe('call-failed');
      expect(error.code).toBe(Code.FAILED_PRECONDITION);
      expect(error.message).toContain('is not in the type registry');
      expect(error.message).toContain(
        `${who} needs \`jsonOptions: { registry: createRegistry(…) }\``,
      );
      expect(error.message).toContain('`useBinaryFormat: true`');
      expect(error.cause).toBeInstanceOf(ConnectError);
      expect(fake.calls).toHaveLength(1);
    },
  );

  it('with a type registry on both sides, or in binary, all is well [report 26]', async () => {
    for (const { name, client } of [await open(['server', 'client']), await open([], true)]) {
      expect(await getOperation(client, name)).toMatchObject({ name, done: false });
    }
  });
});

describe('servers in other languages', () => {
  it.each([
    'proto: google.protobuf.Any: unable to resolve "type.googleapis.com/acme.Done": "not found"',
    'Cannot find type for url: type.googleapis.com/acme.Done',
  ])('say it in their own words: %s [report 26]', async (message) => {
    const fail = async (): Promise<never> => {
      throw new ConnectError(message, Code.INTERNAL);
    };
    const client = connectClient({ getOperation: fail } as never);
    const error = (await failureOf(getOperation(client, 'operations/1'))) as CallFailedError;
    expect(error.code).toBe(Code.FAILED_PRECONDITION);
    expect(error.message).toContain(message);
  });

  it('and any other failure within a server is retried [report 26]', async () => {
    let calls = 0;
    const operations = {
      getOperation: async (): Promise<object> => {
        calls += 1;
        if (calls === 1) throw new ConnectError('cannot encode message', Code.INTERNAL);
        return { name: 'operations/1', done: true };
      },
    };
    const retry = { startingDelay: 1 };
    await getOperation(connectClient(operations as never), 'operations/1', { retry });
    expect(calls).toBe(2);
  });
});
