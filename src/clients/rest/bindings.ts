import type { Method } from '../../core/client.js';
import { checkObject } from '../../core/values/check.js';
import { hasVersion, type Base } from '../http/base-url.js';
import { parseTemplate, type Template } from './template.js';

/**
 * Where each method is, beneath `baseUrl`: a path template as the discovery documents of Google's APIs
 * write it (`path` of a method).
 *
 * - `{+name}` takes the name and keeps its slashes; `{name}` encodes them as `%2F`. Any other name of
 *   the variable is fine too: `{+parent}`, `{operation}`.
 * - There is exactly one variable. Where a path has more, write out those that are not the operation.
 *   Only a `list` path may have none: the name then becomes the query parameter `name`.
 * - The HTTP method stands in front where it is not the usual one: `GET v1beta1/{+name}:cancel`.
 * - A `/` at the beginning changes nothing.
 * - A ` {field}` at the end, after a space, has the name sent whole in that field of the body, and leaves
 *   the variable what is before `/operations/`: `POST v1/{+endpoint}:fetchPredictOperation {operationName}`.
 *   A ` {}` sends an empty body.
 * - `false` says that the service has no such method: a call of it is UNIMPLEMENTED, and nothing is sent.
 *
 * Source: RFC 6570, and the type `RestMethod` of the API Discovery Service.
 */
export interface RestPaths {
  /** GetOperation, by GET. Default `v1/{+name}`. */
  readonly get?: string | undefined;
  /**
   * ListOperations, by GET. Default `v1/{+name}/operations`, or `v1/{+name}` for a name that is the
   * collection already: `operations`, or one that ends in `/operations`. A template that ends in
   * `{?maxResults}` sends the page size by that name.
   */
  readonly list?: string | false | undefined;
  /** CancelOperation, by POST with the body `{}`. Default `v1/{+name}:cancel`. */
  readonly cancel?: string | false | undefined;
  /** DeleteOperation, by DELETE. Default `v1/{+name}`. */
  readonly delete?: string | false | undefined;
  /**
   * WaitOperation, by POST. No default, as it has no standard path: without it the client has no
   * `wait`. The time to wait is sent in the body, `{"timeout": "30s"}`; a template that ends in
   * `{?timeout}` sends it as a query parameter and no body, and so does one with GET or DELETE; one
   * that ends in ` {}` does not send it.
   */
  readonly wait?: string | false | undefined;
}

/** The templates of one client. */
export interface Bindings {
  /** By method. */
  readonly byMethod: Readonly<Partial<Record<Method, Template>>>;
  /** For a list whose name is the collection already; only together with the default. */
  readonly collection: Template | undefined;
}

const methods: readonly Method[] = ['get', 'list', 'cancel', 'delete', 'wait'];

/**
 * Reads the option `paths`, and adds the defaults. They are the bindings of
 * google/longrunning/operations.proto, with what nearly all services make of them.
 *
 * @throws TypeError when it or a template is of the wrong type, RangeError when a template is wrong or
 * belongs to no method.
 */
export function parseBindings(paths: RestPaths, base: Base): Bindings {
  checkObject('paths', paths);
  const unknown = Object.keys(paths).find((key) => !(methods as readonly string[]).includes(key));
  if (unknown !== undefined) {
    throw new RangeError(
      `Option \`paths\` has a method ${JSON.stringify(unknown)}: the methods are ${methods.join(', ')}.`,
    );
  }
  const name = hasVersion(base) ? '{+name}' : 'v1/{+name}';
  const defaults = {
    get: name,
    list: `${name}/operations`,
    cancel: `${name}:cancel`,
    delete: name,
    wait: false,
  };
  const templates = methods.flatMap((method) => {
    const path = paths[method] ?? defaults[method];
    // Every client has `get`, so `false` is no path of it.
    if (path === false && method !== 'get') return [];
    return [[method, parseTemplate(method, path)] as const];
  });
  return {
    byMethod: Object.fromEntries(templates),
    collection: paths.list == null ? parseTemplate('list', name) : undefined,
  };
}
