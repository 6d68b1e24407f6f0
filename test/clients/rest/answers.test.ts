import { describe, expect, it, vi } from 'vitest';
import { CallFailedError, Code, findDetail, ProtocolError, type StatusError } from 'rx-lro';
import { HttpError, restClient } from 'rx-lro/rest';
import { failureOf, json, recorder } from './recorder.js';

const baseUrl = 'https://api.example.com';
const name = 'operations/1';
const { signal } = new AbortController();
const verbs = { get: 'GET', list: 'GET', wait: 'POST' };

const clientFor = (answer: () => Response | Promise<Response>) =>
  restClient({ baseUrl, fetch: recorder(answer).fetch, paths: { wait: 'v1/{+name}:wait' } });

async function callFailure(answer: () => Response): Promise<CallFailedError> {
  const error = await failureOf(clientFor(answer).get({ name }));
  expect(error).toBeInstanceOf(CallFailedError);
  return error as CallFailedError;
}

describe('a success', () => {
  const operation = { name, done: true, response: { '@type': 'x/y.Z', text: 'é日😀' } };

  it.each(['get', 'list', 'wait', 'cancel', 'delete'] as const)(
    'of %s gives the JSON',
    async (method) => {
      expect(await clientFor(() => json(operation))[method]?.({ name }, { signal })).toEqual(
        operation,
      );
    },
  );

  it('may have a status of 201 and no content-type', async () => {
    const answer = () => new Response(new TextEncoder().encode('{"name":"n"}'), { status: 201 });
    expect(await clientFor(answer).get({ name })).toEqual({ name: 'n' });
  });

  it('may begin with a byte order mark', async () => {
    const answer = (): Response =>
      ({
        status: 200,
        statusText: '',
        type: 'basic',
        headers: new Headers(),
        text: async () => '\ufeff{"done":true}',
      }) as unknown as Response;
    expect(await clientFor(answer).get({ name })).toEqual({ done: true });
    expect(await clientFor(() => new Response('\ufeff{"done":true}')).get({ name })).toEqual({
      done: true,
    });
  });

  it('may come byte by byte', async () => {
    const whole = { name, done: true, response: { text: 'é日本😀'.repeat(50) } };
    const bytes = new TextEncoder().encode(JSON.stringify(whole));
    const answer = (): Response =>
      new Response(
        new ReadableStream<Uint8Array>({
          start(stream) {
            for (let at = 0; at < bytes.length; at += 1) {
              // An empty part is no end.
              if (at % 10 === 0) stream.enqueue(new Uint8Array());
              stream.enqueue(bytes.subarray(at, at + 1));
            }
            stream.close();
          },
        }),
      );
    expect(await clientFor(answer).get({ name })).toEqual(whole);
  });

  it.each(['get', 'list', 'wait'] as const)(
    'of %s that is not JSON is a ProtocolError',
    async (method) => {
      const page = '<!doctype html><title>Sign in</title>';
      const answer = () => new Response(page, { headers: { 'content-type': 'text/html' } });
      const error = await failureOf(clientFor(answer)[method]?.({ name }));
      expect(error).toBeInstanceOf(ProtocolError);
      expect((error as ProtocolError).message).toContain(name);
      expect((error as ProtocolError).message).toContain(
        `to the ${method} call is not JSON (HTTP 200, content-type text/html, ${verbs[method]} https://api.example.com/`,
      );
      expect((error as ProtocolError).answer).toBe(page);
    },
  );

  it('that is cut off is UNAVAILABLE, like a connection that breaks', async () => {
    const error = await callFailure(() => new Response('{"name":"operations/1","don'));
    expect(error.code).toBe(Code.UNAVAILABLE);
    expect(error.message).toContain('breaks off after 27 characters');
  });

  it('that is empty is a ProtocolError', async () => {
    const error = await failureOf(
      clientFor(() => new Response(null, { status: 204 })).get({ name }),
    );
    expect(error).toBeInstanceOf(ProtocolError);
    expect((error as ProtocolError).message).toContain(
      'is empty (HTTP 204, no content-type, GET https://',
    );
  });

  it.each(['cancel', 'delete'] as const)('of %s needs no content', async (method) => {
    expect(await clientFor(() => new Response(null, { status: 204 }))[method]({ name })).toEqual(
      {},
    );
    expect(await clientFor(() => new Response('OK'))[method]({ name })).toEqual({});
  });

  it.each(['cancel', 'delete'] as const)('of %s is read to its end', async (method) => {
    const answer = new Response('OK');
    await clientFor(() => answer)[method]({ name });
    expect(answer.bodyUsed).toBe(true);
  });
});

