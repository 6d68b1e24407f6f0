import { isRecord } from '../core/values/record.js';

/**
 * Makes a condition of the target of `runUntil`: a promise that settles, or a condition.
 *
 * @throws TypeError when it is neither.
 */
export function conditionOf(target: PromiseLike<unknown> | (() => boolean)): () => boolean {
  if (typeof target === 'function') return target;
  if (!isRecord(target) || typeof target['then'] !== 'function') {
    throw new TypeError(
      '`runUntil` takes a promise or a function: pass `firstValueFrom(…)` for an Observable.',
    );
  }
  let isSettled = false;
  const settle = (): void => {
    isSettled = true;
  };
  target.then(settle, settle);
  return () => isSettled;
}
