import { ProtocolError } from '../index.js';
import type { HttpRequest } from './request.js';

/** An answer of HTTP, read to its end. */
export interface HttpAnswer {
  /** The HTTP status; 0 where the platform hides it. */
  readonly status: number;
  /** The words beside it. */
  readonly statusText: string;
  /** Whether it sends the client elsewhere. */
  readonly isRedirect: boolean;
  /** Its headers. */
  readonly headers: Headers;
  /** Its body. */
  readonly text: string;
}

/**
 * Reads an answer that says success.
 *
 * @returns What the JSON of the body holds; `{}` for a cancel or a delete that has none, as nothing in
 * it matters.
 * @throws ProtocolError when a body that matters is no JSON.
 */
export function readAnswer(request: HttpRequest, answer: HttpAnswer): unknown {
  const { method, name } = request;
  const { status, headers, text } = answer;
  const json = parseJson(text);
  if (json !== undefined) return json;
  if (method === 'cancel' || method === 'delete') return {};
  const type = headers.get('content-type');
  const from = `HTTP ${status}, ${type === null ? 'no content-type' : `content-type ${type}`}`;
  throw new ProtocolError({
    problem: `to the ${method} call ${text === '' ? 'is empty' : 'is no JSON'} (${from})`,
    answer: text,
    operationName: name,
  });
}

/** Reads JSON; undefined where a text is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
