// What went wrong in other clients of the same services.

import { Code, waitForDone } from 'rx-lro';
import { statusMonitorClient } from 'rx-lro/status-monitor';
import { describe, expect, test } from 'vitest';

import { origin, serviceOf } from './service.js';
import { accepted, quick, run } from './world.js';

const error = { code: 'ExecutionFailure', message: 'Failing for test reasons' };
const succeeded = { body: { status: 'Succeeded' } };

describe('Azure/autorest.powershell#580: Failed and Canceled are not success', () => {
  test.each([
    ['Failed', Code.UNKNOWN],
    ['Canceled', Code.CANCELLED],
  ])('%s, and the resource is not asked', async (status, code) => {
    const { operation, service } = await run('PUT /films/42', {
      'PUT /films/42': accepted({ 'azure-asyncoperation': '/operations/1' }),
      'GET /operations/1': [{ body: { status: 'Creating' } }, { body: { status, error } }],
      'GET /films/42': { body: { id: 'film-42' } },
    });
    expect(operation.error).toMatchObject({ code, message: `${error.code}: ${error.message}` });
    expect(service.asked()).not.toContain('GET /films/42');
  });

  test.each([
    ['Failed', Code.UNKNOWN],
    ['Canceled', Code.CANCELLED],
  ])('the provisioning state %s of a resource', async (provisioningState, code) => {
    const body = { properties: { provisioningState } };
    const { operation } = await run('PUT /films/42', {
      'PUT /films/42': { status: 201, body: { properties: { provisioningState: 'Accepted' } } },
      'GET /films/42': { body },
    });
    expect(operation.error?.code).toBe(code);
    const atOnce = await run('PUT /films/42', { 'PUT /films/42': { status: 201, body } });
    expect(atOnce.operation.error?.code).toBe(code);
  });
});

test('Azure/msrestazure-for-python#157: `Location` leads to an operation whose 200 says Failed', async () => {
  const { operation } = await run('DELETE /films/42', {
    'DELETE /films/42': accepted({ location: '/operations/1' }),
    'GET /operations/1': [
      { status: 202 },
      { body: { id: '/operations/1', name: 'guid', status: 'Failed', error } },
    ],
  });
  expect(operation.error?.message).toBe('ExecutionFailure: Failing for test reasons');
});

test('microsoft/restler-fuzzer#800: of both headers `Azure-AsyncOperation` has the status', async () => {
  const { operation, service } = await run('POST /films', {
    'POST /films': accepted({ location: '/results/1', 'azure-asyncoperation': '/operations/1' }),
    'GET /operations/1': [{ body: { status: 'Running' } }, succeeded],
    'GET /results/1': { body: { pages: 12 } },
  });
  expect(operation.response).toEqual({ pages: 12 });
  expect(service.asked().slice(1)).toEqual([
    'GET /operations/1',
    'GET /operations/1',
    'GET /results/1',
  ]);
});

