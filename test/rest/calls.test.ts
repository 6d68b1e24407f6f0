import { describe, expect, it, vi } from 'vitest';
import { CallFailedError, Code, type OperationsClient } from 'rx-lro';
import { restClient, type RestClient } from 'rx-lro/rest';
import { failureOf, json, recorder } from './recorder.js';

const baseUrl = 'https://api.example.com';
const name = 'operations/1';

describe('fetch', () => {
  it('is the one of the platform, looked up at each call', async () => {
    const client = restClient({ baseUrl });
    const { fetch, sent } = recorder();
    vi.stubGlobal('fetch', fetch);
    try {
      await client.get({ name });
    } finally {
      vi.unstubAllGlobals();
    }
    expect(sent.map(({ url }) => url)).toEqual([`${baseUrl}/v1/operations/1`]);
  });

  it('is called without a `this`, as the one of a browser needs it', async () => {
    const seen: unknown[] = [];
    async function fetch(this: unknown): Promise<Response> {
      seen.push(this);
      return json({});
    }
    await restClient({ baseUrl, fetch }).get({ name });
    expect(seen).toEqual([undefined]);
  });

  it('may be the one of the platform by type', () => {
    expect(() => restClient({ baseUrl, fetch: globalThis.fetch })).not.toThrow();
  });

  it.each([
    new TypeError('fetch failed', { cause: new Error('ECONNREFUSED') }),
    new DOMException('This operation was aborted', 'AbortError'),
  ])('lets what it throws through as it is: %s', async (thrown) => {
    const { fetch } = recorder(() => Promise.reject(thrown));
    expect(await failureOf(restClient({ baseUrl, fetch }).get({ name }))).toBe(thrown);
  });

  it.each([200, 503, 302])(
    'lets a failure while the body of a %i is read through as it is',
    async (status) => {
      const thrown = new TypeError('terminated');
      const text = (): Promise<string> => Promise.reject(thrown);
      const { fetch } = recorder(() =>
        Object.assign(new Response(null, { status, headers: { location: '/x' } }), { text }),
      );
      expect(await failureOf(restClient({ baseUrl, fetch }).get({ name }))).toBe(thrown);
      expect(await failureOf(restClient({ baseUrl, fetch }).cancel({ name }))).toBe(thrown);
    },
  );
});

describe('the signal', () => {
  it('goes to fetch, and may be left out', async () => {
    const { fetch, sent } = recorder();
    const { signal } = new AbortController();
    const client = restClient({ baseUrl, fetch });
    await client.get({ name }, { signal });
    await client.get({ name });
    await client.get({ name }, {});
    expect(sent.map(({ init }) => init.signal)).toEqual([signal, undefined, undefined]);
    expect(sent.map(({ init }) => 'signal' in init)).toEqual([true, false, false]);
  });

  it('that is aborted while the headers are fetched keeps the request from being sent', async () => {
    const { fetch, sent } = recorder();
    const controller = new AbortController();
    const reason = new Error('no more');
    const client = restClient({
      baseUrl,
      fetch,
      headers: async () => {
        controller.abort(reason);
        return {};
      },
    });
    expect(await failureOf(client.get({ name }, { signal: controller.signal }))).toBe(reason);
    expect(sent).toEqual([]);
  });
});

describe('headers that cannot be had', () => {
  it.each<[string, () => never | Promise<never>]>([
    [
      'throws',
      () => {
        throw new Error('no token');
      },
    ],
    ['rejects', () => Promise.reject(new Error('no token'))],
  ])('fail the call when the function %s, with its error as the cause', async (_, headers) => {
    const { fetch, sent } = recorder();
    const error = await failureOf(restClient({ baseUrl, fetch, headers }).cancel({ name }));
    expect(error).toBeInstanceOf(CallFailedError);
    expect(error).toMatchObject({
      method: 'cancel',
      code: Code.UNKNOWN,
      cause: { message: 'no token' },
    });
    expect((error as Error).message).toContain(`Operation ${name}: the cancel call failed`);
    expect((error as Error).message).toContain('Its headers could not be had: no token');
    expect(sent).toEqual([]);
  });

  it('keep the code, so that a token server which is away is worth another try', async () => {
    const headers = (): Promise<never> => Promise.reject(new TypeError('fetch failed'));
    const error = await failureOf(restClient({ baseUrl, headers }).get({ name }));
    expect(error).toMatchObject({ code: Code.UNAVAILABLE });
  });
});

describe('a client', () => {
  it('fulfils OperationsClient, typed', async () => {
    interface Response {
      readonly text: string;
    }
    const { fetch } = recorder(() => json({ name, done: true, response: { text: 'hello' } }));
    const client: RestClient<Response, { readonly state: string }> = restClient({ baseUrl, fetch });
    const plain: OperationsClient<Response, { readonly state: string }> = client;
    const text: string | undefined = (await client.get({ name })).response?.text;
    expect(text).toBe('hello');
    expect(plain.get).toBe(client.get);
  });

  it('answers with promises, and rejects where it could throw', async () => {
    const { fetch } = recorder();
    const client = restClient({ baseUrl, fetch, paths: { wait: '{+name}:wait' } });
    for (const method of ['get', 'list', 'cancel', 'delete', 'wait'] as const) {
      expect(client[method]?.({ name })).toBeInstanceOf(Promise);
      await expect(client[method]?.({ name: '' })).rejects.toThrow(RangeError);
    }
  });

  it('sends nothing until it is called', () => {
    const { fetch, sent } = recorder();
    restClient({ baseUrl, fetch });
    expect(sent).toEqual([]);
  });

  it('works when its methods are taken off it', async () => {
    const { fetch, sent } = recorder();
    const { get } = restClient({ baseUrl, fetch });
    await get({ name });
    expect(sent).toHaveLength(1);
  });
});
