import { Code, statusFrom } from 'rx-lro';
import {
  appEnginePaths,
  dnsPaths,
  drivePaths,
  restClient,
  speechPaths,
  veoPaths,
  videoIntelligencePaths,
  type RestClient,
  type RestPaths,
} from 'rx-lro/rest';
import { describe, expect, it } from 'vitest';
import { failureOf, recorder } from './recorder.js';

const baseUrl = 'https://api.example.com';
const model = 'projects/p/locations/l/publishers/google/models/veo-3.0-generate-001';

// The paths are those of the discovery documents.
const rows: readonly [
  service: string,
  paths: RestPaths,
  method: 'get' | 'list' | 'cancel' | 'delete',
  name: string,
  request: string,
][] = [
  ['speech:v1', speechPaths, 'get', '1234', 'GET /v1/operations/1234'],
  ['speech:v1', speechPaths, 'list', '', 'GET /v1/operations'],
  ['speech:v1', speechPaths, 'list', 'x', 'GET /v1/operations?name=x'],
  [
    'videointelligence:v1',
    videoIntelligencePaths,
    'get',
    'projects/p/locations/l/operations/1',
    'GET /v1/projects/p/locations/l/operations/1',
  ],
  [
    'videointelligence:v1',
    videoIntelligencePaths,
    'list',
    'projects/p/locations/l',
    'GET /v1/projects/p/locations/l/operations',
  ],
  [
    'videointelligence:v1',
    videoIntelligencePaths,
    'cancel',
    'projects/p/locations/l/operations/1',
    'POST /v1/projects/p/locations/l/operations/1:cancel {}',
  ],
  [
    'videointelligence:v1',
    videoIntelligencePaths,
    'delete',
    'projects/p/locations/l/operations/1',
    'DELETE /v1/projects/p/locations/l/operations/1',
  ],
  ['appengine:v1', appEnginePaths, 'get', 'apps/a/operations/1', 'GET /v1/apps/a/operations/1'],
  ['appengine:v1', appEnginePaths, 'list', 'apps/a', 'GET /v1/apps/a/operations'],
  [
    'dns:v1',
    dnsPaths,
    'get',
    'projects/p/managedZones/z/operations/1',
    'GET /dns/v1/projects/p/managedZones/z/operations/1',
  ],
  [
    'dns:v1',
    dnsPaths,
    'list',
    'projects/p/managedZones/z',
    'GET /dns/v1/projects/p/managedZones/z/operations',
  ],
  ['drive:v3', drivePaths, 'get', 'a/b', 'GET /drive/v3/operations/a%2Fb'],
  [
    'aiplatform:v1',
    veoPaths,
    'get',
    `${model}/operations/1`,
    `POST /v1/${model}:fetchPredictOperation {"operationName":"${model}/operations/1"}`,
  ],
];

describe('the paths of a service are those of its discovery document', () => {
  it.each(rows)('%s, %#', async (_, paths, method, name, request) => {
    const { fetch, sent } = recorder();
    const client = restClient({ baseUrl, fetch, paths });
    await client[method]({ name });
    const [one] = sent;
    const body = typeof one?.body === 'string' ? ` ${one.body}` : '';
    expect(`${one?.verb} ${one?.url.replace(baseUrl, '')}${body}`).toBe(request);
  });

  const missing: readonly [string, RestPaths, 'list' | 'cancel' | 'delete'][] = [
    ['speech:v1', speechPaths, 'cancel'],
    ['speech:v1', speechPaths, 'delete'],
    ['appengine:v1', appEnginePaths, 'cancel'],
    ['appengine:v1', appEnginePaths, 'delete'],
    ['dns:v1', dnsPaths, 'cancel'],
    ['dns:v1', dnsPaths, 'delete'],
    ['drive:v3', drivePaths, 'list'],
    ['drive:v3', drivePaths, 'cancel'],
    ['drive:v3', drivePaths, 'delete'],
    ['aiplatform:v1', veoPaths, 'list'],
    ['aiplatform:v1', veoPaths, 'cancel'],
    ['aiplatform:v1', veoPaths, 'delete'],
  ];
  it.each(missing)('%s has no %3$s: nothing is sent', async (_, paths, method) => {
    const { fetch, sent } = recorder();
    const client: RestClient = restClient({ baseUrl, fetch, paths });
    const error = await failureOf(client[method]({ name: 'operations/1' }));
    expect(statusFrom(error).code).toBe(Code.UNIMPLEMENTED);
    expect((error as Error).message).toContain(method);
    expect(sent).toEqual([]);
  });
});

describe('a template', () => {
  const requestOf = async (
    paths: RestPaths,
    call: (client: RestClient) => Promise<unknown> | undefined,
  ): Promise<string> => {
    const { fetch, sent } = recorder();
    await call(restClient({ baseUrl, fetch, paths }));
    const [one] = sent;
    const body = typeof one?.body === 'string' ? ` ${one.body}` : '';
    return `${one?.verb} ${one?.url.replace(baseUrl, '')}${body}`;
  };

  it('of a list sends the page size by the name that it ends in', async () => {
    const list = 'v1/{+name}/operations{?maxResults}';
    const request = { name: 'p', pageSize: 7, pageToken: 't' };
    const sent = await requestOf({ list }, (client) => client.list(request));
    expect(sent).toBe('GET /v1/p/operations?maxResults=7&pageToken=t');
    expect(await requestOf({ list }, (client) => client.list({ name: 'p' }))).toBe(
      'GET /v1/p/operations',
    );
  });

  it('that ends in {} sends an empty body, without the time to wait', async () => {
    const wait = 'v1/{+name}/wait {}';
    const request = { name: 'operations/1', timeout: 5_000 };
    expect(await requestOf({ wait }, (client) => client.wait?.(request))).toBe(
      'POST /v1/operations/1/wait {}',
    );
  });

  it('with a field of the body sends the whole name in it, however strange', async () => {
    const get = 'POST v1/{+endpoint}:ask {id}';
    const name = 'models/ü/operations/"1"';
    const sent = await requestOf({ get }, (client) => client.get({ name }));
    expect(sent).toBe(`POST /v1/models/%C3%BC:ask ${JSON.stringify({ id: name })}`);
  });

  it.each([
    ['get', 'v1/{+name}{?maxResults}'],
    ['get', 'POST v1/{+name} {a} {b}'],
    ['list', 'v1/{+name}/operations{?a,b}'],
    ['list', true],
    ['get', false],
  ])('%s: %o is refused', (method, path) => {
    expect(() => restClient({ baseUrl, paths: { [method]: path } })).toThrow(`paths.${method}`);
  });
});
