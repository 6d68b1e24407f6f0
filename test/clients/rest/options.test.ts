import { describe, expect, it } from 'vitest';
import { restClient, type RestClientOptions } from 'rx-lro/rest';
import { failureOf, json, recorder } from './recorder.js';

const baseUrl = 'https://api.example.com';
const make = (options: object) => () => restClient(options as RestClientOptions);

describe('baseUrl', () => {
  it.each([
    ['https://api.example.com', 'https://api.example.com/v1/operations/1'],
    ['https://api.example.com/', 'https://api.example.com/v1/operations/1'],
    ['http://localhost:8080', 'http://localhost:8080/v1/operations/1'],
    ['https://api.example.com/a/b//', 'https://api.example.com/a/b/v1/operations/1'],
    ['https://api.example.com/v1', 'https://api.example.com/v1/operations/1'],
    ['https://api.example.com/v2beta1/', 'https://api.example.com/v2beta1/operations/1'],
    ['https://api.example.com/v12', 'https://api.example.com/v12/operations/1'],
    ['https://api.example.com/compute/v1', 'https://api.example.com/compute/v1/operations/1'],
    ['https://api.example.com/v', 'https://api.example.com/v/v1/operations/1'],
    ['https://api.example.com/v1/x', 'https://api.example.com/v1/x/v1/operations/1'],
    ['https://v2', 'https://v2/v1/operations/1'],
    ['https://api.example.com/xv2', 'https://api.example.com/xv2/v1/operations/1'],
  ])('%s makes %s', async (base, url) => {
    const { fetch, sent } = recorder();
    await restClient({ baseUrl: base, fetch }).get({ name: 'operations/1' });
    expect(sent[0]?.url).toBe(url);
  });

  it.each([
    '',
    '/v1',
    'api.example.com',
    'ftp://x',
    'file:///etc',
    'javascript:alert(1)',
    'https://',
  ])('refuses %j, which is no absolute http or https URL', (base) => {
    expect(make({ baseUrl: base })).toThrow(RangeError);
    expect(make({ baseUrl: base })).toThrow(
      /`baseUrl` must be an absolute http or https URL; it is "/,
    );
  });

  it.each([
    'https://user:hunter2@api.example.com',
    'https://hunter2@api.example.com',
    'https://:hunter2@api.example.com/v1',
    'https://api.example.com/?key=hunter2',
    'https://api.example.com/#hunter2',
    'https://user:hunter2/@api.example.com',
    '//user:hunter2@api.example.com',
    'https://user:a?hunter2@api.example.com',
  ])('refuses credentials, query and fragment, and does not show them: %s', (base) => {
    expect(make({ baseUrl: base })).toThrow(RangeError);
    expect(make({ baseUrl: base })).toThrow(
      /`baseUrl` must (hold no cred|have no query|be an abs)/,
    );
    expect(make({ baseUrl: base })).not.toThrow(/hunter2/);
  });

  it.each([
    ['https://user:a@b?c@api.example.com/v1', 'https://…@api.example.com/v1'],
    ['https://api.example.com/v1?a=b#c', 'https://api.example.com/v1…'],
    ['coap+tcp.1://user@api.example.com', 'coap+tcp.1://…@api.example.com'],
    ['//user@api.example.com', '//…@api.example.com'],
    ['me@api.example.com', 'me@api.example.com'],
    ['ftp://api.example.com', 'ftp://api.example.com'],
  ])('shows of %s what is no secret', (base, shown) => {
    expect(make({ baseUrl: base })).toThrow(`; it is "${shown}".`);
  });

  it('refuses an empty query and an empty fragment too', () => {
    expect(make({ baseUrl: 'https://api.example.com?' })).toThrow(/no query/);
    expect(make({ baseUrl: 'https://api.example.com#' })).toThrow(/no fragment/);
  });
});

