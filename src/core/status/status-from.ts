import { parseJson } from '../values/json.js';
import { isObject, isRecord, list, readSafely, text, type Fields } from '../values/record.js';
import { redact } from '../values/redact.js';
import { Code, codeFromHttp, codeFromName } from './code.js';
import { networkCodeOf, networkFailureOf, type NetworkFailure } from './network-failure.js';
import { codeOfDetails, codeOfReason } from './reason.js';
import { withHeaders } from './retry-after.js';
import type { Status } from './status.js';

/**
 * Reads a Status from a failure of a service, a client or a runtime: a `google.rpc.Status` (its `code` is
 * an rpc code), the error envelopes of Google's HTTP APIs, version 2
 * (`{error: {code, message, status, details}}`, where `code` is an HTTP status) and version 1
 * (`{error: {errors, code, message}}`), an error of `fetch`, of an HTTP library or of gRPC, or any other
 * value.
 *
 * The headers that tell when to ask again (`Retry-After`, `retry-after-ms`, GitHub's `x-ratelimit-reset`) become a
 * `google.rpc.RetryInfo`, wherever the client keeps them; a 403 that has them is a rate limit.
 *
 * The specific beats the general: a reason that is known (rate limits, quotas, faults of the server) in an
 * `ErrorInfo` or in `errors` comes before the name of a code, and this before an HTTP status.
 *
 * A number that google/rpc/code.proto does not list is kept as it is, unless it is an HTTP status (100 to
 * 599). Details of any kind are kept too; the `errors` of version 1 become details. The code is UNKNOWN
 * where the value has none. A number below 100 in the `code` of an Error is an rpc code only if the Error
 * has `details` or `metadata` too, as errors of gRPC have: an exit code or that of a database is not one.
 *
 * Source: AIP-193, google/rpc/status.proto, google/api/error_reason.proto.
 *
 * @param value - Anything at all.
 * @param httpStatus - The HTTP status that it came with. It counts where the value says nothing more
 * specific.
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
  const status = statusAsWritten(value, httpStatus);
  const code = readSafely(() => codeOfDetails(status.details)) ?? status.code;
  return { ...status, code };
}

/**
 * Reads a Status as `statusFrom` does, with the code that the server gave: in the verdict on an operation,
 * no reason is worth more.
 *
 * @internal
 */
export function statusAsWritten(value: unknown, httpStatus?: number): Status {
  const unreadable = { code: codeOfHttp(httpStatus), message: '', details: [] };
  return readSafely(() => read(value, httpStatus)) ?? unreadable;
}

function read(value: unknown, httpStatus: number | undefined): Status {
  // Streaming methods put the envelope into a list of one.
  if (Array.isArray(value) && isRecord(value[0])) return read(value[0], httpStatus);
  if (!isRecord(value)) {
    return { code: codeOfHttp(httpStatus), message: String(value ?? ''), details: [] };
  }
  if (isErrorLike(value) || isHttpError(value)) return fromError(value, httpStatus);
  const inner = value['error'];
  if (isErrorLike(inner)) return fromError(inner, httpStatus);
  if (isRecord(inner) && isBody(inner)) return fromEnvelope(inner, httpStatus);
  if (Array.isArray(value['errors'])) return fromEnvelope(value, httpStatus);
  return {
    code:
      codeFromName(text(value['status'])) ??
      // Some services write the HTTP status where a Status has its code.
      codeOrHttp(value['code']) ??
      codeOfReason(inner) ??
      codeOfHttp(httpStatus),
    message: textOf(value),
    details: list(value['details']),
  };
}

function fromEnvelope(error: Fields, httpStatus: number | undefined): Status {
  const details = [...list(error['details']), ...list(error['errors'])];
  return {
    code: codeOfStatus(error['status']) ?? codeOrHttp(error['code']) ?? codeOfHttp(httpStatus),
    message: text(error['message']) || textIn(details),
    details,
  };
}

