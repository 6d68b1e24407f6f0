import { compute, type compute_v1 } from '@googleapis/compute';
import {
  Code,
  OperationFailedError,
  findDetail,
  listOperations,
  poll,
  progressOf,
  waitForDone,
  type OperationLike,
  type OperationsClient,
  type Status,
} from 'rx-lro';
import {
  cloudSqlPaths,
  computeClient,
  computePaths,
  gkePaths,
  locatorOf,
  operationFromCompute,
} from 'rx-lro/compute';
import { dnsPaths, restClient } from 'rx-lro/rest';
import { from, lastValueFrom, toArray } from 'rxjs';
import { afterEach, describe, expect, test } from 'vitest';

import { failureOf } from '../../support/failure-of.js';
import { startHttpServer } from '../../support/http-server.js';

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const quick = { backoff: { startingDelay: 5, maxDelay: 5 } };
const links = 'https://www.googleapis.com/compute/v1/';
const zone = 'projects/p/zones/us-central1-a';

// The shapes are those of the services; what is in them is made up.
const running = {
  kind: 'compute#operation',
  id: '1234567890123456789',
  name: 'operation-1',
  zone: `${links}${zone}`,
  operationType: 'insert',
  targetLink: `${links}${zone}/instances/vm`,
  targetId: '987654321',
  status: 'RUNNING',
  user: 'somebody@example.com',
  progress: 30,
  insertTime: '2026-01-02T03:04:05.678-08:00',
  startTime: '2026-01-02T03:04:06.789-08:00',
  selfLink: `${links}${zone}/operations/operation-1`,
};
const done = {
  ...running,
  status: 'DONE',
  progress: 100,
  endTime: '2026-01-02T03:04:30.000-08:00',
};
const full = {
  ...done,
  httpErrorStatusCode: 503,
  httpErrorMessage: 'SERVICE UNAVAILABLE',
  error: {
    errors: [
      {
        code: 'ZONE_RESOURCE_POOL_EXHAUSTED_WITH_DETAILS',
        message: 'The zone does not have enough resources.',
        errorDetails: [
          {
            errorInfo: {
              reason: 'stockout',
              domain: 'compute.googleapis.com',
              metadatas: { zone: 'us-central1-a' },
            },
          },
          { help: { links: [{ description: 'More', url: 'https://example.com/stockouts' }] } },
          { localizedMessage: { locale: 'de', message: 'Die Zone ist voll.' } },
        ],
      },
      { code: 'QUOTA_EXCEEDED', message: "Quota 'CPUS' exceeded.", location: 'l' },
    ],
  },
};

const errorOf = (body: object): Status | null | undefined =>
  operationFromCompute(body).error as Status | null | undefined;

describe('an operation of Compute Engine', () => {
  test('has the path of its link as its name, and its body as metadata [pain 28] [fact 49]', () => {
    const operation = operationFromCompute(running);
    expect(operation).toEqual({
      name: `${zone}/operations/operation-1`,
      done: false,
      metadata: running,
      error: undefined,
      response: undefined,
    });
    expect(progressOf(operation)).toBe(0.3);
  });

  test('is its own response once it is done', () => {
    const { done: isDone, response } = operationFromCompute(done);
    expect([isDone, response]).toEqual([true, done]);
  });

  test('fails with the code of its first error, all messages, all errors and their details', () => {
    const error = errorOf(full);
    expect(error).toMatchObject({
      code: Code.RESOURCE_EXHAUSTED,
      message: "The zone does not have enough resources. Quota 'CPUS' exceeded.",
    });
    expect(error?.details.slice(0, 2)).toEqual(full.error.errors);
    const status = error as Status;
    expect(findDetail(status, 'google.rpc.ErrorInfo')?.reason).toBe('stockout');
    expect(findDetail(status, 'google.rpc.Help')?.links).toHaveLength(1);
    expect(findDetail(status, 'google.rpc.LocalizedMessage')?.locale).toBe('de');
  });

  test('fails only once it is done, whatever warnings it has before', () => {
    const { error } = full;
    expect(operationFromCompute({ ...running, error })).toMatchObject({ done: false });
    expect(errorOf({ ...running, error })).toBeUndefined();
    expect(errorOf({ ...done, warnings: [{ code: 'UNREACHABLE' }] })).toBeUndefined();
  });

  test.each([
    ['QUOTA_EXCEEDED', Code.RESOURCE_EXHAUSTED],
    ['ZONE_RESOURCE_POOL_EXHAUSTED', Code.RESOURCE_EXHAUSTED],
    ['RESOURCE_NOT_FOUND', Code.NOT_FOUND],
    ['RESOURCE_ALREADY_EXISTS', Code.ALREADY_EXISTS],
    ['PERMISSIONS_ERROR', Code.PERMISSION_DENIED],
    ['RESOURCE_IN_USE_BY_ANOTHER_RESOURCE', Code.FAILED_PRECONDITION],
    ['RESOURCE_NOT_READY', Code.FAILED_PRECONDITION],
    ['INVALID_USAGE', Code.INVALID_ARGUMENT],
    ['INTERNAL_ERROR', Code.INTERNAL],
    ['ABORTED', Code.ABORTED],
    ['WHATEVER', Code.UNKNOWN],
  ])('that says only %s fails with %i', (code, expected) => {
    expect(errorOf({ status: 'DONE', error: { errors: [{ code }] } })?.code).toBe(expected);
  });

  test('of a region, of the whole project and of an organization is named by its link', () => {
    const name = (path: string): unknown =>
      operationFromCompute({ selfLink: links + path, name: 'o' }).name;
    for (const path of [
      'projects/p/regions/r/operations/o',
      'projects/p/global/operations/o',
      'projects/example.com:p/global/operations/o',
      'locations/global/operations/o',
    ]) {
      expect(name(path)).toBe(path);
    }
    expect(operationFromCompute({ name: 'o', status: 'DONE' }).name).toBe('o');
  });
});

