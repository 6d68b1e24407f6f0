import { CallFailedError, Code } from 'rx-lro';
import { statusMonitorClient } from 'rx-lro/status-monitor';
import { afterEach, describe, expect, test, vi } from 'vitest';

import { origin, serviceOf } from './service.js';
import { accepted, run } from './world.js';

const url = `${origin}/v1/films/42`;

afterEach(() => void vi.useRealTimers());

describe('without a URL of the start call', () => {
  const response = (header: string): Response =>
    new Response(null, { status: 202, headers: { [header]: 'jobs/1' } });
  const client = statusMonitorClient({ baseUrl: `${origin}/v1` });

  test.each([
    [{ method: 'PUT' }, 'operation-location'],
    [{ method: 'PUT' }, 'location'],
    [{ method: 'PATCH' }, 'operation-location'],
    [{ resultAt: 'original' as const }, 'operation-location'],
    [{ method: 'PUT' }, 'x-none'],
  ])('a result there is refused, even with `baseUrl`: %j, %s', async (start, header) => {
    const begun = client.operation(response(header), start);
    await expect(begun).rejects.toThrow(RangeError);
    await expect(begun).rejects.toThrow(/give the option `url`/);
    const told = await client.operation(response(header), { ...start, url });
    expect(told.name).toMatch(/films(%2F|\/)42/);
  });

  test.each([{}, { method: 'POST' }, { method: 'DELETE' }])(
    'relative URLs resolve against `baseUrl`, and nothing is guessed: %j',
    async (start) => {
      const { name } = await client.operation(response('operation-location'), start);
      expect(name).toBe(`${origin}/v1/jobs/1#rx-lro=1&kind=status`);
    },
  );
});

describe('a body', () => {
  const answer = (init: ResponseInit, fail: boolean): Response => {
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"id": 1'));
        if (fail) controller.error(new TypeError('terminated'));
      },
    });
    return Object.defineProperty(new Response(body, init), 'url', { value: url });
  };
  const named = { status: 202, headers: { location: '/jobs/1' } };

  test.each([
    [named, {}],
    [{ status: 200, headers: { 'operation-location': '/jobs/1' } }, {}],
    [{ status: 202 }, { monitor: '/jobs/1' }],
    [{ status: 303, headers: { location: '/jobs/1' } }, {}],
  ])('that breaks or never ends does not lose a monitor: %j, %j', async (init, start) => {
    const client = statusMonitorClient();
    const broken = await client.operation(answer(init, true), { method: 'POST', ...start });
    expect(broken).toMatchObject({ done: false });
    expect(broken.name).toMatch(`${origin}/jobs/1#`);
    vi.useFakeTimers();
    const begun = client.operation(answer(init, false), { method: 'POST', ...start });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await begun).toEqual(broken);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('that breaks is a failed call where it is the result', async () => {
    const begun = statusMonitorClient().operation(answer({ status: 200 }, true));
    await expect(begun).rejects.toBeInstanceOf(CallFailedError);
  });

  test.each([named, { status: 200 }])('is read until `signal` is aborted: %j', async (init) => {
    const reason = new Error('Enough.');
    const controller = new AbortController();
    const client = statusMonitorClient();
    const begun = client.operation(answer(init, false), { signal: controller.signal });
    controller.abort(reason);
    await expect(begun).rejects.toBe(reason);
    const late = client.operation(answer(init, false), { signal: controller.signal });
    await expect(late).rejects.toBe(reason);
    await expect(client.operation(answer(init, true), { signal: {} as never })).rejects.toThrow(
      /`signal` must be an abort signal/,
    );
  });
});

describe('a guess, where no method is given', () => {
  const headers = { 'operation-location': '/operations/1' };
  const list = [{ id: 'order-1' }];
  const done = { status: 'Succeeded' };

  test.each([202, 201, 200])('is not a list: %i', async (status) => {
    for (const body of [list, { value: list, nextLink: 'x' }]) {
      const { operation } = await run(
        'POST /orders',
        {
          'POST /orders': { status, headers },
          'GET /operations/1': { body: done },
          'GET /orders': { body },
        },
        {},
      );
      expect(operation.response).toEqual(done);
    }
  });

  test.each(['result', 'results', 'analyzeResult', 'output', 'outputs', 'response'])(
    'is not made where the document of the monitor holds a result: %s',
    async (field) => {
      const body = { ...done, [field]: { id: 'order-1' } };
      const { operation, service } = await run(
        'POST /orders',
        {
          'POST /orders': accepted(headers),
          'GET /operations/1': { body },
          'GET /orders': { body: { id: 'orders' } },
        },
        {},
      );
      expect(operation.response).toEqual(body);
      expect(service.asked()).toEqual(['POST /orders', 'GET /operations/1']);
    },
  );

  test.each([
    [{ resourceLocation: '/orders/list' }, list],
    [{ result: null }, { id: 'film-42' }],
  ])('leaves alone what is no guess, and what holds nothing: %j', async (fields, response) => {
    const { operation } = await run(
      'PUT /films/42',
      {
        'PUT /films/42': accepted(headers),
        'GET /operations/1': { body: { ...done, ...fields } },
        'GET /orders/list': { body: list },
        'GET /films/42': { body: { id: 'film-42' } },
      },
      {},
    );
    expect(operation.response).toEqual(response);
  });
});

