import { describe, expect, it } from 'vitest';
import { restClient, type RestClientOptions, type RestPaths } from 'rx-lro/rest';
import { failureOf, recorder } from './recorder.js';

const baseUrl = 'https://api.example.com';
const name = 'projects/p/operations/1';

async function requestOf(
  paths: RestPaths | undefined,
  method: keyof RestPaths,
  request: object = { name },
  more: Partial<RestClientOptions> = {},
): Promise<{ verb: string | undefined; path: string | undefined; body: unknown }> {
  const { fetch, sent } = recorder();
  const client = restClient({ baseUrl, fetch, paths, ...more });
  await client[method]?.({ name, ...request });
  const [one] = sent;
  return { verb: one?.verb, path: one?.url.replace(`${baseUrl}/`, ''), body: one?.body };
}

describe('the defaults are the standard bindings', () => {
  it.each([
    ['get', name, 'GET', `v1/${name}`, undefined],
    ['list', 'projects/p', 'GET', 'v1/projects/p/operations', undefined],
    ['cancel', name, 'POST', `v1/${name}:cancel`, '{}'],
    ['delete', name, 'DELETE', `v1/${name}`, undefined],
  ] as const)('%s [fact 14]', async (method, asked, verb, path, body) => {
    expect(await requestOf(undefined, method, { name: asked })).toEqual({ verb, path, body });
  });

  it.each([
    ['operations', 'v1/operations'],
    ['projects/p/operations', 'v1/projects/p/operations'],
    ['projects/p/myoperations', 'v1/projects/p/myoperations/operations'],
    ['operations/x', 'v1/operations/x/operations'],
  ])('list of %s asks for %s [fact 20]', async (asked, path) => {
    expect((await requestOf(undefined, 'list', { name: asked })).path).toBe(path);
  });

  it("a list path of one's own takes every name as it is", async () => {
    const { path } = await requestOf({ list: 'v1/{+name}/operations' }, 'list', {
      name: 'operations',
    });
    expect(path).toBe('v1/operations/operations');
  });

  it('leave out the version that baseUrl has', async () => {
    const base = { baseUrl: `${baseUrl}/v2` };
    expect((await requestOf(undefined, 'get', {}, base)).path).toBe(`v2/${name}`);
    expect((await requestOf(undefined, 'list', { name: 'operations' }, base)).path).toBe(
      'v2/operations',
    );
    expect((await requestOf(undefined, 'list', { name: 'p' }, base)).path).toBe('v2/p/operations');
    expect((await requestOf(undefined, 'cancel', {}, base)).path).toBe(`v2/${name}:cancel`);
    expect((await requestOf(undefined, 'delete', {}, base)).path).toBe(`v2/${name}`);
  });

  it('stay for the methods that have no path', async () => {
    const paths = { get: 'v3/{+name}' };
    expect((await requestOf(paths, 'get')).path).toBe(`v3/${name}`);
    expect((await requestOf(paths, 'delete')).path).toBe(`v1/${name}`);
  });

  it('have no wait [fact 14]', () => {
    expect('wait' in restClient({ baseUrl })).toBe(false);
  });
});

