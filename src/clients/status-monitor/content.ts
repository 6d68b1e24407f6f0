import { parseJson } from '../../core/values/json.js';
import { noJson } from '../http/answer.js';
import { cutBodyStatus } from '../http/cut-body.js';
import type { Reached } from './reach.js';

const lines = /^\s*application\/(.*\+)?(x-)?ndjson/i;
const textual = /^\s*(text\/(?!html)|application\/(.*\+)?(xml|csv))/i;

/**
 * Reads the body of an answer that says success: what its JSON holds, whatever its content type; its text where it is
 * of a text type other than HTML, or lines of JSON.
 *
 * @returns undefined where there is no body.
 * @throws CallFailedError when it breaks off, ProtocolError when it is too long, HTML or of no such type.
 */
export function contentOf({ request, answer }: Reached): unknown {
  const { text, isCut, headers } = answer;
  if (text.trim() === '') return undefined;
  const json = isCut ? undefined : parseJson(text);
  const type = headers.get('content-type') ?? '';
  const isText = textual.test(type);
  // `42` of a text is not a number.
  if (json !== undefined && (!isText || (typeof json === 'object' && json !== null))) return json;
  const isPage = /^\s*([{[]|<(!doctype )?html)/i.test(text);
  const isWhole = isText ? !isPage : lines.test(type) && cutBodyStatus(text) === undefined;
  if (!isCut && isWhole) return text;
  throw noJson(request, answer);
}
