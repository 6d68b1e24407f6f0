import type { Job } from 'bullmq';
import { isRecord } from '../../core/values/record.js';
import type { WaitState } from '../../step/wait-state.js';
import type { StoredVerdict } from './stored-verdict.js';

/** What a wait is, as who adds it, and later who cancels it, write it. A newer format has a greater version. */
export interface WaitData {
  readonly version: 1;
  readonly kind: string;
  /** At the beginning. */
  readonly state: WaitState;
  /** The snapshot that the wait began with. */
  readonly started?: unknown;
  readonly context?: unknown;
  readonly cancel?: { readonly reason?: string };
}

/** What is known of a wait, as the worker writes it that has the job. */
export type WaitProgress = {
  readonly version: 1;
  /** How far the operation is, in percent, for people. */
  readonly percent?: number;
} & (
  | {
      readonly state: WaitState;
      /** The latest snapshot. */
      readonly operation?: unknown;
      readonly verdict?: undefined;
    }
  | {
      readonly verdict: StoredVerdict;
      /** How often the job had been taken when the verdict came. */
      readonly run: number;
      readonly state?: undefined;
      readonly operation?: undefined;
    }
);

/** What wakes a wait. */
export interface WakeData {
  readonly version: 1;
  /** The name of the operation. */
  readonly wake: string;
}

// Of the state, as this package reads it.
const stateVersion: WaitState['version'] = 1;

/** Finds what only a newer release of this package can read. @returns Its version. */
export function newerVersionIn(
  data: WaitData,
  progress: WaitProgress | undefined,
): number | undefined {
  const found = [
    [data.version, 1],
    [progress?.version, 1],
    [(progress?.state ?? data.state).version, stateVersion],
  ].find(([version, known]) => (version ?? 0) > (known ?? 0));
  return found?.[0];
}

/** A job, as far as it tells what is known of a wait. */
type Told = Pick<Job<unknown, unknown>, 'progress' | 'returnvalue'>;

/** @returns What a worker has saved; undefined before the first step. */
export function progressOf({ progress, returnvalue }: Told): WaitProgress | undefined {
  const saved = isRecord(progress) ? (progress as unknown as WaitProgress) : undefined;
  // A worker that has lost the job may have written late. What a job returns only the one writes that has it.
  if (saved?.verdict === undefined && isRecord(returnvalue)) {
    return returnvalue as unknown as WaitProgress;
  }
  return saved;
}

/** Whether a job has ended without a verdict: some other program, or a fault of the engine, has ended it. */
export function isLost(job: Told & Pick<Job, 'finishedOn'>): boolean {
  return job.finishedOn !== undefined && progressOf(job)?.verdict === undefined;
}

/** Leaves out what is undefined. */
export function withoutEmpty<Value extends object>(value: Value): Value {
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(fields) as Value;
}
