import { CallFailedError } from '../../core/errors/call-failed-error.js';
import { Code } from '../../core/status/code.js';
import { statusFrom } from '../../core/status/status-from.js';
import type { Status } from '../../core/status/status.js';
import { withHeaders } from '../../core/status/retry-after.js';
import { parseJson } from '../../core/values/json.js';
import type { HttpAnswer } from './answer.js';
import { excerptOf, gistOf } from './excerpt.js';
import { HttpError, statusLine } from './http-error.js';
import type { HttpRequest } from './request.js';

/**
 * Makes the error for an answer that does not say success.
 *
 * @param now - Our own clock, in milliseconds since 1970.
 * @param advice - What to do where a redirect is not followed, as a sentence.
 * @param cause - Why there were no new credentials after a 401.
 */
export function failureOf(
  request: HttpRequest,
  answer: HttpAnswer,
  now: number,
  advice: string,
  cause?: unknown,
): CallFailedError {
  const status = answer.isRedirect ? redirectStatus(request, answer, advice) : errorStatus(answer);
  return new CallFailedError({
    method: request.method,
    operationName: request.name,
    url: request.url,
    status: withHeaders(status, answer.status, answer.headers, now),
    cause: new HttpError({ ...answer, request: request.label, body: answer.text, cause }),
  });
}

/** Makes the error for a call that was not made, since its `headers` failed. */
export function headersFailure(request: HttpRequest, error: unknown): CallFailedError {
  const status = statusFrom(error);
  return new CallFailedError({
    method: request.method,
    operationName: request.name,
    // Nothing was sent, so only what fetching a token can run into is worth another try.
    status: { ...status, message: `Its headers could not be obtained: ${status.message}` },
    cause: error,
  });
}

/** Makes the error for a call that the network has failed, or `fetch` refused. */
export function networkFailure(request: HttpRequest, error: unknown): CallFailedError {
  const { method, name: operationName, url } = request;
  const status = statusFrom(error);
  return new CallFailedError({ method, operationName, url, status, cause: error });
}

function errorStatus({ status: httpStatus, statusText, text }: HttpAnswer): Status {
  const json = parseJson(text);
  const status = statusFrom(json, httpStatus);
  const line = statusLine(httpStatus, statusText);
  const gist = gistOf(text);
  // A body that is a JSON string is a text of any length, not a message of the API.
  const message = typeof json === 'string' ? excerptOf(json) : status.message;
  return {
    code: codeOf(status, httpStatus),
    message: message || (gist === '' ? line : `${line}: ${gist}`),
    details: status.details,
  };
}

// A failure cannot be OK, and gateways that are not of Google write codes of their own.
function codeOf({ code }: Status, httpStatus: number): number {
  const isListed = code >= Code.CANCELLED && code <= Code.UNAUTHENTICATED;
  return isListed ? code : statusFrom(undefined, httpStatus).code;
}

function redirectStatus(
  request: HttpRequest,
  { status, statusText, headers }: HttpAnswer,
  advice: string,
): Status {
  const line = status === 0 ? 'A redirect' : statusLine(status, statusText);
  const target = targetOf(headers.get('location'), request.url);
  const message = `${line}: the service redirects to ${target}. ${advice}`;
  return { code: Code.FAILED_PRECONDITION, message, details: [] };
}

function targetOf(location: string | null, from: string): string {
  // Browsers do not tell.
  if (location === null) return 'an address that is not known';
  try {
    const { origin, pathname } = new URL(location, from);
    return origin === 'null' ? 'an address that is not an http URL' : origin + pathname;
  } catch {
    return 'an address that is not a URL';
  }
}
