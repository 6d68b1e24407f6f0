import { Code } from 'rx-lro';
import { statusMonitorClient, type StatusMonitorClientOptions } from 'rx-lro/status-monitor';
import { describe, expect, test } from 'vitest';

import { origin, serviceOf, type Routes, type Service } from './service.js';
import { accepted } from './world.js';

const elsewhere = 'https://other.example.com';
const headers = { authorization: 'Bearer secret', 'x-api-key': 'secret' };
const succeeded = { body: { status: 'Succeeded' } };

/** The places that were sent a secret. */
function trusted({ seen }: Service): readonly string[] {
  return seen.filter(({ headers: sent }) => sent.has('x-api-key')).map(({ asked }) => asked);
}

function clientOf(
  routes: Routes,
  options: StatusMonitorClientOptions = {},
): { service: Service; client: ReturnType<typeof statusMonitorClient> } {
  const service = serviceOf(routes);
  return { service, client: statusMonitorClient({ fetch: service.fetch, headers, ...options }) };
}

const start = (service: Service): Promise<Response> =>
  service.fetch(`${origin}/films/42`, { method: 'PUT' });

test('credentials go to the origin of the start call', async () => {
  const { service, client } = clientOf({
    'PUT /films/42': accepted({ 'operation-location': '/operations/1' }),
    'GET /operations/1': succeeded,
    'GET /films/42': { body: { id: 'film-42' } },
  });
  const { name } = await client.operation(start(service), { method: 'PUT' });
  await client.get({ name });
  expect(trusted(service)).toEqual(['GET /operations/1', 'GET /films/42']);
});

test.each(['operation-location', 'azure-asyncoperation', 'location', 'content-location'])(
  'a monitor on another origin is refused at the start: %s',
  async (header) => {
    for (const place of [
      `${elsewhere}/1`,
      '//other.example.com/1',
      'http://api.example.com/1',
      'https://api.example.com:444/1',
    ]) {
      const { service, client } = clientOf({ 'PUT /films/42': accepted({ [header]: place }) });
      await expect(client.operation(start(service))).rejects.toMatchObject({
        code: Code.FAILED_PRECONDITION,
        message: expect.stringMatching(/add it to `origins`/) as string,
      });
      expect(service.seen).toHaveLength(1);
    }
  },
);

test.each([`https://me:secret@api.example.com/1`, 'javascript:alert(1)', 'data:,x', 'https://'])(
  'a monitor that is not a plain URL is refused: %s',
  async (place) => {
    const { service, client } = clientOf({ 'PUT /films/42': accepted({ location: place }) });
    await expect(client.operation(start(service))).rejects.toMatchObject({
      code: Code.FAILED_PRECONDITION,
      message: expect.stringMatching(/not an http or https URL/) as string,
    });
  },
);

describe('a result on another origin', () => {
  const routes = {
    'PUT /films/42': accepted({ 'operation-location': '/operations/1' }),
    'GET /operations/1': {
      body: { status: 'Succeeded', resourceLocation: `${elsewhere}/films/42` },
    },
    [`GET ${elsewhere}/films/42`]: { body: { id: 'film-42' } },
    'GET /jobs/1': { status: 303, headers: { location: `${elsewhere}/films/42` } },
  };
  const names = [`${origin}/operations/1#rx-lro=1&kind=status`, `${origin}/jobs/1`];

  test.each(names)('is refused: %s', async (name) => {
    const { service, client } = clientOf(routes, { baseUrl: origin });
    await expect(client.get({ name })).rejects.toMatchObject({ code: Code.FAILED_PRECONDITION });
    expect(service.seen).toHaveLength(1);
  });

  test.each(names)('is had without credentials where `origins` allows it: %s', async (name) => {
    const { service, client } = clientOf(routes, { baseUrl: origin, origins: [elsewhere] });
    expect(await client.get({ name })).toMatchObject({ response: { id: 'film-42' } });
    expect(service.seen).toHaveLength(2);
    expect(trusted(service)).toHaveLength(1);
  });
});

