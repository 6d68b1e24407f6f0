import { failureData } from '../core/errors/failure.js';
import type { StatusError } from '../core/errors/status-error.js';
import type { Operation } from '../core/operation.js';
import { isRecord, type Fields } from '../core/values/record.js';
import { newFacts, type Facts } from '../core/wait/facts.js';
import { readError, storeError } from './stored-error.js';
import type { WaitState } from './wait-state.js';

/** What a state holds, ready for the rules. */
export interface StoredWait {
  readonly facts: Facts;
  /** The errors of `facts.failure` and of `facts.cancel.failure`. */
  readonly error: StatusError | undefined;
  readonly cancelError: StatusError | undefined;
}

/** What each fact is, where it is stored. */
const kinds: Readonly<Record<string, 'boolean' | 'number' | 'object'>> = {
  isKnown: 'boolean',
  isDone: 'boolean',
  isFresh: 'boolean',
  isReached: 'boolean',
  unseenUntil: 'number',
  unresolvedSince: 'number',
  attempt: 'number',
  delay: 'number',
  notDoneAt: 'number',
  pollAfter: 'number',
  slowestCall: 'number',
  call: 'object',
  failure: 'object',
  cancel: 'object',
  memory: 'object',
};

const methods: ReadonlySet<unknown> = new Set(['get', 'cancel']);
const stages: ReadonlySet<unknown> = new Set(['wanted', 'sent', 'failed']);

/**
 * Makes JSON of what is known. What is as at the beginning is left out.
 *
 * @param errors - Those of the facts, with all that the client told.
 */
export function storeFacts(facts: Facts, errors: Omit<StoredWait, 'facts'>): Fields {
  const stored: Record<string, unknown> = {};
  for (const key of Object.keys(kinds)) {
    const value = facts[key as keyof Facts];
    if (value !== undefined && value !== false && value !== 0) stored[key] = value;
  }
  delete stored['failure'];
  const { error, cancelError } = errors;
  if (facts.cancel?.failure !== undefined && cancelError !== undefined) {
    // The error of the cancel is the one that is told, whatever fails after it.
    stored['cancel'] = { ...facts.cancel, failure: storeError(cancelError) };
  } else if (facts.failure !== undefined && error !== undefined) {
    stored['failure'] = storeError(error);
  }
  if (facts.call !== undefined) {
    const { method, tries, triedAt } = facts.call;
    stored['call'] = { method, tries, triedAt };
  }
  return stored;
}

/**
 * Reads a state.
 *
 * @param latest - The snapshot that was told last.
 * @throws TypeError when it is damaged, RangeError when it is of another version.
 */
export function readState(state: WaitState, latest: Operation | undefined): StoredWait {
  if (!isRecord(state)) throw damaged('it is not an object');
  const { version, name, begun, facts: stored = {}, cancel } = state;
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
  const known = structuredClone(checkFacts(stored));
  const facts: Facts = { ...newFacts(begun), ...known, name };
  const error = known.failure && readStored(known.failure, name, latest);
  const cancelError = known.cancel?.failure && readStored(known.cancel.failure, name, latest);
  facts.failure = error && failureData(error);
  if (facts.cancel !== undefined && cancelError !== undefined) {
    facts.cancel.failure = failureData(cancelError);
  }
  return { facts, error, cancelError };
}

function checkFacts(stored: Fields): Partial<Facts> {
  const known: Record<string, unknown> = {};
  for (const [key, kind] of Object.entries(kinds)) {
    const value = stored[key];
    if (value === undefined) continue;
    const isOfKind = kind === 'object' ? isRecord(value) : typeof value === kind;
    if (!isOfKind) throw damaged(`\`facts.${key}\` should have the type ${kind}`);
    known[key] = value;
  }
  const { call, cancel } = known as Partial<Facts>;
  if (call !== undefined && !(methods.has(call.method) && areNumbers(call.tries, call.triedAt))) {
    throw damaged('`facts.call` is not a call');
  }
  if (cancel !== undefined && !(stages.has(cancel.stage) && areNumbers(cancel.at))) {
    throw damaged('`facts.cancel` is not a cancel');
  }
  return known;
}

function readStored(stored: unknown, name: string, latest: Operation | undefined): StatusError {
  try {
    return readError(stored as Fields, name, latest);
  } catch {
    throw damaged('a failure in it is not one');
  }
}

function areNumbers(...values: readonly unknown[]): boolean {
  return values.every((value) => Number.isFinite(value));
}

function damaged(why: string): TypeError {
  return new TypeError(
    `The state of this wait is damaged: ${why}. Begin the wait anew with newWait(name).`,
  );
}
