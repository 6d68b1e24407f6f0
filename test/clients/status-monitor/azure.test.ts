import { Code, findDetail, progressOf } from 'rx-lro';
import { statusMonitorClient } from 'rx-lro/status-monitor';
import { describe, expect, test } from 'vitest';

import { origin, serviceOf } from './service.js';
import { accepted, run } from './world.js';

const film = { id: 'film-42', properties: { provisioningState: 'Succeeded', url: '42.mp4' } };
const running = { body: { status: 'InProgress' } };
const succeeded = { body: { status: 'Succeeded' } };

const headers = ['Azure-AsyncOperation', 'Operation-Location'];

describe.each(headers)('%s', (header) => {
  const start = accepted({ [header]: `${origin}/operations/1` });

  test('a PUT ends with the resource itself', async () => {
    const { operation, service } = await run('PUT /films/42', {
      'PUT /films/42': start,
      'GET /operations/1': [running, succeeded],
      'GET /films/42': { body: film },
    });
    expect(operation.response).toEqual(film);
    expect(service.asked()).toEqual([
      'PUT /films/42',
      'GET /operations/1',
      'GET /operations/1',
      'GET /films/42',
    ]);
  });

  test('a PATCH ends with the resource itself, or what is at `Location`', async () => {
    const routes = {
      'GET /operations/1': succeeded,
      'GET /films/42': { body: film },
      'GET /elsewhere': { body: { elsewhere: true } },
    };
    const plain = await run('PATCH /films/42', { ...routes, 'PATCH /films/42': start });
    expect(plain.operation.response).toEqual(film);
    const both = accepted({ [header]: '/operations/1', location: '/elsewhere' });
    const located = await run('PATCH /films/42', { ...routes, 'PATCH /films/42': both });
    expect(located.operation.response).toEqual({ elsewhere: true });
  });

  test('a POST ends with what is at `Location`, or with the document of the monitor', async () => {
    const result = { body: { status: 'Succeeded', result: { pages: 12 } } };
    const both = accepted({ [header]: '/operations/1', location: '/results/1' });
    const located = await run('POST /films:render', {
      'POST /films:render': both,
      'GET /operations/1': succeeded,
      'GET /results/1': { body: { pages: 12 } },
    });
    expect(located.operation.response).toEqual({ pages: 12 });
    const plain = await run('POST /films:render', {
      'POST /films:render': start,
      'GET /operations/1': result,
    });
    expect(plain.operation.response).toEqual(result.body);
  });

  test('a DELETE ends with the document of the monitor', async () => {
    const both = accepted({ [header]: '/operations/1', location: '/results/1' });
    const { operation, service } = await run('DELETE /films/42', {
      'DELETE /films/42': both,
      'GET /operations/1': succeeded,
    });
    expect(operation).toMatchObject({ done: true, response: { status: 'Succeeded' } });
    expect(service.asked()).toHaveLength(2);
  });

  test('`resourceLocation` of the document comes before all else', async () => {
    const { operation } = await run('PUT /films/42', {
      'PUT /films/42': start,
      'GET /operations/1': { body: { status: 'Succeeded', resourceLocation: '/films/other' } },
      'GET /films/other': { body: { other: true } },
    });
    expect(operation.response).toEqual({ other: true });
  });

  test.each(['monitor', 'original', 'location'] as const)(
    '`resultAt: %s` decides',
    async (resultAt) => {
      const { operation } = await run(
        'POST /films',
        {
          'POST /films': accepted({ [header]: '/operations/1', location: '/results/1' }),
          'GET /operations/1': succeeded,
          'GET /films': { body: { at: 'original' } },
          'GET /results/1': { body: { at: 'location' } },
        },
        { method: 'POST', resultAt },
      );
      const expected = resultAt === 'monitor' ? { status: 'Succeeded' } : { at: resultAt };
      expect(operation.response).toEqual(expected);
    },
  );

  test('both 200 and 201 with the header have a monitor', async () => {
    for (const status of [200, 201]) {
      const { operation } = await run('PUT /films/42', {
        'PUT /films/42': {
          status,
          headers: { [header]: '/operations/1' },
          body: { id: 'film-42' },
        },
        'GET /operations/1': [running, succeeded],
        'GET /films/42': { body: film },
      });
      expect(operation.response).toEqual(film);
    }
  });

  test('where the method is not known the resource is tried, and the document is the result without it', async () => {
    const routes = { 'PUT /films/42': start, 'GET /operations/1': succeeded };
    const withResource = await run(
      'PUT /films/42',
      { ...routes, 'GET /films/42': { body: film } },
      {},
    );
    expect(withResource.operation.response).toEqual(film);
    const without = await run('PUT /films/42', { ...routes, 'GET /films/42': { status: 405 } }, {});
    expect(without.operation.response).toEqual({ status: 'Succeeded' });
  });
});

