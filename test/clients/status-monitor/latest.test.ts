import { Code } from 'rx-lro';
import { statusMonitorClient } from 'rx-lro/status-monitor';
import { describe, expect, test } from 'vitest';

import { origin, serviceOf, type Routes, type Scripted, type Service } from './service.js';

const name = `${origin}/jobs/1#rx-lro=1&kind=http&delete=1`;
const moved = { status: 202, headers: { 'content-location': '/jobs/new' } };

type Client = ReturnType<typeof statusMonitorClient>;

/** A client that was told that the monitor is at `/jobs/new` from now on. */
async function told(
  routes: Routes,
  cancel?: string,
): Promise<{ service: Service; client: Client }> {
  const service = serviceOf({
    ...routes,
    'GET /jobs/1': [moved, routes['GET /jobs/1'] ?? []].flat(),
  });
  const client = statusMonitorClient({ fetch: service.fetch, cancel });
  await client.get({ name });
  service.seen.length = 0;
  return { service, client };
}

const failures: readonly Scripted[] = [
  { status: 403 },
  { status: 404 },
  { status: 410 },
  { status: 500 },
  { status: 302, headers: { location: 'https://other.example.com/1' } },
  { isReset: true },
];

describe('where the newest URL of a monitor fails', () => {
  test.each(failures)('the one in the name is asked, and it is forgotten: %j', async (failure) => {
    const { service, client } = await told({
      'GET /jobs/new': failure,
      'GET /jobs/1': [{ status: 202 }, { body: { pages: 12 } }],
    });
    expect(await client.get({ name })).toMatchObject({ name, done: false });
    expect(await client.get({ name })).toMatchObject({ done: true, response: { pages: 12 } });
    expect(service.asked()).toEqual(['GET /jobs/new', 'GET /jobs/1', 'GET /jobs/1']);
  });

  test.each(failures)('the one in the name is cancelled: %j', async (failure) => {
    const { service, client } = await told({
      'GET /jobs/new': failure,
      'DELETE /jobs/new': failure,
      'GET /jobs/1': { status: 202 },
      'DELETE /jobs/1': { status: 202 },
    });
    expect(await client.cancel({ name })).toEqual({});
    expect(service.asked()).toContain('DELETE /jobs/1');
  });

  test('and the operation is done by the one in the name, nothing is deleted there', async () => {
    const { service, client } = await told({
      'GET /jobs/new': { isReset: true },
      'GET /jobs/1': { body: { pages: 12 } },
    });
    expect(await client.cancel({ name })).toEqual({});
    expect(service.asked()).toEqual(['GET /jobs/new', 'GET /jobs/1']);
  });

  test.each([
    [401, Code.UNAUTHENTICATED],
    [429, Code.RESOURCE_EXHAUSTED],
  ])('with %i, nothing else is asked', async (status, code) => {
    const { service, client } = await told({ 'GET /jobs/new': { status } });
    await expect(client.get({ name })).rejects.toMatchObject({ code });
    expect(service.asked()).toEqual(['GET /jobs/new']);
  });

  test.each<[Scripted, Scripted, number]>([
    [{ status: 503 }, { status: 404 }, Code.UNAVAILABLE],
    [{ isReset: true }, { status: 410 }, Code.UNAVAILABLE],
    [{ status: 404 }, { status: 503 }, Code.UNAVAILABLE],
    [{ status: 403 }, { isReset: true }, Code.UNAVAILABLE],
    [{ status: 403 }, { status: 404 }, Code.PERMISSION_DENIED],
  ])('and the one in the name too, what may pass is the failure: %j, %j', async (...answers) => {
    const [newest, named, code] = answers;
    const { service, client } = await told({
      'GET /jobs/new': [newest, { body: { pages: 12 } }],
      'GET /jobs/1': named,
    });
    await expect(client.get({ name })).rejects.toMatchObject({ code });
    expect(await client.get({ name })).toMatchObject({ done: true });
    expect(service.asked()).toEqual(['GET /jobs/new', 'GET /jobs/1', 'GET /jobs/new']);
  });

  test('by an abort, nothing else is asked', async () => {
    const { service, client } = await told({});
    const signal = AbortSignal.abort(new Error('Enough.'));
    await expect(client.get({ name }, { signal })).rejects.toThrow('Enough.');
    expect(service.asked()).toEqual([]);
  });
});

test.each([
  ['POST /cancel', '/jobs/1/', '/jobs/1/cancel'],
  ['POST /cancel', '/jobs/1', '/jobs/1/cancel'],
  ['POST :cancel', '/jobs/1', '/jobs/1:cancel'],
])('%s is added to %s without a second slash', async (cancel, path, place) => {
  const { fetch, asked } = serviceOf({});
  const client = statusMonitorClient({ fetch, cancel });
  expect(await client.cancel({ name: `${origin}${path}?v=1` }).catch(() => asked())).toEqual([
    `POST ${place}?v=1`,
  ]);
});
