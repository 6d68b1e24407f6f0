import { parseJson } from '../../core/values/json.js';
import { noJson, type HttpAnswer } from '../http/answer.js';
import { withPollAfter } from '../http/poll-after.js';
import type { HttpRequest } from '../http/request.js';

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
  const { method } = request;
  const json = answer.isCut ? undefined : parseJson(answer.text);
  if (method === 'cancel' || method === 'delete') return json ?? {};
  if (json === undefined) throw noJson(request, answer);
  return method === 'list' ? json : withPollAfter(json, answer.headers, now);
}
