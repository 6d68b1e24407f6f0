import { Code } from 'rx-lro';
import { statusMonitorClient, type StatusMonitorClientOptions } from 'rx-lro/status-monitor';
import { describe, expect, test } from 'vitest';

import { origin, serviceOf, type Routes, type Scripted, type Service } from './service.js';
import { accepted } from './world.js';

const results = 'https://results.example.com';
const headers = { authorization: 'Bearer secret' };

function clientOf(
  routes: Routes,
  options: StatusMonitorClientOptions = {},
): { service: Service; client: ReturnType<typeof statusMonitorClient> } {
  const service = serviceOf(routes);
  const { fetch } = service;
  const own = { fetch, headers, baseUrl: origin, origins: [results] };
  return { service, client: statusMonitorClient({ ...own, ...options }) };
}

/** The places that were sent credentials. */
function trusted({ seen }: Service): readonly string[] {
  return seen.filter((each) => each.headers.has('authorization')).map(({ asked }) => asked);
}

const to = (status: number, location: string): Scripted => ({ status, headers: { location } });

describe('what another origin names is sent no credentials, at home too:', () => {
  const name = `${results}/jobs/1`;
  const me = { 'GET /accounts/me': { body: { me: true } } };

  test.each([301, 302, 303, 307, 308])('by a redirect, %i', async (status) => {
    const { service, client } = clientOf({
      ...me,
      [`GET ${name}`]: to(status, `${origin}/accounts/me`),
    });
    expect(await client.get({ name })).toMatchObject({ response: { me: true } });
    expect(service.asked()).toContain('GET /accounts/me');
    expect(trusted(service)).toEqual([]);
  });

  test('by a redirect of home that comes back', async () => {
    const { service, client } = clientOf({
      ...me,
      'GET /jobs/1': to(302, `${results}/1`),
      [`GET ${results}/1`]: to(302, `${origin}/accounts/me`),
    });
    await client.get({ name: `${origin}/jobs/1` });
    expect(trusted(service)).toEqual(['GET /jobs/1']);
  });

  test('by a `resourceLocation`', async () => {
    const { service, client } = clientOf({
      ...me,
      [`GET ${name}`]: {
        body: { status: 'Succeeded', resourceLocation: `${origin}/accounts/me` },
      },
    });
    await client.get({ name: `${name}#rx-lro=1&kind=status` });
    expect(service.asked()).toContain('GET /accounts/me');
    expect(trusted(service)).toEqual([]);
  });

  test('by a new URL of the monitor, which is not followed', async () => {
    const { service, client } = clientOf({
      [`GET ${name}`]: { status: 202, headers: { 'content-location': `${origin}/accounts/me` } },
    });
    await client.get({ name });
    await client.get({ name });
    expect(service.asked()).toEqual([`GET ${name}`, `GET ${name}`]);
  });

  test('by the answer to a start call, which is refused', async () => {
    const { service, client } = clientOf({
      [`POST ${results}/films`]: accepted({ location: `${origin}/accounts/me` }),
    });
    const start = service.fetch(`${results}/films`, { method: 'POST' });
    await expect(client.operation(start)).rejects.toMatchObject({
      code: Code.FAILED_PRECONDITION,
    });
  });
});

test.each([307, 308])('a DELETE does not leave its origin: %i', async (status) => {
  const { service, client } = clientOf(
    {
      [`GET ${results}/jobs/1`]: { status: 202 },
      [`DELETE ${results}/jobs/1`]: to(status, `${origin}/accounts/me`),
      'DELETE /accounts/me': { status: 204 },
    },
    { cancel: 'DELETE' },
  );
  await expect(client.cancel({ name: `${results}/jobs/1` })).rejects.toMatchObject({
    code: Code.FAILED_PRECONDITION,
  });
  expect(service.asked()).not.toContain('DELETE /accounts/me');
});

test('a DELETE does not go to the coming result that a monitor of FHIR names', async () => {
  const service = serviceOf({
    'GET /jobs/1': { status: 202, headers: { location: '/films/42' } },
    'DELETE /jobs/1': { status: 202 },
  });
  const client = statusMonitorClient({ fetch: service.fetch });
  const name = `${origin}/jobs/1#rx-lro=1&kind=http&delete=1`;
  await client.get({ name });
  await client.cancel({ name });
  expect(service.asked()).toEqual(['GET /jobs/1', 'GET /jobs/1', 'DELETE /jobs/1']);
});

describe('without `headers` and `baseUrl`, the origin of a name is that of the service', () => {
  test('whatever another start call was at', async () => {
    const service = serviceOf({
      'GET /jobs/1': [{ status: 202 }, { body: { pages: 12 } }],
      [`POST ${results}/films`]: accepted({ location: '/jobs/2' }),
      'POST /films': accepted({ location: '/jobs/3' }),
    });
    const client = statusMonitorClient({ fetch: service.fetch });
    const name = `${origin}/jobs/1`;
    await client.get({ name });
    const other = await client.operation(service.fetch(`${results}/films`, { method: 'POST' }));
    expect(other.name).toMatch(`${results}/jobs/2`);
    expect(await client.get({ name })).toMatchObject({ response: { pages: 12 } });
    const own = await client.operation(service.fetch(`${origin}/films`, { method: 'POST' }));
    expect(own.name).toMatch(`${origin}/jobs/3`);
  });

  test('and that of its result, where the monitor is elsewhere', async () => {
    const { fetch } = serviceOf({
      [`GET ${results}/jobs/1`]: { body: { status: 'Succeeded' } },
      'GET /films/42': { body: { pages: 12 } },
    });
    const client = statusMonitorClient({ fetch, origins: [results] });
    const result = encodeURIComponent(`${origin}/films/42`);
    const name = `${results}/jobs/1#rx-lro=1&kind=status&result=${result}`;
    expect(await client.get({ name })).toMatchObject({ response: { pages: 12 } });
  });
});
