import { CallFailedError, Code, ProtocolError, isTransient, type OperationLike } from 'rx-lro';
import { statusMonitorClient } from 'rx-lro/status-monitor';
import { describe, expect, test } from 'vitest';

import { origin, serviceOf, type Scripted } from './service.js';
import { accepted, run } from './world.js';

const pages = { pages: 12 };

async function ask(kind: string, body: unknown): Promise<OperationLike> {
  const { fetch } = serviceOf({ 'GET /jobs/9': { body } });
  const client = statusMonitorClient({ fetch });
  return client.get({ name: `${origin}/jobs/9#rx-lro=1&kind=${kind}` });
}

describe('the document of the start call may be the resource: the word counts in that of another id', () => {
  const start = accepted({ location: '/jobs/9' }, { id: 'o7', status: 'pending' });

  test('a word that fails', async () => {
    const { operation } = await run('POST /orders', {
      'POST /orders': start,
      'GET /jobs/9': { body: { id: 9, status: 'failed', error: 'Out of stock.' } },
    });
    expect(operation.error?.message).toBe('Out of stock.');
  });

  test('a word that runs, and one of success, which sends to the result', async () => {
    const { operation } = await run('PUT /orders/o7', {
      'PUT /orders/o7': start,
      'GET /jobs/9': [{ body: { id: 9, status: 'running' } }, { body: { id: 9, status: 'done' } }],
      'GET /orders/o7': { body: pages },
    });
    expect(operation.response).toEqual(pages);
  });

  test.each(['o7', '9'])('a resource of JSON:API whose job is another: %s', async (order) => {
    const data = (type: string, id: string, status: string): object => ({
      data: { type, id, attributes: { status } },
    });
    const { operation } = await run('POST /orders', {
      'POST /orders': accepted({ location: '/jobs/9' }, data('orders', order, 'new')),
      'GET /jobs/9': [
        { body: data('jobs', '9', 'running') },
        { body: data('jobs', '9', 'failed') },
      ],
    });
    expect(operation.error?.code).toBe(Code.UNKNOWN);
  });

  test.each([
    { links: { self: '/orders/o7' } },
    { _links: { self: { href: '../orders/o7' } } },
    { self: `${origin}/orders/o7` },
  ])('a self link says that it is another thing: %j', async (link) => {
    const body = { id: 'o8', status: 'processing', ...link };
    const { operation } = await run('POST /orders', {
      'POST /orders': start,
      'GET /jobs/9': { body },
    });
    expect(operation.response).toEqual(body);
  });

  test('a self link to the monitor says that it is not', async () => {
    const body = { id: 9, status: 'failed', links: { self: '/jobs/9' } };
    const { operation } = await run('POST /orders', {
      'POST /orders': start,
      'GET /jobs/9': { body },
    });
    expect(operation.error).toBeDefined();
  });

  test('an identity that is cut within a character is the same in the name', async () => {
    const id = `${'x'.repeat(198)}😀😀`;
    const { operation, service } = await run('POST /orders', {
      'POST /orders': accepted({ location: '/jobs/9' }, { id, status: 'queued' }),
      'GET /jobs/9': [{ body: { id, status: 'odd' } }, { body: { id, status: 'done' } }],
    });
    expect(operation.response).toEqual({ id, status: 'done' });
    expect(service.asked()).toHaveLength(3);
  });
});

describe.each(['status', 'http'])('words and errors are found in each place, kind %s', (kind) => {
  test.each([
    { status: 'Failed' },
    { properties: { status: 'Failed' } },
    { properties: { error: { code: 'Busy', message: 'No.' } } },
    { properties: { error: 'boom' } },
    { error: 'boom' },
    { error: { message: 'boom' } },
    { errors: [{ title: 'boom' }] },
    { status: { code: 'Failed' } },
    { status: { state: 'failed', message: 'boom' } },
    { data: { status: 'failed' } },
    { data: { attributes: { error: { code: 'Busy' } } } },
  ])('fails: %j', async (body) => {
    expect(await ask(kind, body)).toMatchObject({ done: true, error: { code: Code.UNKNOWN } });
  });

  test.each([
    { properties: { status: 'Running' } },
    { properties: { state: 'InProgress' } },
    { status: { code: 'Running' } },
    { data: { status: 'running' } },
  ])('runs: %j', async (body) => {
    expect(await ask(kind, body)).toMatchObject({ done: false });
  });

  test.each([
    { properties: { provisioningState: 'Succeeded', status: 'Running' } },
    { error: null, pages: 12 },
    { error: '', pages: 12 },
    { error: [], pages: 12 },
    { data: { pages: 12 }, errors: [{ message: 'In part.' }] },
  ])('is the result: %j', async (body) => {
    const operation = await ask(kind, body);
    expect(operation).toMatchObject({ done: true, response: body });
    expect(operation.error).toBeUndefined();
  });
});

