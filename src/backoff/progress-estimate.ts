/** When progress was at some value first. Times are in milliseconds. @internal */
interface Sighting {
  /** From 0 to 1. */
  readonly progress: number;
  /** When it got there, as far as is known: it was seen only later. */
  readonly time: number;
  /** How far that may be from the truth, either way. */
  readonly error: number;
}

/** What is known of how an operation got on. @internal */
export interface ProgressHistory {
  /** The first sighting of all, or since it ran backwards. */
  readonly first: Sighting;
  /** The one before the latest; undefined as long as it has not moved. */
  readonly before: Sighting | undefined;
  /** The latest. */
  readonly latest: Sighting;
  /** When it was looked at last. */
  readonly lookedAt: number;
  /** The smallest step that it has made, from 0 to 1. */
  readonly step: number;
}

/**
 * Adds what was seen to what is known. Progress that runs backwards begins anew.
 *
 * @param time - Since the operation began to be watched, in milliseconds.
 * @internal
 */
export function addProgress(
  history: ProgressHistory | undefined,
  time: number,
  progress: number,
): ProgressHistory {
  if (history === undefined || progress < history.latest.progress - LEAST_STEP) {
    // Nothing done at the first look: it most likely began when it began to be watched.
    const begun = history === undefined && progress === 0 ? 0 : time;
    const first: Sighting = { progress, time: begun, error: 0 };
    return { first, before: undefined, latest: first, lookedAt: time, step: 1 };
  }
  const before = history.latest;
  const made = progress - before.progress;
  // Less is what rounding leaves over.
  if (made < LEAST_STEP) return { ...history, lookedAt: time };
  const step = Math.min(history.step, made);
  // It got there since the last look, and not longer ago than a step takes.
  const stepTakes = (step / made) * Math.max(time - before.time, 1);
  const error = Math.min(time - history.lookedAt, stepTakes) / 2;
  const latest: Sighting = { progress, time: time - error, error };
  return { first: history.first, before, latest, lookedAt: time, step };
}

const LEAST_STEP = 1e-9;

/** How exact an estimate can be. @internal */
interface Exactness {
  /** The estimate is never below this for want of exactness alone, in milliseconds. */
  readonly atMost: number;
}

/**
 * Estimates how long the operation still takes: by its whole course, as far as its latest steps do not
 * contradict that. No estimate is more exact than what it is made of: how well its steps were seen, how
 * large they are, and how far its latest pace is from its mean.
 *
 * @param time - Since the operation began to be watched, in milliseconds.
 * @returns Milliseconds, >= 0; undefined as long as it has not moved.
 * @internal
 */
export function estimatedRest(
  { first, before, latest, step }: ProgressHistory,
  time: number,
  { atMost }: Exactness,
): number | undefined {
  if (before === undefined) return undefined;
  const left = 1 - latest.progress;
  const since = time - latest.time;
  const made = latest.progress - before.progress;
  const span = Math.max(latest.time - before.time, 1);
  const error = latest.error + before.error;
  const meanPace = (latest.progress - first.progress) / Math.max(latest.time - first.time, 1);
  const slowest = made / (span + error);
  const fastest = made / Math.max(span - error, 1);
  const pace = Math.min(fastest, Math.max(slowest, meanPace));
  const isMean = pace === meanPace;

  let rest = left / pace - since;
  const next = Math.min(step, left);
  // It stands still: its steps now take as long as that has lasted, or nearly.
  if (next > 0 && since > next / pace + error) {
    rest = Math.max(rest, STANDSTILL * (left / next - 1) * since);
  }
  // It should be over: it may well take as long again as it is late.
  if (rest <= 0) rest *= -LATENESS;

  const reach = left / (isMean ? latest.progress - first.progress : made);
  const timing = latest.error + reach * (latest.error + (isMean ? first.error : before.error));
  const unevenness = left * Math.abs(span / made - 1 / meanPace);
  const coarseness = (FINEST + COARSENESS * step * step) * (time - first.time);
  const least = Math.max(TIMING * timing, coarseness, UNEVENNESS * unevenness);
  return Math.max(rest, Math.min(least, atMost));
}

// Found by a search over even, coarse and skewed progress of operations from 0.5 s to 4 h: the soonest
// news for no more calls than plain backoff makes.
const LATENESS = 1.7;
const STANDSTILL = 0.8;
const TIMING = 0.25;
const UNEVENNESS = 1.25;
const FINEST = 0.001;
const COARSENESS = 3.4;