describe('Azure/autorest.powershell#579: the newest URL of the monitor is asked', () => {
  test.each(['azure-asyncoperation', 'operation-location', 'location', 'content-location'])(
    '%s',
    async (header) => {
      const hasStatus = header.includes('operation');
      const running = hasStatus ? { body: { status: 'Running' } } : { status: 202 };
      const { operation, service } = await run('DELETE /films/42', {
        'DELETE /films/42': accepted({ [header]: '/operations/1' }),
        'GET /operations/1': { ...running, headers: { [header]: '/operations/2?token=b' } },
        'GET /operations/2?token=b': [running, hasStatus ? succeeded : { status: 204 }],
      });
      expect(operation).toMatchObject({ done: true });
      expect(service.asked().slice(1)).toEqual([
        'GET /operations/1',
        'GET /operations/2?token=b',
        'GET /operations/2?token=b',
      ]);
    },
  );

  test('and the one in the name where that is gone, or was forgotten', async () => {
    const service = serviceOf({
      'GET /operations/1': [
        { body: { status: 'Running' }, headers: { 'operation-location': '/operations/2' } },
        succeeded,
      ],
    });
    const client = statusMonitorClient({ fetch: service.fetch });
    const name = `${origin}/operations/1#rx-lro=1&kind=status`;
    expect(await client.get({ name })).toMatchObject({ done: false });
    expect(await client.get({ name })).toMatchObject({ done: true });
    expect(service.asked()).toEqual([
      'GET /operations/1',
      'GET /operations/2',
      'GET /operations/1',
    ]);
    const other = statusMonitorClient({ fetch: service.fetch });
    expect(await other.get({ name })).toMatchObject({ done: true });
  });

  test('a client remembers it of 1,000 operations', async () => {
    const seen: string[] = [];
    const client = statusMonitorClient({
      fetch: async (url) => {
        seen.push(url);
        const headers = { 'operation-location': `${url}-new` };
        return Response.json({ status: 'Running' }, { headers });
      },
    });
    const nameOf = (id: number): string => `${origin}/${id}#rx-lro=1&kind=status`;
    for (let id = 0; id <= 1_000; id += 1) await client.get({ name: nameOf(id) });
    seen.length = 0;
    await client.get({ name: nameOf(1) });
    await client.get({ name: nameOf(0) });
    expect(seen).toEqual([`${origin}/1-new`, `${origin}/0`]);
  });
});

describe('Azure/go-autorest#634: the error is found where it is', () => {
  test.each([
    ['beside the status', { status: 'Failed', ...error }],
    ['as `error`', { status: 'Failed', error }],
    ['beneath `properties`', { status: 'Failed', properties: { error } }],
    ['as `properties`', { status: 'Failed', properties: error }],
    ['in a list', { status: 'Failed', errors: [error] }],
    ['beside an empty one', { status: 'Failed', error: {}, properties: { error } }],
  ])('%s', async (_, body) => {
    for (const header of ['azure-asyncoperation', 'location']) {
      const { operation } = await run('PUT /films/42', {
        'PUT /films/42': accepted({ [header]: '/operations/1' }),
        'GET /operations/1': { body },
      });
      expect(operation.error?.message).toBe('ExecutionFailure: Failing for test reasons');
    }
  });

  test.each([
    [{ status: 'Failed', error: 'Out of film.' }, 'Out of film.'],
    [{ status: 'Failed', properties: { statusMessage: 'Out of film.' } }, 'Out of film.'],
    [{ status: 'Failed', message: 'Out of film.' }, 'Out of film.'],
    [{ status: 'Failed' }, 'The operation has failed.'],
    [{ status: 'Failed', error: null }, 'The operation has failed.'],
    [{ status: 'Canceled' }, 'The operation was canceled.'],
    [{ error }, 'ExecutionFailure: Failing for test reasons'],
  ])('%j', async (body, message) => {
    const { operation } = await run('PUT /films/42', {
      'PUT /films/42': accepted({ 'azure-asyncoperation': '/operations/1' }),
      'GET /operations/1': { body },
    });
    expect(operation.error?.message).toBe(message);
  });
});

describe('a 404 from the monitor right after the start', () => {
  const outcome = {
    resourceType: 'OperationOutcome',
    issue: [{ severity: 'error', code: 'not-found' }],
  };

  test.each([undefined, { error: { code: 'NotFound' } }, outcome])(
    'is survived: %j',
    async (body) => {
      const { operation } = await run('POST /films', {
        'POST /films': accepted({ 'content-location': '/jobs/1' }),
        'GET /jobs/1': [
          { status: 404, body },
          { status: 404, body },
          { status: 202 },
          { body: { pages: 12 } },
        ],
      });
      expect(operation.response).toEqual({ pages: 12 });
    },
  );

  test('is final once the monitor was there', async () => {
    const service = serviceOf({ 'GET /jobs/1': [{ status: 202 }, { status: 404 }] });
    const client = statusMonitorClient({ fetch: service.fetch });
    const wait = waitForDone(client, { name: `${origin}/jobs/1`, done: false }, quick);
    await expect(wait).rejects.toMatchObject({ kind: 'call-failed', code: Code.NOT_FOUND });
  });
});