test('a message within the status is that of the failure', async () => {
  const body = { status: { code: 'Failed', message: 'Out of film.' } };
  expect(await ask('http', body)).toMatchObject({ error: { message: 'Out of film.' } });
});

test('a resource that has an error and no provisioningState fails', async () => {
  expect(await ask('resource', { error: { code: 'Busy' } })).toHaveProperty('error');
});

describe.each(['status', 'http', 'document'])('words, kind %s', (kind) => {
  test.each(['paused', 'created', 'New', 'Queued', 'not_started'])('%s runs', async (status) => {
    expect(await ask(kind, { status })).toMatchObject({ done: false });
  });

  test.each(['aborted', 'Rejected', 'TimedOut', 'PartiallyFailed'])('%s fails', async (status) => {
    expect(await ask(kind, { status })).toMatchObject({
      done: true,
      error: { message: 'The operation has failed.' },
    });
  });

  test.each([
    'Completed',
    'complete',
    'Done',
    'finished',
    'PartiallySucceeded',
    'succeeded_partially',
    'PartiallyCompleted',
    'Completed with errors',
    'CompletedWithWarnings',
  ])('%s ends', async (status) => {
    expect(await ask(kind, { status })).toMatchObject({ done: true, response: { status } });
  });
});

describe('`statusOf`', () => {
  test('is not called without a document', async () => {
    const seen: unknown[] = [];
    const statusOf = (document: unknown): undefined => void seen.push(document);
    const { fetch } = serviceOf({ 'GET /jobs/9': [{ status: 202 }, { status: 204 }] });
    const client = statusMonitorClient({ fetch, statusOf });
    expect(await client.get({ name: `${origin}/jobs/9` })).toMatchObject({ done: false });
    expect(await client.get({ name: `${origin}/jobs/9` })).toMatchObject({ done: true });
    expect(seen).toEqual([]);
  });

  test.each([7, true, {}, Promise.resolve('done')])('gives a string, not %j', async (word) => {
    const { fetch } = serviceOf({ 'GET /jobs/9': { body: pages } });
    const client = statusMonitorClient({ fetch, statusOf: () => word as never });
    const call = client.get({ name: `${origin}/jobs/9` });
    await expect(call).rejects.toThrow(TypeError);
    await expect(call).rejects.toThrow(/`statusOf`/);
    await expect(call).rejects.toMatchObject({ code: Code.INVALID_ARGUMENT });
  });
});

