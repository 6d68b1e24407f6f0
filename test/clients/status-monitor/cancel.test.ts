import { Code, waitForDone, type Operation } from 'rx-lro';
import { statusMonitorClient } from 'rx-lro/status-monitor';
import { VirtualTime } from 'rx-lro/testing';
import { afterEach, describe, expect, test, vi } from 'vitest';

import { failureOf } from '../../support/failure-of.js';
import { origin, serviceOf, type Routes, type Scripted, type Service } from './service.js';
import { accepted } from './world.js';

const name = `${origin}/jobs/9#rx-lro=1&kind=http&delete=1`;
const running: Scripted = { status: 202 };

afterEach(() => void vi.useRealTimers());

/** The name of the operation that a call starts, and its service. */
async function begin(
  call: string,
  routes: Routes,
): Promise<{
  operation: Operation;
  client: ReturnType<typeof statusMonitorClient>;
  service: Service;
}> {
  const service = serviceOf(routes);
  const client = statusMonitorClient({ fetch: service.fetch });
  const [method = '', path = ''] = call.split(' ');
  const operation = await client.operation(service.fetch(origin + path, { method }), { method });
  return { operation, client, service };
}

describe('a DELETE is not sent to what is not a monitor of FHIR:', () => {
  const order = { id: 7, status: 'processing' };

  test.each<[string, Scripted]>([
    ['the resource of the call', accepted({ 'content-location': '/orders/7' }, order)],
    ['the same, with a slash', accepted({ 'content-location': '/orders/7/' }, order)],
    ['the same, without its query', accepted({ 'content-location': '/orders/7' })],
    ['a resource with a status', accepted({ 'content-location': '/orders/8' }, order)],
    ['a resource without one', accepted({ 'content-location': '/orders/8' }, { id: 8 })],
    [
      'a job of JSON:API',
      accepted({ 'content-location': '/jobs/7', 'content-type': 'application/vnd.api+json' }),
    ],
    ['a text', accepted({ 'content-location': '/orders/8' }, 'It is done.')],
  ])('%s', async (_, answer) => {
    const { operation, client, service } = await begin('PUT /orders/7?v=1', {
      'PUT /orders/7?v=1': answer,
    });
    expect(operation.name).not.toContain('delete=1');
    await expect(client.cancel({ name: operation.name })).rejects.toMatchObject({
      code: Code.UNIMPLEMENTED,
    });
    await expect(client.delete({ name: operation.name })).rejects.toMatchObject({
      code: Code.UNIMPLEMENTED,
    });
    expect(service.asked()).toEqual(['PUT /orders/7?v=1']);
  });

  test('an answer whose body was read before, and does not say that it is of FHIR', async () => {
    const service = serviceOf({
      'POST /orders': accepted({ 'content-location': '/orders/7' }, order),
      'POST /$export': accepted(
        { 'content-location': '/jobs/7', 'content-type': 'application/fhir+json' },
        { resourceType: 'OperationOutcome' },
      ),
    });
    const client = statusMonitorClient({ fetch: service.fetch });
    const names = await Promise.all(
      ['/orders', '/$export'].map(async (path) => {
        const response = await service.fetch(origin + path, { method: 'POST' });
        await response.json();
        return (await client.operation(response)).name ?? '';
      }),
    );
    expect(names.map((each) => each.includes('delete=1'))).toEqual([false, true]);
  });

  test.each<Scripted>([
    accepted({ 'content-location': '/jobs/7' }),
    accepted({ 'content-location': '/jobs/7' }, { resourceType: 'OperationOutcome', issue: [] }),
  ])('and FHIR has it: %j', async (answer) => {
    const { operation } = await begin('POST /$export', { 'POST /$export': answer });
    expect(operation.name).toContain('delete=1');
  });
});

describe('`Content-Location` that names the resource of the call names no monitor', () => {
  const order = { id: 7, status: 'processing' };

  test('`Location` beside it does', async () => {
    const { operation } = await begin('PUT /orders/7', {
      'PUT /orders/7': accepted({ 'content-location': '/orders/7', location: '/jobs/1' }, order),
    });
    expect(operation.name).toMatch(`${origin}/jobs/1#`);
  });

  test.each([{ 'content-location': '/orders/7' }, {}])(
    'without one the resource is asked, and runs until its word ends it: %j',
    async (headers) => {
      const shipped = { id: 7, status: 'done' };
      const { operation, client } = await begin('PUT /orders/7', {
        'PUT /orders/7': accepted(headers, order),
        'GET /orders/7': [
          { body: order },
          { body: { ...order, status: 'odd' } },
          { body: shipped },
        ],
      });
      const ask = { name: operation.name };
      expect(await client.get(ask)).toMatchObject({ done: false });
      expect(await client.get(ask)).toMatchObject({ done: false });
      expect(await client.get(ask)).toMatchObject({ done: true, response: shipped });
    },
  );
});

