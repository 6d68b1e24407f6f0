/** google-gax: a generated client's operations, by name, over gRPC: `npx tsx examples/gax.ts`. */
import { GoogleAuth, GrpcClient, googleAuthLibrary, lro } from 'google-gax';
import { StatusError, poll, progressOf, waitForDone } from 'rx-lro';
import { gaxClient } from 'rx-lro/gax';
import { FakeOperations, plainOf } from 'rx-lro/testing';
import { serveGrpc } from './servers/grpc.js';

const fake = new FakeOperations();
const server = await serveGrpc(fake);

// What each generated client has as its `operationsClient`, here for a server on this machine.
const [servicePath, port] = server.address.split(':');
// A server on this machine asks for no credentials.
const auth = new GoogleAuth({ authClient: new googleAuthLibrary.PassThroughClient() });
const sslCreds = new GrpcClient({ auth }).grpc.credentials.createInsecure();
const operationsClient = lro({ auth }).operationsClient({
  servicePath,
  port: Number(port),
  sslCreds,
} as never);

// gaxClient(new InstanceAdminClient()) does the same. For the Operation that a generated method returns:
//   const [operation] = await instances.createInstance(request);
//   const instance = await waitForDone(...gaxOperation(operation));
const client = gaxClient(operationsClient);

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

operationsClient.close();
server.close();
