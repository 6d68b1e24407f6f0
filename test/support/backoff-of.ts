import type { Backoff, BackoffFunction } from 'rx-lro';
import { chooseDelay, resolveBackoff } from '../../src/core/policy/resolve-backoff.js';

/** What the option `backoff` means, as one function. */
export function backoffOf(backoff?: Backoff): BackoffFunction {
  const resolved = resolveBackoff(backoff);
  return (context) => chooseDelay(resolved, context);
}
