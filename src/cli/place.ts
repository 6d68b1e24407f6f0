import { parseBaseUrl } from '../clients/http/base-url.js';
import { checkName } from '../clients/http/name.js';
import type { CommandName, Place } from './command.js';

/**
 * Reads where an operation is, or operations are.
 *
 * @param positionals - What is not an option. Nothing of it is quoted in errors: it may be parts of a header that
 * was given without quotes.
 * @throws RangeError when they are wrong.
 */
export function parsePlace(
  kind: CommandName,
  [given, ...others]: readonly string[],
  baseUrl: string | undefined,
): Place {
  const operand = kind === 'list' ? 'PARENT' : 'NAME';
  if (others.length > 0) {
    throw new RangeError(`Give one ${operand} or URL, and put what holds spaces in quotes.`);
  }
  if (given !== undefined && /^[a-z][a-z\d+.-]*:\/\//i.test(given)) {
    if (baseUrl !== undefined) throw new RangeError('A whole URL takes no --base-url.');
    return { url: parseUrl(given) };
  }
  const name = given ?? (kind === 'list' ? 'operations' : undefined);
  if (name === undefined) throw new RangeError('The NAME or URL of the operation is missing.');
  checkName(name);
  if (baseUrl === undefined) {
    throw new RangeError(`A ${operand} needs --base-url; a whole URL does not.`);
  }
  return { name, baseUrl: parseBase(baseUrl) };
}

function parseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new RangeError('The URL must be a whole http or https URL.');
  }
  if (url.username !== '' || url.password !== '') {
    throw new RangeError('The URL must hold no credentials: send them with --header.');
  }
  url.hash = '';
  return url.href;
}

function parseBase(text: string): string {
  try {
    const { origin, path } = parseBaseUrl(text);
    return origin + path;
  } catch (error) {
    const { message } = error as Error;
    const own = message.replace('Option `baseUrl`', '--base-url').replace('`headers`', '--header');
    throw new RangeError(own, { cause: error });
  }
}
