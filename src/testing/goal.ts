import { isRecord } from '../core/values/record.js';

/** What virtual time runs towards. */
interface Goal {
  /** Whether it is reached. */
  readonly isReached: () => boolean;
  /** What it came to, once it is reached. */
  readonly result: () => unknown;
  /** Says that it was not reached: the beginning of a sentence. */
  readonly missed: string;
}

/**
 * Makes a goal of a promise that is to settle, or of a condition that is to hold.
 *
 * @throws TypeError when it is neither.
 */
export function goalOf(target: PromiseLike<unknown> | (() => boolean)): Goal {
  if (typeof target === 'function') {
    return { isReached: target, result: () => undefined, missed: 'The condition does not hold' };
  }
  if (isRecord(target) && typeof target['then'] === 'function') return settlementOf(target);
  throw new TypeError(
    '`runUntil` takes a promise or a function: for an Observable, give it `firstValueFrom(…)`.',
  );
}

function settlementOf(promise: PromiseLike<unknown>): Goal {
  let isSettled = false;
  const settle = (): void => {
    isSettled = true;
  };
  promise.then(settle, settle);
  return {
    isReached: () => isSettled,
    result: () => promise,
    missed: 'The promise has not settled',
  };
}
