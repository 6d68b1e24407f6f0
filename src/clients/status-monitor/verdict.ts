import { Code } from '../../core/status/code.js';
import { wrongType } from '../../core/values/check.js';
import { isRecord } from '../../core/values/record.js';
import { identityOf, isAnother, isOwn, provisioningState, statusWord } from './document.js';
import { hasError } from './error.js';
import { outcomeOf } from './fhir.js';
import type { Monitor } from './name.js';
import type { MonitorSettings } from './options.js';
import { meaningOf, type Meaning } from './words.js';

/**
 * What an answer of a monitor says. `succeeded`: the operation is done, and its result may be elsewhere; `result`: the
 * document is the result.
 */
export type Verdict = Meaning | 'result';

/** What is read of an answer. */
export interface Reading {
  /** The HTTP status, 2xx. */
  readonly http: number;
  /** What the body holds; undefined where there is none. */
  readonly document: unknown;
}

type Asked = Pick<Monitor, 'url' | 'kind' | 'own'>;

/**
 * Tells how the operation is.
 *
 * @param statusOf - The option.
 * @throws TypeError when `statusOf` gives neither a string nor undefined.
 */
export function verdictOf(
  monitor: Asked,
  { http, document }: Reading,
  statusOf: MonitorSettings['statusOf'],
): Verdict {
  const word =
    statusOf === undefined
      ? ownWord(monitor, document)
      : document == null
        ? undefined
        : givenWord(statusOf(document));
  const meaning = word == null ? undefined : meaningOf(word);
  if (isFailure(meaning)) return meaning;
  const isDecisive = monitor.kind === 'status' || statusOf !== undefined;
  if (isDecisive && word != null) return meaning ?? 'running';
  if (http === 202) return 'running';
  if (statusOf !== undefined) return 'result';
  if (monitor.kind === 'status') return unmarked(document);
  if (monitor.kind === 'resource') {
    if (word === undefined) return unmarked(document);
    return meaning === 'succeeded' ? 'result' : 'running';
  }
  const ofFhir = outcomeOf(document);
  if (ofFhir !== undefined) return ofFhir === 'failed' ? 'failed' : 'result';
  if (isAnother(monitor, document)) return 'result';
  if (meaning !== undefined) return meaning;
  if (word === undefined && unmarked(document) !== 'result') return unmarked(document);
  return isOwn(monitor, document) ? 'running' : unmarked(document);
}

/** The word that counts at a monitor. */
function ownWord(monitor: Asked, document: unknown): string | undefined {
  if (monitor.kind === 'resource') return provisioningState(document);
  if (monitor.kind === 'status') return statusWord(document) ?? provisioningState(document);
  return isAnother(monitor, document) ? undefined : statusWord(document);
}

/** Tells whether what is at the result, or what a start call answered, says that the operation has failed. */
export function failureIn(document: unknown): 'failed' | 'canceled' | undefined {
  const verdict = outcomeOf(document) ?? unmarked(document);
  // What has an id is a resource, with a status of its own.
  if (verdict === 'result' && identityOf(document) !== undefined) return undefined;
  const said = meaningOf(statusWord(document) ?? '');
  if (verdict === 'failed') return said === 'canceled' ? said : verdict;
  return [said, verdict].find(isFailure);
}

function isFailure(verdict: Verdict | undefined): verdict is 'failed' | 'canceled' {
  return verdict === 'failed' || verdict === 'canceled';
}

// A document without a status, of an answer that says success.
function unmarked(document: unknown): Verdict {
  if (!isRecord(document)) return 'result';
  const meaning = meaningOf(provisioningState(document) ?? '');
  if (isFailure(meaning)) return meaning;
  return meaning === undefined && hasError(document) ? 'failed' : 'result';
}

function givenWord(word: unknown): string | null | undefined {
  if (word == null || typeof word === 'string') return word;
  const error = wrongType('statusOf', word, 'a function that returns a string or undefined');
  // By the code it is known for what it is, not for a failure of the service.
  throw Object.assign(error, { code: Code.INVALID_ARGUMENT, details: [] });
}
