import { describe, expect, it, vi } from 'vitest';
import { CallFailedError, Code, getOperation, type OperationsClient } from 'rx-lro';
import { restClient, type RestClient, type RestClientOptions } from 'rx-lro/rest';
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
  ])('has what it throws as the cause of a CallFailedError: %s', async (thrown) => {
    const { fetch } = recorder(() => Promise.reject(thrown));
    const error = await failureOf(restClient({ baseUrl, fetch }).get({ name }));
    expect(error).toBeInstanceOf(CallFailedError);
    expect((error as CallFailedError).cause).toBe(thrown);
  });

  describe('whose body fails while it is read', () => {
    const thrown = new TypeError('terminated');
    const withText = (status: number, headers: Record<string, string> = {}): Response =>
      Object.assign(new Response(null, { status, headers }), {
        text: (): Promise<string> => Promise.reject(thrown),
      });
    const withStream = (status: number, headers: Record<string, string> = {}): Response =>
      new Response(
        new ReadableStream({
          pull(stream) {
            stream.error(thrown);
          },
        }),
        { status, headers },
      );

    it.each([withText, withStream])('has that of a 200 as the cause (%o)', async (make) => {
      const client = restClient({ baseUrl, fetch: recorder(() => make(200)).fetch });
      for (const call of [client.get({ name }), client.cancel({ name })]) {
        expect(await failureOf(call)).toMatchObject({ codeName: 'UNAVAILABLE', cause: thrown });
      }
    });

    it.each([
      [404, Code.NOT_FOUND],
      [503, Code.UNAVAILABLE],
      [302, Code.FAILED_PRECONDITION],
    ])('keeps what the HTTP status %i says', async (status, code) => {
      for (const make of [withText, withStream]) {
        const { fetch } = recorder(() => make(status, { location: '/x', 'retry-after': '7' }));
        const error = await failureOf(restClient({ baseUrl, fetch }).get({ name }));
        expect(error).toBeInstanceOf(CallFailedError);
        expect(error).toMatchObject({ code, details: [{ retryDelay: '7s' }], cause: { status } });
      }
    });

    it('gives the reason of the signal when that is aborted', async () => {
      const controller = new AbortController();
      const reason = new Error('no more');
      const { fetch } = recorder(() => {
        controller.abort(reason);
        return withText(503);
      });
      const { signal } = controller;
      expect(await failureOf(restClient({ baseUrl, fetch }).get({ name }, { signal }))).toBe(
        reason,
      );
    });
  });
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

  const never = (): Promise<never> => new Promise(() => undefined);
  const endless = (): Response => new Response(new ReadableStream());

  it.each<[string, Pick<RestClientOptions, 'fetch' | 'headers'>]>([
    ['headers', { headers: never }],
    ['an answer of a fetch that does not heed it', { fetch: never }],
    ['a body of a fetch that does not heed it', { fetch: async () => endless() }],
  ])('ends a call that waits for %s, and keeps no listener', async (_, options) => {
    const listeners = new Set<unknown>();
    const controller = new AbortController();
    const { signal } = controller;
    const add = vi.spyOn(signal, 'addEventListener').mockImplementation((_type, listener) => {
      listeners.add(listener);
    });
    vi.spyOn(signal, 'removeEventListener').mockImplementation((_type, listener) => {
      listeners.delete(listener);
    });
    const { fetch } = recorder();
    const failure = failureOf(restClient({ baseUrl, fetch, ...options }).get({ name }, { signal }));
    await new Promise((resolve) => setTimeout(resolve));
    expect(add).toHaveBeenCalled();
    const reason = new Error('no more');
    controller.abort(reason);
    for (const each of listeners) (each as () => void)();
    expect(await failure).toBe(reason);
    expect(listeners.size).toBe(0);
  });

  it('that was aborted beforehand asks for no headers', async () => {
    let asked = 0;
    const client = restClient({
      baseUrl,
      headers: () => {
        asked += 1;
        return never();
      },
    });
    const reason = new Error('no more');
    expect(await failureOf(client.get({ name }, { signal: AbortSignal.abort(reason) }))).toBe(
      reason,
    );
    expect(asked).toBe(0);
  });

  it('keeps no listener once a call has its answer', async () => {
    const { fetch } = recorder();
    const { signal } = new AbortController();
    const add = vi.spyOn(signal, 'addEventListener');
    const remove = vi.spyOn(signal, 'removeEventListener');
    await restClient({ baseUrl, fetch }).get({ name }, { signal });
    expect(add.mock.calls.length).toBeGreaterThan(0);
    expect(remove.mock.calls.map(([, listener]) => listener)).toEqual(
      add.mock.calls.map(([, listener]) => listener),
    );
  });

  it.each(['before', 'while'])(
    'lets go of a body when it is aborted %s that comes',
    async (when) => {
      const controller = new AbortController();
      let isCancelled = false;
      const body = new ReadableStream({
        cancel() {
          isCancelled = true;
        },
      });
      const fetch = async (): Promise<Response> => {
        if (when === 'before') controller.abort();
        return new Response(body);
      };
      const { signal } = controller;
      const failure = failureOf(restClient({ baseUrl, fetch }).get({ name }, { signal }));
      await new Promise((resolve) => setTimeout(resolve));
      controller.abort();
      expect(await failure).toMatchObject({ name: 'AbortError' });
      expect(isCancelled).toBe(true);
    },
  );
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
    expect((error as Error).message).toContain('Its headers could not be obtained: no token');
    expect(sent).toEqual([]);
  });

  it.each([undefined, null])('fail the call when the function gives %s', async (nothing) => {
    const { fetch, sent } = recorder();
    const headers = (async () => nothing) as unknown as () => Promise<Headers>;
    const error = await failureOf(restClient({ baseUrl, fetch, headers }).get({ name }));
    expect(error).toBeInstanceOf(CallFailedError);
    expect((error as CallFailedError).cause).toBeInstanceOf(TypeError);
    expect((error as Error).message).toContain(`\`headers\` gave ${nothing}`);
    expect(sent).toEqual([]);
  });

  it('keep the code, so that a token server which is away is worth another try', async () => {
    const headers = (): Promise<never> => Promise.reject(new TypeError('fetch failed'));
    const error = await failureOf(restClient({ baseUrl, headers }).get({ name }));
    expect(error).toMatchObject({ code: Code.UNAVAILABLE });
  });
});

