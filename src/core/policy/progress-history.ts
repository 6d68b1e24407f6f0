/** That progress got to some value. @internal */
interface Step {
  /** From 0 to 1. */
  readonly progress: number;
  /** When, in milliseconds: in the middle of what is possible, as it was seen only later. */
  readonly time: number;
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

// Less is what computing with fractions leaves over.
const ROUNDING = 1e-9;

/**
 * What is known of how one operation got on, and when it ends by that. Times are in milliseconds since it
 * is watched, and progress is from 0 to 1.
 *
 * @internal
 */
// It changes with each look: a new object for each would live until the next one, and what does not die
// young takes the garbage collector the longest.
export class ProgressHistory {
  /** From where its course is measured: 0, or the first step that was seen. Undefined before. */
  #begun: Step | undefined;
  /** Its latest step. */
  #latest: Step;
  /** The smallest step that it has made. */
  #stepSize = 1;
  /** When it was looked at last. */
  #lookedAt: number;
  /** When it ends by the pace of its latest step; undefined as long as there is no pace. */
  #endByStep: number | undefined;
  /** When it ends by its whole course: no look contradicts what lies between these two. */
  #earliestEnd = -Infinity;
  #latestEnd = Infinity;

  /** Begins with what was seen at the first look. */
  constructor(time: number, progress: number) {
    // Nothing done by then: it most likely began when it began to be watched. But what is done by then
    // may have been there for long.
    this.#latest = { progress, time: progress === 0 ? 0 : time };
    this.#begun = progress === 0 ? this.#latest : undefined;
    this.#lookedAt = time;
  }

  /** Adds what was seen at a look. Progress that runs backwards begins anew. */
  add(time: number, progress: number): void {
    const made = progress - this.#latest.progress;
    if (made < -ROUNDING) this.#beginAnew({ progress, time });
    else if (made > ROUNDING) this.#addStep(time, progress);
    this.#lookedAt = time;
    this.#narrowEnd(time);
  }

  /**
   * Estimates when the operation ends: in the middle between what its whole course says and what its
   * latest step says. The first is the more exact one as long as the pace stays the same, the second
   * follows a pace that changes.
   *
   * @returns The estimate; undefined as long as it has not made a step from where its course is known.
   */
  estimateEnd(time: number): Estimate | undefined {
    const begun = this.#begun;
    const endByStep = this.#endByStep;
    if (begun === undefined || endByStep === undefined) return undefined;
    const byCourse = (this.#earliestEnd + this.#latestEnd) / 2;
    const end = (byCourse + endByStep) / 2;
    const stepTakes = (this.#stepSize * (end - begun.time)) / (1 - begun.progress);
    // Steps say nothing of what is between them; and where the two disagree, one of them is wrong.
    const doubt = Math.max(stepTakes / 2, Math.abs(byCourse - endByStep));
    return { rest: end - time, doubt, watched: Math.max(0, time - begun.time) };
  }

  #beginAnew(step: Step): void {
    this.#latest = step;
    this.#begun = step.progress === 0 ? step : undefined;
    this.#stepSize = 1;
    this.#endByStep = undefined;
    this.#earliestEnd = -Infinity;
    this.#latestEnd = Infinity;
  }

  #addStep(time: number, progress: number): void {
    const before = this.#latest;
    const made = progress - before.progress;
    const stepSize = Math.min(this.#stepSize, made);
    // It was made since the last look, and not longer ago than such a step takes.
    const earliest = Math.max(this.#lookedAt, time - (stepSize / made) * (time - before.time));
    const step: Step = { progress, time: (earliest + time) / 2 };
    this.#endByStep = this.#begun && endAfter(before, step);
    this.#begun ??= step;
    this.#latest = step;
    this.#stepSize = stepSize;
  }

  #narrowEnd(time: number): void {
    const begun = this.#begun;
    if (begun === undefined || this.#endByStep === undefined) return;
    const { progress } = this.#latest;
    // It has made its latest step, and not yet the next one.
    const from = endAfter(begun, { progress: Math.min(1, progress + this.#stepSize), time });
    const to = endAfter(begun, { progress, time });
    // Nothing in common with what was known: the pace has changed.
    const isNew = from > this.#latestEnd || to < this.#earliestEnd;
    this.#earliestEnd = isNew ? from : Math.max(from, this.#earliestEnd);
    this.#latestEnd = isNew ? to : Math.min(to, this.#latestEnd);
  }
}

/** When it ends, if it goes on as it did between two steps. */
function endAfter(one: Step, other: Step): number {
  const made = other.progress - one.progress;
  return one.time + ((other.time - one.time) * (1 - one.progress)) / made;
}
