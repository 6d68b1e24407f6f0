import { CallFailedError, Code, ProtocolError, progressOf } from 'rx-lro';
import { statusMonitorClient } from 'rx-lro/status-monitor';
import { describe, expect, test } from 'vitest';

import { origin, serviceOf, type Scripted } from './service.js';
import { accepted, run } from './world.js';

const job = (status?: string): Scripted => ({
  headers: { 'content-type': 'application/vnd.api+json' },
  body: { data: { type: 'queue-jobs', id: '5234', attributes: { ...(status && { status }) } } },
});
const photo = { body: { data: { type: 'photos', id: '4577', attributes: { status: 'new' } } } };

describe.each(['content-location', 'location'])('JSON:API, %s', (header) => {
  const start = {
    ...job('Pending'),
    ...accepted({ [header]: '/queue-jobs/5234' }, job('Pending').body),
  };

  test('the document of the job runs until it answers 303, which leads to the result', async () => {
    const { operation, service } = await run('POST /photos', {
      'POST /photos': start,
      'GET /queue-jobs/5234': [
        job('Pending request, waiting other process'),
        job('in the works'),
        job(),
        { status: 303, headers: { location: '/photos/4577' } },
      ],
      'GET /photos/4577': photo,
    });
    expect(operation.response).toEqual(photo.body);
    expect(service.asked()).toHaveLength(6);
  });

  test('another document at the monitor is the result', async () => {
    const { operation } = await run('POST /photos', {
      'POST /photos': start,
      'GET /queue-jobs/5234': [job('Pending'), photo],
    });
    expect(operation.response).toEqual(photo.body);
  });

  test('a job that has failed says so', async () => {
    const errors = [{ status: '409', title: 'Too late.', detail: 'The photo is gone.' }];
    const { operation } = await run('POST /photos', {
      'POST /photos': start,
      'GET /queue-jobs/5234': {
        body: {
          data: { type: 'queue-jobs', id: '5234', attributes: { status: 'failed', errors } },
        },
      },
    });
    expect(operation.error).toMatchObject({ code: Code.ABORTED, message: 'The photo is gone.' });
  });
});

describe('plain REST', () => {
  test.each(['content-location', 'location'])(
    'its document runs until it answers 303, with %s',
    async (header) => {
      const { operation } = await run('POST /films', {
        'POST /films': accepted({ [header]: '/jobs/1' }, { id: 'job-1', status: 'queued' }),
        'GET /jobs/1': [
          { body: { id: 'job-1', status: 'RUNNING', progress: 40 } },
          { body: { id: 'job-1', status: 'crunching numbers' } },
          { status: 303, headers: { location: '../films/42' } },
        ],
        'GET /films/42': { body: { id: 'film-42' } },
      });
      expect(operation.response).toEqual({ id: 'film-42' });
    },
  );

  test.each(['completed', 'Success', 'DONE', 'finished'])('the word %s ends it', async (status) => {
    const done = { id: 'job-1', status, url: '42.mp4' };
    const { operation } = await run('POST /films', {
      'POST /films': accepted({ location: '/jobs/1' }, { id: 'job-1', status: 'queued' }),
      'GET /jobs/1': [{ body: { id: 'job-1', status: 'in_progress' } }, { body: done }],
    });
    expect(operation.response).toEqual(done);
  });

  test.each(['failed', 'ERROR', 'errored'])('the word %s fails it', async (state) => {
    const { operation } = await run('POST /films', {
      'POST /films': accepted({ location: '/jobs/1' }),
      'GET /jobs/1': { body: { id: 'job-1', state, error: 'Out of film.' } },
    });
    expect(operation.error).toMatchObject({ code: Code.UNKNOWN, message: 'Out of film.' });
  });

  test('with a monitor and a location, success sends to the location', async () => {
    const { operation } = await run('POST /films', {
      'POST /films': accepted({ 'content-location': '/jobs/1', location: '/films/42' }),
      'GET /jobs/1': [{ body: { status: 'running' } }, { body: { status: 'succeeded' } }],
      'GET /films/42': { body: { id: 'film-42' } },
    });
    expect(operation.response).toEqual({ id: 'film-42' });
  });

  test('progress of the document is progress', async () => {
    const { fetch } = serviceOf({ 'GET /jobs/1': { body: { status: 'running', progress: 40 } } });
    const operation = await statusMonitorClient({ fetch }).get({ name: `${origin}/jobs/1` });
    expect(progressOf(operation)).toBe(0.4);
  });

  test('`statusOf` finds the word where it is, and undefined leaves it to the HTTP status', async () => {
    const statusOf = (document: unknown): string | undefined =>
      (document as { phase?: string } | undefined)?.phase;
    const routes = { 'POST /films': accepted({ 'operation-location': '/jobs/1' }) };
    const start = { method: 'POST' };
    const ended = { 'GET /jobs/1': [{ body: { phase: 'odd' } }, { body: { phase: 'Errored' } }] };
    const failed = await run('POST /films', { ...routes, ...ended }, start, { statusOf });
    expect(failed.operation.error?.code).toBe(Code.UNKNOWN);
    const result = { body: { status: 'Running' } };
    const silent = { 'GET /jobs/1': [{ status: 202 }, result] };
    const done = await run('POST /films', { ...routes, ...silent }, start, { statusOf });
    expect(done.operation.response).toEqual(result.body);
  });

  test('`monitor` names one that no header does', async () => {
    const { operation } = await run(
      'POST /films',
      { 'POST /films': { status: 202 }, 'GET /jobs/1': { body: { pages: 12 } } },
      { monitor: '/jobs/1' },
    );
    expect(operation.response).toEqual({ pages: 12 });
  });
});

