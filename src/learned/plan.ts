import type { ExponentialDelay } from '../core/policy/exponential-delay.js';
import { distributionOf } from './distribution.js';
import { meanDelay, nodesOf, type Nodes } from './nodes.js';
import { optimumLooks, type Gaps } from './optimum.js';
import type { Span } from './seen-duration.js';
import { at } from './table.js';

/** What a plan is made by. @internal */
export interface PlanSettings {
  /** Plain backoff, for when nothing is known. */
  readonly plain: ExponentialDelay;
  /** How much delay a call is worth, in milliseconds; undefined for news as soon as by plain backoff. */
  readonly worth: number | undefined;
  /** How many times the plain delay a delay may be at the most. */
  readonly maxFactor: number;
}

/** When to look, in milliseconds since the beginning, ascending. @internal */
export type Plan = Float64Array;

/**
 * Plans when to look at an operation, from what the past took. Whoever is still waiting after the last
 * look has to go on by plain backoff.
 *
 * @param spans - At least two, in any order.
 * @internal
 */
export function planOf(spans: readonly Span[], settings: PlanSettings): Plan {
  const { plain } = settings;
  const distribution = distributionOf(thinned(spans));
  const longestAfter = (time: number): number => longestDelayAt(settings, time);
  const early = [...steps(longestAfter, at(distribution.times, 0))];
  const gaps = { shortest: plain.startingDelay, longestAfter };
  const worth = settings.worth ?? worthOfPlain(nodesOf(distribution, early, ROUGHLY), plain, gaps);
  return optimumLooks(nodesOf(distribution, early, EXACTLY), worth, gaps);
}

/** How many times for looks are thought of. */
const EXACTLY = 1024;
const ROUGHLY = 200;

/** Finds how much delay a call is worth where the news is to come as soon as by plain backoff. */
function worthOfPlain(nodes: Nodes, plain: ExponentialDelay, gaps: Gaps): number {
  const end = at(nodes.times, nodes.times.length - 1);
  const plainLooks = [...steps((time) => plainDelayAt(plain, time), end), end];
  const soonEnough = SOONER * meanDelay(nodes, plainLooks);
  // The more a call is worth, the fewer there are, and the later is the news.
  let low = Math.max(1, plain.startingDelay);
  let high = 10 * Math.max(low, end);
  for (let halving = 0; halving < HALVINGS; halving += 1) {
    const worth = Math.sqrt(low * high);
    if (meanDelay(nodes, optimumLooks(nodes, worth, gaps)) > soonEnough) high = worth;
    else low = worth;
  }
  return low;
}

/** What is expected after so few is better than what comes, by a little. */
const SOONER = 0.98;
const HALVINGS = 12;

/**
 * What plain backoff waits when it has come to a time: the same as by counting, but for what the calls
 * take.
 *
 * @param time - Milliseconds.
 * @internal
 */
export function plainDelayAt(
  { startingDelay, timeMultiple, maxDelay }: ExponentialDelay,
  time: number,
): number {
  return Math.min(maxDelay, startingDelay + (timeMultiple - 1) * time);
}

/**
 * The longest delay that may begin at a time.
 *
 * @param time - Milliseconds.
 * @internal
 */
export function longestDelayAt({ plain, maxFactor }: PlanSettings, time: number): number {
  return maxFactor === Infinity ? Infinity : maxFactor * plainDelayAt(plain, time);
}

function* steps(delayAt: (time: number) => number, end: number): Generator<number> {
  let time = 0;
  // Steps that would be more than can be counted are taken in larger ones.
  const least = Math.max(1, end / MOST_STEPS);
  for (;;) {
    time += Math.max(least, delayAt(time));
    // What is no number ends it too.
    if (!(time < end)) return;
    yield time;
  }
}

const MOST_STEPS = 5_000;

/** As many of them, evenly from the shortest to the longest, as are worth the time. */
function thinned(spans: readonly Span[]): Span[] {
  const known = spans.map(({ from, to }) => ({ from, to: Math.max(1, to) }));
  known.sort((a, b) => a.to - b.to || a.from - b.from);
  if (known.length <= MOST_SPANS) return known;
  const step = known.length / MOST_SPANS;
  return known.filter((_, i) => Math.floor((i + 1) / step) > Math.floor(i / step));
}

const MOST_SPANS = 200;
