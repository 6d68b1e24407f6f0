import { wrongType } from '../../core/values/check.js';
import { redact } from '../../core/values/redact.js';

/**
 * How the monitor tells whether the operation is done: `status` by the `status` of its document, `http` by the HTTP
 * status, `document` by the document that the start call answered with as well, `resource` by the `provisioningState`
 * of the resource itself.
 */
type MonitorKind = 'status' | 'http' | 'document' | 'resource';

/** What the name of an operation holds. */
export interface Monitor {
  /** Where it is requested: an absolute URL without a fragment. */
  readonly url: string;
  readonly kind: MonitorKind;
  /** Where the result is once the monitor says success: an absolute URL. Undefined for the monitor itself. */
  readonly result?: string | undefined;
  /** Whether there may be nothing at `result`. */
  readonly isGuess?: boolean | undefined;
  /** Whether the result is at `result`, or else in the monitor's document, whatever that says. */
  readonly isFixed?: boolean | undefined;
  /** What identifies the monitor's own document. */
  readonly own?: string | undefined;
  /** Whether a DELETE of the monitor cancels the operation. */
  readonly hasDelete?: boolean | undefined;
}

const VERSION = '1';
// In characters. No server takes a longer URL, and a name is kept in databases.
const MOST = 8192;

const kinds: ReadonlySet<string> = new Set(['status', 'http', 'document', 'resource']);
const keys: ReadonlySet<string> = new Set([
  'rx-lro',
  'kind',
  'result',
  'guess',
  'fixed',
  'own',
  'delete',
]);

/**
 * Writes a name: the URL of the monitor, and in its fragment, which is never sent, how to go on.
 *
 * @throws RangeError when it would be too long.
 */
export function writeName(monitor: Monitor): string {
  const { url, kind, result, isGuess, isFixed, own, hasDelete } = monitor;
  const fragment = new URLSearchParams({ 'rx-lro': VERSION, kind });
  const { origin } = new URL(url);
  // A path that begins with two slashes would be read as a host.
  const isNear = result?.startsWith(`${origin}/`) === true && result[origin.length + 1] !== '/';
  if (result !== undefined) fragment.set('result', isNear ? result.slice(origin.length) : result);
  if (isGuess === true) fragment.set('guess', '1');
  if (isFixed === true) fragment.set('fixed', '1');
  if (own !== undefined) fragment.set('own', own);
  if (hasDelete === true) fragment.set('delete', '1');
  const name = `${url}#${fragment.toString()}`;
  if (name.length > MOST) throw refused(name, `is longer than ${MOST} characters`);
  return name;
}

/**
 * Reads a name. The URL of a monitor without a fragment is one as well.
 *
 * @throws TypeError when it is not a string, RangeError when it is not a name.
 */
export function readName(name: unknown): Monitor {
  if (typeof name !== 'string') throw wrongType('name', name, 'a string');
  const flaw = flawOf(name);
  if (flaw !== undefined) throw refused(name, flaw);
  const [address = '', fragment] = name.split(/#(.*)/s);
  const url = httpUrl(address);
  if (url === undefined) throw refused(name, 'is not an http or https URL without credentials');
  return fragment === undefined ? { url, kind: 'http' } : readFragment(name, url, fragment);
}

/** Reads an http or https URL without its fragment. @returns undefined for anything else, and with credentials. */
export function httpUrl(text: string, base?: string): string | undefined {
  try {
    const url = new URL(text, base);
    url.hash = '';
    const isPlain = /^https?:$/.test(url.protocol) && url.username + url.password === '';
    return isPlain ? url.href.replace(/#$/, '') : undefined;
  } catch {
    return undefined;
  }
}

function flawOf(name: string): string | undefined {
  if (name === '') return 'is empty';
  if (name.length > MOST) return `is longer than ${MOST} characters`;
  if (/[\p{Cc}\s\\]/u.test(name)) return 'must not hold spaces, control characters or a backslash';
  if (/[\ud800-\udfff]/u.test(name)) return 'holds half a surrogate pair, which has no encoding';
  // `new URL` would add the slashes.
  return /^https?:\/\/[^/]/i.test(name) ? undefined : 'is not an http or https URL';
}

function readFragment(name: string, url: string, fragment: string): Monitor {
  const fields = new URLSearchParams(fragment);
  const version = fields.get('rx-lro');
  if (version !== VERSION) {
    const found = version === null ? 'no version' : `version ${JSON.stringify(version)}`;
    throw refused(name, `has ${found} in its fragment; this release reads version ${VERSION}`);
  }
  const found = [...fields.keys()];
  const isKnown = found.every((key, index) => keys.has(key) && found.indexOf(key) === index);
  const kind = fields.get('kind') ?? '';
  if (!isKnown || !kinds.has(kind)) {
    throw refused(name, `has a fragment that is not of version ${VERSION}`);
  }
  const place = fields.get('result');
  const result = place === null ? undefined : resultUrl(place, url);
  if (place !== null && result === undefined) throw refused(name, 'has a result that is not a URL');
  return {
    url,
    kind: kind as MonitorKind,
    result,
    isGuess: fields.get('guess') === '1',
    isFixed: fields.get('fixed') === '1',
    own: fields.get('own') ?? undefined,
    hasDelete: fields.get('delete') === '1',
  };
}

// Nothing else is written, and what `new URL` makes of a text like `//host` or `\\host` may surprise.
function resultUrl(place: string, url: string): string | undefined {
  return /^(?:https?:\/\/[^/\\]|\/(?![/\\]))/i.test(place) ? httpUrl(place, url) : undefined;
}

function refused(name: string, flaw: string): RangeError {
  const shown = redact(name).slice(0, 200);
  return new RangeError(`The name ${JSON.stringify(shown)} ${flaw}.`);
}
