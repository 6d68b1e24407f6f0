/** That progress got to some value. @internal */
interface Step {
  /** From 0 to 1. */
  readonly progress: number;
  /** When, in milliseconds: in the middle of what is possible, as it was seen only later. */
  readonly time: number;
}

/** What is known of how an operation got on. Times are in milliseconds since it is watched. @internal */
export interface ProgressHistory {
  /** From where its course is measured: 0, or the first step that was seen. Undefined before. */
  readonly begun: Step | undefined;
  /** Its latest step. */
  readonly latest: Step;
  /** The smallest step that it has made, from 0 to 1. */
  readonly stepSize: number;
  /** When it was looked at last. */
  readonly lookedAt: number;
  /** When it ends by the pace of its latest step; undefined as long as there is no pace. */
  readonly endByStep: number | undefined;
  /** When it ends by its whole course: no look contradicts what lies between these two. */
  readonly endByCourse: { readonly from: number; readonly to: number };
}

/** When an operation ends, as far as its progress tells. In milliseconds. @internal */
export interface Estimate {
  /** How long it still takes; below 0 when it should be over. */
  readonly rest: number;
  /** By how much that may be wrong, either way. */
  readonly doubt: number;
  /** For how long it has been seen to get on. */
  readonly watched: number;
}

/**
 * Adds what was seen to what is known. Progress that runs backwards begins anew.
 *
 * @param time - Milliseconds since the operation is watched.
 * @param progress - From 0 to 1.
 * @internal
 */
export function addProgress(
  history: ProgressHistory | undefined,
  time: number,
  progress: number,
): ProgressHistory {
  if (history === undefined || progress < history.latest.progress - ROUNDING) {
    // Nothing done at the first look: it most likely began when it began to be watched. But what is
    // done by then may have been there for long.
    const latest: Step = { progress, time: history === undefined && progress === 0 ? 0 : time };
    const begun = progress === 0 ? latest : undefined;
    return { begun, latest, stepSize: 1, lookedAt: time, endByStep: undefined, endByCourse: ANY };
  }
  const stepped = progress > history.latest.progress + ROUNDING;
  const { begun, latest, stepSize, endByStep } = stepped
    ? addStep(history, time, progress)
    : history;
  const { endByCourse: known } = history;
  if (begun === undefined || endByStep === undefined) {
    // Written out: spreading takes its time, and most answers show no step.
    return { begun, latest, stepSize, lookedAt: time, endByStep, endByCourse: known };
  }
  // It has made its latest step, and not yet the next one.
  const next = { progress: Math.min(1, latest.progress + stepSize), time };
  const from = endAfter(begun, next);
  const to = endAfter(begun, { progress: latest.progress, time });
  const endByCourse = narrowed(known, { from, to });
  return { begun, latest, stepSize, lookedAt: time, endByStep, endByCourse };
}

// Less is what computing with fractions leaves over.
const ROUNDING = 1e-9;
const ANY = { from: -Infinity, to: Infinity };

function addStep(
  { begun, latest, stepSize: smallest, lookedAt }: ProgressHistory,
  time: number,
  progress: number,
): Pick<ProgressHistory, 'begun' | 'latest' | 'stepSize' | 'endByStep'> {
  const made = progress - latest.progress;
  const stepSize = Math.min(smallest, made);
  // It was made since the last look, and not longer ago than such a step takes.
  const earliest = Math.max(lookedAt, time - (stepSize / made) * (time - latest.time));
  const step: Step = { progress, time: (earliest + time) / 2 };
  const endByStep = begun && endAfter(latest, step);
  return { begun: begun ?? step, latest: step, stepSize, endByStep };
}

/** When it ends, if it goes on as it did between two steps. */
function endAfter(one: Step, other: Step): number {
  const made = other.progress - one.progress;
  return one.time + ((other.time - one.time) * (1 - one.progress)) / made;
}

/** What two spans have in common; the newer one when that is nothing: the pace has changed. */
function narrowed(
  old: ProgressHistory['endByCourse'],
  { from, to }: ProgressHistory['endByCourse'],
): ProgressHistory['endByCourse'] {
  return from > old.to || to < old.from
    ? { from, to }
    : { from: Math.max(from, old.from), to: Math.min(to, old.to) };
}

/**
 * Estimates when the operation ends: in the middle between what its whole course says and what its
 * latest step says. The first is the more exact one as long as the pace stays the same, the second
 * follows a pace that changes.
 *
 * @param time - Milliseconds since the operation is watched.
 * @returns The estimate; undefined as long as it has not made a step from where its course is known.
 * @internal
 */
export function estimateEnd(
  { begun, stepSize, endByStep, endByCourse }: ProgressHistory,
  time: number,
): Estimate | undefined {
  if (begun === undefined || endByStep === undefined) return undefined;
  const byCourse = (endByCourse.from + endByCourse.to) / 2;
  const end = (byCourse + endByStep) / 2;
  const stepTakes = (stepSize * (end - begun.time)) / (1 - begun.progress);
  // Steps say nothing of what is between them; and where the two disagree, one of them is wrong.
  const doubt = Math.max(stepTakes / 2, Math.abs(byCourse - endByStep));
  return { rest: end - time, doubt, watched: Math.max(0, time - begun.time) };
}
