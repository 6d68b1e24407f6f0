import { CallFailedError, Code, isTransient, progressOf, waitForDone } from 'rx-lro';
import { statusMonitorClient } from 'rx-lro/status-monitor';
import { describe, expect, test } from 'vitest';

import { origin, serviceOf, type Scripted } from './service.js';
import { accepted, quick, run } from './world.js';

const start = accepted({ 'content-location': `${origin}/fhir/jobs/1` });
const manifest = { transactionTime: 'now', output: [{ type: 'Patient', url: 'x' }], error: [] };
const name = `${origin}/fhir/jobs/1#rx-lro=1&kind=http&delete=1`;

function outcome(code: string, severity = 'error'): object {
  return {
    resourceType: 'OperationOutcome',
    issue: [{ severity, code, diagnostics: `It is ${code}.` }],
  };
}

async function ask(answer: Scripted): Promise<unknown> {
  const { fetch } = serviceOf({ 'GET /fhir/jobs/1': [{ status: 202 }, answer] });
  const client = statusMonitorClient({ fetch });
  await client.get({ name });
  return client.get({ name });
}

test('202 runs, and 200 has the result', async () => {
  const { operation, service } = await run('GET /fhir/$export', {
    'GET /fhir/$export': start,
    'GET /fhir/jobs/1': [{ status: 202 }, { status: 202 }, { body: manifest }],
  });
  expect(operation.response).toEqual(manifest);
  expect(service.asked()).toHaveLength(4);
});

test.each([
  ['50%', 0.5],
  ['in progress, 12.5 % complete', 0.125],
  ['Build in progress - 30 percent', 0.3],
  ['250%', 1],
  ['step 3 of 5', undefined],
])('X-Progress: %s is progress', async (text, progress) => {
  const headers = { 'x-progress': text, 'retry-after': '120' };
  const operation = (await ask({ status: 202, headers })) as { metadata: object };
  expect(operation).toMatchObject({ done: false, pollAfter: 120_000 });
  expect(operation.metadata).toMatchObject({ progressText: text });
  expect(progressOf(operation)).toBe(progress);
});

test('a resource that is the result may have a status of its own', async () => {
  const resource = { resourceType: 'Measure', status: 'failed' };
  expect(await ask({ body: resource })).toMatchObject({ done: true, response: resource });
});

describe('an error with an OperationOutcome', () => {
  test.each([
    [400, 'invalid', Code.INVALID_ARGUMENT],
    [409, 'conflict', Code.ABORTED],
    [422, 'business-rule', Code.FAILED_PRECONDITION],
    [500, 'processing', Code.INTERNAL],
    [500, 'too-costly', Code.RESOURCE_EXHAUSTED],
  ])('is the failure of the job: %i, %s', async (status, issue, code) => {
    const body = outcome(issue);
    expect(await ask({ status, body })).toMatchObject({
      done: true,
      error: { code, message: `It is ${issue}.`, details: [body] },
    });
  });

  test.each([
    'transient',
    'lock-error',
    'no-store',
    'exception',
    'timeout',
    'incomplete',
    'throttled',
  ])('is a failure of the call that passes where the issue is transient: %s', async (code) => {
    for (const status of [400, 500, 503]) {
      const call = ask({ status, body: outcome(code), headers: { 'retry-after': '3' } });
      const failure = (await call.catch((error: unknown) => error)) as CallFailedError;
      expect(failure).toBeInstanceOf(CallFailedError);
      expect(isTransient(failure)).toBe(true);
      expect(failure.details).toContainEqual(expect.objectContaining({ retryDelay: '3s' }));
    }
  });

  test.each([
    [401, Code.UNAUTHENTICATED],
    [403, Code.PERMISSION_DENIED],
    [404, Code.NOT_FOUND],
    [408, Code.DEADLINE_EXCEEDED],
    [410, Code.NOT_FOUND],
    [429, Code.RESOURCE_EXHAUSTED],
    [502, Code.INTERNAL],
    [503, Code.UNAVAILABLE],
    [504, Code.DEADLINE_EXCEEDED],
  ])(
    'is a failed call, with its text, where the status is not of the job: %i',
    async (http, code) => {
      for (const issue of ['processing', 'deleted', 'invalid', 'security']) {
        const body = outcome(issue);
        const call = ask({ status: http, body });
        const failure = (await call.catch((error: unknown) => error)) as CallFailedError;
        expect(failure).toBeInstanceOf(CallFailedError);
        const status = { code, message: `It is ${issue}.`, details: [body] };
        expect(failure.status).toMatchObject(status);
        expect(isTransient(failure)).toBe([408, 429, 502, 503, 504].includes(http));
      }
    },
  );

  test.each([
    [401, Code.UNAUTHENTICATED],
    [404, Code.NOT_FOUND],
    [410, Code.NOT_FOUND],
  ])('is not retried for a transient issue with %i', async (status, code) => {
    await expect(ask({ status, body: outcome('exception') })).rejects.toMatchObject({ code });
  });

  test('is retried for a transient issue with 403', async () => {
    const call = ask({ status: 403, body: outcome('throttled') });
    await expect(call).rejects.toMatchObject({ code: Code.RESOURCE_EXHAUSTED });
  });

  test('counts only issues that say error', async () => {
    const body = {
      resourceType: 'OperationOutcome',
      issue: [
        { severity: 'information', code: 'timeout' },
        { severity: 'fatal', code: 'conflict', details: { text: 'Two at once.' } },
      ],
    };
    expect(await ask({ status: 409, body })).toMatchObject({
      error: { code: Code.ABORTED, message: 'Two at once.' },
    });
  });
});