describe('a body that does not end', () => {
  const mebibyte = new TextEncoder().encode('{"a":1} '.repeat(131_072));

  /** Gives so many MiB, and then one byte more where `isLonger`. */
  function flood(mebibytes: number, status: number, isLonger = true) {
    const seen = { chunks: 0, isCancelled: false };
    const answer = (): Response =>
      new Response(
        new ReadableStream<Uint8Array>(
          {
            pull(stream) {
              seen.chunks += 1;
              if (seen.chunks <= mebibytes) return stream.enqueue(mebibyte);
              if (isLonger) stream.enqueue(mebibyte.subarray(0, 1));
              else stream.close();
            },
            cancel() {
              seen.isCancelled = true;
            },
          },
          { highWaterMark: 0 },
        ),
        { status },
      );
    return { seen, answer };
  }

  it.each(['get', 'list', 'wait'] as const)(
    'is a ProtocolError for %s, and is let go of',
    async (method) => {
      const { seen, answer } = flood(64, 200);
      const error = await failureOf(clientFor(answer)[method]?.({ name }));
      expect(error).toBeInstanceOf(ProtocolError);
      expect((error as ProtocolError).message).toContain(
        `to the ${method} call is longer than 64 MiB (HTTP 200, no content-type, ${verbs[method]} https://api.example.com/`,
      );
      expect((error as ProtocolError).answer).toMatch(/^(\{"a":1\} )+$/);
      expect(JSON.stringify(error).length).toBeLessThan(20_000);
      expect(seen).toEqual({ chunks: 65, isCancelled: true });
    },
  );

  it.each(['cancel', 'delete'] as const)('does not matter for %s', async (method) => {
    const { seen, answer } = flood(64, 200);
    expect(await clientFor(answer)[method]({ name })).toEqual({});
    expect(seen).toEqual({ chunks: 65, isCancelled: true });
  });

  it('is read as far as the limit where it is that of an error', async () => {
    const { seen, answer } = flood(64, 503);
    const error = await callFailure(answer);
    expect(error.code).toBe(Code.UNAVAILABLE);
    expect(error.status.message).toMatch(/^HTTP 503: (\{"a":1\} )+/);
    expect(seen).toEqual({ chunks: 65, isCancelled: true });
  });

  it('is another thing than one of just that length', async () => {
    const { seen, answer } = flood(64, 200, false);
    const error = await failureOf(clientFor(answer).get({ name }));
    expect((error as ProtocolError).message).toContain('is not JSON');
    expect(seen).toEqual({ chunks: 65, isCancelled: false });
  });
});

