/** An `operations` collection of @googleapis/run: `npx tsx examples/googleapis.ts`. */
import { run } from '@googleapis/run';
import { StatusError, findDetail, listOperations, poll, progressOf, waitForDone } from 'rx-lro';
import { googleapisClient } from 'rx-lro/googleapis';
import { FakeOperations } from 'rx-lro/testing';
import { serve } from './quickstart/server.js';

const parent = 'projects/p/locations/l';
const fake = new FakeOperations({ parent });
const server = await serve(fake.fetch);

// This is all: the collection, and the adapter. Without `rootUrl` it is the real service.
const { projects } = run({ version: 'v2', rootUrl: `${server.url}/` });
const client = googleapisClient(projects.locations.operations);

const options = { backoff: { startingDelay: 50 } };

const service = fake.start({ duration: 2_000, progress: true, response: { uri: 'https://a.run' } });
await poll(client, service.name, options).forEach((operation) => {
  console.log(`${operation.name}: ${Math.round((progressOf(operation) ?? 0) * 100)} %`);
});
console.log('The service:', await waitForDone(client, service.name, options));

const details = [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'NO_QUOTA' }];
const failing = fake.start({ error: { code: 8, message: 'Too many services.', details } });
await waitForDone(client, failing.name, options).catch((error: unknown) => {
  if (!(error instanceof StatusError)) throw error;
  console.log(`${error.codeName}, because ${findDetail(error, 'google.rpc.ErrorInfo')?.reason}`);
});

for await (const operation of listOperations(client, { name: parent })) {
  console.log(`${operation.name}: ${operation.error === undefined ? 'fine' : 'failed'}`);
}

await server.close();
