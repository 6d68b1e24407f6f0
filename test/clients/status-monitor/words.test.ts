import { Code, type OperationLike } from 'rx-lro';
import { statusMonitorClient } from 'rx-lro/status-monitor';
import { describe, expect, test } from 'vitest';

import { origin, serviceOf } from './service.js';
import { accepted, run } from './world.js';

const kinds = ['status', 'http', 'document'];

async function ask(kind: string, body: unknown, status = 200): Promise<OperationLike> {
  const { fetch } = serviceOf({ 'GET /jobs/9': { status, body } });
  const client = statusMonitorClient({ fetch });
  return client.get({ name: `${origin}/jobs/9#rx-lro=1&kind=${kind}` });
}

describe.each(kinds)('a word counts as a whole, kind %s:', (kind) => {
  test.each([
    '50% complete',
    '3/10 done',
    'done 40%',
    '0 failed',
    'Not completed',
    'NotFailed',
    'NoError',
    'AlmostDone',
    'Done: step one of three',
    'Recovering from failure',
    'RetryingAfterError',
    `${'x'.repeat(200)} failed`,
  ])('%s does not end it', async (status) => {
    expect(await ask(kind, { status })).toMatchObject({ done: false });
  });

  test.each([
    'ValidationFailed',
    'CREATE_FAILED',
    'InternalError',
    'Failed: no disk',
    'Failed.',
    'FailedToStart',
    'Expired',
    'Killed',
  ])('%s fails it', async (status) => {
    const operation = await ask(kind, { status });
    expect(operation).toMatchObject({ done: true, error: { code: Code.UNKNOWN } });
    expect(operation).not.toHaveProperty('response');
  });

  test.each([
    'Initiated',
    'Requested',
    'RUNNABLE',
    'init',
    'in queue',
    'Pending review',
    'Running (3 of 10)',
    'CreatingDisk',
    'Stopped',
    'Terminated',
    'active',
  ])('%s is not taken for success', async (status) => {
    const body = { id: 9, status, createdAt: '2026-01-01', progress: 5, result: null };
    expect(await ask(kind, body)).toMatchObject({ done: false, metadata: { status } });
  });

  test('`statusOf` reads its words by the same table', async () => {
    const { fetch } = serviceOf({ 'GET /jobs/9': { body: { phase: '50% complete' } } });
    const client = statusMonitorClient({
      fetch,
      statusOf: (document) => (document as { phase: string }).phase,
    });
    const name = `${origin}/jobs/9#rx-lro=1&kind=${kind}`;
    expect(await client.get({ name })).toMatchObject({ done: false });
  });
});

test('a document that holds more than a monitor says is the result, whatever its word', async () => {
  const body = { id: 9, status: 'published', title: 'Jaws' };
  expect(await ask('http', body)).toMatchObject({ done: true, response: body });
});

test.each(['status', 'http', 'document', 'resource'])(
  'a word that fails ends it with 202 as well, kind %s',
  async (kind) => {
    const properties = { provisioningState: 'Failed' };
    const body = { status: 'Failed', properties, error: { code: 'Busy', message: 'No.' } };
    expect(await ask(kind, body, 202)).toMatchObject({ error: { message: 'Busy: No.' } });
  },
);

describe("the monitor's own document is known", () => {
  const job = (status?: string): object => ({
    data: { type: 'queue-jobs', id: '5234', attributes: { ...(status && { status }) } },
  });

  test.each([undefined, 'Waiting, for another process', 'in the works'])(
    'in JSON:API by the URL of the monitor, where the start call has shown none: %s',
    async (status) => {
      const { operation, service } = await run('POST /photos', {
        'POST /photos': accepted({ 'content-location': '/queue-jobs/5234' }),
        'GET /queue-jobs/5234': [
          { body: job(status) },
          { status: 303, headers: { location: '/photos/4577' } },
        ],
        'GET /photos/4577': { body: { data: { type: 'photos', id: '4577' } } },
      });
      expect(operation.response).toEqual({ data: { type: 'photos', id: '4577' } });
      expect(service.asked()).toHaveLength(4);
    },
  );

  test('and a job of JSON:API with errors has failed', async () => {
    const { fetch } = serviceOf({
      'GET /queue-jobs/5234': {
        body: { data: { type: 'queue-jobs', id: '5234', attributes: { error: 'No disk.' } } },
      },
    });
    const name = `${origin}/queue-jobs/5234`;
    expect(await statusMonitorClient({ fetch }).get({ name })).toMatchObject({
      error: { message: 'No disk.' },
    });
  });

  test.each([
    ['has no id', accepted({ location: '/jobs/1' }, { status: 'queued' }), {}],
    ['is that of `monitor`', { body: { id: 'j', status: 'queued' } }, { monitor: '/jobs/1' }],
  ])('where the document of the start call %s', async (_, answer, start) => {
    const { operation, service } = await run(
      'POST /films',
      {
        'POST /films': answer,
        'GET /jobs/1': [
          { body: { id: 'j', status: 'crunching numbers', queue: 3 } },
          { body: { id: 'j', status: 'done' } },
        ],
      },
      { method: 'POST', ...start },
    );
    expect(operation.response).toEqual({ id: 'j', status: 'done' });
    expect(service.asked()).toHaveLength(3);
  });
});

describe('what an error says', () => {
  test('a failed resource is not described by its own description', async () => {
    const properties = { provisioningState: 'Failed', description: "Anna's", title: 'Films' };
    expect(await ask('resource', { id: 9, properties })).toMatchObject({
      error: { message: 'The operation has failed.' },
    });
  });

  test.each([0, '0', 'OK'])('`error` with the code %j is not one', async (code) => {
    const body = { error: { code, message: 'success' }, data: { pages: 12 } };
    expect(await ask('http', body)).toMatchObject({ done: true, response: body });
  });

  test('a failure never has the code OK', async () => {
    expect(await ask('status', { status: 'Failed', code: 'OK' })).toMatchObject({
      error: { code: Code.UNKNOWN },
    });
  });

  test('a Bundle whose entries are not objects has not failed', async () => {
    const body = { resourceType: 'Bundle', entry: [null, 1] };
    expect(await ask('http', body)).toMatchObject({ done: true, response: body });
  });
});

test('a text of a text type stays a text, whatever it holds', async () => {
  for (const body of ['42', 'true', 'null', '"a"']) {
    const headers = { 'content-type': 'text/csv' };
    const { fetch } = serviceOf({ 'GET /jobs/9': { body, headers } });
    const client = statusMonitorClient({ fetch });
    expect(await client.get({ name: `${origin}/jobs/9` })).toMatchObject({ response: body });
  }
});

test('a header of digits costs no more than any other', async () => {
  const headers = { 'x-progress': '1'.repeat(200_000) };
  const { fetch } = serviceOf({ 'GET /jobs/9': { status: 202, headers } });
  const begun = performance.now();
  await statusMonitorClient({ fetch }).get({ name: `${origin}/jobs/9` });
  expect(performance.now() - begun).toBeLessThan(2_000);
});
