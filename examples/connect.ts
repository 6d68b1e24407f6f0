/** A client of Connect-ES, by any of its three protocols: `npx tsx examples/connect.ts`. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConnectError, createClient } from '@connectrpc/connect';
import { connectNodeAdapter, createConnectTransport } from '@connectrpc/connect-node';
import { StatusError, poll, progressOf, waitForDone } from 'rx-lro';
import { connectClient } from 'rx-lro/connect';
import { FakeOperations, plainOf } from 'rx-lro/testing';
import { Operations } from '../test/support/generated/es/google/longrunning/operations_pb.js';

const fake = new FakeOperations();
const service = fake.connect(({ message, code, details }) =>
  Object.assign(new ConnectError(message, code), { details }),
);
const server = createServer(
  connectNodeAdapter({ routes: (router) => router.service(Operations, service) }),
);
await new Promise<void>((resolve) => {
  server.listen(0, '127.0.0.1', resolve);
});
const { port } = server.address() as AddressInfo;

// This is all that a service with Connect needs: the code that was generated of it, and the adapter.
const baseUrl = `http://127.0.0.1:${port}`;
const transport = createConnectTransport({ baseUrl, httpVersion: '1.1' });
const client = connectClient(createClient(Operations, transport), {
  headers: () => ({ authorization: 'Bearer a fresh token' }),
});

// The fake sends plain values as google.protobuf.Value; a decoder of your own types goes here.
const options = { backoff: { startingDelay: 50 }, metadata: plainOf, response: plainOf };

const film = fake.start({ duration: 2_000, progress: true, response: { minutes: 90 } });
await poll(client, film.name, options).forEach((operation) => {
  console.log(`${operation.name}: ${Math.round((progressOf(operation) ?? 0) * 100)} %`);
});
console.log('The film:', await waitForDone(client, film.name, options));

const endless = fake.start();
const signal = AbortSignal.timeout(100);
await waitForDone(client, endless.name, { ...options, signal }).catch((error: unknown) => {
  if (!(error instanceof StatusError)) throw error;
  console.log(`${endless.name}: ${error.codeName}`);
});

server.closeAllConnections();
server.close();