describe('a call that is refused before anything is sent', () => {
  it.each(['operations//1', 'operations/..;x/1'])(
    'comes through the core as INVALID_ARGUMENT, and is not tried again: %s',
    async (wrong) => {
      const { fetch, sent } = recorder();
      const client = restClient({ baseUrl, fetch });
      let calls = 0;
      const counted: OperationsClient = {
        get: (request, options) => {
          calls += 1;
          return client.get(request, options);
        },
      };
      const error = await failureOf(getOperation(counted, wrong));
      expect(error).toBeInstanceOf(CallFailedError);
      expect(error).toMatchObject({ code: Code.INVALID_ARGUMENT });
      expect((error as Error).cause).toBeInstanceOf(RangeError);
      expect(calls).toBe(1);
      expect(sent).toEqual([]);
    },
  );

  it('has the code too where the timeout is wrong', async () => {
    const { fetch } = recorder();
    const client = restClient({ baseUrl, fetch, paths: { wait: '{+name}:wait' } });
    const tooSmall = await failureOf(client.wait?.({ name, timeout: -1 }));
    expect(tooSmall).toBeInstanceOf(RangeError);
    expect(tooSmall).toMatchObject({ code: Code.INVALID_ARGUMENT });
    const text = await failureOf(client.wait?.({ name, timeout: '1' as unknown as number }));
    expect(text).toBeInstanceOf(TypeError);
    expect(text).toMatchObject({ code: Code.INVALID_ARGUMENT });
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
