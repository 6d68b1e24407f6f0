import { Code } from '../core/status/code.js';
import type { Status } from '../core/status/status.js';
import { durationToMillis } from '../core/status/duration.js';
import type { ServiceRequest } from './service.js';

/** A request that no method takes. */
export interface Problem {
  readonly httpStatus: number;
  readonly status: Status;
  /** The HTTP methods that the path does take. */
  readonly allow?: string;
}

const version = /^v\d+\w*$/;

/** Finds out what a request over HTTP asks of the service, by its method and URL. */
export function routeOf(verb: string, url: URL): ServiceRequest | Problem {
  const [slash, first = '', ...raw] = url.pathname.split('/');
  const isPath = slash === '' && version.test(first) && raw.length > 0 && !raw.includes('');
  if (!isPath) return unknownPath(url);
  const { path, action } = splitAction(raw, verb);
  const segments = decode(path);
  if (segments === undefined) return invalid(`The path ${url.pathname} is not encoded well.`);
  if (action !== undefined) return actionRoute(verb, action, segments.join('/'), url);
  if (segments.at(-1) === 'operations') return listRoute(verb, segments, url.searchParams);
  const name = segments.join('/');
  if (verb === 'GET') return { method: 'get', name };
  return verb === 'DELETE' ? { method: 'delete', name } : wrongVerb(verb, 'GET, DELETE');
}

/** Tells whether a request is one that no method takes. */
export function isProblem(route: ServiceRequest | Problem): route is Problem {
  return 'httpStatus' in route;
}

/** Reads the body of a wait call: `{"timeout": "1.5s"}`, or nothing. */
export function withWaitBody(request: ServiceRequest, body: string): ServiceRequest | Problem {
  if (request.method !== 'wait' || body.trim() === '') return request;
  try {
    const { timeout } = JSON.parse(body) as { timeout?: unknown };
    return timeout == null ? request : withTimeout(request, timeout);
  } catch {
    return invalid('The body is no JSON object.');
  }
}

function actionRoute(
  verb: string,
  action: string,
  name: string,
  url: URL,
): ServiceRequest | Problem {
  if (action !== 'cancel' && action !== 'wait') return unknownPath(url);
  if (verb !== 'POST') return wrongVerb(verb, 'POST');
  if (action === 'cancel') return { method: 'cancel', name };
  const timeout = url.searchParams.get('timeout');
  return timeout === null
    ? { method: 'wait', name }
    : withTimeout({ method: 'wait', name }, timeout);
}

function listRoute(
  verb: string,
  segments: readonly string[],
  query: URLSearchParams,
): ServiceRequest | Problem {
  if (verb !== 'GET') return wrongVerb(verb, 'GET');
  const parent = segments.slice(0, -1).join('/');
  // ProtoJSON takes the names of the proto file too.
  const get = (name: string, protoName: string): string | undefined =>
    query.get(name) ?? query.get(protoName) ?? undefined;
  const pageSize = get('pageSize', 'page_size');
  if (pageSize !== undefined && !/^-?\d+$/.test(pageSize)) {
    return invalid(`The page size ${JSON.stringify(pageSize)} is no number.`);
  }
  return {
    method: 'list',
    name: parent === '' ? (query.get('name') ?? '') : parent,
    filter: query.get('filter') ?? undefined,
    pageSize: pageSize === undefined ? undefined : Number(pageSize),
    pageToken: get('pageToken', 'page_token'),
    returnPartialSuccess: get('returnPartialSuccess', 'return_partial_success') === 'true',
  };
}

function withTimeout(
  request: ServiceRequest & { readonly method: 'wait' },
  duration: unknown,
): ServiceRequest | Problem {
  const timeout = durationToMillis(duration);
  return timeout === undefined
    ? invalid(`The timeout ${JSON.stringify(duration)} is no duration.`)
    : { ...request, timeout };
}

// The colon of `:cancel` is written as it is; one within a name is encoded. A client that reads or
// deletes has no use for the former, and some leave the latter as it is.
function splitAction(
  raw: readonly string[],
  verb: string,
): { readonly path: readonly string[]; readonly action?: string } {
  const [, path, action] = /^(.+):(\w+)$/.exec(raw.join('/')) ?? [];
  if (path === undefined || action === undefined) return { path: raw };
  const isAction = verb === 'POST' || action === 'cancel' || action === 'wait';
  return isAction ? { path: path.split('/'), action } : { path: raw };
}

function decode(segments: readonly string[]): readonly string[] | undefined {
  try {
    return segments.map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

function invalid(message: string): Problem {
  return problem(400, Code.INVALID_ARGUMENT, message);
}

function unknownPath({ pathname }: URL): Problem {
  return problem(404, Code.NOT_FOUND, `There is no method at ${pathname}.`);
}

function wrongVerb(verb: string, allow: string): Problem {
  return { ...problem(405, Code.UNIMPLEMENTED, `The path takes ${allow}, not ${verb}.`), allow };
}

function problem(httpStatus: number, code: Code, message: string): Problem {
  return { httpStatus, status: { code, message, details: [] } };
}
