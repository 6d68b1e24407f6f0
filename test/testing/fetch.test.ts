import { FakeOperations, VirtualTime } from 'rx-lro/testing';
import { describe, expect, test } from 'vitest';

const base = 'https://operations.test';
const name = 'operations/1';

function setUp(options: object = {}): { time: VirtualTime; fake: FakeOperations } {
  const time = new VirtualTime();
  return { time, fake: new FakeOperations({ scheduler: time, wait: true, ...options }) };
}

async function answerOf(response: Promise<Response>): Promise<[number, unknown]> {
  const { status, headers, body } = await response.then(async (each) => ({
    status: each.status,
    headers: each.headers,
    body: (await each.json()) as unknown,
  }));
  expect(headers.get('content-type')).toBe('application/json');
  return [status, body];
}

describe('fetch', () => {
  test('gets an operation, and leaves out `done` while it is false', async () => {
    const { time, fake } = setUp();
    fake.start({ metadata: { done: false }, duration: 10, response: { value: 1 } });
    const { fetch } = fake;
    const metadata = { done: false };
    expect(await answerOf(fetch(`${base}/v1/${name}`))).toEqual([200, { name, metadata }]);
    await time.advance(10);
    expect(await answerOf(fetch(new URL(`${base}/v2beta1/${name}`)))).toEqual([
      200,
      { name, metadata, done: true, response: { value: 1 } },
    ]);
    expect(fake.calls.map(({ method }) => method)).toEqual(['get', 'get']);
  });

  test('takes a Request, with and without more options', async () => {
    const { fake } = setUp();
    fake.start();
    const request = new Request(`${base}/v1/${name}:cancel`, { method: 'POST', body: '{}' });
    expect(await answerOf(fake.fetch(request.clone()))).toEqual([200, {}]);
    expect(await answerOf(fake.fetch(request, { headers: { a: 'b' } }))).toEqual([200, {}]);
    expect(fake.calls.map(({ method }) => method)).toEqual(['cancel', 'cancel']);
  });

  test('fits where the fetch of the platform does', () => {
    const platform: typeof fetch = new FakeOperations().fetch;
    expect(platform).toBeTypeOf('function');
  });

  test('deletes', async () => {
    const { fake } = setUp();
    fake.start();
    const request = { method: 'DELETE' };
    expect(await answerOf(fake.fetch(`${base}/v1/${name}`, request))).toEqual([200, {}]);
    expect((await fake.fetch(`${base}/v1/${name}`, request)).status).toBe(404);
  });

  test('decodes a name segment by segment', async () => {
    const { fake } = setUp();
    const odd = 'projects/a b/databases/(default)/operations/x:1/ü+=%';
    fake.start({ name: odd });
    const path = odd.split('/').map(encodeURIComponent).join('/');
    expect(await answerOf(fake.fetch(`${base}/v1/${path}`))).toEqual([200, { name: odd }]);
    expect(await answerOf(fake.fetch(`${base}/v1/${encodeURIComponent(odd)}`))).toEqual([
      200,
      { name: odd },
    ]);
    const cancel = fake.fetch(`${base}/v1/${path}:cancel`, { method: 'POST' });
    expect(await answerOf(cancel)).toEqual([200, {}]);
  });

  test('takes a colon within a name for no action', async () => {
    const { fake } = setUp();
    fake.start({ name: 'operations/a:b' });
    fake.start({ name: 'operations/a:cancel' });
    expect((await fake.fetch(`${base}/v1/operations/a:b`)).status).toBe(200);
    const request = { method: 'DELETE' };
    expect((await fake.fetch(`${base}/v1/operations/a%3Acancel`, request)).status).toBe(200);
    expect(fake.calls.map((call) => call.name)).toEqual(['operations/a:b', 'operations/a:cancel']);
  });

  test('lists page by page, with the names of either spelling', async () => {
    const { fake } = setUp({ parent: 'projects/p', unreachable: ['x'] });
    for (let index = 0; index < 3; index += 1) fake.start({ duration: 5 });
    const url = `${base}/v1/projects/p/operations?filter=done%3Dfalse`;
    const [, first] = await answerOf(fake.fetch(`${url}&pageSize=2`));
    const { nextPageToken } = first as { nextPageToken: string };
    const names = ['projects/p/operations/1', 'projects/p/operations/2'];
    expect(first).toEqual({ operations: names.map((each) => ({ name: each })), nextPageToken });
    const token = encodeURIComponent(nextPageToken);
    const query = `page_size=2&page_token=${token}&return_partial_success=true`;
    expect(await answerOf(fake.fetch(`${url}&${query}`))).toEqual([
      200,
      { operations: [{ name: 'projects/p/operations/3' }], unreachable: ['x'] },
    ]);
    expect(fake.calls.map((call) => call.name)).toEqual(['projects/p', 'projects/p']);
  });

  test('lists without a parent, or with one in the query, and leaves out an empty list', async () => {
    const { fake } = setUp();
    fake.start();
    fake.start({ name: 'projects/p/operations/2' });
    const list = (query: string): Promise<unknown> =>
      answerOf(fake.fetch(`${base}/v1/operations${query}`));
    expect(await list('')).toEqual([200, { operations: [{ name }] }]);
    expect(await list('?name=projects%2Fp')).toEqual([
      200,
      { operations: [{ name: 'projects/p/operations/2' }] },
    ]);
    expect(await list('?name=projects%2Fq')).toEqual([200, {}]);
  });

  test.each(['GET', 'get'])(
    'takes a POST with `x-http-method-override: %s` for a GET with its body as the query',
    async (override) => {
      const { fake } = setUp({ parent: 'projects/p' });
      for (let index = 0; index < 3; index += 1) fake.start();
      const headers = {
        'x-http-method-override': override,
        'content-type': 'application/x-www-form-urlencoded',
      };
      const send = (path: string, body?: string): Promise<unknown> =>
        answerOf(fake.fetch(base + path, { method: 'POST', headers, body: body ?? null }));
      const [, page] = (await send(
        '/v1/projects/p/operations?alt=json',
        'pageSize=2&filter=done%3Afalse+AND+name%3Aoperations',
      )) as [number, { operations: unknown[]; nextPageToken: string }];
      expect(page.operations).toHaveLength(2);
      const query = new URLSearchParams({
        pageSize: '2',
        filter: 'done:false AND name:operations',
        pageToken: page.nextPageToken,
      });
      expect(await send('/v1/projects/p/operations', String(query))).toEqual([
        200,
        { operations: [{ name: 'projects/p/operations/3' }] },
      ]);
      const one = 'projects/p/operations/1';
      expect(await send(`/v1/${one}`)).toEqual([200, { name: one }]);
      expect(await send('/v1/operations/9', '%24.xgafv=1')).toMatchObject([
        404,
        { error: { errors: [{ reason: 'notFound' }] } },
      ]);
      expect(fake.calls.map(({ method }) => method)).toEqual(['list', 'list', 'get', 'get']);
    },
  );

  test('takes the method of a POST from `x-http-method-override`, and of no other request', async () => {
    const { fake } = setUp();
    fake.start();
    const send = (method: string, override: string): Promise<unknown> =>
      answerOf(
        fake.fetch(`${base}/v1/${name}`, {
          method,
          headers: { 'X-HTTP-Method-Override': override },
        }),
      );
    expect(await send('GET', 'DELETE')).toEqual([200, { name }]);
    expect(await send('POST', 'PATCH')).toMatchObject([405, {}]);
    expect(await send('POST', 'DELETE')).toEqual([200, {}]);
    expect(fake.calls.map(({ method }) => method)).toEqual(['get', 'delete']);
  });

  test('waits as long as the body or the query says', async () => {
    const { time, fake } = setUp();
    fake.start();
    const wait = async (query: string, body?: string): Promise<number> => {
      const before = time.now();
      const init = { method: 'POST', ...(body === undefined ? {} : { body }) };
      const response = await time.runUntil(fake.fetch(`${base}/v1/${name}:wait${query}`, init));
      expect(response.status).toBe(200);
      return time.now() - before;
    };
    expect(await wait('', '{"timeout": "1.5s"}')).toBe(1_500);
    expect(await wait('?timeout=2s')).toBe(2_000);
    expect(await wait('', '{}')).toBe(60_000);
    expect(await wait('')).toBe(60_000);
  });

  test('writes what JSON cannot hold as ProtoJSON does', async () => {
    const { fake } = setUp();
    fake.start({ response: { count: 2n ** 60n, bytes: new Uint8Array([1, 2, 3]) } });
    expect(await answerOf(fake.fetch(`${base}/v1/${name}`))).toMatchObject([
      200,
      { response: { count: '1152921504606846976', bytes: 'AQID' } },
    ]);
  });

  test('ends at once when its signal is aborted', async () => {
    const { time, fake } = setUp({ latency: 100 });
    fake.start();
    for (const form of ['options', 'request', 'both'] as const) {
      const controller = new AbortController();
      const { signal } = controller;
      const url = `${base}/v1/${name}`;
      const call =
        form === 'options'
          ? fake.fetch(url, { signal })
          : fake.fetch(
              new Request(url, { signal }),
              form === 'both' ? { method: 'GET' } : undefined,
            );
      expect(fake.inFlight).toBe(1);
      const reason = new Error('enough');
      controller.abort(reason);
      expect([fake.inFlight, time.pending]).toEqual([0, 0]);
      await expect(call).rejects.toBe(reason);
    }
    expect(fake.calls.map(({ aborted }) => aborted)).toEqual([true, true, true]);
  });
});