describe('a failure is a CallFailedError', () => {
  const detail = { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'R' };

  it.each<[string, number, unknown, Partial<StatusError['status']>]>([
    [
      'the envelope of version 2',
      404,
      { error: { code: 404, message: 'Gone.', status: 'NOT_FOUND', details: [detail] } },
      { code: 5, message: 'Gone.', details: [detail] },
    ],
    [
      'the envelope of version 1',
      403,
      { error: { code: 403, message: 'No.', errors: [{ reason: 'forbidden' }] } },
      { code: 7, message: 'No.', details: [{ reason: 'forbidden' }] },
    ],
    [
      'the envelope in a list',
      400,
      [{ error: { code: 400, message: 'Bad.', status: 'FAILED_PRECONDITION' } }],
      { code: 9, message: 'Bad.' },
    ],
    [
      'a bare Status',
      501,
      { code: 12, message: 'Not implemented.', details: [] },
      { code: 12, message: 'Not implemented.' },
    ],
    [
      'a bare Status with a message alone',
      503,
      { message: 'Later.' },
      { code: 14, message: 'Later.' },
    ],
    [
      'a bare Status whose code is the HTTP status',
      503,
      { code: 503, message: 'Later.' },
      { code: 14, message: 'Later.' },
    ],
    [
      'a bare Status that says OK',
      500,
      { code: 0, message: 'Fine.' },
      { code: 13, message: 'Fine.' },
    ],
    [
      'a bare Status with a code of their own',
      503,
      { code: 10001, message: 'Busy.' },
      { code: 14, message: 'Busy.' },
    ],
    [
      'a code of JSON-RPC',
      503,
      { error: { code: -32000, message: 'Busy.' } },
      { code: 14, message: 'Busy.' },
    ],
    ['a code just past the last', 404, { code: 17, message: 'No.' }, { code: 5 }],
    ['the last code', 404, { code: 16, message: 'No.' }, { code: 16 }],
    ['the first code', 404, { code: 1, message: 'No.' }, { code: 1 }],
    [
      'an error of OAuth',
      401,
      { error: 'invalid_grant', error_description: 'Expired.' },
      { code: 16, message: 'Expired.' },
    ],
    [
      'an unknown code',
      500,
      { error: { code: 500, message: 'New.', status: 'BRAND_NEW' } },
      { code: 13, message: 'New.' },
    ],
  ])('from %s', async (_, httpStatus, body, status) => {
    const error = await callFailure(() => json(body, { status: httpStatus }));
    expect(error.status).toMatchObject(status);
    expect(error.message).toContain(name);
    expect(error.method).toBe('get');
  });

  it.each<[string, number, string, string, string]>([
    [
      'a page with a title',
      502,
      'Bad Gateway',
      '<html>\n<head><title>502\n Server  Error</title></head><body>x</body></html>',
      'HTTP 502 Bad Gateway: 502 Server Error',
    ],
    [
      'a page without a title',
      502,
      'Bad Gateway',
      '<!DOCTYPE html><body>x',
      'HTTP 502 Bad Gateway',
    ],
    [
      'a page whose title has attributes',
      502,
      '',
      ' <HTML><head><title lang="en">Down</title></head></HTML>',
      'HTTP 502: Down',
    ],
    [
      'a plain text that speaks of <html>',
      502,
      '',
      'no <html><title>x</title> here',
      'HTTP 502: no <html><title>x</title> here',
    ],
    ['a text of 200 characters', 500, '', 'x'.repeat(200), `HTTP 500: ${'x'.repeat(200)}`],
    [
      'a text with a pair of surrogates early on',
      500,
      '',
      `😀${'x'.repeat(300)}`,
      `HTTP 500: 😀${'x'.repeat(198)}…`,
    ],
    ['a page with half a title', 502, '', '<html><title>Half', 'HTTP 502: Half'],
    [
      'a plain text',
      503,
      'Service Unavailable',
      ' upstream\n connect error ',
      'HTTP 503 Service Unavailable: upstream connect error',
    ],
    ['a long text', 500, '', 'x'.repeat(1000), `HTTP 500: ${'x'.repeat(200)}…`],
    [
      'a long text with a pair of surrogates at its cut',
      500,
      '',
      `${'x'.repeat(199)}😀😀`,
      `HTTP 500: ${'x'.repeat(199)}…`,
    ],
    [
      'another markup',
      403,
      '',
      '<?xml version="1.0"?><Error>No</Error>',
      'HTTP 403: <?xml version="1.0"?><Error>No</Error>',
    ],
    [
      'a text with control characters',
      502,
      'Bad\tGateway',
      'a\u0000\u001b[31m b\u007f\u0085c',
      'HTTP 502 Bad Gateway: a [31m b c',
    ],
    ['a JSON string', 500, '', JSON.stringify('Broken.'), 'Broken.'],
    ['a long JSON string', 500, '', JSON.stringify('x'.repeat(1e6)), `${'x'.repeat(200)}…`],
    ['nothing', 504, 'Gateway Timeout', '', 'HTTP 504 Gateway Timeout'],
    ['nothing, over HTTP/2', 504, '', '', 'HTTP 504'],
    [
      'JSON that is cut off',
      500,
      'Internal Server Error',
      '{"error":{"code":5',
      'HTTP 500 Internal Server Error: {"error":{"code":5',
    ],
    [
      'JSON without a message',
      409,
      '',
      '{"error":{"code":409}}',
      'HTTP 409: {"error":{"code":409}}',
    ],
    ['a status that redirects, with no place to go', 302, 'Found', '', 'HTTP 302 Found'],
    ['a status that is no redirect', 304, 'Not Modified', '', 'HTTP 304 Not Modified'],
  ])('from %s, and says the HTTP status', async (_, status, statusText, body, message) => {
    const error = await callFailure(
      () => new Response(body === '' ? null : body, { status, statusText }),
    );
    expect(error.status.message).toBe(message);
    expect(error.code).not.toBe(Code.OK);
    expect(error.message).toContain(message);
  });

  it('names the method and what it was about', async () => {
    const client = clientFor(() => json({ code: 7, message: 'No.' }, { status: 403 }));
    for (const method of ['get', 'cancel', 'delete', 'wait', 'list'] as const) {
      const error = (await failureOf(client[method]?.({ name }))) as CallFailedError;
      expect(error).toMatchObject({ method, code: Code.PERMISSION_DENIED });
      expect(error.message).toContain(name);
    }
  });

  it('of a list of everything names nothing', async () => {
    const { fetch } = recorder(() => json({ code: 7, message: 'No.' }, { status: 403 }));
    const client = restClient({ baseUrl, fetch, paths: { list: 'v1/operations' } });
    const error = (await failureOf(client.list({ name: '' }))) as CallFailedError;
    expect(error.message).toMatch(/^Listing the operations of all /);
  });

  it('takes megabytes of markup in no time', async () => {
    const body = `<html>${'<title'.repeat(500_000)}`;
    const error = await callFailure(() => new Response(body, { status: 500 }));
    expect(error.status.message).toBe('HTTP 500');
  });

  it('is caused by an HttpError that shows neither header nor query', async () => {
    const { fetch } = recorder(() =>
      json(
        { why: 'no\n such' },
        { status: 400, statusText: 'Bad Request', headers: { 'x-secret': 'hunter2' } },
      ),
    );
    const client = restClient({
      baseUrl,
      fetch,
      headers: { authorization: 'Bearer hunter2' },
      errorFormat: '2',
    });
    const error = (await failureOf(
      client.list({ name: 'p', filter: 'hunter2', pageToken: 'hunter2' }),
    )) as CallFailedError;
    expect(error.cause).toBeInstanceOf(HttpError);
    expect(error.cause).toMatchObject({
      name: 'HttpError',
      message: `HTTP 400 Bad Request from GET ${baseUrl}/v1/p/operations; the body begins: {"why":"no\\n such"}`,
      status: 400,
      request: `GET ${baseUrl}/v1/p/operations`,
      body: '{"why":"no\\n such"}',
    });
    expect(JSON.stringify(error)).toContain('HTTP 400 Bad Request');
    expect(JSON.stringify(error)).not.toContain('hunter2');
    expect(JSON.stringify(error)).not.toContain('xgafv');
  });

  it('is caused by an HttpError that says so when there is no body', async () => {
    const error = await callFailure(() => new Response(null, { status: 500 }));
    expect((error.cause as HttpError).message).toBe(
      `HTTP 500 from GET ${baseUrl}/v1/${name}; it has no body`,
    );
  });
});