describe('an error that says less than it should', () => {
  const failedWith = (error: object, more: object = {}): Status | null | undefined =>
    errorOf({ status: 'DONE', error, ...more });

  test.each([
    [{ code: 'E', message: 'No.' }, {}, { code: Code.UNKNOWN, message: 'E: No.', details: [] }],
    [{ code: 5 }, { statusMessage: 'Gone.' }, { code: Code.NOT_FOUND, message: 'Gone.' }],
    [{ code: 5 }, {}, { code: Code.NOT_FOUND, message: '' }],
    [{ message: 'No.', details: [{ '@type': 'x/A' }] }, {}, { details: [{ '@type': 'x/A' }] }],
    [{}, { httpErrorStatusCode: 404, httpErrorMessage: 'NOT FOUND' }, { code: Code.NOT_FOUND }],
    [{ errors: ['quota'] }, { httpErrorMessage: 'BAD' }, { message: 'BAD', details: ['quota'] }],
    [{ errors: [{ errorDetails: ['x'] }] }, {}, { details: [{ errorDetails: ['x'] }] }],
  ])('is read as far as it goes: %j with %j', (error, more, expected) => {
    expect(failedWith(error, more)).toMatchObject(expected);
  });

  test('is none where it says nothing at all', () => {
    expect(failedWith({})).toBeUndefined();
  });
});

test.each([undefined, 'page', ['page']])('a page that is %o is left to the core', async (page) => {
  const client = computeClient({
    get: async () => ({}),
    list: async () => page as never,
  });
  const options = { signal: new AbortController().signal };
  expect(await lastValueFrom(from(client.list!({ name: zone }, options)))).toBe(page);
});

describe('an operation of', () => {
  test('Cloud SQL fails with its first error', () => {
    const error = {
      kind: 'sql#operationErrors',
      errors: [{ kind: 'sql#operationError', code: 'INTERNAL_ERROR', message: 'No.' }],
    };
    const body = {
      kind: 'sql#operation',
      name: '0a-1b',
      status: 'DONE',
      operationType: 'CREATE',
      selfLink: 'https://sqladmin.googleapis.com/sql/v1beta4/projects/p/operations/0a-1b',
      error,
    };
    expect(operationFromCompute(body)).toMatchObject({
      name: 'projects/p/operations/0a-1b',
      error: { code: Code.INTERNAL, message: 'No.', details: error.errors },
    });
  });

  test('GKE has a location for its zone, and fails with a Status', () => {
    const body = {
      name: 'operation-7',
      zone: 'us-central1-a',
      operationType: 'CREATE_CLUSTER',
      status: 'DONE',
      statusMessage: 'old',
      selfLink: `https://container.googleapis.com/v1/projects/12/zones/us-central1-a/operations/operation-7`,
      error: { code: 8, message: 'No addresses are left.' },
    };
    expect(operationFromCompute(body)).toMatchObject({
      name: 'projects/12/locations/us-central1-a/operations/operation-7',
      done: true,
      error: { code: Code.RESOURCE_EXHAUSTED, message: 'No addresses are left.', details: [] },
    });
    const { error: _, ...older } = body;
    expect(errorOf(older)).toMatchObject({ code: Code.UNKNOWN, message: 'old' });
  });

  test('Cloud DNS says `done` in small letters', () => {
    expect(operationFromCompute({ id: '1', status: 'pending' }).done).toBe(false);
    expect(operationFromCompute({ id: '1', status: 'done' }).done).toBe(true);
  });
});

test.each([null, undefined, 'html', 7])('an answer %o is left to the core', (body) => {
  expect(operationFromCompute(body as never)).toBe(body);
});

describe('a name', () => {
  test.each([
    [`${zone}/operations/o`, { project: 'p', zone: 'us-central1-a', operation: 'o' }],
    ['projects/p/regions/r/operations/o', { project: 'p', region: 'r', operation: 'o' }],
    ['projects/p/global/operations/o', { project: 'p', operation: 'o' }],
    ['projects/p/locations/l/operations/o', { project: 'p', location: 'l', operation: 'o' }],
    ['projects/p/operations/o', { project: 'p', operation: 'o' }],
  ])('%s has its parts', (name, parts) => {
    expect(locatorOf(name)).toEqual(parts);
  });

  test.each(['o', 'projects/p', 'projects/p/operations/', 'projects/p/operations'])(
    '%s is refused',
    (name) => {
      expect(() => locatorOf(name)).toThrow(RangeError);
    },
  );
});