test('a monitor on an origin that is allowed is asked without credentials', async () => {
  const { service, client } = clientOf(
    {
      'PUT /films/42': accepted({ 'operation-location': `${elsewhere}/operations/1` }),
      [`GET ${elsewhere}/operations/1`]: succeeded,
      'GET /films/42': { body: { id: 'film-42' } },
    },
    { origins: [`${elsewhere}/`] },
  );
  const { name } = await client.operation(start(service), { method: 'PUT' });
  expect(await client.get({ name })).toMatchObject({ response: { id: 'film-42' } });
  expect(trusted(service)).toEqual(['GET /films/42']);
});

test('a new URL of the monitor on another origin is not followed', async () => {
  const { client } = clientOf(
    {
      'GET /operations/1': [
        { body: { status: 'Running' }, headers: { 'operation-location': `${elsewhere}/1` } },
        succeeded,
      ],
    },
    { baseUrl: origin },
  );
  const name = `${origin}/operations/1#rx-lro=1&kind=status`;
  await client.get({ name });
  expect(await client.get({ name })).toMatchObject({ done: true });
});

describe('a name', () => {
  const name = `${elsewhere}/operations/1`;

  test('does not say where credentials may go', async () => {
    const { service, client } = clientOf({});
    await expect(client.get({ name })).rejects.toMatchObject({
      code: Code.FAILED_PRECONDITION,
      message: expect.stringMatching(/set `baseUrl`/) as string,
    });
    expect(service.seen).toEqual([]);
  });

  test('of another origin than `baseUrl`, or than the start call, is refused', async () => {
    const { service, client } = clientOf(
      { 'PUT /films/42': accepted({ location: '/jobs/1' }) },
      { baseUrl: origin },
    );
    await expect(client.get({ name })).rejects.toThrow(/a different origin/);
    const { client: pinned } = clientOf({ 'PUT /films/42': accepted({ location: '/jobs/1' }) });
    await pinned.operation(start(service));
    for (const call of [
      pinned.get({ name }),
      pinned.cancel({ name: `${name}#rx-lro=1&kind=http&delete=1` }),
    ]) {
      await expect(call).rejects.toThrow(/a different origin/);
    }
  });

  test('at the origin of `baseUrl` is asked, whatever its path', async () => {
    const { service, client } = clientOf(
      { 'PUT /films/42': accepted({ location: '/bulk/jobs/1' }) },
      { baseUrl: `${origin}/api/r4` },
    );
    const { name: monitor } = await client.operation(start(service));
    await client.get({ name: monitor }).catch(() => undefined);
    expect(service.seen).toHaveLength(2);
  });

  test('of another origin than `baseUrl` is refused without credentials too', async () => {
    const service = serviceOf({});
    const client = statusMonitorClient({ fetch: service.fetch, baseUrl: origin });
    await expect(client.get({ name })).rejects.toThrow(/a different origin/);
    expect(service.seen).toEqual([]);
  });

  test('is enough where there are no credentials', async () => {
    const { fetch } = serviceOf({ [`GET ${elsewhere}/operations/1`]: { body: { pages: 12 } } });
    const client = statusMonitorClient({ fetch });
    expect(await client.get({ name })).toMatchObject({ response: { pages: 12 } });
  });
});

test.each([
  ['that failed', { status: 500 }],
  ['with a monitor that is refused', accepted({ location: `https://third.example.com/1` })],
  ['that is done', { body: {} }],
])('a start call %s does not say where credentials may go', async (_, answer) => {
  const { service, client } = clientOf({
    [`PUT ${elsewhere}/films/42`]: answer,
    'PUT /films/42': accepted({ location: '/jobs/1' }),
  });
  const other = service.fetch(`${elsewhere}/films/42`, { method: 'PUT' });
  await client.operation(other).catch(() => undefined);
  const { name } = await client.operation(start(service));
  await client.get({ name }).catch(() => undefined);
  expect(trusted(service)).toEqual(['GET /jobs/1']);
});