function fromError(error: Fields, httpStatus: number | undefined): Status {
  // Errors of this library, and those that a client has given a Status.
  if (isRecord(error['status'])) return read(error['status'], httpStatus);
  const http = httpOf(error) ?? httpStatus;
  const headers = answersOf(error)
    .map(
      (each) => each['headers'] ?? each['responseHeaders'] ?? (each['getResponseHeader'] && each),
    )
    .find(isObject);
  return withHeaders(statusOfError(error, http), http, headers, Date.now());
}

/**
 * Tells how the network failed, where no answer came.
 *
 * @internal
 */
export function networkFailureWithin(error: unknown): NetworkFailure | undefined {
  // The text of an error of this library may be that of a server.
  if (isRecord(error) && isRecord(error['status'])) return networkFailureWithin(error['cause']);
  return isErrorLike(error) && httpOf(error) === undefined ? networkFailureOf(error) : undefined;
}

// Where HTTP clients and SDKs keep the answer.
const answerPlaces = ['response', '$response', '$metadata', 'rawResponse', 'xhr'];

function answersOf(error: Fields): readonly Fields[] {
  return causesOf(error)
    .flatMap((each) => [each, ...answerPlaces.map((place) => each[place])])
    .filter(isRecord);
}

function httpOf(error: Fields): number | undefined {
  return (
    answersOf(error)
      .flatMap(({ status, statusCode, httpStatusCode, code }) =>
        [status, statusCode, httpStatusCode, code].map(httpIn),
      )
      // A success says nothing of what failed afterwards.
      .find((http) => http !== undefined && codeFromHttp(http) !== Code.OK)
  );
}

function causesOf(error: Fields): readonly Fields[] {
  const chain: Fields[] = [];
  // The bound keeps a circular one from looping.
  for (let each: unknown = error; isRecord(each) && chain.length < 5; each = each['cause']) {
    chain.push(each);
  }
  return chain;
}

function statusOfError(error: Fields, http: number | undefined): Status {
  const message = messageOf(error);
  // The errors of an AggregateError have no reason.
  const errors = list(error['errors']).filter((each) => isRecord(each) && each['reason'] != null);
  const details = [...list(error['details']), ...errors];
  const known = codeOfName(error);
  if (known !== undefined) return { code: known, message, details };
  const code =
    codeFromName(text(error['status'])) ??
    codeOfError(error) ??
    (http === undefined ? networkCodeOf(error) : codeOfHttp(http));
  const body = bodyOf(error);
  if (body === undefined) return { code, message, details };
  const status = read(body, http);
  return {
    code: status.code === Code.UNKNOWN && http === undefined ? code : status.code,
    message: status.message || message,
    details: status.details.length === 0 ? details : status.details,
  };
}

// The AWS SDK marks what it would try again itself.
function codeOfName({
  name,
  code,
  message,
  constructor,
  $retryable: mark,
}: Fields): Code | undefined {
  const names = [name, code, typeof constructor === 'function' && constructor.name, message];
  const known = names.map(codeOfReason).find((each) => each !== undefined);
  if (known !== undefined || !isRecord(mark)) return known;
  return mark['throttling'] === true ? Code.RESOURCE_EXHAUSTED : Code.UNAVAILABLE;
}

// Where HTTP clients keep what the server sent.
function bodyOf(error: Fields): unknown {
  return causesOf(error)
    .flatMap(({ error: inner, body, data, result, response }) => {
      const { data: sent, body: raw } = isRecord(response) ? response : {};
      return [inner, body, data, result, sent, raw, response];
    })
    .map((each) => (typeof each === 'string' ? parseJson(each) : each))
    .find((candidate) => candidate !== error && isBody(candidate));
}

function isBody(candidate: unknown): boolean {
  const body: unknown = Array.isArray(candidate) ? candidate[0] : candidate;
  if (!isRecord(body)) return false;
  // A number in `status` is one of the response.
  if (typeof body['status'] === 'string') return true;
  return ['code', 'message', 'error', 'errors', 'details'].some((field) => body[field] != null);
}