describe('a template', () => {
  it.each([
    ['v1/{+name}', 'GET', `v1/${name}`],
    ['/v1/{+name}', 'GET', `v1/${name}`],
    ['v1/{name}', 'GET', 'v1/projects%2Fp%2Foperations%2F1'],
    ['v1/operations/{+name}', 'GET', `v1/operations/${name}`],
    ['{+operation}', 'GET', name],
    ['v1/{operation_id}/state', 'GET', 'v1/projects%2Fp%2Foperations%2F1/state'],
    ['v1/{+operation.name}', 'GET', `v1/${name}`],
    ['v1/{+name}/', 'GET', `v1/${name}/`],
    ["a-b_c.d~e!$&'()*+,;=:@/{+x}", 'GET', `a-b_c.d~e!$&'()*+,;=:@/${name}`],
    ['POST v1/{+name}:fetch', 'POST', `v1/${name}:fetch`],
    ['GET /v1/{+name}', 'GET', `v1/${name}`],
    ['PUT v1/{+name}', 'PUT', `v1/${name}`],
    ['PATCH v1/{+name}', 'PATCH', `v1/${name}`],
  ])('%s', async (get, verb, path) => {
    expect(await requestOf({ get }, 'get')).toEqual({ verb, path, body: undefined });
  });

  it.each<[keyof RestPaths, unknown, typeof RangeError | typeof TypeError, RegExp]>([
    ['get', 1, TypeError, /must be a string; it is 1/],
    ['get', '', RangeError, /must have a variable for the name/],
    ['get', 'v1/operations', RangeError, /must have a variable for the name/],
    ['cancel', 'v1/operations:cancel', RangeError, /must have a variable/],
    ['get', 'v1/name}', RangeError, /must be a path of letters/],
    ['list', '', RangeError, /segment that is empty/],
    ['list', '/', RangeError, /segment that is empty/],
    [
      'get',
      'v1/projects/{project}/operations/{operation}',
      RangeError,
      /has 2 variables, and only one can take the name/,
    ],
    ['list', '{+folder}/zones/{zone}/x/{y}', RangeError, /has 3 variables/],
    [
      'get',
      'v1/{name=operations/**}',
      RangeError,
      /as \{name\} or \{\+name\}, not \{name=operations\/\*\*\}/,
    ],
    ['get', 'v1/{}', RangeError, /not \{\}/],
    ['get', 'v1/{#name}', RangeError, /not \{#name\}/],
    ['get', 'v1/{1}', RangeError, /not \{1\}/],
    ['get', 'v1/{+name}{?timeout}', RangeError, /not \{\?timeout\}/],
    ['wait', 'v1/{+name}{?timeout}:wait', RangeError, /not \{\?timeout\}/],
    ['wait', 'v1/{+name}:wait{?time}', RangeError, /not \{\?time\}/],
    ['get', 'v1/{+name', RangeError, /must be a path of letters/],
    ['get', 'v1/name}/{+name}', RangeError, /must be a path of letters/],
    ['get', 'v1/{+name}?alt=json', RangeError, /must be a path of letters/],
    ['get', 'v1/{+name}#x', RangeError, /must be a path of letters/],
    ['get', 'v1\\{+name}', RangeError, /must be a path of letters/],
    ['get', 'v1/%2e%2e/{+name}', RangeError, /must be a path of letters/],
    ['get', 'v1/a b/{+name}', RangeError, /must be a path of letters/],
    ['get', 'get v1/{+name}', RangeError, /must be a path of letters/],
    ['get', 'v1/é/{+name}', RangeError, /must be a path of letters/],
    ['get', 'v1/{+name}\n', RangeError, /must be a path of letters/],
    ['get', 'HEAD v1/{+name}', RangeError, /one of GET, POST, PUT, PATCH, DELETE/],
    ['get', 'v1/../{+name}', RangeError, /empty, `\.` or `\.\.`/],
    ['get', './{+name}', RangeError, /empty, `\.` or `\.\.`/],
    ['get', 'v1//{+name}', RangeError, /segment that is empty/],
    ['get', '//evil.example/{+name}', RangeError, /segment that is empty/],
    ['get', 'https://evil.example/{+name}', RangeError, /segment that is empty/],
    ['get', 'v1/{+name}//', RangeError, /segment that is empty/],
  ])('paths.%s %j is refused', (method, template, type, message) => {
    const make = () => restClient({ baseUrl, paths: { [method]: template } });
    expect(make).toThrow(type);
    expect(make).toThrow(message);
    expect(make).toThrow(`\`paths.${method}\``);
    expect(make).toThrow(
      typeof template === 'string' ? JSON.stringify(template) : String(template),
    );
  });
});

describe('cancel', () => {
  it('by GET has no body', async () => {
    expect(await requestOf({ cancel: 'GET v1beta1/{+name}:cancel' }, 'cancel')).toEqual({
      verb: 'GET',
      path: `v1beta1/${name}:cancel`,
      body: undefined,
    });
  });
});

describe('list', () => {
  it('sends what is given of filter, pageSize, pageToken and returnPartialSuccess [fact 23]', async () => {
    const page = {
      name: 'p',
      filter: 'done = true & x',
      pageSize: 50,
      pageToken: 'a+/=',
      returnPartialSuccess: false,
    };
    const { path } = await requestOf(undefined, 'list', page);
    const url = new URL(path ?? '', 'https://x');
    expect(url.pathname).toBe('/v1/p/operations');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      filter: 'done = true & x',
      pageSize: '50',
      pageToken: 'a+/=',
      returnPartialSuccess: 'false',
    });
  });

  it('without a variable sends the name as a query parameter', async () => {
    const { path } = await requestOf({ list: 'v1/operations' }, 'list', {
      name: 'a b&c',
      pageSize: 1,
    });
    expect(path).toBe('v1/operations?name=a+b%26c&pageSize=1');
  });

  it('without a variable takes an empty name', async () => {
    expect(await requestOf({ list: 'v1/operations' }, 'list', { name: '' })).toEqual({
      verb: 'GET',
      path: 'v1/operations',
      body: undefined,
    });
  });

  it('without a variable refuses what can be no name', async () => {
    const client = restClient({
      baseUrl,
      paths: { list: 'v1/operations' },
      fetch: recorder().fetch,
    });
    expect(await failureOf(client.list({ name: '../x' }))).toBeInstanceOf(RangeError);
  });
});

