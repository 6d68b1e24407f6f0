// What a learned backoff brings: it learns from 50 durations, with several seeds, and is then tried with
// others of the same kind.

import type { BackoffFunction } from 'rx-lro';
import { learnedBackoff, type LearnedBackoffOptions } from 'rx-lro/learned';
import { bestExponential, evenly, optimumBackoff } from './rivals.js';
import { logNormal, meanOf, plain, randomNumbers, watchAll, type Outcome } from './simulation.js';

export const SEEDS: readonly number[] = Array.from({ length: 40 }, (_, index) => index + 1);
const MEDIAN = 120_000;
const LEARNED_FROM = 50;
const TRIED_WITH = 1_000;

/** How the one is beside the other: the part of its calls and of its delay. */
export function beside(one: Outcome, other: Outcome): Outcome {
  return { calls: one.calls / other.calls, delay: one.delay / other.delay };
}

/** What is learned from, with one seed each. */
const learn = (sigma: number, options: LearnedBackoffOptions): BackoffFunction[] =>
  SEEDS.map((seed) =>
    learnedBackoff(logNormal(randomNumbers(seed), LEARNED_FROM, MEDIAN, sigma), options),
  );

/**
 * What it is tried with, for taking `times` as long: others of the same kind, the mean of which is that of
 * the kind and no luck.
 */
const others = (sigma: number, times: number = 1): number[] =>
  evenly(TRIED_WITH, (normal) => times * MEDIAN * Math.exp(sigma * normal));

const tried = (durations: readonly number[], backoffs: readonly BackoffFunction[]): Outcome =>
  meanOf(backoffs.map((backoff) => watchAll(durations, backoff)));

/** Beside the default backoff: for what it learned from, and for ten times shorter and longer. */
export function besidePlain(
  sigma: number,
  options: LearnedBackoffOptions = {},
): Record<'same' | 'shorter' | 'longer', Outcome> {
  const learned = learn(sigma, options);
  const of = (times: number): Outcome => {
    const durations = others(sigma, times);
    return beside(tried(durations, learned), watchAll(durations, plain));
  };
  return { same: of(1), shorter: of(0.1), longer: of(10) };
}

/** A learned backoff beside its rivals, for a call that is worth some delay. */
export interface Rivalry {
  /** How many calls it takes. */
  readonly calls: number;
  /** Its cost beside that of the optimum for the true distribution: the delay, and `worth` for each call. */
  readonly cost: number;
  /** Its delay beside that of the best capped exponential backoff with no more calls. */
  readonly learned: number;
  /** The same of the optimum. */
  readonly optimum: number;
}

export function besideRivals(sigma: number, worth: number): Rivalry {
  const durations = others(sigma);
  const learned = tried(durations, learn(sigma, { worth }));
  const optimum = watchAll(durations, optimumBackoff(MEDIAN, sigma, worth));
  const costOf = ({ calls, delay }: Outcome): number => delay + worth * calls;
  const besideBest = ({ calls, delay }: Outcome): number =>
    delay / bestExponential(durations, calls).delay;
  return {
    calls: learned.calls,
    cost: costOf(learned) / costOf(optimum),
    learned: besideBest(learned),
    optimum: besideBest(optimum),
  };
}
