import { describe, expect, it } from 'vitest';
import { type CallFailedError, getOperation, type OperationsClient } from 'rx-lro';
import { restClient } from 'rx-lro/rest';

import { failureOf } from '../support/failure-of.js';

const name = 'operations/1';
const url = 'https://api.example.com/v1/operations/1';
const secret = 'https://user:pass-word@api.example.com/v1/operations/1?key=secret#fragment';
const once = { retry: { numOfAttempts: 1 } };

async function failureOfGet(get: OperationsClient['get']): Promise<CallFailedError> {
  return (await failureOf(getOperation({ get }, name, once))) as CallFailedError;
}

function failing(fields: object): Error {
  return Object.assign(new Error('failed'), fields);
}

function respond(status: number): Response {
  return Object.defineProperty(new Response('', { status }), 'url', { value: secret });
}

describe('the message of a call that failed has the URL, and no secret of it', () => {
  it.each<[string, unknown]>([
    ['a Response that was thrown', respond(503)],
    ['an error with a URL', failing({ url: secret })],
    ['axios', failing({ config: { url: secret } })],
    [
      'axios, with a base',
      failing({
        config: {
          baseURL: 'https://user:pass-word@api.example.com',
          url: '/v1/operations/1?key=secret',
        },
      }),
    ],
    ['gaxios', failing({ config: { url: new URL(secret) }, response: { status: 503 } })],
    ['ky, octokit', failing({ request: { url: secret }, response: respond(500) })],
    ['ofetch', failing({ request: secret, response: respond(500) })],
    ['got', failing({ code: 'ECONNREFUSED', options: { url: new URL(secret) } })],
    ['an error around it', new Error('my client', { cause: failing({ config: { url: secret } }) })],
  ])('of %s [report 34]', async (_, thrown) => {
    const error = await failureOfGet(async () => Promise.reject(thrown));
    expect(error.url).toBe(url);
    expect(error.message).toContain(`the get call to ${url} failed`);
    expect(error.message).not.toMatch(/pass-word|secret|fragment/);
  });

  it.each<[string, unknown]>([
    ['no text', failing({ url: 5, config: { url: null }, request: { url: {} } })],
    ['an empty one', failing({ url: '' })],
    ['none', 'just a text'],
    [
      'one that cannot be read',
      Object.defineProperty(new Error('x'), 'config', {
        get: () => {
          throw new Error('hostile');
        },
      }),
    ],
  ])('and is as before where there is no URL, but %s [report 34]', async (_, thrown) => {
    const error = await failureOfGet(async () => Promise.reject(thrown));
    expect(error.url).toBeUndefined();
    expect(error.message).toMatch(/^Operation operations\/1: the get call failed: /);
  });

  it.each([
    ['/v1/operations/1?key=secret', '/v1/operations/1…'],
    ['data:text/plain,a?key=secret', 'data:text/plain,a…'],
    ['foo://user:pass-word@host/x', 'foo://…@host/x'],
    ['https://host/users/a@b.example', 'https://host/users/a@b.example'],
  ])('of what is not an absolute HTTP URL, too: %s [report 34]', async (given, expected) => {
    expect((await failureOfGet(async () => Promise.reject(failing({ url: given })))).url).toBe(
      expected,
    );
  });
});

describe('so do the messages of restClient', () => {
  const client = (answer: () => Promise<Response>) =>
    restClient({ baseUrl: 'https://api.example.com', errorFormat: '2', fetch: answer });

  it.each<[string, () => Promise<Response>]>([
    ['an error of the service', async () => new Response('', { status: 404 })],
    ['a failure of the network', async () => Promise.reject(new TypeError('fetch failed'))],
    ['a body that breaks off', async () => new Response(brokenBody())],
    ['a body that is not JSON', async () => new Response('<html>')],
  ])('for %s [report 34]', async (_, answer) => {
    const error = (await failureOf(getOperation(client(answer), name, once))) as CallFailedError;
    expect(error.message).toContain(url);
    expect(error.message).not.toContain('xgafv');
    expect(((await failureOf(client(answer).get({ name }))) as Error).message).toContain(url);
  });
});

function brokenBody(): ReadableStream {
  return new ReadableStream({
    start: (controller) => controller.error(new TypeError('terminated')),
  });
}
