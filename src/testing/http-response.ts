import type { Method } from '../core/client.js';
import type { Operation } from '../core/operation.js';
import { codeName, httpFromCode } from '../core/status/code.js';
import { findDetail } from '../core/status/details.js';
import type { Status } from '../core/status/status.js';
import { durationToMillis } from '../core/status/duration.js';
import { toJsonValue } from '../core/values/json.js';
import type { Reply } from './reply.js';
import type { Problem } from './routes.js';

/** The form of an error over HTTP. */
export type ErrorFormat = 'v1' | 'v2';

/** Writes the reply to a call as a response over HTTP. */
export function responseOf(method: Method, reply: Reply, format: ErrorFormat): Response {
  if (reply.kind === 'answer') return json(protoJsonOf(method, reply.value), 200);
  if (reply.kind === 'raw') {
    return rawResponse(reply.value, reply.httpStatus, retryAfterFields(reply.retryAfter));
  }
  return errorResponse(reply.status, reply.httpStatus ?? httpFromCode(reply.status.code), format);
}

/** Writes that no method takes a request. */
export function problemResponse(
  { status, httpStatus, allow }: Problem,
  format: ErrorFormat,
): Response {
  return errorResponse(status, httpStatus, format, allow === undefined ? {} : { allow });
}

function errorResponse(
  status: Status,
  httpStatus: number,
  format: ErrorFormat,
  fields: Readonly<Record<string, string>> = {},
): Response {
  const retryInfo = findDetail(status, 'google.rpc.RetryInfo');
  const retryAfter = retryAfterFields(durationToMillis(retryInfo?.retryDelay));
  return json({ error: envelopeOf(status, httpStatus, format) }, httpStatus, {
    ...fields,
    ...retryAfter,
  });
}

function envelopeOf(
  { code, message, details }: Status,
  httpStatus: number,
  format: ErrorFormat,
): object {
  const name = codeName(code);
  if (format === 'v2') {
    return {
      code: httpStatus,
      message,
      status: name,
      ...(details.length === 0 ? {} : { details }),
    };
  }
  const reason = name.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  return { errors: [{ domain: 'global', reason, message }], code: httpStatus, message };
}

// ProtoJSON leaves out what has its default value.
function protoJsonOf(method: Method, value: unknown): unknown {
  if (method === 'get' || method === 'wait') return operationJson(value as Operation);
  if (method !== 'list') return value;
  const { operations, ...rest } = value as { readonly operations: readonly Operation[] };
  return operations.length === 0 ? rest : { operations: operations.map(operationJson), ...rest };
}

function operationJson({ done, ...rest }: Operation): object {
  return done ? { ...rest, done } : rest;
}

function rawResponse(
  value: unknown,
  httpStatus: number,
  fields: Readonly<Record<string, string>>,
): Response {
  // A Response refuses a body with these.
  if ([204, 205, 304].includes(httpStatus)) {
    return new Response(null, { status: httpStatus, headers: fields });
  }
  if (typeof value !== 'string') return json(value, httpStatus, fields);
  const contentType = value.trimStart().startsWith('<') ? 'text/html' : 'application/json';
  return new Response(value, {
    status: httpStatus,
    headers: { 'content-type': contentType, ...fields },
  });
}

function json(
  value: unknown,
  status: number,
  fields: Readonly<Record<string, string>> = {},
): Response {
  const headers = { 'content-type': 'application/json', ...fields };
  return new Response(JSON.stringify(toJsonValue(value)), { status, headers });
}

function retryAfterFields(retryAfter: number | undefined): Readonly<Record<string, string>> {
  return retryAfter === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfter / 1000)) };
}
