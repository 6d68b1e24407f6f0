import { isRecord, type Fields } from '../values/record.js';
import { Code, codeFromHttp, codeFromName } from './code.js';
import { isNetworkFailure } from './network-failure.js';
import type { Status } from './status.js';

/**
 * Reads a Status out of whatever a service, a client or a runtime uses to say that something failed:
 * a `google.rpc.Status` (its `code` is an rpc code), the error envelopes of Google's HTTP APIs,
 * version 2 (`{error: {code, message, status, details}}`, where `code` is an HTTP status) and
 * version 1 (`{error: {errors, code, message}}`), an error of gRPC, of `fetch`, of an HTTP library,
 * or anything else.
 *
 * A number that google/rpc/code.proto does not list is kept as it is, unless it is the HTTP status
 * itself, and so are details of any kind; the `errors` of version 1 become details. What says nothing
 * of a code is UNKNOWN.
 *
 * Source: AIP-193, google/rpc/status.proto.
 *
 * @param value - Anything at all.
 * @param httpStatus - The HTTP status that it came with, where it says nothing better itself.
 * @returns The Status. Never throws.
 *
 * @example
 * ```ts
 * import { statusFrom } from 'rx-lro';
 *
 * statusFrom({ error: { code: 404, message: 'No such operation.', status: 'NOT_FOUND' } });
 * // { code: 5, message: 'No such operation.', details: [] }
 * ```
 */
export function statusFrom(value: unknown, httpStatus?: number): Status {
  try {
    return read(value, httpStatus);
  } catch {
    // A getter or a proxy threw: such a value says nothing that can be read.
    return { code: fallbackCode(httpStatus), message: '', details: [] };
  }
}

function read(value: unknown, httpStatus: number | undefined): Status {
  // Streaming methods put the envelope into a list of one.
  if (Array.isArray(value) && isRecord(value[0])) return read(value[0], httpStatus);
  if (!isRecord(value)) {
    const message = value === undefined || value === null ? '' : String(value);
    return { code: fallbackCode(httpStatus), message, details: [] };
  }
  if (isErrorLike(value) || isHttpError(value)) return fromError(value, httpStatus);
  const inner = value['error'];
  if (isErrorLike(inner)) return fromError(inner, httpStatus);
  if (isRecord(inner) && isBody(inner)) return fromEnvelope(inner, httpStatus);
  if (Array.isArray(value['errors'])) return fromEnvelope(value, httpStatus);
  return {
    code:
      codeByName(value['status']) ??
      bareCode(value['code'], httpStatus) ??
      oauthCodes.get(inner) ??
      fallbackCode(httpStatus),
    message: firstText(value, ['message', 'details', 'error_description', 'error']),
    details: list(value['details']),
  };
}

function fromEnvelope(error: Fields, httpStatus: number | undefined): Status {
  const errors = list(error['errors']);
  const first = isRecord(errors[0]) ? errors[0] : {};
  return {
    code:
      codeByName(error['status']) ??
      codeByNumber(error['status']) ??
      (isRateLimit(first) ? Code.RESOURCE_EXHAUSTED : undefined) ??
      codeOrHttp(error['code']) ??
      fallbackCode(httpStatus),
    message: firstText(error, ['message']) || firstText(first, ['message']),
    details: [...list(error['details']), ...errors],
  };
}

function fromError(error: Fields, httpStatus: number | undefined): Status {
  // An error of this library.
  if (isRecord(error['status'])) return read(error['status'], httpStatus);
  const message = messageOf(error);
  // google-gax has the details that it could decode apart from those that came.
  const details = [...list(error['statusDetails']), ...list(error['details'])];
  // The name comes first: a DOMException has a `code` too, and that is no rpc code.
  if (isAbort(error)) return { code: Code.CANCELLED, message, details };
  if (isTimeout(error)) return { code: Code.DEADLINE_EXCEEDED, message, details };
  const response = isRecord(error['response']) ? error['response'] : {};
  const http =
    [error['status'], error['statusCode'], response['status'], response['statusCode']]
      .map(httpIn)
      .find((each) => each !== undefined) ?? httpStatus;
  const code =
    codeByName(error['status']) ??
    (isDomException(error) ? undefined : failing(codeOrHttp(error['code']))) ??
    (http === undefined ? undefined : fallbackCode(http)) ??
    (isNetworkFailure(error) || error['status'] === 0 ? Code.UNAVAILABLE : Code.UNKNOWN);
  const body = bodyOf(error, response);
  if (body === undefined) return { code, message, details };
  const status = read(body, http);
  return {
    code: status.code === Code.UNKNOWN && http === undefined ? code : status.code,
    message: status.message || message,
    details: status.details.length === 0 ? details : status.details,
  };
}

// Where HTTP clients keep what the server sent.
function bodyOf(error: Fields, response: Fields): unknown {
  const { error: inner, body, data, result } = error;
  return [inner, body, data, result, response['data'], response['body'], response]
    .map(parsed)
    .find((candidate) => candidate !== error && isBody(candidate));
}

function isBody(candidate: unknown): boolean {
  if (Array.isArray(candidate)) return isRecord(candidate[0]) && isBody(candidate[0]);
  // A number in `status` is one of the response.
  return (
    isRecord(candidate) && (saysSomething(candidate) || typeof candidate['status'] === 'string')
  );
}

