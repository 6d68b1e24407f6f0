import { describe, expect, it } from 'vitest';
import { restClient, type RestPaths } from 'rx-lro/rest';
import { recorder } from './recorder.js';

type Method = keyof RestPaths;

/** One shape of binding: where the discovery documents put a method, and how it is reached here. */
interface Row {
  readonly method: Method;
  readonly base: string;
  /** Undefined where the defaults reach it. */
  readonly template?: string;
  readonly name: string;
  readonly request: string;
  readonly body?: string;
}

const translation = 'https://translation.googleapis.com';
const compute = 'https://compute.googleapis.com/compute/v1/';

const rows: readonly Row[] = [
  // The standard form, by the defaults.
  { method: 'get', base: translation, name: 'p/operations/1', request: 'GET /v1/p/operations/1' },
  { method: 'list', base: translation, name: 'p', request: 'GET /v1/p/operations' },
  {
    method: 'cancel',
    base: translation,
    name: 'p/operations/1',
    request: 'POST /v1/p/operations/1:cancel',
    body: '{}',
  },
  {
    method: 'delete',
    base: translation,
    name: 'p/operations/1',
    request: 'DELETE /v1/p/operations/1',
  },
  // The same in another version.
  {
    method: 'get',
    base: `${translation}/v3beta1`,
    name: 'p/operations/1',
    request: 'GET /v3beta1/p/operations/1',
  },
  {
    method: 'list',
    base: `${translation}/v3beta1`,
    name: 'p',
    request: 'GET /v3beta1/p/operations',
  },
  {
    method: 'cancel',
    base: `${translation}/v2alpha1/`,
    name: 'p/operations/1',
    request: 'POST /v2alpha1/p/operations/1:cancel',
    body: '{}',
  },
  {
    method: 'delete',
    base: `${translation}/v2alpha1/`,
    name: 'p/operations/1',
    request: 'DELETE /v2alpha1/p/operations/1',
  },
  // Cancelled by GET.
  {
    method: 'cancel',
    base: 'https://datalabeling.googleapis.com',
    template: 'GET v1beta1/{+name}:cancel',
    name: 'p/operations/1',
    request: 'GET /v1beta1/p/operations/1:cancel',
  },
  // Something between the version and the name.
  {
    method: 'get',
    base: 'https://pubsublite.googleapis.com',
    template: 'v1/admin/{+name}',
    name: 'p/operations/1',
    request: 'GET /v1/admin/p/operations/1',
  },
  {
    method: 'list',
    base: 'https://pubsublite.googleapis.com',
    template: 'v1/admin/{+name}/operations',
    name: 'p',
    request: 'GET /v1/admin/p/operations',
  },
  {
    method: 'cancel',
    base: 'https://pubsublite.googleapis.com',
    template: 'v1/admin/{+name}:cancel',
    name: 'p/operations/1',
    request: 'POST /v1/admin/p/operations/1:cancel',
    body: '{}',
  },
  {
    method: 'delete',
    base: 'https://pubsublite.googleapis.com',
    template: 'v1/admin/{+name}',
    name: 'p/operations/1',
    request: 'DELETE /v1/admin/p/operations/1',
  },
  // The collection is in the path, and the name is what follows it.
  {
    method: 'get',
    base: 'https://speech.googleapis.com',
    template: 'v1/operations/{+name}',
    name: '7612202767953098924',
    request: 'GET /v1/operations/7612202767953098924',
  },
  {
    method: 'cancel',
    base: 'https://videointelligence.googleapis.com',
    template: 'v1/operations/{+name}:cancel',
    name: 'p/1',
    request: 'POST /v1/operations/p/1:cancel',
    body: '{}',
  },
  {
    method: 'delete',
    base: 'https://videointelligence.googleapis.com',
    template: 'v1/operations/{+name}',
    name: 'p/1',
    request: 'DELETE /v1/operations/p/1',
  },
  // A list whose name is the collection, by a path that adds nothing and by the defaults.
  {
    method: 'list',
    base: 'https://vision.googleapis.com',
    template: 'v1/{+name}',
    name: 'operations',
    request: 'GET /v1/operations',
  },
  {
    method: 'list',
    base: 'https://vision.googleapis.com',
    name: 'operations',
    request: 'GET /v1/operations',
  },
  // A list with no variable.
  {
    method: 'list',
    base: 'https://speech.googleapis.com',
    template: 'v1p1beta1/operations',
    name: '',
    request: 'GET /v1p1beta1/operations',
  },
  {
    method: 'list',
    base: 'https://speech.googleapis.com',
    template: 'v1/operations',
    name: 'p',
    request: 'GET /v1/operations?name=p',
  },
  // Another name of the variable, another collection.
  {
    method: 'list',
    base: 'https://container.googleapis.com',
    template: 'v1/{+parent}/operations',
    name: 'projects/p/locations/l',
    request: 'GET /v1/projects/p/locations/l/operations',
  },
  {
    method: 'list',
    base: 'https://spanner.googleapis.com',
    template: 'v1/{+parent}/databaseOperations',
    name: 'projects/p/instances/i',
    request: 'GET /v1/projects/p/instances/i/databaseOperations',
  },
  // One segment, whose slash would be encoded.
  {
    method: 'list',
    base: 'https://appengine.googleapis.com',
    template: 'v1/apps/{appsId}/operations',
    name: 'my app',
    request: 'GET /v1/apps/my%20app/operations',
  },
  {
    method: 'list',
    base: 'https://sqladmin.googleapis.com',
    template: 'sql/v1beta4/projects/{project}/operations',
    name: 'example.com:p',
    request: 'GET /sql/v1beta4/projects/example.com%3Ap/operations',
  },
  // A service path in front, and no version in the row.
  {
    method: 'get',
    base: compute,
    template: 'locations/global/operations/{operation}',
    name: 'a/b',
    request: 'GET /compute/v1/locations/global/operations/a%2Fb',
  },
  {
    method: 'delete',
    base: compute,
    template: 'locations/global/operations/{operation}',
    name: 'o',
    request: 'DELETE /compute/v1/locations/global/operations/o',
  },
  {
    method: 'list',
    base: compute,
    template: 'locations/global/operations',
    name: '',
    request: 'GET /compute/v1/locations/global/operations',
  },
  {
    method: 'list',
    base: 'https://storage.googleapis.com/storage/v1/',
    template: 'b/{bucket}/operations',
    name: 'my-bucket',
    request: 'GET /storage/v1/b/my-bucket/operations',
  },
  // More variables than one: all but the operation are written out.
  {
    method: 'get',
    base: 'https://appengine.googleapis.com',
    template: 'v1/apps/my-app/operations/{operationsId}',
    name: 'o',
    request: 'GET /v1/apps/my-app/operations/o',
  },
  {
    method: 'get',
    base: compute,
    template: 'folders/1/zones/z/operations/{operation}',
    name: 'o',
    request: 'GET /compute/v1/folders/1/zones/z/operations/o',
  },
  {
    method: 'get',
    base: 'https://dns.googleapis.com',
    template: 'dns/v1/projects/p/managedZones/z/operations/{operation}',
    name: 'o',
    request: 'GET /dns/v1/projects/p/managedZones/z/operations/o',
  },
  {
    method: 'cancel',
    base: 'https://sqladmin.googleapis.com',
    template: 'v1/projects/p/operations/{operation}/cancel',
    name: 'o',
    request: 'POST /v1/projects/p/operations/o/cancel',
    body: '{}',
  },
  {
    method: 'cancel',
    base: 'https://container.googleapis.com',
    template: 'v1/projects/p/zones/z/operations/{operationId}:cancel',
    name: 'o',
    request: 'POST /v1/projects/p/zones/z/operations/o:cancel',
    body: '{}',
  },
  {
    method: 'list',
    base: compute,
    template: 'projects/p/regions/{region}/operations',
    name: 'r',
    request: 'GET /compute/v1/projects/p/regions/r/operations',
  },
  // Waiting: the time in the body, in the query, and as a list.
  {
    method: 'wait',
    base: 'https://run.googleapis.com',
    template: 'v2/{+name}:wait',
    name: 'p/operations/1',
    request: 'POST /v2/p/operations/1:wait',
    body: '{"timeout":"30s"}',
  },
  {
    method: 'wait',
    base: 'https://aiplatform.googleapis.com',
    template: 'v1/{+name}:wait{?timeout}',
    name: 'p/operations/1',
    request: 'POST /v1/p/operations/1:wait?timeout=30s',
  },
  {
    method: 'wait',
    base: compute,
    template: 'projects/p/global/operations/{operation}/wait{?timeout}',
    name: 'o',
    request: 'POST /compute/v1/projects/p/global/operations/o/wait?timeout=30s',
  },
  {
    method: 'list',
    base: 'https://aiplatform.googleapis.com',
    template: 'v1/{+name}:wait',
    name: 'p',
    request: 'GET /v1/p:wait',
  },
];

describe('every shape of binding in the discovery documents can be reached', () => {
  it.each(rows)(
    '$method $request [pain 19] [fact 19] [fact 20] [fact 21] [fact 22]',
    async ({ method, base, template, name, request, body }) => {
      const { fetch, sent } = recorder();
      const paths = template === undefined ? {} : { [method]: template };
      const client = restClient({ baseUrl: base, fetch, paths });
      await client[method]?.(method === 'wait' ? { name, timeout: 30_000 } : { name });
      expect(sent).toHaveLength(1);
      const { origin } = new URL(base);
      expect(`${sent[0]?.verb} ${sent[0]?.url.replace(origin, '')}`).toBe(request);
      expect(sent[0]?.url.startsWith(`${origin}/`)).toBe(true);
      expect(sent[0]?.body).toBe(body);
    },
  );
});
