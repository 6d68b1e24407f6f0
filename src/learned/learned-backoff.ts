import type { BackoffContext, BackoffFunction } from '../core/policy/backoff.js';
import { exponentialDelay } from '../core/policy/exponential-delay.js';
import { MAX_DELAY } from '../core/platform/clock.js';
import { wrongType } from '../core/values/check.js';
import {
  longestDelayAt,
  plainDelayAt,
  resolveLearnedOptions,
  type LearnedBackoffOptions,
  type PlanSettings,
} from './options.js';
import { planOf, type Plan } from './plan.js';
import { spanOf, type SeenDuration } from './seen-duration.js';
import { at, firstFrom } from './table.js';

/** With fewer than these nothing is known. @internal */
export const ENOUGH = 5;

/**
 * Makes a backoff of how long operations of the same kind took before. It polls when the end is likely
 * and not before, so that the result comes as soon as with plain backoff, for much fewer calls. Many waits
 * may use one, and its plan is made once.
 *
 * An operation that takes longer than nearly all of the past goes on by plain backoff; one that ends long
 * before is seen at the first call, unless `maxFactor` bounds the delay. With fewer than 5 durations it is
 * the plain backoff of the same options, and so it is for an operation that is cancelled, from the cancel
 * on: to know of that, it keeps one value on `context.memory` under the key `learnedBackoff`. The time
 * since the subscription counts: for an operation that began long before, it is too short.
 *
 * @param durations - What the same kind took, in milliseconds, in any order: numbers from 0 to
 * 10^15, or `{duration, within}`. Some 50 are enough.
 * @param options - `worth` and `maxFactor`, and the numbers of the option `backoff` with their defaults.
 * @returns The function, for the option `backoff`.
 * @throws TypeError or RangeError that names the duration or the option which is not valid.
 *
 * @example
 * ```ts
 * import { waitForDone, type OperationsClient } from 'rx-lro';
 * import { learnedBackoff } from 'rx-lro/learned';
 *
 * declare const client: OperationsClient;
 *
 * const backoff = learnedBackoff([118_000, 95_000, 171_000, 122_000, 140_000, 88_000]);
 *
 * await waitForDone(client, 'operations/42', { backoff });
 * ```
 */
export function learnedBackoff(
  durations: readonly (number | SeenDuration)[],
  options: LearnedBackoffOptions = {},
): BackoffFunction {
  const settings = resolveLearnedOptions(options);
  if (!Array.isArray(durations)) throw wrongType('durations', durations, 'a list');
  const spans = durations.map((seen, index) => spanOf(`durations[${index}]`, seen));
  let plan: Plan | undefined;
  return backoffOf(settings, () => {
    if (spans.length >= ENOUGH) plan ??= planOf(spans, settings);
    return plan;
  });
}

/**
 * Makes a backoff of a plan.
 *
 * @param planFor - Gives the plan; undefined for plain backoff.
 * @internal
 */
export function backoffOf(
  settings: PlanSettings,
  planFor: (context: BackoffContext) => Plan | undefined,
): BackoffFunction {
  const { plain } = settings;
  return (context) => {
    const plan = isCancelled(context) ? undefined : planFor(context);
    if (plan === undefined) return exponentialDelay(plain, context.attempt);
    return plannedDelay(plan, context.elapsed, settings);
  };
}

/**
 * Tells whether the operation of a wait was cancelled, so that it takes another course. The count of
 * attempts then starts again, at another time than that of the first call, which the memory holds.
 */
function isCancelled(context: BackoffContext): boolean {
  const memory = context.memory as { learnedBackoff?: number | 'cancelled' };
  memory.learnedBackoff ??= context.elapsed;
  if (context.attempt === 1 && memory.learnedBackoff !== context.elapsed) {
    memory.learnedBackoff = 'cancelled';
  }
  return memory.learnedBackoff === 'cancelled';
}

function plannedDelay(plan: Plan, elapsed: number, settings: PlanSettings): number {
  const { plain } = settings;
  // A call that is planned for about now has just been made.
  const next = firstFrom(plan, elapsed + plain.startingDelay / 2);
  const delay =
    next < plan.length
      ? Math.max(plain.startingDelay, at(plan, next) - elapsed)
      : plainDelayAt(plain, elapsed);
  return Math.min(delay, longestDelayAt(settings, elapsed), MAX_DELAY);
}
