import { CallFailedError } from '../../core/errors/call-failed-error.js';
import { ProtocolError } from '../../core/errors/protocol-error.js';
import { Code } from '../../core/status/code.js';
import { excerptOf } from './excerpt.js';
import type { HttpRequest } from './request.js';

// In characters.
const KEPT_LENGTH = 4096;

/** An answer of HTTP, read to its end as a rule. */
export interface HttpAnswer {
  /** The HTTP status; 0 where the platform hides it. */
  readonly status: number;
  /** The words beside it. */
  readonly statusText: string;
  /** Whether it sends the client elsewhere. */
  readonly isRedirect: boolean;
  /** Its headers. */
  readonly headers: Headers;
  /** Its body; only the beginning where that is too long. */
  readonly text: string;
  /** Whether its body is too long. */
  readonly isCut: boolean;
}

/**
 * Makes the error for an answer that says success and has no JSON where there has to be: a failure that passes where
 * the body breaks off.
 *
 * @internal
 */
export function noJson(request: HttpRequest, answer: HttpAnswer): Error {
  const { method, name, url, label } = request;
  const { status, headers, text, isCut } = answer;
  if (!isCut && breaksOff(text)) {
    const message = `The body of the answer breaks off after ${text.length} characters`;
    const brokenOff = { code: Code.UNAVAILABLE, message, details: [] };
    return new CallFailedError({ method, operationName: name, url, status: brokenOff });
  }
  const type = headers.get('content-type');
  const from = `HTTP ${status}, ${type === null ? 'no content-type' : `content-type ${excerptOf(type)}`}, ${label}`;
  const flaw = isCut ? 'is longer than 64 MiB' : text === '' ? 'is empty' : 'is no JSON';
  return new ProtocolError({
    problem: `to the ${method} call ${flaw} (${from})`,
    // What is too long to be read is too long to be kept.
    answer: isCut ? text.slice(0, KEPT_LENGTH) : text,
    method,
    operationName: name,
  });
}

/** Tells whether a text is the beginning of JSON. @internal */
export function breaksOff(text: string): boolean {
  // No bracket is left open by JSON that is whole, but for those within strings.
  const rest = text.replace(/"(?:[^"\\]+|\\[^])*(?:"|\\?$)/g, '""');
  const isJson = /^\s*[{[][\]{}[,:\s"\d.+\-Eaeflnrstu]*$/.test(rest);
  return isJson && rest.replace(/[^{[]/g, '').length > rest.replace(/[^\]}]/g, '').length;
}
