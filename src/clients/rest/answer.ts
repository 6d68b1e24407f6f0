import { CallFailedError } from '../../core/errors/call-failed-error.js';
import { ProtocolError } from '../../core/errors/protocol-error.js';
import { parseJson } from '../../core/values/json.js';
import { cutBodyStatus } from '../http/cut-body.js';
import { withPollAfter } from '../http/poll-after.js';
import { excerptOf } from './excerpt.js';
import type { HttpRequest } from './request.js';

// In characters.
const KEPT_LENGTH = 4096;

/** An answer of HTTP, read to its end as a rule. */
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
 * Reads an answer that says success.
 *
 * @param now - Our own clock, in milliseconds since 1970.
 * @returns What the JSON of the body holds, with `pollAfter` where `Retry-After` asks for it; `{}` for a cancel or
 * a delete without JSON, as nothing in it matters.
 * @throws CallFailedError when a body that matters is empty or breaks off; ProtocolError when it is too long or not
 * JSON.
 */
export function readAnswer(request: HttpRequest, answer: HttpAnswer, now: number): unknown {
  const { method, name, url, label } = request;
  const { status, headers, text, isCut } = answer;
  const json = isCut ? undefined : parseJson(text);
  if (method === 'cancel' || method === 'delete') return json ?? {};
  if (json !== undefined) return method === 'list' ? json : withPollAfter(json, headers, now);
  const cut = isCut || status === 204 ? undefined : cutBodyStatus(text);
  if (cut !== undefined) {
    throw new CallFailedError({ method, operationName: name, url, status: cut });
  }
  const type = headers.get('content-type');
  const from = `HTTP ${status}, ${type === null ? 'no content-type' : `content-type ${excerptOf(type)}`}, ${label}`;
  const flaw = isCut ? 'is longer than 64 MiB' : text === '' ? 'is empty' : 'is not JSON';
  throw new ProtocolError({
    problem: `to the ${method} call ${flaw} (${from})`,
    // What is too long to be read is too long to be kept.
    answer: isCut ? text.slice(0, KEPT_LENGTH) : text,
    operationName: name,
  });
}
