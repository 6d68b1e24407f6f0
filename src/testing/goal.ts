/** What virtual time runs towards. */
interface Goal {
  /** Whether it is reached. */
  readonly isReached: () => boolean;
  /** What it came to, once it is reached. */
  readonly result: () => unknown;
  /** Says that it was not reached: the beginning of a sentence. */
  readonly missed: string;
}

/** Makes a goal of a promise that is to settle, or of a condition that is to hold. */
export function goalOf(target: PromiseLike<unknown> | (() => boolean)): Goal {
  return typeof target === 'function'
    ? { isReached: target, result: () => undefined, missed: 'The condition does not hold' }
    : settlementOf(target);
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
