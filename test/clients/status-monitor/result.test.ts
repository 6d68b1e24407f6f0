import { Code, ProtocolError } from 'rx-lro';
import { statusMonitorClient } from 'rx-lro/status-monitor';
import { describe, expect, test } from 'vitest';

import { origin, serviceOf, type Routes, type Scripted } from './service.js';
import { accepted, run } from './world.js';

const succeeded: Scripted = { body: { status: 'Succeeded' } };
const film = { id: 'film-42' };
const operationLocation = { 'operation-location': '/op' };

describe('`resultAt` decides at any success:', () => {
  const ends: readonly Scripted[] = [{ status: 204 }, { body: {} }, { body: { pages: 12 } }];

  test.each(['operation-location', 'location', 'content-location'])(
    'original, with %s',
    async (header) => {
      for (const end of ends) {
        const { operation } = await run(
          'POST /films',
          {
            'POST /films': accepted({ [header]: '/op' }),
            'GET /op': [{ status: 202 }, end],
            'GET /films': { body: film },
          },
          { method: 'POST', resultAt: 'original' },
        );
        expect(operation.response).toEqual(film);
      }
    },
  );

  test('monitor, whatever `resourceLocation` says', async () => {
    const body = { status: 'Succeeded', resourceLocation: '/films/42' };
    const { operation } = await run(
      'DELETE /films/42',
      { 'DELETE /films/42': accepted(operationLocation), 'GET /op': { body } },
      { method: 'DELETE', resultAt: 'monitor' },
    );
    expect(operation.response).toEqual(body);
  });

  test('location, which has to be there', async () => {
    const { fetch } = serviceOf({ 'POST /films': accepted(operationLocation) });
    const start = fetch(`${origin}/films`, { method: 'POST' });
    await expect(
      statusMonitorClient({ fetch }).operation(start, { resultAt: 'location' }),
    ).rejects.toThrow(/`resultAt` is .location., and the response has no such header/);
  });
});

describe('a monitor that says no more than that it is done sends to the result:', () => {
  test.each<Scripted>([{ status: 204 }, { body: { pages: 12 } }, { body: {} }])(
    '%j',
    async (end) => {
      const put = await run('PUT /films/42', {
        'PUT /films/42': accepted(operationLocation),
        'GET /op': end,
        'GET /films/42': { body: film },
      });
      expect(put.operation.response).toEqual(film);
      const post = await run('POST /films', {
        'POST /films': accepted({ ...operationLocation, location: '/films/42' }),
        'GET /op': end,
        'GET /films/42': { body: film },
      });
      expect(post.operation.response).toEqual(film);
    },
  );

  test.each([3, null, true, []])(
    'a status that is not a text makes no sense: %j',
    async (status) => {
      const { fetch } = serviceOf({ 'GET /op': { body: { status } } });
      const call = statusMonitorClient({ fetch }).get({
        name: `${origin}/op#rx-lro=1&kind=status`,
      });
      await expect(call).rejects.toBeInstanceOf(ProtocolError);
    },
  );
});

describe('a guess never turns success into failure:', () => {
  const routes = (answer: Scripted): Routes => ({
    'POST /films': accepted(operationLocation),
    'GET /op': succeeded,
    'GET /films': answer,
  });

  test.each<Scripted>([
    { status: 401 },
    { status: 403 },
    { status: 406 },
    { status: 422 },
    { status: 501 },
    { status: 204 },
    { status: 302, headers: { location: 'https://login.example.com/' } },
    { status: 300 },
    { body: '<html>A form</html>', headers: { 'content-type': 'text/html' } },
    { body: { items: [film] } },
    { body: { data: [film] } },
    { body: { results: [film], next: null } },
  ])('%j', async (answer) => {
    const { operation } = await run('POST /films', routes(answer), {});
    expect(operation).toMatchObject({ done: true, response: { status: 'Succeeded' } });
    expect(operation.error).toBeUndefined();
  });

  test.each<Scripted>([{ status: 429 }, { status: 503 }, { isReset: true }])(
    'what may pass is tried again: %j',
    async (answer) => {
      const { 'GET /films': _, ...others } = routes(answer);
      const answers = [answer, { body: film }];
      const { operation } = await run('POST /films', { ...others, 'GET /films': answers }, {});
      expect(operation.response).toEqual(film);
    },
  );

  test('a resource with a list in it is one', async () => {
    const order = { id: 7, items: [1, 2] };
    const { operation } = await run('POST /films', routes({ body: order }), {});
    expect(operation.response).toEqual(order);
  });
});