describe('a cancel reaches a server', () => {
  test('that refuses early questions', async () => {
    const scheduler = new VirtualTime();
    const asked: string[] = [];
    let last = -Infinity;
    const client = statusMonitorClient({
      fetch: async (_, init) => {
        asked.push(init.method ?? '');
        if (init.method === 'DELETE') return new Response(null, { status: 202 });
        if (asked.includes('DELETE')) return new Response(null, { status: 404 });
        const isEarly = scheduler.now() - last < 60_000;
        last = scheduler.now();
        const headers = { 'retry-after': '60' };
        return new Response(null, { status: isEarly ? 429 : 202, headers });
      },
    });
    const controller = new AbortController();
    scheduler.schedule(() => controller.abort(), 200);
    const wait = failureOf(
      waitForDone(
        client,
        { name, done: false },
        { scheduler, signal: controller.signal, backoff: { startingDelay: 100 } },
      ),
    );
    await scheduler.runUntil(wait);
    expect(await wait).toMatchObject({ code: Code.CANCELLED });
    expect(asked.filter((each) => each === 'DELETE')).toHaveLength(1);
  });
});

test('a cancel does not wait for a question that hangs', async () => {
  vi.useFakeTimers();
  const asked: string[] = [];
  const client = statusMonitorClient({
    fetch: async (_, { method = '' }) => {
      asked.push(method);
      return method === 'GET' ? new Promise(() => undefined) : new Response(null, { status: 202 });
    },
  });
  const cancel = client.cancel({ name });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await cancel).toEqual({});
  expect(asked).toEqual(['GET', 'DELETE']);
  expect(vi.getTimerCount()).toBe(0);
});

describe('CANCELLED is said only where a DELETE may have been obeyed', () => {
  const routes = (answer: Scripted): Routes => ({
    'GET /jobs/9': [running, running, { status: 404 }],
    'DELETE /jobs/9': answer,
  });

  async function afterwards(answer: Scripted, more: object = {}): Promise<unknown> {
    const { fetch } = serviceOf(routes(answer));
    const client = statusMonitorClient({ fetch, ...more });
    await client.get({ name });
    await client.cancel({ name }).catch(() => undefined);
    return client.get({ name }).catch((error: unknown) => error);
  }

  test.each<Scripted>([
    { status: 302, headers: { location: '/login' } },
    { status: 307, headers: { location: 'https://other.example.com/1' } },
    { status: 405 },
    { status: 501 },
    { status: 505 },
  ])('not after %j', async (answer) => {
    expect(await afterwards(answer)).toMatchObject({ code: Code.NOT_FOUND });
  });

  test.each<Scripted>([{ status: 204 }, { status: 500 }, { isReset: true }])(
    'after %j',
    async (answer) => {
      expect(await afterwards(answer)).toMatchObject({ error: { code: Code.CANCELLED } });
    },
  );

  test('not where its `headers` fail', async () => {
    let count = 0;
    const headers = async (): Promise<HeadersInit> => {
      count += 1;
      if (count === 3) throw new Error('No token.');
      return {};
    };
    const found = await afterwards({ status: 204 }, { headers, baseUrl: origin });
    expect(found).toMatchObject({ code: Code.NOT_FOUND });
  });

  test('not where it is aborted before the DELETE', async () => {
    const controller = new AbortController();
    const { fetch, asked } = serviceOf({
      'GET /jobs/9': [running, { status: 202, body: {} }, { status: 404 }],
      'DELETE /jobs/9': { status: 204 },
    });
    // It is asked after the answer and before the DELETE.
    const statusOf = (): undefined => {
      controller.abort();
    };
    const client = statusMonitorClient({ fetch, statusOf });
    await client.get({ name });
    const { signal } = controller;
    await expect(client.cancel({ name }, { signal })).rejects.toThrow(/abort/);
    await expect(client.get({ name })).rejects.toMatchObject({ code: Code.NOT_FOUND });
    expect(asked()).not.toContain('DELETE /jobs/9');
  });

  test('not where it is aborted while its `headers` are fetched', async () => {
    const controller = new AbortController();
    let count = 0;
    const { fetch, asked } = serviceOf(routes({ status: 204 }));
    const headers = async (): Promise<HeadersInit> => {
      count += 1;
      if (count === 3) controller.abort();
      return {};
    };
    const client = statusMonitorClient({ fetch, headers, baseUrl: origin });
    await client.get({ name });
    const { signal } = controller;
    await expect(client.cancel({ name }, { signal })).rejects.toThrow(/abort/);
    await expect(client.get({ name })).rejects.toMatchObject({ code: Code.NOT_FOUND });
    expect(asked()).not.toContain('DELETE /jobs/9');
  });
});
