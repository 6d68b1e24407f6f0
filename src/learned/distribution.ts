import type { Span } from './seen-duration.js';
import { valueAt } from './table.js';

/**
 * Which part of the operations has ended by when, as the past lets expect it: a table that is read in
 * straight lines.
 *
 * @internal
 */
export interface Distribution {
  /** Milliseconds, ascending. */
  readonly times: Float64Array;
  /** The part that has ended by then, from 0 to 1. */
  readonly ended: Float64Array;
}

/** How points become a distribution: there is a bell around each. */
interface Smoothing {
  readonly mean: number;
  /** How far each stays from the mean, so that all bells together are no wider than the points. */
  readonly part: number;
  /** The standard deviation of a bell. */
  readonly width: number;
}

/**
 * Judges from the past how long the next one takes: by one bell curve over the logarithm of time, or by a
 * narrower one around each duration where the past clearly is not a single bell, such as fast ones and slow
 * ones; and for a small part by a very wide one, since the next may be like none before. The order of
 * the past does not matter.
 *
 * @param spans - At least two, each of them > 0.
 * @returns A table that ends a little after the longest.
 * @internal
 */
export function distributionOf(spans: readonly Span[]): Distribution {
  const middles = spans.map(({ from, to }) => Math.log((from + to) / 2)).sort((a, b) => a - b);
  const [least = 0, most = 0] = [middles[0], middles.at(-1)];
  const whole = wholeOf(middles, spans.length);
  const ratio = ratioOf(middles, whole, blurOf(spans));
  const begin = least - BEFORE * ratio * whole.width;
  const end = most + AFTER * ratio * whole.width;
  const axis = Float64Array.from(
    { length: STEPS + 1 },
    (_, step) => begin + ((end - begin) * step) / STEPS,
  );
  let ended = tabulate(axis, middles, spans.length, narrowed(whole, ratio));
  // What is likely within a span, once more each time: from that, what is likely at all.
  for (let round = 0; round < ROUNDS && spans.some(({ from, to }) => from < to); round += 1) {
    const known = ended;
    const points = spans.flatMap((span) => pointsWithin(span, axis, known));
    ended = tabulate(axis, points, spans.length, narrowed(wholeOf(points, spans.length), ratio));
  }
  return { times: axis.map(Math.exp), ended };
}

const STEPS = 512;
/** Where the table begins and ends, in widths of a bell. */
const BEFORE = 2.5;
const AFTER = 1;
/** After so many, what is likely within a span changes little. */
const ROUNDS = 4;
/** The points that stand for a span: each for a third of what is likely within it. */
const PLACES = [1 / 6, 1 / 2, 5 / 6];
/** Wrong by a factor of ten, either way. */
const DOUBT_WIDTH = Math.log(10);
/** A hundredth either way is what clocks and calls blur. */
const LEAST_WIDTH = 0.01;
/** How many times likelier narrower bells must make the past, as a logarithm: less is chance. */
const CLEARLY = 5;

/** The part of a normal distribution below a value, to three digits. */
const bell = (x: number): number => 1 / (1 + Math.exp(-x * (1.5976 + 0.07056 * x * x)));

/** The points, which are logarithms of milliseconds, count as much as so many durations. */
function tabulate(
  axis: Float64Array,
  points: readonly number[],
  count: number,
  { mean, part, width }: Smoothing,
): Float64Array {
  return axis.map((log) => {
    let sum = 0;
    for (const point of points) sum += bell((log - mean - part * (point - mean)) / width);
    // As much as one more in the past that was like none of them.
    const doubt = bell((log - mean) / DOUBT_WIDTH);
    return (doubt + (sum * count) / points.length) / (count + 1);
  });
}

function pointsWithin({ from, to }: Span, axis: Float64Array, ended: Float64Array): number[] {
  const last = Math.log(to);
  const low = from === 0 ? 0 : valueAt(axis, ended, Math.log(from));
  const high = valueAt(axis, ended, last);
  return PLACES.map((place) => Math.min(last, valueAt(ended, axis, low + place * (high - low))));
}

/** One bell for all. */
function wholeOf(points: readonly number[], count: number): Smoothing {
  const mean = points.reduce((sum, log) => sum + log, 0) / points.length;
  const square = points.reduce((sum, log) => sum + (log - mean) ** 2, 0) / points.length;
  const variance = square * ((count + 1) / (count - 1));
  return { mean, part: 0, width: Math.max(LEAST_WIDTH, Math.sqrt(variance)) };
}

function narrowed({ mean, width }: Smoothing, ratio: number): Smoothing {
  return { mean, part: Math.sqrt(1 - ratio * ratio), width: ratio * width };
}

/** How well the spans tell a time, in the mean, as a part of it. */
function blurOf(spans: readonly Span[]): number {
  return spans.reduce((sum, { from, to }) => sum + (to - from) / (to + from), 0) / spans.length;
}

/** Finds how narrow bells may be: 1, unless narrower ones clearly make the past likelier. */
function ratioOf(logs: readonly number[], whole: Smoothing, blur: number): number {
  const least = Math.max(LEAST_WIDTH, blur) / whole.width;
  let chosen = 1;
  let enough = likelihoodOf(logs, whole) + CLEARLY;
  for (let ratio = NARROWER; ratio >= least; ratio *= NARROWER) {
    const likelihood = likelihoodOf(logs, narrowed(whole, ratio));
    if (likelihood <= enough) continue;
    chosen = ratio;
    enough = likelihood;
  }
  return chosen;
}

const NARROWER = 0.7;

/** How likely each of the past was, judged by the others: the logarithm of the product. */
function likelihoodOf(logs: readonly number[], { mean, part, width }: Smoothing): number {
  const least = 0.1 / (DOUBT_WIDTH * logs.length);
  return logs.reduce((sum, log, index) => {
    let density = 0;
    for (const [other, at] of logs.entries()) {
      const distance = (log - mean - part * (at - mean)) / width;
      if (other !== index) density += Math.exp(-(distance ** 2) / 2);
    }
    return sum + Math.log((0.4 * density) / (width * (logs.length - 1)) + least);
  }, 0);
}
