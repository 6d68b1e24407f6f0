import { Code } from '../../core/status/code.js';
import { wrongType } from '../../core/values/check.js';
import { isRecord, type Fields } from '../../core/values/record.js';
import { hasError, placesOf } from './error.js';
import { outcomeOf } from './fhir.js';
import { httpUrl, type Monitor } from './name.js';
import type { MonitorSettings } from './options.js';

/**
 * What an answer of a monitor says. `succeeded`: the operation is done, and its result may be elsewhere; `result`: the
 * document is the result.
 */
export type Verdict = 'running' | 'succeeded' | 'result' | 'failed' | 'canceled';

/** What is read of an answer. */
export interface Reading {
  /** The HTTP status, 2xx. */
  readonly http: number;
  /** What the body holds; undefined where there is none. */
  readonly document: unknown;
}

const words: readonly (readonly [RegExp, Verdict])[] = [
  [
    /^(partial(ly)?)?(succeeded|success|successful|completed?|done|finished)(partially|with\w+)?$/,
    'succeeded',
  ],
  [/^(partial(ly)?)?(failed|failure|error(ed)?|aborted|rejected|timedout)$/, 'failed'],
  [/^cancell?ed$/, 'canceled'],
  [
    /^(notstarted|inprogress|accepted|(en)?queued|scheduled|started|submitted|paused|created|new|\w*ing)$/,
    'running',
  ],
];

/**
 * Tells how the operation is.
 *
 * @param statusOf - The option.
 * @throws TypeError when `statusOf` gives neither a string nor undefined.
 */
export function verdictOf(
  monitor: Pick<Monitor, 'url' | 'kind' | 'own'>,
  reading: Reading,
  statusOf: MonitorSettings['statusOf'],
): Verdict {
  const { http, document } = reading;
  const isAccepted = http === 202;
  if (statusOf !== undefined) {
    const word = document === undefined ? undefined : givenWord(statusOf(document));
    if (word == null) return isAccepted ? 'running' : 'result';
    return knownVerdict(word) ?? 'running';
  }
  if (monitor.kind === 'status') {
    const word = statusWord(document) ?? provisioningState(document);
    if (word !== undefined) return knownVerdict(word) ?? 'running';
    return isAccepted ? 'running' : unmarked(document);
  }
  if (isAccepted) return 'running';
  if (monitor.kind === 'resource') {
    const word = provisioningState(document);
    const verdict = word === undefined ? unmarked(document) : (knownVerdict(word) ?? 'running');
    return verdict === 'succeeded' ? 'result' : verdict;
  }
  return plainVerdict(monitor, document);
}

/**
 * Tells whether what is at the result says that the operation has failed.
 *
 * @param statusOf - The option.
 * @throws TypeError when `statusOf` gives neither a string nor undefined.
 */
export function failureAtResult(
  document: unknown,
  statusOf: MonitorSettings['statusOf'],
): 'failed' | 'canceled' | undefined {
  const verdict =
    statusOf === undefined
      ? ofResult(document)
      : verdictOf({ kind: 'http', url: '' }, { http: 200, document }, statusOf);
  return verdict === 'failed' || verdict === 'canceled' ? verdict : undefined;
}

function ofResult(document: unknown): Verdict | undefined {
  const verdict = outcomeOf(document) ?? unmarked(document);
  // What has an id is a resource, with a status of its own.
  if (verdict === 'result' && identityOf(document) !== undefined) return verdict;
  const said = knownVerdict(statusWord(document) ?? '');
  return verdict === 'failed' && said !== 'canceled' ? verdict : (said ?? verdict);
}

/** The word of a document that says how things are; undefined where there is none. */
export function statusWord(document: unknown): string | undefined {
  // The status of a resource of FHIR is its own.
  if (!isRecord(document) || document['resourceType'] !== undefined) return undefined;
  return (
    placesOf(document)
      // Next to a `provisioningState` it is that of what the resource does.
      .filter((place) => place === document || place['provisioningState'] === undefined)
      .flatMap(({ status, state }) => [wordIn(status), wordIn(state)])
      .find((each) => each !== undefined)
  );
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

function knownVerdict(word: string): Verdict | undefined {
  const plain = word.toLowerCase().replace(/[^a-z]/g, '');
  return words.find(([pattern]) => pattern.test(plain))?.[1];
}

function givenWord(word: unknown): string | null | undefined {
  if (word == null || typeof word === 'string') return word;
  const error = wrongType('statusOf', word, 'a function that returns a string or undefined');
  // By the code it is known for what it is, not for a failure of the service.
  throw Object.assign(error, { code: Code.INVALID_ARGUMENT, details: [] });
}

function wordIn(value: unknown): string | undefined {
  const { code, state, status, value: inner, name, phase } = isRecord(value) ? value : {};
  return [value, code, state, status, inner, name, phase].find((each) => typeof each === 'string');
}

function plainVerdict(monitor: Pick<Monitor, 'url' | 'kind' | 'own'>, document: unknown): Verdict {
  const ofFhir = outcomeOf(document);
  if (ofFhir !== undefined) return ofFhir === 'failed' ? 'failed' : 'result';
  if (isAnother(monitor, document)) return 'result';
  const isOwn = monitor.kind === 'document' && monitor.own === identityOf(document);
  const word = statusWord(document);
  if (word === undefined) return isOwn && isJsonApi(document) ? 'running' : unmarked(document);
  return knownVerdict(word) ?? (isOwn ? 'running' : unmarked(document));
}

/** Tells whether another thing than the job has come in its place. The start call may have had another id. */
function isAnother({ url, own }: Pick<Monitor, 'url' | 'own'>, document: unknown): boolean {
  const identity = identityOf(document);
  if (own === undefined || identity === undefined || identity === own) return false;
  const { pathname } = new URL(url);
  const self = selfLink(document as Fields);
  const place = self === undefined ? undefined : httpUrl(self, url);
  if (place !== undefined) {
    // A service behind a proxy does not know its own URL to the letter.
    const { pathname: other } = new URL(place);
    return !pathname.includes(other) && !other.includes(pathname);
  }
  const [type, ownType] = [identity, own].map((each) => each.slice(0, each.indexOf('/')));
  // As JSON:API has it: the start call answered with the job that the URL of the monitor ends with.
  const [isAtUrl, isOwnAtUrl] = [identity, own].map((each) =>
    pathname.endsWith(each.slice(each.indexOf('/'))),
  );
  return (
    isOwnAtUrl === true && isAtUrl === false && ownType !== '' && !['', ownType].includes(type)
  );
}

function selfLink(document: Fields): string | undefined {
  return [document, dataOf(document)]
    .flatMap((place) => [place, place['links'], place['_links']])
    .map((place) => (isRecord(place) ? place['self'] : undefined))
    .map((link) => (isRecord(link) ? link['href'] : link))
    .find((each) => typeof each === 'string');
}

// A document without a status, of an answer that says success.
function unmarked(document: unknown): Verdict {
  if (!isRecord(document)) return 'result';
  const verdict = knownVerdict(provisioningState(document) ?? '');
  if (verdict === 'failed' || verdict === 'canceled') return verdict;
  return verdict === undefined && hasError(document) ? 'failed' : 'result';
}

function dataOf(document: Fields): Fields {
  return isRecord(document['data']) ? document['data'] : {};
}