test('a start call that was redirected does not say where credentials may go', async () => {
  const { client } = clientOf({});
  const response = new Response(null, { status: 202, headers: { location: '/jobs/1' } });
  Object.defineProperties(response, {
    url: { value: `${elsewhere}/films/42` },
    redirected: { value: true },
  });
  await expect(client.operation(response)).rejects.toThrow(/set `baseUrl`/);
});

describe('redirects', () => {
  const to = (
    status: number,
    location: string,
  ): { status: number; headers: { location: string } } => ({
    status,
    headers: { location },
  });

  test.each([301, 302, 307, 308])('of a monitor are followed: %i', async (status) => {
    const { service, client } = clientOf(
      { 'GET /jobs/1': to(status, '/jobs/moved'), 'GET /jobs/moved': { body: { pages: 12 } } },
      { baseUrl: origin },
    );
    expect(await client.get({ name: `${origin}/jobs/1` })).toMatchObject({
      response: { pages: 12 },
    });
    expect(trusted(service)).toEqual(['GET /jobs/1', 'GET /jobs/moved']);
  });

  test.each([301, 302, 303, 307, 308])('of a result are followed: %i', async (status) => {
    const { client } = clientOf(
      {
        'GET /jobs/1': to(303, '/films/42'),
        'GET /films/42': to(status, '/films/moved'),
        'GET /films/moved': { body: { pages: 12 } },
      },
      { baseUrl: origin },
    );
    expect(await client.get({ name: `${origin}/jobs/1` })).toMatchObject({
      response: { pages: 12 },
    });
  });

  test.each([301, 302, 303, 307, 308])('to another origin are refused: %i', async (status) => {
    const { service, client } = clientOf(
      { 'GET /jobs/1': to(status, `${elsewhere}/1`) },
      { baseUrl: origin },
    );
    await expect(client.get({ name: `${origin}/jobs/1` })).rejects.toThrow(/a different origin/);
    expect(service.seen).toHaveLength(1);
  });

  test.each([
    [302, 6],
    [303, 7],
  ])('in a loop end: %i', async (status, requests) => {
    const { service, client } = clientOf(
      { 'GET /jobs/1': to(status, '/jobs/1') },
      { baseUrl: origin },
    );
    await expect(client.get({ name: `${origin}/jobs/1` })).rejects.toMatchObject({
      code: Code.FAILED_PRECONDITION,
      message: expect.stringMatching(/At most 5 redirects are followed/) as string,
    });
    expect(service.seen).toHaveLength(requests);
  });

  test.each([300, 304, 305])('of other kinds are not followed: %i', async (status) => {
    const { service, client } = clientOf(
      { 'GET /jobs/1': to(status, '/jobs/2') },
      { baseUrl: origin },
    );
    await expect(client.get({ name: `${origin}/jobs/1` })).rejects.toThrow(/redirects to/);
    expect(service.seen).toHaveLength(1);
  });

  test.each([307, 308])('of a cancel are followed with its method: %i', async (status) => {
    const { service, client } = clientOf(
      {
        'GET /jobs/1': { status: 202 },
        'DELETE /jobs/1': to(status, '/jobs/2'),
        'DELETE /jobs/2': { status: 204 },
      },
      { baseUrl: origin, cancel: 'DELETE' },
    );
    expect(await client.cancel({ name: `${origin}/jobs/1` })).toEqual({});
    expect(service.asked()).toEqual(['GET /jobs/1', 'DELETE /jobs/1', 'DELETE /jobs/2']);
  });

  test.each([[], [elsewhere]])(
    'of a cancel to another origin are refused: %j',
    async (...origins) => {
      const { service, client } = clientOf(
        { 'POST /jobs/1/cancel': to(307, `${elsewhere}/jobs/1/cancel`) },
        { baseUrl: origin, cancel: 'POST /cancel', origins },
      );
      await expect(client.cancel({ name: `${origin}/jobs/1` })).rejects.toThrow(
        /at one origin only/,
      );
      expect(service.asked()).toEqual(['POST /jobs/1/cancel']);
    },
  );

  test.each([301, 302, 303])(
    'of a cancel that may change its method end it: %i',
    async (status) => {
      const { service, client } = clientOf(
        { 'DELETE /jobs/1': to(status, '/jobs/2') },
        { baseUrl: origin, cancel: 'DELETE' },
      );
      await expect(client.cancel({ name: `${origin}/jobs/1` })).rejects.toThrow(/redirects to/);
      expect(service.asked()).toEqual(['GET /jobs/1', 'DELETE /jobs/1']);
    },
  );

  test('that a browser hides are an error that says so', async () => {
    const opaque = Object.defineProperties(Response.error(), { type: { value: 'opaqueredirect' } });
    const client = statusMonitorClient({ fetch: async () => opaque });
    await expect(client.get({ name: `${origin}/jobs/1` })).rejects.toMatchObject({
      code: Code.FAILED_PRECONDITION,
      message: expect.stringMatching(/A browser does not tell where a redirect leads/) as string,
    });
  });
});

