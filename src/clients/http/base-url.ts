import { wrongType } from '../../core/values/check.js';
import { redact } from '../../core/values/redact.js';

/** Where a service is, and where its requests must stay. */
export interface Base {
  /** Such as `https://api.example.com`. */
  readonly origin: string;
  /** Such as `/compute/v1`; no `/` at its end, empty where there is none. */
  readonly path: string;
}

/**
 * Reads the option `baseUrl`.
 *
 * @throws TypeError when it is not a string, RangeError when it is not an absolute http or https URL, or has
 * credentials, a query or a fragment.
 */
export function parseBaseUrl(value: unknown): Base {
  if (typeof value !== 'string') throw wrongType('baseUrl', value, 'a string');
  const refused = (flaw: string): RangeError =>
    new RangeError(`Option \`baseUrl\` must ${flaw}; it is ${JSON.stringify(redact(value))}.`);
  const url = parse(value);
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw refused('be an absolute http or https URL');
  }
  if (url.username !== '' || url.password !== '') {
    throw refused('hold no credentials: send them with `headers`');
  }
  if (/[?#]/.test(value)) throw refused('have no query and no fragment');
  return { origin: url.origin, path: url.pathname.replace(/\/+$/, '') };
}

/** Tells whether a base already says the version, as `https://api.example.com/v2beta1` does. */
export function hasVersion(base: Base): boolean {
  return /\/v\d+\w*$/.test(base.path);
}

/**
 * Makes sure that a URL is what it was meant to be. The rules for names and templates see to it; this
 * holds even if there is a fault in them.
 *
 * @throws RangeError when the URL leads anywhere else.
 */
export function checkPlace(url: string, base: Base, path: string): void {
  const { origin, pathname } = new URL(url);
  if (origin === base.origin && pathname === `${base.path}/${path}`) return;
  throw new RangeError(`The path ${JSON.stringify(path)} would leave ${base.origin}${base.path}.`);
}

function parse(value: string): URL | undefined {
  try {
    return new URL(value);
  } catch {
    return undefined;
  }
}
