import { progressOf } from '../core/answer/progress.js';
import type { Operation } from '../core/operation.js';
import { Code, codeName, httpFromCode } from '../core/status/code.js';
import type { Status } from '../core/status/status.js';
import { json, retryAfterFields } from './http-response.js';
import type { Reply } from './reply.js';

/** The ways to answer. */
type MonitorDialect = 'azure' | 'fhir' | 'rest';

// The value set IssueType, where it has a code that is not a transient one.
const issues: Readonly<Record<number, string>> = {
  [Code.INVALID_ARGUMENT]: 'invalid',
  [Code.NOT_FOUND]: 'not-found',
  [Code.ALREADY_EXISTS]: 'duplicate',
  [Code.PERMISSION_DENIED]: 'forbidden',
  [Code.RESOURCE_EXHAUSTED]: 'too-costly',
  [Code.FAILED_PRECONDITION]: 'business-rule',
  [Code.ABORTED]: 'conflict',
  [Code.OUT_OF_RANGE]: 'too-long',
  [Code.UNIMPLEMENTED]: 'not-supported',
  [Code.UNAUTHENTICATED]: 'login',
};

/** Writes the state of an operation as a monitor tells it. */
export function monitorResponse(
  dialect: MonitorDialect,
  reply: Extract<Reply, { readonly value: unknown }>,
): Response {
  const operation = reply.value as Operation;
  const pollAfter = reply.kind === 'answer' ? reply.pollAfter : reply.retryAfter;
  const headers = operation.done ? {} : retryAfterFields(pollAfter);
  if (dialect === 'fhir') return fhirResponse(operation, headers);
  const { name, done, error, metadata } = operation;
  const place = `/results/${encodeURI(name)}`;
  const isSuccess = done && error === undefined;
  const percentComplete = percentOf(operation);
  const document = {
    id: name,
    status: statusOf(operation),
    ...(metadata === undefined ? {} : { metadata }),
    ...(percentComplete === undefined ? {} : { percentComplete }),
    ...(error === undefined ? {} : { error: { ...error, code: codeName(error.code) } }),
  };
  if (dialect === 'rest' && isSuccess) return json(document, 303, { location: place });
  return json(isSuccess ? { ...document, resourceLocation: place } : document, 200, headers);
}

function fhirResponse(operation: Operation, headers: Readonly<Record<string, string>>): Response {
  const { done, error, response } = operation;
  const percent = percentOf(operation);
  const progress = { 'x-progress': percent === undefined ? 'in progress' : `${percent}%` };
  if (!done) return new Response(null, { status: 202, headers: { ...headers, ...progress } });
  if (error === undefined) {
    return response === undefined
      ? new Response(null, { status: 204, headers: progress })
      : json(response, 200, progress);
  }
  // After a cancel, the monitor is gone.
  if (error.code === Code.CANCELLED) return outcome('deleted', error, 404);
  // Others, such as 404 and 503, say something of the call alone.
  const http = httpFromCode(error.code) < 500 ? 400 : 500;
  return outcome(issues[error.code] ?? 'processing', error, http);
}

function outcome(code: string, { message }: Status, http: number): Response {
  const issue = [{ severity: 'error', code, diagnostics: message }];
  return json({ resourceType: 'OperationOutcome', issue }, http, {
    'content-type': 'application/fhir+json',
  });
}

function statusOf({ done, error }: Operation): string {
  if (!done) return 'Running';
  if (error === undefined) return 'Succeeded';
  return error.code === Code.CANCELLED ? 'Canceled' : 'Failed';
}

function percentOf(operation: Operation): number | undefined {
  const progress = progressOf(operation);
  return progress === undefined ? undefined : Math.round(progress * 1e4) / 100;
}
