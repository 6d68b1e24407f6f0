import type { Operation } from '../core/operation.js';
import { Code } from '../core/status/code.js';
import type { Status } from '../core/status/status.js';
import { endsIt, type OperationScript, type OperationStep } from './operation-script.js';

/** What an operation is from some moment on. */
export interface Moment {
  /**
   * Milliseconds of the scheduler's clock. Not counted from the start: the difference of two fractions
   * may come out a little short.
   */
  readonly at: number;
  /** The snapshot from then on. */
  readonly operation: Operation;
  /** When the service wants to be asked next. */
  readonly pollAfter?: number | string | undefined;
}

/** The life of an operation, from its start on: never empty, in the order of time. */
export type Timeline = readonly [Moment, ...Moment[]];

/** Makes the timeline of a script that starts at a time. */
export function timelineOf(name: string, script: OperationScript, start: number): Timeline {
  const first: Moment = {
    at: start,
    operation: snapshot(name, script.metadata, undefined),
    pollAfter: script.pollAfter,
  };
  const moments: [Moment, ...Moment[]] = [first];
  let last = first;
  for (const step of stepsOf(script, start)) {
    const metadata = step.metadata === undefined ? last.operation.metadata : step.metadata;
    const isDone = step.done === true || endsIt(step);
    last = {
      at: step.at,
      operation: snapshot(name, metadata, isDone ? step : undefined),
      pollAfter: isDone ? undefined : (step.pollAfter ?? last.pollAfter),
    };
    moments.push(last);
  }
  return moments;
}

/** What the operation is at a time. */
export function momentAt(timeline: Timeline, time: number): Moment {
  // A clock of real time may be set back to before the start.
  return timeline.findLast(({ at }) => at <= time) ?? timeline[0];
}

/** When the operation is done; Infinity if never. */
export function doneAt(timeline: Timeline): number {
  return timeline.find(({ operation }) => operation.done)?.at ?? Infinity;
}

/** The timeline with a cancel that takes effect at a time; the same one when it is done by then. */
export function withCancel(timeline: Timeline, at: number): Timeline {
  const { name, metadata, done } = momentAt(timeline, at).operation;
  if (done) return timeline;
  const [first, ...others] = timeline;
  const error = { code: Code.CANCELLED, message: 'The operation was cancelled.' };
  const end: Moment = { at, operation: snapshot(name, metadata, { error }) };
  return [first, ...others.filter((moment) => moment.at <= at), end];
}

/** Fills a Status of which only a part is given. */
export function wholeStatus(status: Partial<Status>, code: number = Code.UNKNOWN): Status {
  return {
    code: status.code ?? code,
    message: status.message ?? '',
    details: status.details ?? [],
  };
}

function stepsOf(script: OperationScript, start: number): readonly TimedStep[] {
  return script.steps === undefined ? simpleSteps(script, start) : timed(script.steps, start);
}

type TimedStep = Omit<OperationStep, 'after'> & Pick<Moment, 'at'>;

function timed(steps: readonly OperationStep[], start: number): readonly TimedStep[] {
  let at = start;
  return steps.map((step) => {
    at += step.after;
    return { ...step, at };
  });
}

function simpleSteps(script: OperationScript, start: number): readonly TimedStep[] {
  const { duration = 0, progress = false, response, error } = script;
  if (script.duration === undefined && !endsIt(script)) return [];
  if (!progress) return [{ at: start + duration, response, error, done: true }];
  return [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((part) => ({
    // Not the sum of ten parts: that may come out a little late.
    at: start + duration * (part / 10),
    metadata: { ...(script.metadata as object | undefined), progressPercent: part * 10 },
    ...(part === 10 ? { response, error, done: true } : {}),
  }));
}

function snapshot(
  name: string,
  metadata: unknown,
  end: Pick<OperationStep, 'response' | 'error'> | undefined,
): Operation {
  return {
    name,
    done: end !== undefined,
    ...(metadata === undefined ? {} : { metadata }),
    ...(end?.error === undefined ? {} : { error: wholeStatus(end.error) }),
    ...(end?.response === undefined ? {} : { response: end.response }),
  };
}