describe('Retry-After becomes a RetryInfo', () => {
  const date = 'Wed, 21 Oct 2026 07:28:00 GMT';

  async function delayOf(headers: Record<string, string>, body: unknown = {}): Promise<unknown> {
    const error = await callFailure(() => json(body, { status: 503, headers }));
    return findDetail(error, 'google.rpc.RetryInfo')?.retryDelay;
  }

  it.each([
    ['12', '12s'],
    ['0', '0s'],
    ['007', '7s'],
    ['99999999999999999999', '315576000000s'],
  ])('seconds: %s [polling 10] [fact 31]', async (value, delay) => {
    expect(await delayOf({ 'retry-after': value })).toBe(delay);
  });

  it.each([
    ['Wed, 21 Oct 2026 07:28:30 GMT', '30s'],
    ['Thu, 22 Oct 2026 07:28:00 GMT', '86400s'],
    ['Wed, 21 Oct 2026 07:00:00 GMT', '0s'],
    ['Wednesday, 21-Oct-26 07:28:30 GMT', '30s'],
    ['Thursday, 22-Oct-26 07:28:00 GMT', '86400s'],
    ['Sunday, 06-Nov-94 08:49:37 GMT', '0s'],
    ['Wed Oct 21 07:28:30 2026', '30s'],
    ['Sun Nov  1 07:28:00 2026', '950400s'],
  ])(
    'a date, relative to the Date of the answer: %s [polling 10] [fact 31]',
    async (value, delay) => {
      expect(await delayOf({ 'retry-after': value, date })).toBe(delay);
    },
  );

  it.each([undefined, 'yesterday'])(
    'a date, relative to our clock where Date is %s',
    async (wrong) => {
      const now = vi.spyOn(Date, 'now').mockReturnValue(Date.parse(date));
      try {
        const headers = { 'retry-after': 'Wed, 21 Oct 2026 07:28:05 GMT' };
        expect(await delayOf(wrong === undefined ? headers : { ...headers, date: wrong })).toBe(
          '5s',
        );
      } finally {
        now.mockRestore();
      }
    },
  );

  it.each([
    '-1',
    '1.5.0',
    '1e3',
    '12s',
    '12, 13',
    'soon',
    '',
    '2026-10-21T07:28:30Z',
    'Wedday, 21-Oct-26 07:28:30 GMT',
    'Wednesday, 21-Okt-26 07:28:30 GMT',
    'Wednesday, 21-Oct-26 07:28:30',
    'Wednesday, 21-Oct-2026 07:28:30 GMT',
    'Wed Oct 21 07:28:30 2026 GMT',
    'Wed Okt 21 07:28:30 2026',
    'Wed Oct 21 2026',
    'Wed, 21 Oct 2026 07:28:30 +0200',
    'Wed, 99 Oct 2026 07:28:30 GMT',
    'Wed, 21 Okt 2026 07:28:30 GMT',
    'Thu, 21 Oct 2026 07:28:30 GMT',
  ])('anything else does not: %j', async (value) => {
    expect(await delayOf({ 'retry-after': value, date })).toBeUndefined();
  });

  it('keeps the details that there are', async () => {
    const info = { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'R' };
    const body = { error: { code: 503, status: 'UNAVAILABLE', message: 'x', details: [info] } };
    const error = await callFailure(() =>
      json(body, { status: 503, headers: { 'retry-after': '3' } }),
    );
    expect(error.details).toEqual([
      info,
      { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '3s' },
    ]);
  });

  it('unless the body has one', async () => {
    const info = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '1s' };
    const body = { error: { code: 503, status: 'UNAVAILABLE', message: 'x', details: [info] } };
    const error = await callFailure(() =>
      json(body, { status: 503, headers: { 'retry-after': '3' } }),
    );
    expect(error.details).toEqual([info]);
  });
});