describe('an error over HTTP', () => {
  const message = 'There is no operation "operations/1".';

  test('has the form of version 2, or of version 1 on demand', async () => {
    const { fake } = setUp();
    expect(await answerOf(fake.fetch(`${base}/v1/${name}`))).toEqual([
      404,
      { error: { code: 404, message, status: 'NOT_FOUND' } },
    ]);
    expect(await answerOf(fake.fetch(`${base}/v1/${name}?%24.xgafv=1`))).toEqual([
      404,
      {
        error: { errors: [{ domain: 'global', reason: 'notFound', message }], code: 404, message },
      },
    ]);
  });

  test('tells when to try again, rounded up to seconds', async () => {
    const { fake } = setUp();
    fake.start();
    fake.fail({ retryAfter: 1_200, status: { code: 8, message: 'full' } });
    const response = await fake.fetch(`${base}/v1/${name}`);
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe('2');
    const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '1.2s' }];
    expect(await response.json()).toEqual({
      error: { code: 429, message: 'full', status: 'RESOURCE_EXHAUSTED', details },
    });
  });

  test('may have another status than its code stands for', async () => {
    const { fake } = setUp();
    fake.fail({ httpStatus: 200, status: { code: 12 } });
    fake.fail({ httpStatus: 429 });
    expect(await answerOf(fake.fetch(`${base}/v1/${name}`))).toMatchObject([
      200,
      { error: { code: 200, status: 'UNIMPLEMENTED' } },
    ]);
    expect(await answerOf(fake.fetch(`${base}/v1/${name}`))).toMatchObject([
      429,
      { error: { code: 429, status: 'RESOURCE_EXHAUSTED' } },
    ]);
  });

  test.each<[string, string, number, string?]>([
    ['GET', '/', 404],
    ['GET', '/v1', 404],
    ['GET', '/v1/', 404],
    ['GET', '/health', 404],
    ['GET', '/version/operations/1', 404],
    ['GET', '/v1//operations', 404],
    ['POST', '/v1/operations/1:undelete', 404],
    ['POST', '/v1/operations/1', 405, 'GET, DELETE'],
    ['PUT', '/v1/operations/1', 405, 'GET, DELETE'],
    ['DELETE', '/v1/operations', 405, 'GET'],
    ['GET', '/v1/operations/1:cancel', 405, 'POST'],
    ['DELETE', '/v1/operations/1:wait', 405, 'POST'],
    ['GET', '/v1/operations/%ff', 400],
    ['GET', '/v1/operations?pageSize=many', 400],
    ['GET', '/v1/operations?pageSize=-1', 400],
    ['POST', '/v1/operations/1:wait?timeout=5', 400],
  ])('answers %s %s with %d', async (method, path, status, allow) => {
    const { fake } = setUp();
    fake.start();
    const response = await fake.fetch(base + path, { method });
    expect(response.status).toBe(status);
    expect(response.headers.get('allow')).toBe(allow ?? null);
    expect(await response.json()).toMatchObject({ error: { code: status } });
  });

  test.each(['{', '5s', '{"timeout": "soon"}', 'null'])(
    'answers a wait with the body %s with 400',
    async (body) => {
      const { fake } = setUp();
      fake.start();
      const init = { method: 'POST', body };
      const [status] = await answerOf(fake.fetch(`${base}/v1/${name}:wait`, init));
      expect(status).toBe(400);
      expect(fake.calls).toEqual([]);
    },
  );
});

describe('a raw answer over HTTP', () => {
  test.each<[unknown, number | undefined, string, string | null]>([
    ['<html>bad gateway</html>', 502, '<html>bad gateway</html>', 'text/html'],
    ['{"name": "oper', undefined, '{"name": "oper', 'application/json'],
    [{ done: 1 }, undefined, '{"done":1}', 'application/json'],
    [null, 500, 'null', 'application/json'],
    ['', 503, '', 'application/json'],
    ['left out', 204, '', null],
  ])('sends %j as it is', async (answer, httpStatus, body, contentType) => {
    const { fake } = setUp();
    fake.fail({ answer, httpStatus, retryAfter: 3_000 });
    const response = await fake.fetch(`${base}/v1/${name}`);
    expect(response.status).toBe(httpStatus ?? 200);
    expect(response.headers.get('content-type')).toBe(contentType);
    expect(response.headers.get('retry-after')).toBe('3');
    expect(await response.text()).toBe(body);
  });
});
