import type { Method } from '../core/client.js';
import type { Operation } from '../core/operation.js';
import { codeName, httpFromCode } from '../core/status/code.js';
import { findDetail } from '../core/status/details.js';
import type { Status } from '../core/status/status.js';
import { durationToMillis } from '../core/status/duration.js';
import { toJsonValue } from '../core/values/json.js';
import type { Failure, Reply } from './reply.js';

/** The form of an error over HTTP. */
export type ErrorFormat = 'v1' | 'v2';

type HeaderFields = Readonly<Record<string, string>>;

/** Writes the reply to a call as a response over HTTP. */
export function responseOf(method: Method, reply: Reply, format: ErrorFormat): Response {
  if (reply.kind === 'answer') {
    return json(protoJsonOf(method, reply.value), 200, retryAfterFields(reply.pollAfter));
  }
  if (reply.kind === 'raw') {
    return rawResponse(reply.value, reply.httpStatus, retryAfterFields(reply.retryAfter));
  }
  return errorResponse(reply, format);
}

/** Writes a failure as a response over HTTP. */
export function errorResponse(failure: Failure, format: ErrorFormat): Response {
  const { status, httpStatus = httpFromCode(status.code), allow } = failure;
  const retryInfo = findDetail(status, 'google.rpc.RetryInfo');
  return json({ error: envelopeOf(status, httpStatus, format) }, httpStatus, {
    ...(allow === undefined ? {} : { allow }),
    ...retryAfterFields(durationToMillis(retryInfo?.retryDelay)),
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

function rawResponse(value: unknown, status: number, headers: HeaderFields): Response {
  // A Response refuses a body with these.
  if ([204, 205, 304].includes(status)) return new Response(null, { status, headers });
  if (typeof value !== 'string') return json(value, status, headers);
  const contentType = value.trimStart().startsWith('<') ? 'text/html' : 'application/json';
  return new Response(value, { status, headers: { 'content-type': contentType, ...headers } });
}

function json(value: unknown, status: number, fields: HeaderFields = {}): Response {
  const headers = { 'content-type': 'application/json', ...fields };
  return new Response(JSON.stringify(toJsonValue(value)), { status, headers });
}

function retryAfterFields(retryAfter: number | string | undefined): HeaderFields {
  if (retryAfter === undefined) return {};
  const seconds = typeof retryAfter === 'string' ? retryAfter : Math.ceil(retryAfter / 1000);
  return { 'retry-after': String(seconds) };
}