describe('wait', () => {
  it.each([
    ['v1/{+name}:wait', 1500, 'POST', `v1/${name}:wait`, '{"timeout":"1.5s"}'],
    ['v1/{+name}:wait', 0, 'POST', `v1/${name}:wait`, '{"timeout":"0s"}'],
    ['v1/{+name}:wait', undefined, 'POST', `v1/${name}:wait`, '{}'],
    ['v1/{+name}:wait{?timeout}', 30_000, 'POST', `v1/${name}:wait?timeout=30s`, undefined],
    ['v1/{+name}:wait{?timeout}', undefined, 'POST', `v1/${name}:wait`, undefined],
    ['GET v1/{+name}:wait', 1, 'GET', `v1/${name}:wait?timeout=0.001s`, undefined],
    ['GET v1/{+name}:wait{?timeout}', 1, 'GET', `v1/${name}:wait?timeout=0.001s`, undefined],
  ])('%s with timeout %j [fact 19]', async (wait, timeout, verb, path, body) => {
    expect(await requestOf({ wait }, 'wait', { timeout })).toEqual({ verb, path, body });
  });

  it.each([-1, Number.NaN, Infinity])('refuses a timeout of %j', async (timeout) => {
    const { fetch, sent } = recorder();
    const client = restClient({ baseUrl, fetch, paths: { wait: 'v1/{+name}:wait' } });
    const error = await failureOf(client.wait?.({ name, timeout }));
    expect(error).toBeInstanceOf(RangeError);
    expect((error as Error).message).toMatch(/`timeout`/);
    expect(sent).toEqual([]);
  });
});

describe('what belongs to another method', () => {
  const stray = { filter: 'f', pageSize: 1, timeout: 5 };

  it('is not sent', async () => {
    expect(await requestOf(undefined, 'get', stray)).toMatchObject({ path: `v1/${name}` });
    expect(await requestOf(undefined, 'delete', stray)).toMatchObject({ path: `v1/${name}` });
    expect(await requestOf(undefined, 'cancel', stray)).toMatchObject({
      path: `v1/${name}:cancel`,
      body: '{}',
    });
  });
});

describe('errorFormat', () => {
  it.each(['get', 'list', 'cancel', 'delete', 'wait'] as const)(
    'goes along with %s [fact 44]',
    async (method) => {
      const paths = { wait: 'v1/{+name}:wait' };
      const { path } = await requestOf(paths, method, {}, { errorFormat: '2' });
      expect(new URL(path ?? '', 'https://x').searchParams.get('$.xgafv')).toBe('2');
    },
  );

  it('stands beside other parameters', async () => {
    const { path } = await requestOf(undefined, 'list', { pageSize: 2 }, { errorFormat: '1' });
    expect(new URL(path ?? '', 'https://x').search).toBe('?pageSize=2&%24.xgafv=1');
  });
});