describe('a header that is not a URL', () => {
  test.each([
    [{ 'operation-location': 'ftp://x/1', location: '/jobs/1' }, 'http'],
    [{ 'operation-location': 'ftp://x/1', 'content-location': '/jobs/1' }, 'http'],
    [{ 'operation-location': 'ftp://x/1', 'azure-asyncoperation': '/jobs/1' }, 'status'],
    [{ 'content-location': 'ftp://x/1', location: '/jobs/1' }, 'http'],
  ])('does not refuse a start where another one names the monitor: %j', async (headers, kind) => {
    const { fetch } = serviceOf({ 'POST /films': accepted(headers) });
    const start = fetch(`${origin}/films`, { method: 'POST' });
    const { name } = await statusMonitorClient({ fetch }).operation(start, { method: 'POST' });
    expect(name).toMatch(`${origin}/jobs/1#rx-lro=1&kind=${kind}`);
  });

  test('refuses it where that is no monitor', async () => {
    const headers = { 'operation-location': 'ftp://x/1', location: '/films/42' };
    const { fetch } = serviceOf({ 'POST /films': { status: 201, headers } });
    const start = fetch(`${origin}/films`, { method: 'POST' });
    await expect(statusMonitorClient({ fetch }).operation(start)).rejects.toThrow(
      /operation-location is not an http or https URL/,
    );
  });
});

describe('a start call that the network fails', () => {
  test('is a failed call', async () => {
    const cause = new TypeError('fetch failed');
    const begun = statusMonitorClient().operation(Promise.reject(cause));
    await expect(begun).rejects.toBeInstanceOf(CallFailedError);
    await expect(begun).rejects.toMatchObject({ method: 'start', code: Code.UNAVAILABLE, cause });
  });

  test('by an abort rejects with its reason', async () => {
    const reason: unknown = AbortSignal.abort().reason;
    await expect(statusMonitorClient().operation(Promise.reject(reason))).rejects.toBe(reason);
  });
});

describe('the reason of the signal is kept', () => {
  test.each([new Error('Enough.'), 'stop'])(
    'while the start call is under way: %s',
    async (reason) => {
      const controller = new AbortController();
      const begun = statusMonitorClient().operation(
        new Promise((_, reject) => {
          controller.signal.addEventListener('abort', () =>
            reject(controller.signal.reason as Error),
          );
        }),
        { signal: controller.signal },
      );
      controller.abort(reason);
      expect(await begun.catch((error: unknown) => error)).toBe(reason);
    },
  );
});

describe('a redirect that `fetch` has followed', () => {
  const followed = (status: number, body?: object): Response =>
    Object.defineProperties(Response.json(body ?? null, { status }), {
      url: { value: `${origin}/jobs/1` },
      redirected: { value: true },
    });

  test.each([
    [202, undefined, 'kind=http'],
    [200, { id: 1, status: 'queued' }, 'kind=document&own=%2F1'],
  ])('leads to the monitor where the work goes on: %i %j', async (status, body, how) => {
    const { name, done } = await statusMonitorClient().operation(followed(status, body));
    expect(done).toBe(false);
    expect(name).toBe(`${origin}/jobs/1#rx-lro=1&${how}`);
  });

  test('leads to the result where it does not', async () => {
    const operation = await statusMonitorClient().operation(followed(200, { pages: 12 }));
    expect(operation).toMatchObject({ done: true, response: { pages: 12 } });
  });
});

