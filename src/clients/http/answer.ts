import { CallFailedError } from '../../core/errors/call-failed-error.js';
import { ProtocolError } from '../../core/errors/protocol-error.js';
import { cutBodyStatus } from './cut-body.js';
import { excerptOf } from './excerpt.js';
import type { HttpRequest } from './request.js';

// In characters.
const KEPT_LENGTH = 4096;

/** An answer of HTTP, usually read to its end. */
export interface HttpAnswer {
  /** The HTTP status; 0 where the platform hides it. */
  readonly status: number;
  /** The reason phrase. */
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
 * the body is empty or breaks off.
 *
 * @internal
 */
export function noJson(request: HttpRequest, answer: HttpAnswer): Error {
  const { method, name, url, label } = request;
  const { status, headers, text, isCut } = answer;
  const cut = isCut || status === 204 ? undefined : cutBodyStatus(text);
  if (cut !== undefined) {
    return new CallFailedError({ method, operationName: name, url, status: cut });
  }
  const type = headers.get('content-type');
  const from = `HTTP ${status}, ${type === null ? 'no content-type' : `content-type ${excerptOf(type)}`}, ${label}`;
  const flaw = isCut ? 'is longer than 64 MiB' : text === '' ? 'is empty' : 'is not JSON';
  return new ProtocolError({
    problem: `to the ${method} call ${flaw} (${from})`,
    // What is too long to be read is too long to be kept.
    answer: isCut ? text.slice(0, KEPT_LENGTH) : text,
    method,
    operationName: name,
  });
}