test.each([
  ['succeeded', undefined],
  ['SUCCEEDED', undefined],
  ['Failed', Code.UNKNOWN],
  ['fAILED', Code.UNKNOWN],
  ['Canceled', Code.CANCELLED],
  ['CANCELLED', Code.CANCELLED],
])('the word %s ends an operation', async (status, code) => {
  const { operation } = await run('DELETE /films/42', {
    'DELETE /films/42': accepted({ 'azure-asyncoperation': '/operations/1' }),
    'GET /operations/1': { body: { status } },
  });
  expect(operation.done).toBe(true);
  expect(operation.error?.code).toBe(code);
});

test.each(['Creating', 'NotCompleted', 'AlmostDone', 'MountingDrives', ''])(
  'the word %j runs',
  async (status) => {
    const { operation, service } = await run('DELETE /films/42', {
      'DELETE /films/42': accepted({ 'azure-asyncoperation': '/operations/1' }),
      'GET /operations/1': [{ body: { status } }, succeeded],
    });
    expect(operation.done).toBe(true);
    expect(service.asked()).toHaveLength(3);
  },
);

describe('Location', () => {
  test.each([
    ['200 with a body', { body: { pages: 12 } }, { pages: 12 }],
    ['200 without a body', { status: 200 }, undefined],
    ['204', { status: 204 }, undefined],
    ['201', { status: 201, body: { pages: 12 } }, { pages: 12 }],
  ])('202 runs, and %s ends it', async (_, end, response) => {
    const { operation, service } = await run('POST /films', {
      'POST /films': accepted({ location: '/results/1' }),
      'GET /results/1': [{ status: 202 }, { status: 202, body: '<html>' }, end],
    });
    expect(operation).toMatchObject({ done: true });
    expect(operation.response).toEqual(response);
    expect(operation.error).toBeUndefined();
    expect(service.asked()).toHaveLength(4);
  });

  test('a result may have a status of its own', async () => {
    const { operation } = await run('POST /films', {
      'POST /films': accepted({ location: '/results/1' }),
      'GET /results/1': { body: { id: 'film-42', status: 'published', title: 'Jaws' } },
    });
    expect(operation.response).toEqual({ id: 'film-42', status: 'published', title: 'Jaws' });
  });

  test('after a PUT, a document that says success sends to the resource', async () => {
    const { operation } = await run('PUT /films/42', {
      'PUT /films/42': accepted({ location: '/operations/1' }),
      'GET /operations/1': [{ body: { status: 'Running' } }, succeeded],
      'GET /films/42': { body: film },
    });
    expect(operation.response).toEqual(film);
  });
});

describe('provisioningState', () => {
  const state = (provisioningState: string): object => ({
    body: { properties: { provisioningState } },
  });

  test.each([200, 201, 202])(
    'is asked at the resource after %i without a header',
    async (status) => {
      const { operation } = await run('PUT /films/42', {
        'PUT /films/42': { status, ...state('Creating') },
        'GET /films/42': [state('Creating'), state('PreparingDisk'), { body: film }],
      });
      expect(operation.response).toEqual(film);
    },
  );

  test('fails with the resource', async () => {
    const { operation } = await run('PUT /films/42', {
      'PUT /films/42': { status: 201, ...state('Creating') },
      'GET /films/42': state('Failed'),
    });
    expect(operation.error?.code).toBe(Code.UNKNOWN);
  });

  test('none at all means success', async () => {
    const { operation } = await run('PUT /films/42', {
      'PUT /films/42': { status: 201, ...state('Creating') },
      'GET /films/42': { body: { id: 'film-42' } },
    });
    expect(operation.response).toEqual({ id: 'film-42' });
  });

  test('stands in where the document of a monitor has no `status`', async () => {
    const { operation } = await run('DELETE /films/42', {
      'DELETE /films/42': accepted({ 'operation-location': '/operations/1' }),
      'GET /operations/1': [state('Deleting'), state('Canceled')],
    });
    expect(operation.error?.code).toBe(Code.CANCELLED);
  });
});

