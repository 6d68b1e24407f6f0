import { isRecord, type Fields } from '../../core/values/record.js';
import { placesOf } from './error.js';
import { httpUrl, type Monitor } from './name.js';

/** The word of a document that says how things are; undefined where there is none. */
export function statusWord(document: unknown): string | undefined {
  // The status of a resource of FHIR is its own.
  if (!isRecord(document) || document['resourceType'] !== undefined) return undefined;
  return (
    placesOf(document)
      // Beside a `provisioningState` it is that of what the resource does.
      .filter((place) => place === document || place['provisioningState'] === undefined)
      .flatMap(({ status, state }) => [wordIn(status), wordIn(state)])
      .find((each) => each !== undefined)
  );
}

function wordIn(value: unknown): string | undefined {
  const { code, state, status, value: inner, name, phase } = isRecord(value) ? value : {};
  return [value, code, state, status, inner, name, phase].find((each) => typeof each === 'string');
}

/** The `provisioningState` of a resource of Azure. */
export function provisioningState(document: unknown): string | undefined {
  if (!isRecord(document)) return undefined;
  const { properties, provisioningState: own } = document;
  const { provisioningState: inner } = isRecord(properties) ? properties : {};
  return [inner, own].find((each) => typeof each === 'string');
}

/** What tells the document of a job from others: its `id`, with its type in JSON:API. */
export function identityOf(document: unknown): string | undefined {
  if (!isRecord(document)) return undefined;
  const { type, id } = isJsonApi(document) ? dataOf(document) : document;
  const isId = typeof id === 'string' || typeof id === 'number';
  if (!isId) return undefined;
  const identity = `${typeof type === 'string' ? type : ''}/${id}`.slice(0, 200);
  // A name has no half of a surrogate pair.
  return identity.replace(/\p{Cs}/gu, '\ufffd');
}

/** Tells whether a document is one resource in the form of JSON:API. */
export function isJsonApi(document: unknown): boolean {
  return isRecord(document) && typeof dataOf(document)['type'] === 'string';
}

/** Tells whether a document is the monitor's own, which is not the result while its word is not known. */
export function isOwn(
  { url, kind, own }: Pick<Monitor, 'url' | 'kind' | 'own'>,
  document: unknown,
): boolean {
  if (!isRecord(document)) return false;
  const identity = identityOf(document);
  const isNamed = identity !== undefined && identity === own;
  // As JSON:API has it: until the job is done, its URL answers with the job itself.
  if (isJsonApi(document) && identity !== undefined) return isNamed || isAt(url, identity);
  if (statusWord(document) === undefined) return false;
  return isNamed || (kind === 'document' && own === undefined) || holdsNothingElse(document);
}

// What a monitor says of the operation. A document that holds more may be the result.
const ofMonitor =
  /^(id|name|type|kind|status|state|message|self|_?links|progress\w*|percent\w*|\w*(Id|At|Time|Date))$/i;

function holdsNothingElse(document: Fields): boolean {
  return Object.entries(document).every(([key, value]) => value == null || ofMonitor.test(key));
}

/** Tells whether a document is another resource than the job. The start call may have had another id. */
export function isAnother({ url, own }: Pick<Monitor, 'url' | 'own'>, document: unknown): boolean {
  const identity = identityOf(document);
  if (own === undefined || identity === undefined || identity === own) return false;
  const self = selfLink(document as Fields);
  const place = self === undefined ? undefined : httpUrl(self, url);
  if (place !== undefined) {
    const { pathname } = new URL(url);
    // A service behind a proxy does not know its own URL to the letter.
    const { pathname: other } = new URL(place);
    return !pathname.includes(other) && !other.includes(pathname);
  }
  const [type, ownType] = [identity, own].map((each) => each.slice(0, each.indexOf('/')));
  // As JSON:API has it: the start call answered with the job that the URL of the monitor ends with.
  return isAt(url, own) && !isAt(url, identity) && ownType !== '' && !['', ownType].includes(type);
}

function isAt(url: string, identity: string): boolean {
  return new URL(url).pathname.endsWith(identity.slice(identity.indexOf('/')));
}

function selfLink(document: Fields): string | undefined {
  return [document, dataOf(document)]
    .flatMap((place) => [place, place['links'], place['_links']])
    .map((place) => (isRecord(place) ? place['self'] : undefined))
    .map((link) => (isRecord(link) ? link['href'] : link))
    .find((each) => typeof each === 'string');
}

function dataOf(document: Fields): Fields {
  return isRecord(document['data']) ? document['data'] : {};
}
