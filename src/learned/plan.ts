import { distributionOf } from './distribution.js';
import { meanDelay, nodesOf, type Nodes } from './nodes.js';
import { optimumCalls } from './optimum.js';
import { longestDelayAt, plainDelayAt, type PlanSettings } from './options.js';
import type { Span } from './seen-duration.js';
import { at } from './table.js';

/** When to call, in milliseconds since the beginning, ascending. @internal */
export type Plan = Float64Array;

/**
 * Plans when to ask for an operation, from what the past took. After the last call, plain backoff has to
 * go on.
 *
 * @param spans - At least two, in any order.
 * @internal
 */
export function planOf(spans: readonly Span[], settings: PlanSettings): Plan {
  const distribution = distributionOf(thinned(spans));
  const early = steps((time) => longestDelayAt(settings, time), at(distribution.times, 0));
  const worth = settings.worth ?? worthOfPlain(nodesOf(distribution, early, ROUGHLY), settings);
  return optimumCalls(nodesOf(distribution, early, EXACTLY), worth, settings);
}

/** How many times for calls are considered. */
const EXACTLY = 1024;
const ROUGHLY = 200;

/** Finds how much delay a call is worth where the result shall come as soon as with plain backoff. */
function worthOfPlain(nodes: Nodes, settings: PlanSettings): number {
  const { plain } = settings;
  const end = at(nodes.times, nodes.times.length - 1);
  const plainCalls = [...steps((time) => plainDelayAt(plain, time), end), end];
  const soonEnough = SOONER * meanDelay(nodes, plainCalls);
  // The more a call is worth, the fewer there are, and the later the result comes.
  let low = Math.max(1, plain.startingDelay);
  let high = 10 * Math.max(low, end);
  for (let halving = 0; halving < HALVINGS; halving += 1) {
    const worth = Math.sqrt(low * high);
    if (meanDelay(nodes, optimumCalls(nodes, worth, settings)) > soonEnough) high = worth;
    else low = worth;
  }
  return low;
}

/** What is expected after so few is better than what comes, by a little. */
const SOONER = 0.98;
const HALVINGS = 12;

function steps(delayAt: (time: number) => number, end: number): number[] {
  // Steps that would be more than can be counted are taken in larger ones.
  const least = Math.max(1, end / MOST_STEPS);
  const after = (time: number): number => time + Math.max(least, delayAt(time));
  const times: number[] = [];
  // What is not a number ends it too.
  for (let time = after(0); time < end; time = after(time)) times.push(time);
  return times;
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