describe('an error of a start call says what is wrong:', () => {
  const refused = (status: number, body: unknown): Promise<unknown> => {
    const { fetch } = serviceOf({ 'GET /$export': { status, body } });
    const begun = statusMonitorClient({ fetch }).operation(fetch(`${origin}/$export`));
    return begun.catch((error: unknown) => error);
  };

  test.each([
    [400, 'processing', 'INVALID_ARGUMENT (3)', 'Nothing was started.'],
    [400, 'exception', 'INVALID_ARGUMENT (3)', 'Nothing was started.'],
    [401, 'login', 'UNAUTHENTICATED (16)', 'Nothing was started.'],
    [429, 'throttled', 'RESOURCE_EXHAUSTED (8)', 'Nothing was started.'],
    [409, 'conflict', 'ABORTED (10)', 'It may have begun: check before you start it again.'],
    [503, 'processing', 'UNAVAILABLE (14)', 'It may have begun: check before you start it again.'],
  ])('the text of an OperationOutcome, with %i and %s', async (status, code, shown, hint) => {
    const issue = [{ severity: 'error', code, diagnostics: 'Not now.' }];
    const body = { resourceType: 'OperationOutcome', issue };
    const error = (await refused(status, body)) as CallFailedError;
    expect(error.message).toBe(
      `The start call to ${origin}/$export failed: ${shown}: Not now. ${hint}`,
    );
    expect(error.details).toEqual([body]);
  });

  test('the message of an error of Azure', async () => {
    const body = { error: { code: 'InvalidSku', message: 'No such size.' } };
    expect(((await refused(400, body)) as CallFailedError).message).toBe(
      `The start call to ${origin}/$export failed: INVALID_ARGUMENT (3): No such size. Nothing was started.`,
    );
  });

  test('its method', async () => {
    const { fetch } = serviceOf({ 'PUT /films': { status: 409, body: {} } });
    const client = statusMonitorClient({ fetch });
    const begin = (start: object): Promise<unknown> =>
      client
        .operation(fetch(`${origin}/films`, { method: 'PUT' }), start)
        .catch((error: unknown) => ((error as Error).cause as Error).message);
    expect(await begin({ method: 'put' })).toMatch(/from PUT https/);
    expect(await begin({})).toMatch(/from https/);
  });

  test('a URL with credentials', async () => {
    const response = new Response(null, { status: 202, headers: { location: '/jobs/1' } });
    const call = statusMonitorClient().operation(response, {
      url: 'https://me:pw@api.example.com/',
    });
    await expect(call).rejects.toThrow(/`url` must be an http or https URL without credentials/);
    await expect(call).rejects.not.toThrow(/pw/);
  });

  test('a body that is locked', async () => {
    const response = Response.json({ pages: 12 });
    const reader = response.body?.getReader();
    const call = statusMonitorClient().operation(response, { url });
    await expect(call).rejects.toThrow(/was read already/);
    expect(reader).toBeDefined();
  });

  test('headers that cannot be read', async () => {
    const response = { status: 202, headers: { get: () => '/jobs/1' }, url };
    await expect(statusMonitorClient().operation(response as never)).rejects.toThrow(TypeError);
  });
});

test('a header that a proxy has doubled is one URL, and two URLs are none', async () => {
  const answer = (...places: readonly string[]): Response => {
    const headers = new Headers();
    for (const place of places) headers.append('operation-location', place);
    return new Response(null, { status: 202, headers });
  };
  const client = statusMonitorClient();
  const place = `${origin}/operations/1`;
  const { name } = await client.operation(answer(place, place), { url });
  expect(name).toMatch(`${place}#`);
  await expect(client.operation(answer(place, `${origin}/2`), { url })).rejects.toThrow(
    /operation-location is not an http or https URL/,
  );
});

test.each([
  ['the monitor', { location: 'http://localhost:9/s/1?key=secret' }],
  [
    'the result',
    { 'operation-location': '/jobs/1', location: 'http://localhost:9/s/1?key=secret' },
  ],
])(
  '%s at an origin that is not allowed: the start call, and what allows it',
  async (what, headers) => {
    const { fetch } = serviceOf({ 'POST /films': accepted(headers) });
    const start = fetch(`${origin}/films`, { method: 'POST' });
    const call = statusMonitorClient({ fetch }).operation(start, { method: 'POST' });
    const error = (await call.catch((thrown: unknown) => thrown)) as CallFailedError;
    expect(error).toMatchObject({ code: Code.FAILED_PRECONDITION, url: `${origin}/films` });
    expect(error.message).toMatch(
      `The start call to ${origin}/films failed: FAILED_PRECONDITION (9): ` +
        `It was answered with HTTP 202, so the operation may run, and names ${what} http://localhost:9/s/1: ` +
        `http://localhost:9 is a different origin from ${origin}; add it to \`origins\` to allow it.`,
    );
  },
);