async function serve(
  answers: (request: Request) => object,
): Promise<{ url: string; seen: string[] }> {
  const seen: string[] = [];
  const server = await startHttpServer(async (request) => {
    const { pathname, search } = new URL(request.url);
    seen.push(`${request.method} ${pathname}${search} ${await request.clone().text()}`.trimEnd());
    return Response.json(answers(request));
  });
  closers.push(server.close);
  return { url: server.url, seen };
}

describe('over HTTP', () => {
  test('Compute Engine: progress, the end, a wait, a list and a delete', async () => {
    let count = 0;
    const { url, seen } = await serve(({ url: to }) =>
      to.includes('/operations?')
        ? { kind: 'compute#operationList', items: [done], nextPageToken: '' }
        : [running, { ...running, progress: 60 }, done][Math.min(count++, 2)]!,
    );
    const rest = restClient({ baseUrl: `${url}/compute/v1`, paths: computePaths });
    const client = computeClient(rest);
    const name = `${zone}/operations/operation-1`;
    const states = await lastValueFrom(poll(client, name, quick).pipe(toArray()));
    expect(states.map(progressOf)).toEqual([0.3, 0.6, 1]);
    expect(states.at(-1)?.response?.targetLink).toBe(running.targetLink);
    const options = { signal: new AbortController().signal };
    await lastValueFrom(listOperations(client, { name: zone, pageSize: 5 }).pipe(toArray()));
    await lastValueFrom(from(client.wait!({ name, timeout: 5_000 }, options)));
    await lastValueFrom(from(client.delete!({ name }, options)));
    expect(seen.slice(3)).toEqual([
      `GET /compute/v1/${zone}/operations?maxResults=5`,
      `POST /compute/v1/${name}/wait {}`,
      `DELETE /compute/v1/${name}`,
    ]);
    // It has none: nothing is sent.
    await failureOf(Promise.resolve(rest.cancel({ name })));
    expect(seen).toHaveLength(6);
  });

  test('Cloud SQL, GKE and Cloud DNS: their paths', async () => {
    const { url, seen } = await serve(() => ({ status: 'DONE', name: 'o' }));
    const options = { signal: new AbortController().signal };
    const sql = computeClient(restClient({ baseUrl: `${url}/v1`, paths: cloudSqlPaths }));
    await lastValueFrom(from(sql.get({ name: 'projects/p/operations/o' }, options)));
    await lastValueFrom(from(sql.cancel!({ name: 'projects/p/operations/o' }, options)));
    const gke = computeClient(restClient({ baseUrl: `${url}/v1`, paths: gkePaths }));
    await lastValueFrom(
      from(gke.cancel!({ name: 'projects/p/locations/l/operations/o' }, options)),
    );
    await lastValueFrom(from(gke.list!({ name: 'projects/p/locations/-' }, options)));
    const dns = computeClient(restClient({ baseUrl: url, paths: dnsPaths }));
    await lastValueFrom(from(dns.get({ name: 'projects/p/managedZones/z/operations/o' }, options)));
    await lastValueFrom(listOperations(dns, { name: 'projects/p/managedZones/z', pageSize: 3 }), {
      defaultValue: undefined,
    });
    expect(seen).toEqual([
      'GET /v1/projects/p/operations/o',
      'POST /v1/projects/p/operations/o/cancel {}',
      'POST /v1/projects/p/locations/l/operations/o:cancel {}',
      'GET /v1/projects/p/locations/-/operations',
      'GET /dns/v1/projects/p/managedZones/z/operations/o',
      'GET /dns/v1/projects/p/managedZones/z/operations?maxResults=3',
    ]);
  });

  test('@googleapis/compute: by a get of its own and the parts of the name', async () => {
    let count = 0;
    const { url, seen } = await serve(() => (count++ === 0 ? running : full));
    const { zoneOperations } = compute({ version: 'v1', rootUrl: `${url}/` });
    const client = computeClient<compute_v1.Schema$Operation>({
      get: async ({ name }, { signal }): Promise<OperationLike> => {
        const { project = '', zone: place = '', operation } = locatorOf(name);
        const parameters = { project, zone: place, operation };
        return (await zoneOperations.get(parameters, { signal, retry: false })).data;
      },
    });
    // What the start call answered with.
    const started = operationFromCompute<compute_v1.Schema$Operation>(running);
    const error = (await failureOf(waitForDone(client, started, quick))) as OperationFailedError;
    expect(error).toBeInstanceOf(OperationFailedError);
    expect([error.code, error.operation?.name]).toEqual([
      Code.RESOURCE_EXHAUSTED,
      `${zone}/operations/operation-1`,
    ]);
    expect(findDetail(error, 'google.rpc.ErrorInfo')?.reason).toBe('stockout');
    expect(seen[0]).toBe(`GET /compute/v1/${zone}/operations/operation-1`);
  });
});

test('computeClient refuses what is no client', () => {
  expect(() => computeClient({} as OperationsClient)).toThrow(TypeError);
});