function parsed(candidate: unknown): unknown {
  if (typeof candidate !== 'string') return candidate;
  try {
    return JSON.parse(candidate);
  } catch {
    return candidate;
  }
}

function messageOf(error: Fields): string {
  // gRPC puts its own text before the server's, and the server's alone in `details` or `rawMessage`.
  const whole = gistOf(error);
  const servers = firstText(error, ['details', 'rawMessage']);
  const own =
    (whole.endsWith(servers) ? servers : '') ||
    whole ||
    firstText(error, ['detail', 'title', 'statusText', 'error', 'details']);
  const cause = gistOf(error['cause']);
  if (own.includes(cause)) return own;
  return own === '' ? cause : `${own}: ${cause}`;
}

// What is left of a message of gRPC or Connect when the server's own is empty.
const decoration = /^(\d+ [A-Z_]+:|\[[a-z_]+\])\s*$/;

function gistOf(error: unknown): string {
  if (!isRecord(error)) return '';
  // A connection that was tried on several addresses fails with no message, and one error for each.
  const [first] = list(error['errors']);
  const message = firstText(error, ['message']).replace(decoration, '');
  return message || (isRecord(first) ? firstText(first, ['message']) : '');
}

function isErrorLike(value: unknown): value is Fields {
  // An error of another realm, such as that of a sandbox, is no instance of this one's Error.
  const tag = Object.prototype.toString.call(value);
  return value instanceof Error || tag === '[object Error]' || tag === '[object DOMException]';
}

function isHttpError(value: Fields): boolean {
  // Angular's HttpErrorResponse is no Error, and neither is a Response that was thrown.
  const { ok, status } = value;
  return typeof status === 'number' && (ok === false || httpIn(status) !== undefined);
}

function isAbort({ name, code }: Fields): boolean {
  const isNamed = name === 'AbortError' || name === 'CanceledError';
  return isNamed || code === 'ABORT_ERR' || code === 'ERR_CANCELED';
}

function isTimeout({ name }: Fields): boolean {
  return name === 'TimeoutError' || name === 'AjaxTimeoutError';
}

function isDomException(error: Fields): boolean {
  // Each has the constants of the legacy codes, whatever realm it comes from.
  return error['ABORT_ERR'] === 20;
}

// The HTTP APIs of version 1 answer 403 to who calls too often.
function isRateLimit({ domain, reason }: Fields): boolean {
  return domain === 'usageLimits' && /^(user)?rateLimitExceeded$/i.test(String(reason));
}

// Source: RFC 6749, sections 4.1.2.1 and 5.2; RFC 6750, section 3.1.
const oauthCodes: ReadonlyMap<unknown, Code> = new Map([
  ['invalid_grant', Code.UNAUTHENTICATED],
  ['invalid_client', Code.UNAUTHENTICATED],
  ['invalid_token', Code.UNAUTHENTICATED],
  ['access_denied', Code.PERMISSION_DENIED],
  ['insufficient_scope', Code.PERMISSION_DENIED],
  ['unauthorized_client', Code.PERMISSION_DENIED],
  ['temporarily_unavailable', Code.UNAVAILABLE],
]);

function saysSomething(error: Fields): boolean {
  return ['code', 'message', 'error', 'errors', 'details'].some((field) => error[field] != null);
}

function codeByName(name: unknown): number | undefined {
  return typeof name === 'string' ? codeFromName(name) : undefined;
}

// With `enum-encoding=int` the name of the code comes as its number.
function codeByNumber(status: unknown): number | undefined {
  const code = typeof status === 'number' ? codeIn(status) : undefined;
  return code !== undefined && code > 0 && code < 100 ? code : undefined;
}

function codeIn(code: unknown): number | undefined {
  if (typeof code === 'number') return Number.isInteger(code) ? code : undefined;
  if (typeof code !== 'string') return undefined;
  if (/^-?\d{1,10}$/.test(code)) return Number(code);
  // Connect writes `not_found` and `canceled`, Firebase `functions/not-found`.
  const name = code
    .slice(code.lastIndexOf('/') + 1)
    .replaceAll('-', '_')
    .toUpperCase();
  return codeFromName(name === 'CANCELED' ? 'CANCELLED' : name);
}

function httpIn(code: unknown): number | undefined {
  const number = codeIn(code);
  return number !== undefined && number >= 100 && number < 600 ? number : undefined;
}

function codeOrHttp(code: unknown): number | undefined {
  const http = httpIn(code);
  return http === undefined ? codeIn(code) : fallbackCode(http);
}

// A gateway that is not of Google writes the HTTP status where a Status has its code.
function bareCode(code: unknown, httpStatus: number | undefined): number | undefined {
  const number = codeIn(code);
  return number === httpStatus ? undefined : number;
}

function failing(code: number | undefined): number | undefined {
  return code === Code.OK ? undefined : code;
}

function fallbackCode(httpStatus: number | undefined): number {
  // This is only asked of what failed.
  return (httpStatus === undefined ? undefined : failing(codeFromHttp(httpStatus))) ?? Code.UNKNOWN;
}

function firstText(fields: Fields, keys: readonly string[]): string {
  for (const key of keys) {
    const value = fields[key];
    if (typeof value === 'string' && value !== '') return value;
  }
  return '';
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