test('percentComplete is progress, and the document is in the metadata', async () => {
  const body = { status: 'Running', percentComplete: 40, startTime: '2026-01-01' };
  const service = serviceOf({
    'GET /operations/1': { body, headers: { 'retry-after': '7' } },
  });
  const client = statusMonitorClient({ fetch: service.fetch });
  const name = `${origin}/operations/1#rx-lro=1&kind=status`;
  const operation = await client.get({ name });
  expect(operation).toEqual({
    name,
    done: false,
    pollAfter: 7000,
    metadata: { status: 'Running', percentComplete: 40, document: body },
  });
  expect(progressOf(operation)).toBe(0.4);
});

test('the code and the details of an error arrive', async () => {
  const error = {
    code: 'QuotaUsedUp',
    message: 'No cores.',
    details: [{ code: 'Inner', message: 'None in this region.' }],
    innererror: { trace: 'x' },
  };
  const { operation } = await run('DELETE /films/42', {
    'DELETE /films/42': accepted({ 'azure-asyncoperation': '/operations/1' }),
    'GET /operations/1': { body: { status: 'Failed', error } },
  });
  expect(operation.error?.message).toBe('QuotaUsedUp: No cores.');
  expect(operation.error?.details).toContainEqual(error.details[0]);
  expect(operation.error?.details).toContainEqual(error);
  expect(findDetail(operation.error!, 'google.rpc.ErrorInfo')?.reason).toBe('QuotaUsedUp');
});

test.each([
  [{ code: 'NotFound' }, Code.NOT_FOUND],
  [{ code: 'PERMISSION_DENIED' }, Code.PERMISSION_DENIED],
  [{ code: 'Throttled' }, Code.RESOURCE_EXHAUSTED],
  [{ status: '409', title: 'Conflict' }, Code.ABORTED],
  [{ code: 404 }, Code.NOT_FOUND],
  [{ code: 9, details: [] }, Code.FAILED_PRECONDITION],
  // A number that is nothing of an rpc.
  [{ code: 9 }, Code.UNKNOWN],
  [{ code: 'constructor' }, Code.UNKNOWN],
])('the code of the error %j', async (fields, code) => {
  const { operation } = await run('DELETE /films/42', {
    'DELETE /films/42': accepted({ 'azure-asyncoperation': '/operations/1' }),
    'GET /operations/1': { body: { status: 'Failed', error: fields } },
  });
  expect(operation.error?.code).toBe(code);
});

test('a `resourceLocation` that is not an http URL is refused', async () => {
  const { fetch } = serviceOf({
    'GET /operations/1': { body: { status: 'Succeeded', resourceLocation: 'ftp://x/1' } },
  });
  const client = statusMonitorClient({ fetch });
  await expect(client.get({ name: `${origin}/operations/1#rx-lro=1&kind=status` })).rejects.toThrow(
    /`resourceLocation` is not an http or https URL/,
  );
});

describe('cancel', () => {
  const name = `${origin}/operations/1?api-version=2#rx-lro=1&kind=status`;

  test('is UNIMPLEMENTED unless an option says how', async () => {
    const { fetch, asked } = serviceOf({});
    const client = statusMonitorClient({ fetch });
    await expect(client.cancel({ name })).rejects.toMatchObject({ code: Code.UNIMPLEMENTED });
    await expect(client.delete({ name })).rejects.toMatchObject({ code: Code.UNIMPLEMENTED });
    expect(asked()).toEqual([]);
  });

  test.each([
    ['POST /cancel', 'POST /operations/1/cancel?api-version=2'],
    ['POST :cancel', 'POST /operations/1:cancel?api-version=2'],
    ['DELETE', 'DELETE /operations/1?api-version=2'],
  ])('%s is sent as the option says', async (option, asked) => {
    const service = serviceOf({ [asked]: { status: 202 } });
    const client = statusMonitorClient({ fetch: service.fetch, cancel: option, delete: option });
    expect(await client.cancel({ name })).toEqual({});
    expect(await client.delete({ name })).toEqual({});
    expect(service.asked().filter((each) => !each.startsWith('GET'))).toEqual([asked, asked]);
  });
});