describe('a failure at the result is one of the operation', () => {
  const outcome = { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'x' }] };
  const failures = [
    { status: 'Failed', error: { code: 'Busy', message: 'No.' } },
    { status: 'Failed' },
    { id: 'film-42', status: 'failed', error: 'boom' },
    { properties: { provisioningState: 'Failed' } },
    { errors: [{ title: 'No.' }] },
    { error: { message: 'No.' } },
    outcome,
  ];

  test.each(failures)('at Location: %j', async (body) => {
    const { operation } = await run('POST /films', {
      'POST /films': accepted({ 'azure-asyncoperation': '/jobs/9', location: '/films/42' }),
      'GET /jobs/9': { body: { status: 'Succeeded' } },
      'GET /films/42': { body },
    });
    expect(operation).toMatchObject({ done: true, error: { code: Code.UNKNOWN } });
    expect(operation.response).toBeUndefined();
  });

  test.each(failures)('behind 303: %j', async (body) => {
    const { operation } = await run('POST /films', {
      'POST /films': accepted({ location: '/jobs/9' }),
      'GET /jobs/9': { status: 303, headers: { location: '/films/42' } },
      'GET /films/42': { body },
    });
    expect(operation).toMatchObject({ done: true, error: { code: Code.UNKNOWN } });
  });

  test('a cancel is one there, with the reason', async () => {
    const { operation } = await run('POST /films', {
      'POST /films': accepted({ location: '/jobs/9' }),
      'GET /jobs/9': { status: 303, headers: { location: '/films/42' } },
      'GET /films/42': { body: { status: 'Canceled', error: { message: 'By hand.' } } },
    });
    expect(operation.error).toMatchObject({ code: Code.CANCELLED, message: 'By hand.' });
  });

  test.each(['Failed', 'Canceled'])('at the resource, %s', async (provisioningState) => {
    const { operation } = await run('PUT /films/42', {
      'PUT /films/42': accepted({ 'operation-location': '/jobs/9' }),
      'GET /jobs/9': { body: { status: 'Succeeded' } },
      'GET /films/42': { body: { id: 'film-42', properties: { provisioningState } } },
    });
    expect(operation.error).toBeDefined();
  });

  test.each([
    { id: 'order-7', status: 'canceled' },
    { id: 'order-7', status: 'failed', error: null },
    { resourceType: 'Measure', status: 'failed' },
    { id: 'film-42', properties: { provisioningState: 'Updating' } },
  ])('a resource has a status of its own: %j', async (body) => {
    const { operation } = await run('POST /orders', {
      'POST /orders': accepted({ location: '/jobs/9' }),
      'GET /jobs/9': { status: 303, headers: { location: '/orders/7' } },
      'GET /orders/7': { body },
    });
    expect(operation.error).toBeUndefined();
    expect(operation.response).toEqual(body);
  });

  test('`statusOf` is asked about the documents of the monitor alone', async () => {
    const asked: unknown[] = [];
    const statusOf = (document: unknown): string => {
      asked.push(document);
      return (document as { job: { state: string } }).job.state;
    };
    const done = { job: { state: 'done' } };
    const routes = {
      'PUT /films/42': accepted({ 'operation-location': '/jobs/9' }, { id: 'film-42' }),
      'GET /jobs/9': { body: done },
      'GET /films/42': { body: pages },
    };
    const { operation } = await run('PUT /films/42', routes, undefined, { statusOf });
    expect(operation.response).toEqual(pages);
    expect(asked).toEqual([done]);
    const atOnce = await run('PUT /x', { 'PUT /x': { body: pages } }, undefined, { statusOf });
    expect(atOnce.operation.response).toEqual(pages);
    expect(asked).toEqual([done]);
  });
});

describe('a start call that says that it runs, and names no monitor', () => {
  test('makes no sense with 200, and the error says what to pass', async () => {
    const { fetch } = serviceOf({ 'POST /films': { body: { status: 'running' } } });
    const client = statusMonitorClient({ fetch });
    const call = client.operation(fetch(`${origin}/films`, { method: 'POST' }));
    const error = await call.catch((each: unknown) => each);
    expect(error).toBeInstanceOf(ProtocolError);
    expect((error as Error).message).toMatch(/option `monitor`/);
  });

  test.each([
    [201, { status: 'running' }],
    [201, { id: 7, status: 'pending' }],
    [200, { id: 7, status: 'paused' }],
  ])('is done with 201, and with a resource of its own: %i, %j', async (status, body) => {
    const { operation } = await run('POST /orders', { 'POST /orders': { status, body } });
    expect(operation).toMatchObject({ done: true, response: body });
  });
});

