import { Code } from '../core/status/code.js';
import { durationToMillis } from '../core/status/duration.js';
import { invalid, refusal, type Failure } from './reply.js';
import type { ServiceRequest, WaitRequest } from './service.js';

const version = /^v\d+\w*$/;

/** Reads a request over HTTP, from its method and URL. */
export function routeOf(verb: string, url: URL): ServiceRequest | Failure {
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

/** Reads the body of a wait call: `{"timeout": "1.5s"}`, or nothing. */
export function withWaitBody(request: WaitRequest, body: string): WaitRequest | Failure {
  if (body.trim() === '') return request;
  try {
    const { timeout } = JSON.parse(body) as { timeout?: unknown };
    return withTimeout(request, timeout);
  } catch {
    return invalid('The body is not a JSON object.');
  }
}

function actionRoute(
  verb: string,
  action: string,
  name: string,
  url: URL,
): ServiceRequest | Failure {
  if (action !== 'cancel' && action !== 'wait') return unknownPath(url);
  if (verb !== 'POST') return wrongVerb(verb, 'POST');
  if (action === 'cancel') return { method: 'cancel', name };
  return withTimeout({ method: 'wait', name }, url.searchParams.get('timeout'));
}

function listRoute(
  verb: string,
  segments: readonly string[],
  query: URLSearchParams,
): ServiceRequest | Failure {
  if (verb !== 'GET') return wrongVerb(verb, 'GET');
  const parent = segments.slice(0, -1).join('/');
  // ProtoJSON takes the names of the proto file too.
  const get = (name: string, protoName: string): string | undefined =>
    query.get(name) ?? query.get(protoName) ?? undefined;
  const pageSize = get('pageSize', 'page_size');
  if (pageSize !== undefined && !/^-?\d+$/.test(pageSize)) {
    return invalid(`The page size ${JSON.stringify(pageSize)} is not a number.`);
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

function withTimeout(request: WaitRequest, duration: unknown): WaitRequest | Failure {
  if (duration == null) return request;
  const timeout = durationToMillis(duration);
  return timeout === undefined
    ? invalid(`The timeout ${JSON.stringify(duration)} is not a duration.`)
    : { ...request, timeout };
}

// The colon of `:cancel` is not encoded; one within a name is. Some clients leave the latter as it is, which is
// clear with GET and DELETE: these take no action.
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

function unknownPath({ pathname }: URL): Failure {
  return refusal(Code.NOT_FOUND, `There is no method at ${pathname}.`);
}

function wrongVerb(verb: string, allow: string): Failure {
  const failure = refusal(Code.UNIMPLEMENTED, `The path takes ${allow}, not ${verb}.`);
  return { ...failure, httpStatus: 405, allow };
}