describe('a start call', () => {
  test.each([
    ['200', { body: { pages: 12 } }, { pages: 12 }],
    [
      '201',
      { status: 201, body: { pages: 12 }, headers: { location: '/films/42' } },
      { pages: 12 },
    ],
    ['204', { status: 204 }, undefined],
    ['200 of a resource that is on', { body: { status: 'On' } }, { status: 'On' }],
    [
      '201 of a resource that is there',
      { status: 201, body: { properties: { provisioningState: 'Succeeded' } } },
      { properties: { provisioningState: 'Succeeded' } },
    ],
  ])('may be done already: %s', async (_, answer, response) => {
    const { operation, service } = await run('POST /films', { 'POST /films': answer });
    expect(operation).toMatchObject({ done: true });
    expect(operation.response).toEqual(response);
    expect(service.asked()).toEqual(['POST /films']);
  });

  test('may have failed already', async () => {
    const body = { status: 'Failed', error: { code: 'NotFound', message: 'No such film.' } };
    const { operation } = await run('POST /films', { 'POST /films': { body } });
    expect(operation.error).toMatchObject({ code: Code.NOT_FOUND, message: 'No such film.' });
  });

  test('that fails is thrown as `restClient` does', async () => {
    const body = { error: { code: 409, message: 'Busy.', status: 'ABORTED' } };
    const { fetch } = serviceOf({
      'POST /films': { status: 409, body, headers: { 'retry-after': '4' } },
    });
    const client = statusMonitorClient({ fetch });
    const start = client.operation(fetch(`${origin}/films`, { method: 'POST' }));
    const failure = (await start.catch((error: unknown) => error)) as CallFailedError;
    expect(failure).toBeInstanceOf(CallFailedError);
    expect(failure).toMatchObject({ method: 'start', code: Code.ABORTED, url: `${origin}/films` });
    expect(failure.details).toContainEqual(expect.objectContaining({ retryDelay: '4s' }));
    expect(failure.cause).toMatchObject({ name: 'HttpError', status: 409 });
  });

  test.each(['POST', 'DELETE'])('of %s does not make its URL a monitor', async (method) => {
    const body = { properties: { provisioningState: 'Updating' } };
    const { operation } = await run(`${method} /films`, { [`${method} /films`]: { body } });
    expect(operation).toMatchObject({ done: true, response: body });
  });

  test('that names no monitor and is not done makes no sense', async () => {
    const { fetch } = serviceOf({ 'POST /films': { status: 202 } });
    const client = statusMonitorClient({ fetch });
    const start = client.operation(fetch(`${origin}/films`, { method: 'POST' }));
    await expect(start).rejects.toBeInstanceOf(ProtocolError);
  });

  test('with 303 has its result elsewhere', async () => {
    const { operation } = await run('POST /films', {
      'POST /films': { status: 303, headers: { location: '/films/42' } },
      'GET /films/42': { body: { id: 'film-42' } },
    });
    expect(operation.response).toEqual({ id: 'film-42' });
  });

  test('gives `Retry-After` as `pollAfter`', async () => {
    const start = accepted({ location: '/jobs/1', 'retry-after': '9' });
    const { fetch } = serviceOf({ 'POST /films': start });
    const operation = await statusMonitorClient({ fetch }).operation(
      fetch(`${origin}/films`, { method: 'POST' }),
    );
    expect(operation).toMatchObject({ done: false, pollAfter: 9000 });
  });

  test('whose body was read already is fine where it is not the result', async () => {
    const { fetch } = serviceOf({
      'POST /films': accepted({ location: '/jobs/1' }, { id: 1 }),
      'PUT /films': { body: { id: 1 } },
    });
    const client = statusMonitorClient({ fetch });
    const response = await fetch(`${origin}/films`, { method: 'POST' });
    await response.json();
    expect(await client.operation(response)).toMatchObject({ done: false });
    const done = await fetch(`${origin}/films`, { method: 'PUT' });
    await done.json();
    await expect(client.operation(done)).rejects.toThrow(/read already/);
  });

  test.each([undefined, null, 'x', {}, { status: 202 }, { status: 202, headers: {} }])(
    'is a Response, not %j',
    async (response) => {
      const client = statusMonitorClient();
      await expect(client.operation(response as never)).rejects.toThrow(TypeError);
    },
  );

  test('needs a URL: that of the response, or an option', async () => {
    const response = (): Response =>
      new Response(null, { status: 202, headers: { location: 'jobs/1' } });
    const client = statusMonitorClient();
    await expect(client.operation(response())).rejects.toThrow(/give the option `url`/);
    const operation = await client.operation(response(), { url: `${origin}/films/` });
    expect(operation.name).toMatch(`${origin}/films/jobs/1#`);
    const based = statusMonitorClient({ baseUrl: `${origin}/v1` });
    expect((await based.operation(response())).name).toMatch(`${origin}/v1/jobs/1#`);
  });

  test.each([
    [{ method: 1 }, /`method` must be a string/],
    [{ resultAt: 'x' }, /`resultAt` must be/],
    [{ monitor: 'ftp://x', url: origin }, /`monitor` must be an http or https URL/],
    [null, /`start` must be an object/],
  ])('refuses %j', async (start, message) => {
    const client = statusMonitorClient();
    const response = new Response(null, { status: 202 });
    await expect(client.operation(response, start as never)).rejects.toThrow(message);
  });
});