describe('a redirect is an error and is not followed', () => {
  it.each([
    [
      301,
      'https://evil.example/v1/operations/1?key=hunter2#x',
      'https://evil.example/v1/operations/1',
    ],
    [302, '/login?to=hunter2', `${baseUrl}/login`],
    [303, 'other', `${baseUrl}/v1/operations/other`],
    [307, '//user:hunter2@evil.example/x', 'https://evil.example/x'],
    [308, 'https://api.example.com/v2/operations/1', `${baseUrl}/v2/operations/1`],
    [300, 'https://api.example.com/v2/', `${baseUrl}/v2/`],
    [302, 'data:text/html,hunter2', 'an address that is not an http URL'],
    [302, 'https://', 'an address that is not a URL'],
  ])('%i to %s', async (status, location, target) => {
    const { fetch, sent } = recorder(() => new Response(null, { status, headers: { location } }));
    const client = restClient({ baseUrl, fetch, headers: { authorization: 'Bearer hunter2' } });
    const error = await failureOf(client.get({ name }));
    expect(error).toBeInstanceOf(CallFailedError);
    const { code, status: said } = error as CallFailedError;
    expect(code).toBe(Code.FAILED_PRECONDITION);
    expect(said.details).toEqual([]);
    expect(said.message).toBe(
      `HTTP ${status}: the service redirects to ${target}. Redirects are not followed, so that credentials stay where they belong; set \`baseUrl\` to where the service is.`,
    );
    expect(JSON.stringify(error)).not.toContain('hunter2');
    expect(sent.map(({ init }) => init.redirect)).toEqual(['manual']);
  });

  it('when the platform hides where it goes', async () => {
    const hidden = {
      status: 0,
      statusText: '',
      type: 'opaqueredirect',
      headers: new Headers(),
      text: async () => '',
    };
    const error = await callFailure(() => hidden as unknown as Response);
    expect(error.status.message).toMatch(
      /^A redirect: the service redirects to an address that is not known\./,
    );
    expect(error.cause).toMatchObject({ status: 0 });
  });
});
