/**
 * That progress reached a value, from 0 to 1, and when, in milliseconds: in the middle of what is
 * possible, as it was seen only later.
 */
type Step = readonly [progress: number, time: number];

/**
 * What is known of the progress of one operation: it is JSON. Times are in milliseconds since the
 * subscription, and progress is from 0 to 1.
 *
 * @internal
 */
export interface ProgressHistory {
  /** The attempt at which it began, and the time then. */
  readonly attempt: number;
  readonly elapsed: number;
  /** When progress was read last. */
  readonly seen: number;
  /** The latest step. */
  readonly latest: Step;
  /** The size of the smallest step. */
  readonly step: number;
  /** From where the course is measured: 0, or the first step that was seen. Undefined before. */
  readonly begun?: Step | undefined;
  /** When the operation ends by the pace of the latest step; undefined as long as there is no pace. */
  readonly byStep?: number | undefined;
  /** When it ends by its whole course: no answer contradicts a time between these two. */
  readonly ends?: readonly [earliest: number, latest: number] | undefined;
}

/** When an operation ends, by its progress. In milliseconds. @internal */
export interface Estimate {
  /** How long it still takes; below 0 when it should be over. */
  readonly rest: number;
  /** By how much that may be wrong, either way. */
  readonly doubt: number;
  /** For how long progress has been seen to move. */
  readonly watched: number;
}

// A smaller difference is a rounding error of fractions.
const ROUNDING = 1e-9;

/**
 * Adds what an answer said. Progress that runs backwards begins again.
 *
 * @param known - The history so far; undefined at first.
 * @internal
 */
export function addProgress(
  known: ProgressHistory | undefined,
  attempt: number,
  time: number,
  progress: number,
): ProgressHistory {
  // At 0 it most likely began when the wait began. What is done already may have been done long before.
  if (known === undefined) return beginAt([progress, progress === 0 ? 0 : time], attempt, time);
  const made = progress - known.latest[0];
  if (made < -ROUNDING) {
    return { ...beginAt([progress, time], known.attempt, known.elapsed), seen: time };
  }
  const course = made > ROUNDING ? addStep(known, time, progress) : known;
  return { ...course, seen: time, ends: endsOf(course, time) };
}

/**
 * Estimates when the operation ends: in the middle between what its whole course says and what its
 * latest step says. The first is more exact as long as the pace stays the same, the second follows a pace
 * that changes.
 *
 * @returns The estimate; undefined as long as progress has not moved from where its course is known.
 * @internal
 */
export function estimateEnd(
  { begun, byStep, ends, step }: ProgressHistory,
  time: number,
): Estimate | undefined {
  if (begun === undefined || byStep === undefined || ends === undefined) return undefined;
  const [progress, from] = begun;
  const byCourse = (ends[0] + ends[1]) / 2;
  const end = (byCourse + byStep) / 2;
  const stepTakes = (step * (end - from)) / (1 - progress);
  // Steps say nothing of what is between them; and where the two disagree, one of them is wrong.
  const doubt = Math.max(stepTakes / 2, Math.abs(byCourse - byStep));
  return { rest: end - time, doubt, watched: Math.max(0, time - from) };
}

function beginAt(latest: Step, attempt: number, elapsed: number): ProgressHistory {
  const begun = latest[0] === 0 ? latest : undefined;
  return { attempt, elapsed, seen: elapsed, latest, step: 1, begun };
}

function addStep(known: ProgressHistory, time: number, progress: number): ProgressHistory {
  const { latest, begun, seen } = known;
  const made = progress - latest[0];
  const step = Math.min(known.step, made);
  // It was made since the last answer, and not longer ago than such a step takes.
  const earliest = Math.max(seen, time - (step / made) * (time - latest[1]));
  const next: Step = [progress, (earliest + time) / 2];
  const byStep = begun && endAfter(latest, next);
  return { ...known, latest: next, step, begun: begun ?? next, byStep };
}

/** The range of ends that no answer contradicts, the one at some time included. */
function endsOf(course: ProgressHistory, time: number): ProgressHistory['ends'] {
  const { latest, step, begun, byStep, ends } = course;
  if (begun === undefined || byStep === undefined) return undefined;
  // It has made its latest step, and not yet the next one.
  const from = endAfter(begun, [Math.min(1, latest[0] + step), time]);
  const to = endAfter(begun, [latest[0], time]);
  // Nothing in common with what was known: the pace has changed.
  const isNew = ends === undefined || from > ends[1] || to < ends[0];
  return isNew ? [from, to] : [Math.max(from, ends[0]), Math.min(to, ends[1])];
}

/** When the operation ends, if it goes on as it did between two steps. */
function endAfter(one: Step, other: Step): number {
  return one[1] + ((other[1] - one[1]) * (1 - one[0])) / (other[0] - one[0]);
}