describe('before a DELETE that cancels', () => {
  const name = `${origin}/jobs/9#rx-lro=1&kind=http&delete=1`;
  const cancel = async (
    answer: Scripted,
    option?: string,
  ): Promise<{ error: unknown; asked: readonly string[] }> => {
    const { fetch, asked } = serviceOf({
      'GET /jobs/9': answer,
      'DELETE /jobs/9': { status: 204 },
    });
    const call = statusMonitorClient({ fetch, cancel: option }).cancel({ name });
    const error = await call.then(
      () => undefined,
      (each: unknown) => each,
    );
    return { error, asked: asked() };
  };

  test.each<Scripted>([
    { status: 500 },
    { status: 503 },
    { status: 429, headers: { 'retry-after': '60' } },
    { status: 401 },
    { status: 403 },
    { status: 302, headers: { location: 'https://login.example.com/' } },
    { isReset: true },
  ])('a question that fails does not stand in its way: %j', async (answer) => {
    const { error, asked } = await cancel(answer);
    expect(error).toBeUndefined();
    expect(asked).toEqual(['GET /jobs/9', 'DELETE /jobs/9']);
  });

  test('a result that breaks off is not deleted', async () => {
    const headers = { 'content-length': '30', 'content-type': 'application/json' };
    const { error, asked } = await cancel({ body: '{"pages":', headers });
    expect(error).toBeInstanceOf(CallFailedError);
    expect(asked).toEqual(['GET /jobs/9']);
  });

  test('a page in place of an answer makes no sense', async () => {
    const headers = { 'content-type': 'text/html' };
    const { error, asked } = await cancel({ body: '<html>Sign in</html>', headers });
    expect(error).toBeInstanceOf(ProtocolError);
    expect(asked).toEqual(['GET /jobs/9']);
  });

  test.each<[Scripted, string?]>([
    [{ status: 202 }],
    [{ status: 410 }],
    [{ body: { status: 'running' } }, 'DELETE'],
  ])('it is sent after %j', async (answer, option) => {
    const { error, asked } = await cancel(answer, option);
    expect(error).toBeUndefined();
    expect(asked).toContain('DELETE /jobs/9');
  });

  test.each([{ id: 9, status: 'processing' }, { data: { type: 'jobs', id: '9', attributes: {} } }])(
    'what runs by a document of its own is not deleted unless the option says so: %j',
    async (body) => {
      const { error, asked } = await cancel({ body });
      expect(error).toMatchObject({ code: Code.UNIMPLEMENTED });
      expect(asked).toEqual(['GET /jobs/9']);
    },
  );
});

describe('FHIR', () => {
  const issues = (...issue: readonly object[]): object => ({
    resourceType: 'OperationOutcome',
    issue,
  });
  const processing = issues({ severity: 'error', code: 'processing' });
  const failureOf = async (answer: Scripted): Promise<CallFailedError> => {
    const { fetch } = serviceOf({ 'GET /jobs/9': answer });
    const call = statusMonitorClient({ fetch }).get({ name: `${origin}/jobs/9` });
    return (await call.catch((error: unknown) => error)) as CallFailedError;
  };

  test.each([400, 404, 500])(
    'an OperationOutcome without issues says nothing: %i',
    async (status) => {
      for (const body of [issues(), { resourceType: 'OperationOutcome' }]) {
        expect(await failureOf({ status, body })).toBeInstanceOf(CallFailedError);
      }
    },
  );

  test.each<Scripted>([{ status: 408 }, { status: 503, headers: { 'retry-after': '3' } }])(
    'what is to be tried again is no verdict: %j',
    async (answer) => {
      const failure = await failureOf({ ...answer, body: processing });
      expect(failure).toBeInstanceOf(CallFailedError);
      expect(isTransient(failure)).toBe(true);
    },
  );

  const bundle = (...entry: readonly object[]): object => ({ resourceType: 'Bundle', entry });
  const failed = { response: { status: '404', outcome: issues({ code: 'not-found' }) } };

  test.each([undefined, '200 OK'])('a nested Bundle of failures fails, in %s', async (status) => {
    const body = bundle({ resource: bundle(failed, failed), response: status && { status } });
    expect(await ask('http', body)).toMatchObject({
      done: true,
      error: { code: Code.NOT_FOUND, details: [{}, {}] },
    });
  });

  test('a nested Bundle of which a part has not failed is the result', async () => {
    const body = bundle({ resource: bundle(failed, { response: { status: '201' } }) });
    expect(await ask('http', body)).toMatchObject({ done: true, response: body });
  });

  test('Bundles as deep as they come are read', async () => {
    const depth = 20_000;
    const open = '{"resourceType":"Bundle","entry":[{"resource":';
    const body = `${open.repeat(depth)}{}${'}]}'.repeat(depth)}`;
    const { fetch } = serviceOf({ 'GET /jobs/9': { body } });
    const operation = await statusMonitorClient({ fetch }).get({ name: `${origin}/jobs/9` });
    expect(operation).toMatchObject({ done: true });
    expect(operation).not.toHaveProperty('error');
  });
});
