import type { ListOperationsRequest, Method, WaitOperationRequest } from '../../core/client.js';
import { checkNumber } from '../../core/values/check.js';
import { millisToDuration } from '../../core/status/duration.js';
import { checkPlace } from '../http/base-url.js';
import { checkName } from '../http/name.js';
import type { HttpRequest } from '../http/request.js';
import type { RestSettings } from './options.js';
import { expandTemplate, type Template } from './template.js';

/** What the methods of a client are asked with. */
export type MethodRequest = ListOperationsRequest & WaitOperationRequest;

/** Fields of a query; undefined and null are left out. */
type QueryFields = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * Writes a request.
 *
 * @throws TypeError or RangeError when the name or the timeout is refused.
 */
export function buildRequest(
  settings: RestSettings,
  method: Method,
  request: MethodRequest,
): HttpRequest {
  const { base, errorFormat } = settings;
  const template = templateFor(settings, method, request.name);
  const namesNothing = template.variable === undefined && request.name === '';
  if (!namesNothing) checkName(request.name);
  const path = expandTemplate(template, request.name);
  const place = `${base.origin}${base.path}/${path}`;
  checkPlace(place, base, path);
  const hasBody = sendsBody(method, template);
  const query = queryOf({
    timeout: method === 'wait' && !hasBody ? timeoutOf(request) : undefined,
    ...(method === 'list' ? listFields(request, template) : {}),
    '$.xgafv': errorFormat,
  });
  return {
    method,
    name: namesNothing ? undefined : request.name,
    verb: template.verb,
    url: place + query,
    label: `${template.verb} ${place}`,
    body: hasBody ? JSON.stringify(bodyOf(method, template, request)) : undefined,
  };
}

function templateFor({ bindings }: RestSettings, method: Method, name: unknown): Template {
  const isCollection = method === 'list' && /(?:^|\/)operations$/.test(String(name));
  const template = isCollection ? bindings.collection : undefined;
  // A client has the methods that there is a template for, and no others.
  return template ?? (bindings.byMethod[method] as Template);
}

// What neither the path nor a body takes goes into the query: so google/api/http.proto has it. A cancel
// has nothing to say in its body, but most services declare one.
function sendsBody(method: Method, { verb, hasTimeoutQuery, bodyField }: Template): boolean {
  if (bodyField !== undefined) return true;
  if (verb === 'GET' || verb === 'DELETE') return false;
  return method === 'cancel' || (method === 'wait' && !hasTimeoutQuery);
}

function bodyOf(method: Method, { bodyField }: Template, request: MethodRequest): object {
  if (bodyField !== undefined) return bodyField === '' ? {} : { [bodyField]: request.name };
  return method === 'wait' ? { timeout: timeoutOf(request) } : {};
}

function listFields(request: MethodRequest, { variable, pageSizeQuery }: Template): QueryFields {
  const { name, filter, pageSize, pageToken, returnPartialSuccess } = request;
  return {
    name: variable === undefined && name !== '' ? name : undefined,
    filter,
    [pageSizeQuery]: pageSize,
    pageToken,
    returnPartialSuccess,
  };
}

function timeoutOf({ timeout }: MethodRequest): string | undefined {
  if (timeout == null) return undefined;
  checkNumber('timeout', timeout, { min: 0 });
  return millisToDuration(timeout);
}

function queryOf(fields: QueryFields): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(fields)) {
    if (value != null) query.append(key, String(value));
  }
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}
