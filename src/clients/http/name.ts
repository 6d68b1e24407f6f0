import { wrongType } from '../../core/values/check.js';
import { redact } from '../../core/values/redact.js';

const wholeUrl = /^[a-z][a-z\d+.-]*:\/\//i;
// Servers that know path parameters, as those in Java do, take `..;x` for `..`.
const dots = /(?:^|\/)\.{1,2}(?:[;/]|$)/;
// With the u flag a pair of surrogates is one character, so only a lone one is in this range.
const loneSurrogate = /[\ud800-\udfff]/u;

/**
 * Refuses a text that is not the name of a resource, or that could lead a request out of its path.
 *
 * @throws TypeError when the name is not a string, RangeError when it is refused.
 * @internal
 */
export function checkName(name: unknown): asserts name is string {
  if (typeof name !== 'string') throw wrongType('name', name, 'a string');
  const flaw = flawOf(name);
  if (flaw !== undefined) throw new RangeError(`The name ${JSON.stringify(redact(name))} ${flaw}.`);
}

/**
 * Encodes a name for the path of a URL, segment by segment.
 *
 * @param keepsReserved - True as in `{+name}`: `/` and `! $ & ' ( ) * + , ; = @` stay. False as in
 * `{name}`: only `-`, `_`, `.`, `~`, digits and letters stay.
 *
 * @internal
 */
export function encodeName(name: string, keepsReserved: boolean): string {
  return keepsReserved
    ? encodeReserved(name)
    : encodeURIComponent(name).replace(/[!'()*]/g, percentEncode);
}

function flawOf(name: string): string | undefined {
  if (name === '') return 'is empty';
  if (wholeUrl.test(name)) {
    return 'is a whole URL: give the name alone, as the server wrote it, such as `operations/1`';
  }
  if (/[?#\\]/.test(name)) return 'must not hold `?`, `#` or a backslash';
  if (/\p{Cc}/u.test(name)) return 'must not hold control characters';
  if (loneSurrogate.test(name)) return 'holds half a surrogate pair, which has no encoding';
  if (/^\/|\/\/|\/$/.test(name)) return 'must not begin or end with `/`, or hold an empty segment';
  return dots.test(name) ? 'must not hold a segment `.` or `..`' : undefined;
}

// Reserved expansion (RFC 6570, 3.2.3), but for `%`, which would smuggle in a `%2e%2e`, for `:`, by
// which a name could end in `:cancel`, and for `[` and `]`, which RFC 3986 keeps out of paths.
function encodeReserved(name: string): string {
  return encodeURI(name).replace(/[:?#]/g, encodeURIComponent);
}

function percentEncode(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
