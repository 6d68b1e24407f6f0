import type { BackoffContext, BackoffFunction } from '../core/policy/backoff.js';
import { exponentialDelay } from '../core/policy/exponential-delay.js';
import { wrongType } from '../core/values/check.js';
import { MAX_DELAY } from '../core/platform/clock.js';
import { resolveLearnedOptions, type LearnedBackoffOptions } from './options.js';
import { longestDelayAt, plainDelayAt, planOf, type Plan, type PlanSettings } from './plan.js';
import { spanOf, type SeenDuration } from './seen-duration.js';
import { at, firstFrom } from './table.js';

/** With fewer than these nothing is known. @internal */
export const ENOUGH = 5;

/**
 * Makes a backoff of how long operations of the same kind took before. It asks when the end is likely and
 * not before, so that there are much fewer calls for news as soon as by plain backoff. It is for many
 * waits at once, and its plan is made once.
 *
 * Who is still waiting when nearly all of the past were over goes on by plain backoff; who is done long
 * before is told of it at the first call, unless `maxFactor` bounds the delay. With fewer than 5 durations it is the plain
 * backoff of the same options, and so it is for an operation that is cancelled, from the cancel on. The
 * time since the subscription counts: that of an operation which was begun long before is too short.
 *
 * @param durations - What the same kind took, in milliseconds, in any order: numbers from 0 to
 * 10^15, or `{duration, within}`. Some 50 are enough.
 * @param options - `worth` and `maxFactor`, and those of `exponentialBackoff` with its defaults.
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
  // Whether the operation of a wait is on its way to another end, since it was cancelled.
  const cancelled = new WeakMap<object, boolean>();
  return (context) => {
    const { attempt, elapsed, wait } = context;
    if (wait !== undefined && attempt === 1) cancelled.set(wait, cancelled.has(wait));
    const isCancelled = wait !== undefined && cancelled.get(wait) === true;
    const plan = isCancelled ? undefined : planFor(context);
    if (plan === undefined) return exponentialDelay(plain, attempt);
    return plannedDelay(plan, elapsed, settings);
  };
}

function plannedDelay(plan: Plan, elapsed: number, settings: PlanSettings): number {
  const { plain } = settings;
  // A look that is all but now has just been taken.
  const next = firstFrom(plan, elapsed + plain.startingDelay / 2);
  const delay =
    next < plan.length
      ? Math.max(plain.startingDelay, at(plan, next) - elapsed)
      : plainDelayAt(plain, elapsed);
  return Math.min(delay, longestDelayAt(settings, elapsed), MAX_DELAY);
}