describe('wrong options are refused before any effect', () => {
  it.each<[object, typeof TypeError | typeof RangeError, RegExp]>([
    [{}, TypeError, /`baseUrl` must be a string; it is undefined/],
    [{ baseUrl: 1 }, TypeError, /`baseUrl`.*it is 1/],
    [{ baseUrl, fetch: 'x' }, TypeError, /`fetch` must be a function; it is "x"/],
    [{ baseUrl, errorFormat: '3' }, RangeError, /`errorFormat` must be '1' or '2'; it is "3"/],
    [{ baseUrl, errorFormat: 2 }, RangeError, /`errorFormat`.*it is 2/],
    [
      { baseUrl, headers: 'authorization' },
      TypeError,
      /`headers` must be header fields, or a function/,
    ],
    [{ baseUrl, headers: 1 }, TypeError, /`headers`/],
    [{ baseUrl, headers: [['a']] }, TypeError, /`headers`/],
    [{ baseUrl, headers: { 'a b': 'c' } }, TypeError, /`headers`/],
    [{ baseUrl, paths: 'v1/{+name}' }, TypeError, /`paths` must be an object/],
    [
      { baseUrl, paths: { start: 'v1/{+name}' } },
      RangeError,
      /`paths` has a method "start": the methods are get, list, cancel, delete, wait/,
    ],
  ])('%j', (options, type, message) => {
    expect(make(options)).toThrow(type);
    expect(make(options)).toThrow(message);
  });

  it('no options at all', () => {
    expect(() => (restClient as (options?: unknown) => unknown)()).toThrow(
      /`options` must be an object/,
    );
  });

  it('does not show the value of a header', () => {
    const options = { baseUrl, headers: { authorization: 'Bearer hunter2\nx' } };
    expect(make(options)).toThrow(TypeError);
    expect(make(options)).not.toThrow(/hunter2/);
  });

  it.each([undefined, null])('%s means not given', async (nothing) => {
    const { fetch, sent } = recorder();
    const options = {
      baseUrl,
      fetch,
      headers: nothing,
      errorFormat: nothing,
      paths: { get: nothing, list: nothing, cancel: nothing, delete: nothing, wait: nothing },
    };
    const client = make(options)();
    await client.list({ name: 'operations', filter: nothing, pageSize: nothing } as object & {
      name: string;
    });
    expect(sent.map(({ url }) => url)).toEqual([`${baseUrl}/v1/operations`]);
    expect(client.wait).toBeUndefined();
    expect(make({ baseUrl, paths: nothing, fetch: nothing })).not.toThrow();
  });
});

describe('headers', () => {
  it.each<[string, RestClientOptions['headers']]>([
    ['a record', { authorization: 'Bearer t' }],
    ['a list of pairs', [['authorization', 'Bearer t']]],
    ['Headers', new Headers({ authorization: 'Bearer t' })],
    ['a function', () => ({ authorization: 'Bearer t' })],
    ['a function with a promise', async () => new Headers({ authorization: 'Bearer t' })],
  ])('%s go along with every request', async (_, headers) => {
    const { fetch, sent } = recorder();
    const client = restClient({ baseUrl, fetch, headers });
    await client.get({ name: 'operations/1' });
    await client.cancel({ name: 'operations/1' });
    expect(sent.map((each) => each.headers.get('authorization'))).toEqual(['Bearer t', 'Bearer t']);
    expect(sent.map((each) => each.headers.get('accept'))).toEqual([
      'application/json',
      'application/json',
    ]);
    // Only what has a body tells its type.
    expect(sent.map((each) => each.headers.get('content-type'))).toEqual([
      null,
      'application/json',
    ]);
  });

  it('a function is asked anew before each request', async () => {
    const { fetch, sent } = recorder();
    let count = 0;
    const client = restClient({
      baseUrl,
      fetch,
      headers: () => ({ authorization: `t${(count += 1)}` }),
    });
    expect(count).toBe(0);
    await client.get({ name: 'operations/1' });
    await client.get({ name: 'operations/1' });
    expect(sent.map((each) => each.headers.get('authorization'))).toEqual(['t1', 't2']);
  });

  it('are those of the time when the client was made', async () => {
    const { fetch, sent } = recorder();
    const headers: Record<string, string> = { authorization: 'first' };
    const client = restClient({ baseUrl, fetch, headers });
    headers['authorization'] = 'second';
    await client.get({ name: 'operations/1' });
    expect(sent[0]?.headers.get('authorization')).toBe('first');
  });

  it("keep the caller's own accept", async () => {
    const { fetch, sent } = recorder();
    await restClient({ baseUrl, fetch, headers: { Accept: '*/*' } }).get({ name: 'operations/1' });
    expect(sent[0]?.headers.get('accept')).toBe('*/*');
  });

  it('that a function gives in a wrong form fail the call, and are not shown', async () => {
    const { fetch, sent } = recorder(() => json({}));
    const client = restClient({ baseUrl, fetch, headers: () => ({ authorization: 'hunter2\nx' }) });
    const error = await failureOf(client.get({ name: 'operations/1' }));
    expect(String(error)).toMatch(
      /CallFailedError.*`headers` gave something other than header fields/,
    );
    expect(JSON.stringify(error)).not.toMatch(/hunter2/);
    expect(sent).toEqual([]);
  });
});