test('a monitor that says success once does not lose the result', async () => {
  const { fetch } = serviceOf({
    'GET /op': [succeeded, { status: 404 }],
    'GET /films/42': [{ status: 503 }, { body: film }],
  });
  const client = statusMonitorClient({ fetch });
  const name = `${origin}/op#rx-lro=1&kind=status&result=/films/42`;
  await expect(client.get({ name })).rejects.toMatchObject({ code: Code.UNAVAILABLE });
  expect(await client.get({ name })).toMatchObject({ done: true, response: film });
});

test('the coming result that a monitor names is not the monitor', async () => {
  const { operation, service } = await run('POST /films', {
    'POST /films': accepted({ 'content-location': '/jobs/1', location: '/films/42' }, { id: 1 }),
    'GET /jobs/1': [{ status: 202, headers: { location: '/films/42' } }, { body: { real: 1 } }],
    'GET /films/42': { body: { draft: true } },
  });
  expect(operation.response).toEqual({ real: 1 });
  expect(service.asked()).not.toContain('GET /films/42');
});

describe('a failure at the monitor is asked about once:', () => {
  test.each<Scripted>([
    { status: 503, headers: { 'retry-after': '30' } },
    { status: 500 },
    { isReset: true },
  ])('where it names itself, %j', async (failure) => {
    const { fetch, asked } = serviceOf({
      'GET /jobs/1': [{ status: 202, headers: { location: '/jobs/1' } }, failure],
    });
    const client = statusMonitorClient({ fetch });
    await client.get({ name: `${origin}/jobs/1` });
    await client.get({ name: `${origin}/jobs/1` }).catch(() => undefined);
    expect(asked()).toHaveLength(2);
  });

  test('where it asks for time, also at a newer URL', async () => {
    const { fetch, asked } = serviceOf({
      'GET /jobs/1': { status: 202, headers: { location: '/jobs/2' } },
      'GET /jobs/2': { status: 503, headers: { 'retry-after': '30' } },
    });
    const client = statusMonitorClient({ fetch });
    await client.get({ name: `${origin}/jobs/1` });
    await expect(client.get({ name: `${origin}/jobs/1` })).rejects.toMatchObject({
      code: Code.UNAVAILABLE,
    });
    expect(asked()).toHaveLength(2);
  });
});

describe('a 4xx with an error of Azure', () => {
  const error = { code: 'Conflict', message: 'The film is taken.' };
  const ask = async (answer: Scripted): Promise<unknown> => {
    const { fetch } = serviceOf({ 'GET /jobs/1': [{ status: 202 }, answer] });
    const client = statusMonitorClient({ fetch });
    await client.get({ name: `${origin}/jobs/1` });
    return client.get({ name: `${origin}/jobs/1` }).catch((thrown: unknown) => thrown);
  };

  test('is the failure of an operation that was seen to run', async () => {
    expect(await ask({ status: 409, body: { error } })).toMatchObject({
      done: true,
      error: { code: Code.ABORTED, message: 'Conflict: The film is taken.' },
    });
  });

  test.each([401, 403, 404, 408, 429, 500])('is that of the call with %i', async (status) => {
    expect(await ask({ status, body: { error } })).not.toHaveProperty('done');
  });

  test('is NOT_FOUND with 410, before and after', async () => {
    expect(await ask({ status: 410, body: { error } })).toMatchObject({ code: Code.NOT_FOUND });
    const { fetch } = serviceOf({ 'GET /jobs/1': { status: 410 } });
    const call = statusMonitorClient({ fetch }).get({ name: `${origin}/jobs/1` });
    await expect(call).rejects.toMatchObject({ code: Code.NOT_FOUND });
  });
});

test('a body that breaks off is a failure that passes, however many escapes it holds', async () => {
  const body = `{"a":"${String.raw`\n`.repeat(10_000_000)}`;
  const { fetch } = serviceOf({ 'GET /jobs/1': { body } });
  const call = statusMonitorClient({ fetch }).get({ name: `${origin}/jobs/1` });
  await expect(call).rejects.toMatchObject({ name: 'CallFailedError', code: Code.UNAVAILABLE });
});
