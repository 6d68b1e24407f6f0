import { failureData } from '../core/errors/failure.js';
import type { StatusError } from '../core/errors/status-error.js';
import type { Operation } from '../core/operation.js';
import { copyOf } from '../core/values/copy.js';
import { isRecord, type Fields } from '../core/values/record.js';
import { newFacts, type Facts } from '../core/wait/facts.js';
import { readError, storeError } from './stored-error.js';
import type { WaitState } from './wait-state.js';

/** What a state holds, ready for the rules. @internal */
export interface StoredWait {
  readonly facts: Facts;
  /** Whether the end comes before another call: it is what is waited for. */
  readonly isResting: boolean;
  /** The errors of `facts.failure` and of `facts.cancel.failure`. */
  readonly error: StatusError | undefined;
  readonly cancelError: StatusError | undefined;
}

const numbers = [
  'unseenUntil',
  'unresolvedSince',
  'attempt',
  'delay',
  'notDoneAt',
  'pollAfter',
  'slowestCall',
] as const;

const flags = ['isReached', 'isResting'] as const;
const objects = ['cancel', 'failure', 'cancelFailure', 'memory'] as const;
const methods: ReadonlySet<unknown> = new Set(['get', 'cancel']);
const stages: ReadonlySet<unknown> = new Set(['wanted', 'sent', 'failed']);

/**
 * Makes JSON of what is known. What is as at the beginning is left out.
 *
 * @param wait - The facts, and the errors with all that the client told.
 * @internal
 */
export function storeFacts({ facts, isResting, error, cancelError }: StoredWait): Fields {
  const { call, cancel, memory = {} } = facts;
  const stored: Record<string, unknown> = {};
  if (isResting) stored['isResting'] = true;
  // An answer tells it as well.
  if (facts.isReached && facts.notDoneAt === undefined) stored['isReached'] = true;
  for (const key of numbers) if (facts[key]) stored[key] = facts[key];
  if (call !== undefined) stored['call'] = call.method;
  if (call !== undefined && call.tries > 0) stored['tries'] = call.tries;
  if (cancel !== undefined) {
    const { at, stage } = cancel;
    // Most are: it is left out.
    stored['cancel'] = stage === 'sent' ? { at } : { at, stage };
  }
  if (cancel?.failure !== undefined && cancelError !== undefined) {
    // The error of the cancel is the one that is told, whatever fails after it.
    stored['cancelFailure'] = storeError(cancelError);
  } else if (facts.failure !== undefined && error !== undefined) {
    stored['failure'] = storeError(error);
  }
  if (Object.keys(memory).length > 0) stored['memory'] = memory;
  return stored;
}

/**
 * Reads a state.
 *
 * @param latest - The snapshot that was told last.
 * @throws TypeError when it is damaged, RangeError when it is of another version.
 * @internal
 */
export function readState(state: WaitState, latest: Operation | undefined): StoredWait {
  if (!isRecord(state)) throw damaged('it is not an object');
  const { version, name, begun, isFresh = false, facts: stored = {}, cancel, shown } = state;
  if (version > 1 && Number.isInteger(version)) {
    throw new RangeError(
      `The state of this wait has version ${version}, and this package reads version 1: run a newer rx-lro here, or begin the wait anew with newWait(name).`,
    );
  }
  const wrong = [
    version !== 1 && 'its `version` is not known',
    !(typeof name === 'string' && name !== '') && 'it has no `name`',
    !isTime(begun) && '`begun` is not a time',
    typeof isFresh !== 'boolean' && '`isFresh` is not a boolean',
    !(shown === undefined || typeof shown === 'string') && '`shown` is not a text',
    !(cancel == null || isRecord(cancel)) && '`cancel` is not an object',
    typeof (cancel?.reason ?? '') !== 'string' && '`cancel.reason` is not a text',
    !isRecord(stored) && '`facts` is not an object',
  ].find((problem) => problem !== false);
  if (wrong !== undefined) throw damaged(wrong);
  // A copy: the state that was given stays good, should this step be given up.
  const { call, tries, cancelFailure, isResting = false, ...known } = copyOf(checkFacts(stored));
  const error = known.failure && readStored(known.failure, name, latest);
  const cancelError = cancelFailure && readStored(cancelFailure, name, latest);
  const facts: Facts = {
    ...newFacts(begun),
    ...known,
    name,
    isFresh,
    isKnown: shown !== undefined,
    isReached: known.isReached ?? known.notDoneAt !== undefined,
    failure: error && failureData(error),
  };
  // When it was tried counts only while it is under way.
  if (call !== undefined) facts.call = { method: call, tries: tries ?? 0, triedAt: begun };
  if (known.cancel !== undefined) {
    facts.cancel = { ...known.cancel, stage: known.cancel.stage ?? 'sent' };
    if (cancelError !== undefined) facts.cancel.failure = failureData(cancelError);
  }
  return { facts, isResting, error, cancelError };
}

/** What is stored of the facts. */
interface StoredFacts extends Partial<
  Pick<Facts, (typeof numbers)[number] | 'isReached' | 'cancel' | 'memory'>
> {
  readonly isResting?: boolean;
  readonly call?: 'get' | 'cancel';
  readonly tries?: number;
  readonly failure?: Fields;
  readonly cancelFailure?: Fields;
}

/** Takes what is known, and nothing else: a later release may store more. */
function checkFacts(stored: Fields): StoredFacts {
  const { call, tries = 0, cancel, memory } = stored;
  const is = (key: string, fits: (value: unknown) => boolean): boolean =>
    stored[key] === undefined || fits(stored[key]);
  const wrong = [
    ...numbers.filter((key) => !is(key, isTime)),
    ...flags.filter((key) => !is(key, (value) => typeof value === 'boolean')),
    ...objects.filter((key) => !is(key, isRecord)),
    call !== undefined && !methods.has(call) && 'call',
    !(Number.isInteger(tries) && Number(tries) >= 0) && 'tries',
    isRecord(cancel) &&
      !(stages.has(cancel['stage'] ?? 'sent') && isTime(cancel['at'])) &&
      'cancel',
    isRecord(memory) && !isHistory(memory['progressBackoff']) && 'memory',
  ].find((key) => key !== false);
  if (wrong !== undefined) throw damaged(`\`facts.${wrong}\` is not what it should be`);
  const keys = [...numbers, ...flags, ...objects, 'call', 'tries'];
  return Object.fromEntries(
    keys.filter((key) => stored[key] !== undefined).map((key) => [key, stored[key]]),
  );
}

/** Milliseconds, of a duration or since the epoch, or a count. */
function isTime(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER;
}

/** What `progressBackoff` remembers. It reads it as it is. */
function isHistory(history: unknown): boolean {
  if (history === undefined) return true;
  const { latest, ...times } = isRecord(history) ? history : {};
  const isPair = Array.isArray(latest) && latest.length === 2 && latest.every(Number.isFinite);
  return (
    isPair && ['attempt', 'elapsed', 'seen', 'step'].every((key) => Number.isFinite(times[key]))
  );
}

function readStored(stored: unknown, name: string, latest: Operation | undefined): StatusError {
  try {
    return readError(stored as Fields, name, latest);
  } catch {
    throw damaged('a failure in it is not one');
  }
}

function damaged(why: string): TypeError {
  return new TypeError(
    `The state of this wait is damaged: ${why}. Begin the wait anew with newWait(name).`,
  );
}
