import { parseJson } from '../../core/values/json.js';
import { noJson } from '../http/answer.js';
import type { Reached } from './reach.js';

const textType = /^\s*(text\/(?!html)|application\/(?:.*\+)?(xml|x-?ndjson|ndjson|csv))/i;

/**
 * Reads the body of an answer that says success: what its JSON holds, whatever its content type; its text where it is of
 * a text type other than HTML.
 *
 * @returns undefined where there is no body.
 * @throws CallFailedError when it breaks off, ProtocolError when it is too long, HTML or of no such type.
 */
export function contentOf({ request, answer }: Reached): unknown {
  const { text, isCut, headers } = answer;
  if (text.trim() === '') return undefined;
  const json = isCut ? undefined : parseJson(text);
  if (json !== undefined) return json;
  const isText =
    textType.test(headers.get('content-type') ?? '') &&
    !/^\s*([{[]|<!?(doctype )?html)/i.test(text);
  if (isText && !isCut) return text;
  throw noJson(request, answer);
}
