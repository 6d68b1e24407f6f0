/** Compute Engine, whose operations are not those of AIP-151: `npx tsx examples/compute.ts`. */
import { StatusError, poll, progressOf, waitForDone } from 'rx-lro';
import { computeClient, computePaths, operationFromCompute } from 'rx-lro/compute';
import { restClient } from 'rx-lro/rest';
import { serve } from './quickstart/server.js';

// Compute Engine on this machine: a disk that is made in four steps, and one that cannot be.
const zone = 'projects/p/zones/z';
let progress = 0;
const operation = (name: string, body: object): Response =>
  Response.json({
    kind: 'compute#operation',
    name,
    selfLink: `https://www.googleapis.com/compute/v1/${zone}/operations/${name}`,
    targetLink: `https://www.googleapis.com/compute/v1/${zone}/disks/${name}`,
    ...body,
  });
const server = await serve(async ({ url }) => {
  if (url.endsWith('/full')) {
    const errors = [{ code: 'ZONE_RESOURCE_POOL_EXHAUSTED', message: 'The zone is full.' }];
    return operation('full', { status: 'DONE', error: { errors } });
  }
  progress = Math.min(progress + 25, 100);
  return operation('disk', { status: progress === 100 ? 'DONE' : 'RUNNING', progress });
});

// With the base URL https://compute.googleapis.com/compute/v1, and `headers`, it is the real one.
const baseUrl = `${server.url}/compute/v1`;
const client = computeClient(restClient({ baseUrl, paths: computePaths }));
const options = { backoff: { startingDelay: 50 } };

// What the start call answered with is a snapshot.
const response = await fetch(`${baseUrl}/${zone}/disks`, { method: 'POST' });
const started = operationFromCompute((await response.json()) as object);
await poll(client, started, options).forEach((each) => {
  console.log(`${each.name}: ${Math.round((progressOf(each) ?? 0) * 100)} %`);
});
const disk = await waitForDone(client, `${zone}/operations/disk`, options);
console.log('The disk:', disk?.targetLink);

await waitForDone(client, `${zone}/operations/full`, options).catch((error: unknown) => {
  if (!(error instanceof StatusError)) throw error;
  console.log(`${error.codeName}: ${error.status.message}`, error.details);
});

await server.close();