test.each([400, 404, 500, 503])(
  '%i without an OperationOutcome is a failed call',
  async (status) => {
    await expect(ask({ status, body: { message: 'No.' } })).rejects.toBeInstanceOf(CallFailedError);
  },
);

test.each([404, 410])(
  '%i is a failed call before and after the monitor has answered, with and without a body',
  async (status) => {
    for (const body of [undefined, outcome('not-found')]) {
      const missing = { status, body };
      const { fetch } = serviceOf({ 'GET /fhir/jobs/1': [missing, { status: 202 }, missing] });
      const client = statusMonitorClient({ fetch });
      const lost = { kind: 'call-failed', code: Code.NOT_FOUND };
      await expect(client.get({ name })).rejects.toMatchObject(lost);
      await client.get({ name });
      await expect(client.get({ name })).rejects.toMatchObject(lost);
    }
  },
);

test('an export that another process has cancelled is a failed call for one that waits', async () => {
  const service = serviceOf({
    'GET /fhir/jobs/1': [
      { status: 202 },
      { status: 202 },
      { status: 404, body: outcome('deleted') },
    ],
    'DELETE /fhir/jobs/1': { status: 202 },
  });
  const waiting = statusMonitorClient({ fetch: service.fetch });
  await waiting.get({ name });
  await statusMonitorClient({ fetch: service.fetch }).cancel({ name });
  const wait = waitForDone(waiting, name, quick);
  await expect(wait).rejects.toMatchObject({ kind: 'call-failed', code: Code.NOT_FOUND });
  await expect(wait).rejects.not.toThrow(/start it again/);
});

describe('200 may hold errors', () => {
  const entry = (status: string, result: object): object => ({
    response: { status, outcome: result },
  });

  test('an OperationOutcome with an error fails', async () => {
    expect(await ask({ body: outcome('invalid') })).toMatchObject({
      error: { code: Code.INVALID_ARGUMENT },
    });
    const fine = outcome('informational', 'information');
    expect(await ask({ body: fine })).toMatchObject({ done: true, response: fine });
  });

  test('a Bundle of failures alone fails, with all of them as details', async () => {
    const outcomes = [outcome('not-found'), outcome('conflict')];
    const body = {
      resourceType: 'Bundle',
      type: 'batch-response',
      entry: [entry('404 Not Found', outcomes[0]!), entry('409', outcomes[1]!)],
    };
    expect(await ask({ body })).toMatchObject({
      done: true,
      error: { code: Code.NOT_FOUND, details: outcomes },
    });
    const collection = {
      resourceType: 'Bundle',
      entry: outcomes.map((resource) => ({ resource })),
    };
    expect(await ask({ body: collection })).toMatchObject({ error: { details: outcomes } });
  });

  test('a Bundle of which a part has not failed is the result', async () => {
    const body = {
      resourceType: 'Bundle',
      entry: [entry('404', outcome('not-found')), entry('201 Created', outcome('informational'))],
    };
    const operation = await ask({ body });
    expect(operation).toMatchObject({ done: true, response: body });
    expect(operation).not.toHaveProperty('error');
  });

  test('a failure without an OperationOutcome has the code of its HTTP status', async () => {
    const body = { resourceType: 'Bundle', entry: [{ response: { status: '403' } }] };
    expect(await ask({ body })).toMatchObject({ error: { code: Code.PERMISSION_DENIED } });
  });
});

