import { afterEach, expect, it } from 'vitest';
import { waitForDone } from 'rx-lro';
import { fleetClient, waitForAll, type FleetEvent } from 'rx-lro/fleet';
import { restClient } from 'rx-lro/rest';
import { FakeOperations } from 'rx-lro/testing';
import { startHttpServer, type Handler, type HttpServer } from '../support/http-server.js';

const servers: HttpServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serve(handler: Handler): Promise<string> {
  const server = await startHttpServer(handler);
  servers.push(server);
  return server.url;
}

it('watches many operations by lists over a socket', async () => {
  const paths: string[] = [];
  const fake = new FakeOperations({ parent: 'projects/p' });
  const baseUrl = await serve((request, init) => {
    paths.push(new URL(request.url).pathname);
    return fake.fetch(request, init);
  });
  const names = Array.from(
    { length: 500 },
    (_, index) => fake.start({ duration: 200 + index, response: index }).name,
  );
  const client = fleetClient(restClient({ baseUrl }), {
    callsPerSecond: 50,
    sweep: { parent: 'projects/p', pageSize: 100 },
  });
  const responses = await waitForAll(client, names);
  expect(responses).toEqual(names.map((_, index) => index));
  const lists = paths.filter((path) => path === '/v1/projects/p/operations');
  // The last few may be asked about one by one, when they are fewer than the list has pages.
  expect(paths.length - lists.length).toBeLessThanOrEqual(20);
  expect(paths.length).toBeLessThan(100);
});

it('asks one by one where the server has no list', async () => {
  const fake = new FakeOperations({ parent: 'projects/p' });
  const baseUrl = await serve((request, init) =>
    new URL(request.url).pathname.endsWith('/operations')
      ? Promise.resolve(new Response('Not Found', { status: 404 }))
      : fake.fetch(request, init),
  );
  const fallbacks: FleetEvent[] = [];
  const client = fleetClient(restClient({ baseUrl }), {
    callsPerSecond: 500,
    sweep: { parent: 'projects/p' },
    onEvent: (event) => {
      if (event.type === 'fallback') fallbacks.push(event);
    },
  });
  const names = Array.from(
    { length: 20 },
    () => fake.start({ duration: 50, response: 'made' }).name,
  );
  const responses = await Promise.all(names.map((name) => waitForDone(client, name)));
  expect(responses).toEqual(Array(20).fill('made'));
  expect(fallbacks).toHaveLength(1);
});
