import { isRecord, type Fields } from '../../core/values/record.js';
import { outcomeOf } from './fhir.js';
import type { Monitor } from './name.js';

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
  [/^(succeeded|success|successful|completed?|done|finished)$/, 'succeeded'],
  [/^(failed|failure|error(ed)?)$/, 'failed'],
  [/^cancell?ed$/, 'canceled'],
  [/^(notstarted|inprogress|accepted|(en)?queued|scheduled|started|submitted|\w*ing)$/, 'running'],
];

/**
 * Tells how the operation is.
 *
 * @param statusOf - The option.
 */
export function verdictOf(
  monitor: Pick<Monitor, 'kind' | 'own'>,
  reading: Reading,
  statusOf: ((document: unknown) => string | null | undefined) | undefined,
): Verdict {
  const { http, document } = reading;
  const isAccepted = http === 202;
  if (statusOf !== undefined) {
    const word = statusOf(document);
    if (word == null) return isAccepted ? 'running' : 'result';
    return knownVerdict(word) ?? 'running';
  }
  if (monitor.kind === 'status') {
    const word = statusWord(document) ?? provisioningState(document);
    if (word !== undefined) return azureVerdict(word);
    return isAccepted ? 'running' : unmarked(document);
  }
  if (isAccepted) return 'running';
  if (monitor.kind === 'resource') {
    const verdict = azureVerdict(provisioningState(document) ?? 'succeeded');
    return verdict === 'succeeded' ? 'result' : verdict;
  }
  return plainVerdict(monitor, document);
}

/** The word of a document that says how things are; undefined where there is none. */
export function statusWord(document: unknown): string | undefined {
  // The status of a resource of FHIR is its own.
  if (!isRecord(document) || document['resourceType'] !== undefined) return undefined;
  const { attributes } = dataOf(document);
  const { status, state } = isRecord(attributes) ? attributes : document;
  return [status, state].find((each) => typeof each === 'string');
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
  return isId ? `${typeof type === 'string' ? type : ''}/${id}`.slice(0, 200) : undefined;
}

/** Tells whether a document is one resource in the form of JSON:API. */
export function isJsonApi(document: unknown): boolean {
  return isRecord(document) && typeof dataOf(document)['type'] === 'string';
}

// The terminal words of Azure; each service has its own words for what comes before.
function azureVerdict(word: string): Verdict {
  const verdict = knownVerdict(word);
  const isTerminal = /^\W*(succeeded|failed|cancell?ed)\W*$/i.test(word);
  return isTerminal && verdict !== undefined ? verdict : 'running';
}

function knownVerdict(word: string): Verdict | undefined {
  const plain = word.toLowerCase().replace(/[^a-z]/g, '');
  return words.find(([pattern]) => pattern.test(plain))?.[1];
}

function plainVerdict({ kind, own }: Pick<Monitor, 'kind' | 'own'>, document: unknown): Verdict {
  const ofFhir = outcomeOf(document);
  if (ofFhir !== undefined) return ofFhir === 'failed' ? 'failed' : 'result';
  const identity = identityOf(document);
  // Another document than that of the job has come in its place.
  if (own !== undefined && identity !== undefined && identity !== own) return 'result';
  const isOwn = kind === 'document' && own === identity;
  const word = statusWord(document);
  if (word === undefined) return isOwn && isJsonApi(document) ? 'running' : unmarked(document);
  return knownVerdict(word) ?? (isOwn ? 'running' : 'result');
}

// A document without a status, of an answer that says success.
function unmarked(document: unknown): Verdict {
  if (!isRecord(document)) return 'result';
  const verdict = azureVerdict(provisioningState(document) ?? '');
  if (verdict === 'failed' || verdict === 'canceled') return verdict;
  const { error, errors, data } = document;
  const isError = isRecord(error) && (error['code'] ?? error['message']) != null;
  const hasErrors = Array.isArray(errors) && errors.length > 0 && data == null;
  return isError || hasErrors ? 'failed' : 'result';
}

function dataOf(document: Fields): Fields {
  return isRecord(document['data']) ? document['data'] : {};
}
