/** A stub of gRPC, with progress, a cancel, and the details of a failure: `npx tsx examples/grpc.ts`. */
import { credentials } from '@grpc/grpc-js';
import { StatusError, findDetail, poll, progressOf, waitForDone } from 'rx-lro';
import { grpcClient } from 'rx-lro/grpc';
import { FakeOperations, plainOf } from 'rx-lro/testing';
import { Operations, serveGrpc } from './servers/grpc.js';

const fake = new FakeOperations();
const server = await serveGrpc(fake);

// This is all that a service with gRPC needs: its stub, and the adapter.
const stub = new Operations(server.address, credentials.createInsecure());
const client = grpcClient(stub);

// The fake sends plain values as google.protobuf.Value; a decoder of your own types goes here.
const options = { backoff: { startingDelay: 50 }, metadata: plainOf, response: plainOf };

const film = fake.start({ duration: 2_000, progress: true, response: { minutes: 90 } });
await poll(client, film.name, options).forEach((operation) => {
  console.log(`${operation.name}: ${Math.round((progressOf(operation) ?? 0) * 100)} %`);
});
console.log('The film:', await waitForDone(client, film.name, options));

// A signal cancels the operation on the server; what the server says of it is the outcome.
const endless = fake.start();
const signal = AbortSignal.timeout(100);
await waitForDone(client, endless.name, { ...options, signal }).catch((error: unknown) => {
  if (!(error instanceof StatusError)) throw error;
  console.log(`${endless.name}: ${error.codeName}`);
});

// Details travel in a trailer, and arrive typed.
const details = [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'NO_STOCK' }];
const failing = fake.start({ error: { code: 9, message: 'No film is left.', details } });
await waitForDone(client, failing.name, options).catch((error: unknown) => {
  if (!(error instanceof StatusError)) throw error;
  console.log(`${error.codeName}, because ${findDetail(error, 'google.rpc.ErrorInfo')?.reason}`);
});

stub.close();
server.close();
