import { Code, poll, progressOf, waitForDone, type Operation } from 'rx-lro';
import { statusMonitorClient } from 'rx-lro/status-monitor';
import { FakeOperations, VirtualTime } from 'rx-lro/testing';
import { describe, expect, test } from 'vitest';

import { failureOf } from '../support/failure-of.js';

const url = 'https://api.example.com/films/42';
const dialects = ['azure', 'fhir', 'rest'] as const;

describe.each(dialects)('%s', (dialect) => {
  test('an operation that a request starts, to its end, in virtual time', async () => {
    const scheduler = new VirtualTime();
    const fake = new FakeOperations({ scheduler });
    const script = {
      duration: 600_000,
      progress: true,
      response: { pages: 12 },
      pollAfter: 30_000,
    };
    const service = fake.monitor({ dialect, script });
    const monitor = statusMonitorClient({ fetch: service });
    const operation = await monitor.operation(service(url, { method: 'PUT' }), { method: 'PUT' });
    const seen: Operation[] = [];
    const done = poll(monitor, operation, { scheduler }).forEach((each) => seen.push(each));
    await scheduler.runUntil(done);
    expect(seen.at(-1)?.response).toEqual({ pages: 12 });
    expect(seen.map((each) => progressOf(each))).toContain(0.5);
    // Each 30 s, as the service asks.
    expect(fake.calls.length).toBe(21);
    expect(await (await service(url)).json()).toEqual({ pages: 12 });
  });

  test('a failure arrives with its code and message', async () => {
    const fake = new FakeOperations();
    const error = { code: Code.INVALID_ARGUMENT, message: 'No such film.' };
    const service = fake.monitor({ dialect, script: () => ({ error }) });
    const monitor = statusMonitorClient({ fetch: service });
    const operation = monitor.operation(service(url, { method: 'POST' }), { method: 'POST' });
    expect(await failureOf(waitForDone(monitor, operation))).toMatchObject({
      kind: 'operation-failed',
      status: error,
    });
    expect((await service(url)).status).toBe(404);
  });

  test('faults meet the calls of monitors', async () => {
    const fake = new FakeOperations();
    const service = fake.monitor({ dialect, script: { response: { pages: 12 } } });
    const monitor = statusMonitorClient({ fetch: service });
    const operation = monitor.operation(service(url, { method: 'POST' }), { method: 'POST' });
    fake.fail({ method: 'get', times: 2 });
    fake.fail({ method: 'get', network: true });
    const retry = { startingDelay: 0 };
    expect(await waitForDone(monitor, operation, { retry })).toEqual({ pages: 12 });
    expect(fake.calls.length).toBe(4);
  });
});

test.each([
  [Code.UNAUTHENTICATED, 'login', 400],
  [Code.RESOURCE_EXHAUSTED, 'too-costly', 400],
  [Code.PERMISSION_DENIED, 'forbidden', 400],
  [Code.NOT_FOUND, 'not-found', 400],
  [Code.UNAVAILABLE, 'processing', 500],
  [Code.DEADLINE_EXCEEDED, 'processing', 500],
  [Code.INTERNAL, 'processing', 500],
])(
  'in FHIR a failure has an HTTP status that is not of the call: %i',
  async (code, issue, status) => {
    const fake = new FakeOperations();
    fake.start({ name: 'a', error: { code, message: 'No.' } });
    const response = await fake.monitor({ dialect: 'fhir' })('https://api.example.com/monitors/a');
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ issue: [{ code: issue, diagnostics: 'No.' }] });
  },
);

test.each(dialects)('%s: without a response there is no body', async (dialect) => {
  const fake = new FakeOperations();
  const service = fake.monitor({ dialect, script: { duration: 0 } });
  const monitor = statusMonitorClient({ fetch: service });
  const operation = monitor.operation(service(url, { method: 'POST' }), { method: 'POST' });
  expect(await waitForDone(monitor, operation)).toBeUndefined();
});

test('a cancel of a monitor ends it with CANCELLED', async () => {
  for (const dialect of ['azure', 'rest'] as const) {
    const fake = new FakeOperations();
    const service = fake.monitor({ dialect });
    const monitor = statusMonitorClient({
      fetch: service,
      cancel: 'POST /cancel',
      delete: 'DELETE',
    });
    const operation = await monitor.operation(service(url, { method: 'POST' }), { method: 'POST' });
    const wait = failureOf(waitForDone(monitor, operation, { signal: AbortSignal.abort() }));
    expect(await wait).toMatchObject({ kind: 'operation-failed', code: Code.CANCELLED });
    await monitor.delete({ name: operation.name });
    await expect(monitor.get({ name: operation.name })).rejects.toMatchObject({
      code: Code.NOT_FOUND,
    });
  }
});

test('a GET starts an operation where it prefers so', async () => {
  const fake = new FakeOperations();
  const service = fake.monitor({ dialect: 'fhir' });
  expect((await service(url)).status).toBe(404);
  const response = await service(url, { headers: { prefer: 'respond-async' } });
  expect(response.status).toBe(202);
  expect(response.headers.get('content-location')).toBe('/monitors/operations/1');
});

test('in FHIR a DELETE cancels what is not done, and deletes what is', async () => {
  const fake = new FakeOperations();
  const service = fake.monitor({ dialect: 'fhir' });
  fake.start({ name: 'a' });
  fake.start({ name: 'b', response: {} });
  for (const name of ['a', 'b']) {
    await service(`https://api.example.com/monitors/${name}`, { method: 'DELETE' });
  }
  expect(fake.calls.map(({ method, name }) => `${method} ${name}`)).toEqual([
    'cancel a',
    'delete b',
  ]);
});

test.each([
  [{ dialect: 'other' }, RangeError],
  [null, TypeError],
])('refuses %j', (options, kind) => {
  const fake = new FakeOperations();
  expect(() => fake.monitor(options as never)).toThrow(kind);
});
