import type { Job } from 'bullmq';
import type { Operation } from '../../core/operation.js';
import type { Verdict } from '../../step/verdict.js';
import { readOperation } from './stored-operation.js';
import { readVerdict } from './stored-verdict.js';
import { readValue } from './stored-value.js';
import { progressOf, withoutEmpty, type WaitData } from './stored-wait.js';

/** What is known of a wait. */
export interface KnownWait {
  /** The name of the operation. */
  readonly name: string;
  /** The kind, as it was given to `add`. */
  readonly kind: string;
  /** What was given to `add`. */
  readonly context: unknown;
  /** When it began, in milliseconds since the epoch. */
  readonly begun: number;
  /** Whether the operation is to be cancelled. */
  readonly isCancelled: boolean;
  /** The latest snapshot that was kept. Not there before the first call. */
  readonly operation?: Operation | undefined;
  /** How it ended. Not there before the end, nor where `isLarge` is true. */
  readonly verdict?: Verdict | undefined;
  /** Whether a worker is through with it: `onDone`, where there is one, has run to its end. */
  readonly isHandled: boolean;
  /** Whether it has ended with a result that is not kept, as it is too large or JSON cannot hold it: fetch it by its name. */
  readonly isLarge: boolean;
}

/** Reads the job of a wait. */
export function readWait(job: Job<WaitData>): KnownWait {
  const { state, kind, context, started, cancel } = job.data;
  const saved = progressOf(job);
  const verdict = saved?.verdict && readVerdict(saved.verdict);
  const operation = saved === undefined ? started : saved.operation;
  return withoutEmpty({
    name: state.name,
    kind,
    context: readValue(context),
    begun: state.begun,
    isCancelled: cancel !== undefined,
    operation: verdict?.operation ?? readOperation(operation),
    verdict,
    isHandled: job.finishedOn !== undefined,
    isLarge: saved?.verdict?.isLarge === true,
  });
}
