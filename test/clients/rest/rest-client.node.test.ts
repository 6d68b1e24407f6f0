import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { CallFailedError, Code, statusFrom } from 'rx-lro';
import { restClient } from 'rx-lro/rest';
import { failureOf } from './recorder.js';

const name = 'projects/p/operations/1';
const servers: Server[] = [];

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let settle = (): void => undefined;
  const promise = new Promise<void>((resolve) => {
    settle = resolve;
  });
  return { promise, resolve: settle };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map(close));
});

describe('over a socket', () => {
  it('sends what the service expects', async () => {
    const seen: unknown[] = [];
    const baseUrl = await serve((request, response) => {
      void textOf(request).then((body) => {
        const { method, url, headers } = request;
        seen.push([
          method,
          url,
          headers.authorization,
          headers['content-type'],
          headers['content-length'],
          body,
        ]);
        response.setHeader('content-type', 'application/json').end('{"done":true}');
      });
    });
    const client = restClient({
      baseUrl,
      headers: { authorization: 'Bearer t' },
      paths: { wait: 'v1/{+name}:wait{?timeout}' },
    });
    await client.get({ name: "databases/(default)/operations/a:b'é" });
    await client.list({ name: 'p', filter: 'done=true', pageSize: 2 });
    await client.cancel({ name });
    await client.delete({ name });
    await client.wait?.({ name, timeout: 500 });
    const json = 'application/json';
    const auth = 'Bearer t';
    expect(seen).toEqual([
      ['GET', "/v1/databases/(default)/operations/a%3Ab'%C3%A9", auth, undefined, undefined, ''],
      ['GET', '/v1/p/operations?filter=done%3Dtrue&pageSize=2', auth, undefined, undefined, ''],
      ['POST', `/v1/${name}:cancel`, auth, json, '2', '{}'],
      ['DELETE', `/v1/${name}`, auth, undefined, undefined, ''],
      ['POST', `/v1/${name}:wait?timeout=0.5s`, auth, undefined, '0', ''],
    ]);
  });

  it('never follows a redirect to another origin, so it gets no credentials', async () => {
    const reached: (string | undefined)[] = [];
    const other = await serve((request, response) => {
      reached.push(request.headers.authorization);
      response.end('{}');
    });
    const asked: (string | undefined)[] = [];
    const baseUrl = await serve((request, response) => {
      asked.push(request.headers.authorization);
      response.writeHead(307, { location: `${other}/v1/operations/1?key=hunter2` }).end();
    });
    const client = restClient({ baseUrl, headers: { authorization: 'Bearer t' } });
    for (const method of ['get', 'list', 'cancel', 'delete'] as const) {
      const error = await failureOf(client[method]({ name }));
      expect(error).toBeInstanceOf(CallFailedError);
      expect((error as Error).message).toContain(`redirects to ${other}/v1/operations/1. `);
      expect(JSON.stringify(error)).not.toContain('hunter2');
    }
    expect(asked).toEqual(['Bearer t', 'Bearer t', 'Bearer t', 'Bearer t']);
    expect(reached).toEqual([]);
  });

  it('takes a body that is cut in half for a failure of the network', async () => {
    const baseUrl = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      response.write('{"name":"projects/p', () => response.destroy());
    });
    const error = await failureOf(restClient({ baseUrl }).get({ name }));
    expect((error as Error).cause).toBeInstanceOf(TypeError);
    expect(statusFrom(error).code).toBe(Code.UNAVAILABLE);
  });

  it('takes a chunked body that does not end for a failure of the network', async () => {
    const baseUrl = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"name":', () => response.destroy());
    });
    const error = await failureOf(restClient({ baseUrl }).get({ name }));
    expect((error as Error).cause).toBeInstanceOf(TypeError);
    expect(statusFrom(error).code).toBe(Code.UNAVAILABLE);
  });

  it.each([
    [404, Code.NOT_FOUND],
    [503, Code.UNAVAILABLE],
  ])('keeps what the HTTP status %i says when the body is cut off', async (status, code) => {
    const baseUrl = await serve((_, response) => {
      response.writeHead(status, { 'content-type': 'text/html', 'retry-after': '7' });
      response.write('<html>', () => response.destroy());
    });
    const error = await failureOf(restClient({ baseUrl }).get({ name }));
    expect(error).toBeInstanceOf(CallFailedError);
    expect(error).toMatchObject({ code, details: [{ retryDelay: '7s' }], cause: { status } });
  });

  it('takes a refused connection for a failure of the network', async () => {
    const baseUrl = await serve(() => undefined);
    await Promise.all(servers.splice(0).map(close));
    const error = await failureOf(restClient({ baseUrl }).get({ name }));
    expect((error as Error).cause).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ cause: { cause: { code: 'ECONNREFUSED' } } });
    expect(statusFrom(error).code).toBe(Code.UNAVAILABLE);
  });

  it('closes the connection when it is aborted before the answer', async () => {
    const controller = new AbortController();
    const reason = new Error('no more');
    const closed = deferred();
    const baseUrl = await serve((request) => {
      request.socket.once('close', closed.resolve);
      controller.abort(reason);
    });
    const { signal } = controller;
    expect(await failureOf(restClient({ baseUrl }).get({ name }, { signal }))).toBe(reason);
    await closed.promise;
  });

  it('closes the connection when it is aborted in the middle of the answer', async () => {
    const controller = new AbortController();
    const reason = new Error('no more');
    const closed = deferred();
    const baseUrl = await serve((request, response) => {
      request.socket.once('close', closed.resolve);
      response.write('{"name":');
    });
    const client = restClient({
      baseUrl,
      fetch: async (url, init) => {
        const response = await fetch(url, init);
        controller.abort(reason);
        return response;
      },
    });
    const { signal } = controller;
    const error = await failureOf(client.get({ name }, { signal }));
    // Node 20 rejects with an AbortError of its own here, in place of the reason.
    expect(error === reason || (error as Error).name === 'AbortError').toBe(true);
    await closed.promise;
  });

  it('sends nothing when it was aborted beforehand', async () => {
    let asked = 0;
    const baseUrl = await serve((_, response) => {
      asked += 1;
      response.end('{}');
    });
    const reason = new Error('no more');
    const signal = AbortSignal.abort(reason);
    expect(await failureOf(restClient({ baseUrl }).get({ name }, { signal }))).toBe(reason);
    expect(await restClient({ baseUrl }).get({ name })).toEqual({});
    expect(asked).toBe(1);
  });

  it('takes a body of 5 MB', async () => {
    const text = 'é日😀x'.repeat(500_000);
    const operation = { name, done: true, response: { text } };
    const body = Buffer.from(JSON.stringify(operation));
    expect(body.length).toBeGreaterThan(5_000_000);
    const baseUrl = await serve((_, response) => response.end(body));
    const answer = await restClient<{ text: string }>({ baseUrl }).get({ name });
    expect(answer.response?.text === text).toBe(true);
  });

  it('takes a body whose chunks cut through its characters', async () => {
    const operation = { name, done: true, response: { text: 'é日本😀' } };
    const bytes = Buffer.from(`\ufeff${JSON.stringify(operation)}`);
    const baseUrl = await serve((_, response) => {
      for (const byte of bytes) response.write(Buffer.of(byte));
      response.end();
    });
    expect(await restClient({ baseUrl }).get({ name })).toEqual(operation);
  });

  it('reads an error with its headers', async () => {
    const baseUrl = await serve((_, response) => {
      response
        .writeHead(503, { 'content-type': 'text/html', 'retry-after': '7' })
        .end('<html><title>Down</title></html>');
    });
    const error = await failureOf(restClient({ baseUrl }).get({ name }));
    expect(error).toMatchObject({
      code: Code.UNAVAILABLE,
      status: { message: 'HTTP 503 Service Unavailable: Down' },
      details: [{ retryDelay: '7s' }],
    });
  });
});