test('`headers` as a function is asked before each request, and once more when they are refused', async () => {
  const told: boolean[] = [];
  const { client } = clientOf(
    {
      'GET /operations/1': [{ status: 401 }, succeeded],
      'GET /films/42': [{ status: 401 }, { body: { id: 'film-42' } }],
    },
    {
      baseUrl: origin,
      headers: async ({ refused }) => {
        told.push(refused);
        return headers;
      },
    },
  );
  const name = `${origin}/operations/1#rx-lro=1&kind=status&result=/films/42`;
  expect(await client.get({ name })).toMatchObject({ response: { id: 'film-42' } });
  expect(told).toEqual([false, true, false, true]);
});

test('what is accepted is told to services of all kinds, unless `headers` says it', async () => {
  for (const accept of [undefined, 'application/fhir+json']) {
    const service = serviceOf({ 'GET /jobs/1': { status: 202 } });
    const client = statusMonitorClient({
      fetch: service.fetch,
      baseUrl: origin,
      ...(accept && { headers: { accept } }),
    });
    await client.get({ name: `${origin}/jobs/1` });
    expect(service.seen[0]?.headers.get('accept')).toMatch(accept ?? /json.*fhir.*vnd\.api/);
  }
});

test('errors show neither the query of a URL nor credentials', async () => {
  const { client } = clientOf({}, { baseUrl: origin });
  const name = `${origin}/jobs/1?sig=secret#rx-lro=1&kind=http`;
  const error = (await client.get({ name }).catch((thrown: unknown) => thrown)) as Error;
  expect(error.message).toContain(`${origin}/jobs/1`);
  expect(`${error.message}${String(error.cause)}`).not.toContain('secret');
});

describe('an option is checked:', () => {
  test.each([
    [{ baseUrl: 'api.example.com' }, RangeError],
    [{ baseUrl: 1 }, TypeError],
    [{ fetch: 1 }, TypeError],
    [{ headers: 1 }, TypeError],
    [{ statusOf: 'status' }, TypeError],
    [{ origins: elsewhere }, TypeError],
    [{ origins: [1] }, RangeError],
    [{ origins: [`${elsewhere}/path`] }, RangeError],
    [{ origins: ['ftp://other.example.com'] }, RangeError],
    [{ cancel: 1 }, TypeError],
    [{ cancel: 'GET' }, RangeError],
    [{ cancel: 'POST cancel' }, RangeError],
    [{ cancel: 'POST /../cancel' }, RangeError],
    [{ cancel: 'POST /cancel?now' }, RangeError],
    [{ delete: 'delete' }, RangeError],
  ])('%j', (options, kind) => {
    const [option = ''] = Object.keys(options);
    expect(() => statusMonitorClient(options as never)).toThrow(kind);
    expect(() => statusMonitorClient(options as never)).toThrow(`\`${option}\``);
  });

  test('null and undefined mean not given', () => {
    const none = { baseUrl: null, fetch: null, headers: null, origins: null, statusOf: null };
    expect(
      statusMonitorClient({ ...none, cancel: null, delete: undefined } as never),
    ).toBeDefined();
  });
});