describe('DELETE', () => {
  const routes = { 'GET /fhir/$export': start, 'DELETE /fhir/jobs/1': { status: 202 } };

  test('cancels, and a monitor that is gone afterwards says CANCELLED', async () => {
    for (const body of [undefined, outcome('not-found')]) {
      const service = serviceOf({ ...routes, 'GET /fhir/jobs/1': { status: 404, body } });
      const client = statusMonitorClient({ fetch: service.fetch });
      const begun = await client.operation(service.fetch(`${origin}/fhir/$export`));
      expect(await client.cancel({ name: begun.name })).toEqual({});
      expect(await client.get({ name: begun.name })).toMatchObject({
        done: true,
        error: { code: Code.CANCELLED },
      });
      expect(service.asked()).toContain('DELETE /fhir/jobs/1');
    }
  });

  test('that was obeyed and whose answer was lost is not refused when it is tried again', async () => {
    const service = serviceOf({
      ...routes,
      'DELETE /fhir/jobs/1': [{ isReset: true }, { status: 404 }],
    });
    const client = statusMonitorClient({ fetch: service.fetch });
    await expect(client.cancel({ name })).rejects.toMatchObject({ code: Code.UNAVAILABLE });
    expect(await client.cancel({ name })).toEqual({});
  });

  test('of a monitor that is not known is refused', async () => {
    const { fetch } = serviceOf({});
    const client = statusMonitorClient({ fetch });
    await expect(client.cancel({ name })).rejects.toMatchObject({ code: Code.NOT_FOUND });
    const off = statusMonitorClient({ fetch, cancel: false });
    await expect(off.cancel({ name })).rejects.toMatchObject({ code: Code.UNIMPLEMENTED });
  });

  test.each<[string, Scripted]>([
    ['the result is there', { body: manifest }],
    ['the result is elsewhere', { status: 303, headers: { location: '/results/1' } }],
    ['the job has failed', { status: 400, body: outcome('invalid') }],
  ])('is not sent where nothing is to be cancelled: %s', async (_, answer) => {
    const { fetch, asked } = serviceOf({ ...routes, 'GET /fhir/jobs/1': answer });
    const client = statusMonitorClient({ fetch });
    expect(await client.cancel({ name })).toEqual({});
    expect(asked()).toEqual(['GET /fhir/jobs/1']);
  });

  test.each([404, 405, 409])('that is refused makes no verdict: %i', async (status) => {
    const { fetch } = serviceOf({
      'DELETE /fhir/jobs/1': { status },
      'GET /fhir/jobs/1': [{ status: 202 }, { status: 404 }],
    });
    const client = statusMonitorClient({ fetch });
    await expect(client.cancel({ name })).rejects.toBeInstanceOf(CallFailedError);
    await expect(client.get({ name })).rejects.toMatchObject({ code: Code.NOT_FOUND });
  });

  test('is lost with the fragment of the name, and the error says what keeps it', async () => {
    const { fetch, asked } = serviceOf({ ...routes, 'GET /fhir/jobs/1': { status: 202 } });
    const client = statusMonitorClient({ fetch });
    const bare = `${origin}/fhir/jobs/1`;
    for (const call of [client.cancel({ name: bare }), client.delete({ name: bare })]) {
      await expect(call).rejects.toMatchObject({ code: Code.UNIMPLEMENTED });
      await expect(call).rejects.toThrow(
        /or for a job of FHIR add `#rx-lro=1&kind=http&delete=1` to the name/,
      );
    }
    const whole = client.cancel({ name: `${bare}#rx-lro=1&kind=http` });
    await expect(whole).rejects.not.toThrow(/FHIR/);
    await client.cancel({ name });
    expect(asked()).toContain('DELETE /fhir/jobs/1');
  });

  test('that is refused with an OperationOutcome has its text', async () => {
    const { fetch } = serviceOf({
      'DELETE /fhir/jobs/1': { status: 409, body: outcome('conflict') },
      'GET /fhir/jobs/1': { status: 202 },
    });
    const call = statusMonitorClient({ fetch }).cancel({ name });
    await expect(call).rejects.toThrow(/: It is conflict\./);
  });

  test('deletes as well', async () => {
    const { fetch, asked } = serviceOf(routes);
    const client = statusMonitorClient({ fetch });
    expect(await client.delete({ name })).toEqual({});
    expect(asked()).toEqual(['DELETE /fhir/jobs/1']);
  });
});