function messageOf(error: Fields): string {
  const own = textOf(error);
  const cause = isRecord(error['cause']) ? textOf(error['cause']) : '';
  const all = own.includes(cause) ? own : [own, cause].filter(Boolean).join(': ');
  return all.replace(/\b\w+:\/\/\S+/g, (url) => redact(url));
}

/** What stands in place of a message where there is none: that of a detail, or its reason. */
function textIn(details: readonly unknown[]): string {
  return firstText(['message', 'reason', 'code'], details);
}

// The fields in which services and HTTP clients describe a failure, the most specific first.
const texts = ['error_description', 'detail', 'title', 'statusText', 'error', 'details'];

function textOf(fields: Fields): string {
  // A connection that was tried on several addresses fails with no message, and one error for each.
  return text(fields['message']) || textIn(list(fields['errors'])) || firstText(texts, [fields]);
}

function firstText(fields: readonly string[], places: readonly unknown[]): string {
  const records = places.filter(isRecord);
  const all = fields.flatMap((field) => records.map((record) => text(record[field])));
  return text(all.find(Boolean));
}

function isErrorLike(value: unknown): value is Fields {
  // An error of another realm, such as that of a sandbox, is not an instance of this one's Error.
  const tag = Object.prototype.toString.call(value);
  return (
    value instanceof Error ||
    /^\[object (Error|DOMException)\]$/.test(tag) ||
    // A program that has ended.
    (isRecord(value) && ['signal', 'stdout', 'exitCode'].some((field) => field in value))
  );
}

function isHttpError({ ok, status, statusCode }: Fields): boolean {
  // Neither Angular's HttpErrorResponse nor a Response that was thrown is an Error.
  const http = typeof status === 'number' ? status : statusCode;
  return typeof http === 'number' && (ok === false || httpIn(http) !== undefined);
}

// Programs, databases and DOMException have codes of their own. The number is an rpc code only if the
// error has more of a Status, or the metadata of a call.
function codeOfError({ code, details, metadata }: Fields): number | undefined {
  const isName = Number.isNaN(Number(code));
  const isStatus = typeof details === 'string' || Array.isArray(details) || isRecord(metadata);
  const found = isName || isStatus || httpIn(code) !== undefined ? codeOrHttp(code) : undefined;
  // OK is not the code of a failure, and no code of a Status is that large.
  return found === Code.OK || Number(found) >= 100 ? undefined : found;
}

// With `enum-encoding=int` the name of the code comes as its number.
function codeOfStatus(status: unknown): number | undefined {
  return typeof status === 'number' ? codeWithin(1, 100, status) : codeFromName(text(status));
}

function codeIn(code: unknown): number | undefined {
  if (typeof code === 'number') return Number.isInteger(code) ? code : undefined;
  if (typeof code !== 'string') return undefined;
  // Five digits are an SQLSTATE.
  if (/^-?(\d{1,4}|\d{6,10})$/.test(code)) return Number(code);
  // Firebase writes `functions/not-found`. It is read here, since it has no adapter and its errors have
  // neither a number nor an HTTP status.
  const [name = ''] = code.split('/').slice(-1);
  return codeFromName(name.replaceAll('-', '_').toUpperCase());
}

function httpIn(code: unknown): number | undefined {
  return codeWithin(100, 600, code);
}

function codeWithin(least: number, end: number, code: unknown): number | undefined {
  const number = codeIn(code);
  return number !== undefined && number >= least && number < end ? number : undefined;
}

function codeOrHttp(code: unknown): number | undefined {
  const http = httpIn(code);
  return http === undefined ? codeIn(code) : codeOfHttp(http);
}

function codeOfHttp(httpStatus: number | undefined): number {
  // Only failures are read: their code is not OK.
  return codeFromHttp(httpStatus ?? 0) || Code.UNKNOWN;
}
