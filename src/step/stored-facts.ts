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

const methods: ReadonlySet<unknown> = new Set(['get', 'cancel']);
const stages: ReadonlySet<unknown> = new Set(['wanted', 'sent', 'failed']);

/**
 * Makes JSON of what is known. What is as at the beginning is left out.
 *
 * @param errors - Those of the facts, with all that the client told.
 * @internal
 */
export function storeFacts(facts: Facts, errors: Omit<StoredWait, 'facts'>): Fields {
  const { call, cancel, memory = {} } = facts;
  const { error, cancelError } = errors;
  const stored: Record<string, unknown> = {};
  // An answer tells it as well.
  if (facts.isReached && facts.notDoneAt === undefined) stored['isReached'] = true;
  for (const key of numbers) if (facts[key]) stored[key] = facts[key];
  if (call !== undefined) stored['call'] = call.method;
  if (call !== undefined && call.tries > 0) stored['tries'] = call.tries;
  if (cancel !== undefined) stored['cancel'] = { at: cancel.at, stage: cancel.stage };
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
  if (version !== 1 && Number.isInteger(version)) {
    throw new RangeError(
      `The state of this wait has version ${String(version)}, and this package reads version 1: run a newer rx-lro here, or begin the wait anew with newWait(name).`,
    );
  }
  if (version !== 1) throw damaged('it has no `version`');
  if (typeof name !== 'string' || name === '') throw damaged('it has no `name`');
  if (!Number.isFinite(begun)) throw damaged('`begun` is not a number');
  if (cancel !== undefined && !isRecord(cancel)) throw damaged('`cancel` is not an object');
  if (!isRecord(stored)) throw damaged('`facts` is not an object');
  // A copy: the state that was given stays good, should this step be given up.
  const { call, tries, cancelFailure, ...known } = copyOf(checkFacts(stored));
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
  if (facts.cancel !== undefined && cancelError !== undefined) {
    facts.cancel.failure = failureData(cancelError);
  }
  return { facts, error, cancelError };
}

/** What is stored of the facts. */
interface StoredFacts extends Partial<
  Pick<Facts, (typeof numbers)[number] | 'isReached' | 'cancel' | 'memory'>
> {
  readonly call?: 'get' | 'cancel';
  readonly tries?: number;
  readonly failure?: Fields;
  readonly cancelFailure?: Fields;
}

function checkFacts(stored: Fields): StoredFacts {
  const { isReached = false, call, tries = 0, cancel } = stored;
  const wrong = [
    ...numbers.filter((key) => !(stored[key] === undefined || Number.isFinite(stored[key]))),
    ...['cancel', 'failure', 'cancelFailure', 'memory'].filter(
      (key) => stored[key] !== undefined && !isRecord(stored[key]),
    ),
    ...(typeof isReached === 'boolean' ? [] : ['isReached']),
    ...(call === undefined || methods.has(call) ? [] : ['call']),
    ...(Number.isFinite(tries) ? [] : ['tries']),
    ...(isRecord(cancel) && !(stages.has(cancel['stage']) && Number.isFinite(cancel['at']))
      ? ['cancel']
      : []),
  ];
  if (wrong.length > 0) throw damaged(`\`facts.${wrong[0]}\` is not what it should be`);
  return stored;
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
