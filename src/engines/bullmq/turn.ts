import { DelayedError, type Job } from 'bullmq';
import type { Untimed } from '../../core/events.js';
import type { WaitsEvent } from './events.js';
import type { Tell } from './tell.js';
import type { WorkerSettings } from './worker-settings.js';

/** One turn of a worker with a job. */
export interface Turn<Data> {
  /** The name of the queue. */
  readonly queue: string;
  readonly job: Job<Data>;
  readonly token: string;
  /** Aborted when the job is not this worker's any more. */
  readonly signal: AbortSignal;
  readonly settings: WorkerSettings;
  readonly tell: Tell;
}

/** For how long a worker has a job without renewing it, in milliseconds. */
export const LOCK_DURATION = 10_000;

/**
 * Sends a job back.
 *
 * @param delay - When it is due, in milliseconds from now on.
 * @throws DelayedError: it tells BullMQ that nothing has failed.
 */
export async function comeBack({ job, token }: Turn<unknown>, delay: number): Promise<never> {
  // Whole: PostgreSQL takes no other. At most what a timer can wait: an early step costs one call.
  const whole = Math.min(Math.ceil(delay), 2 ** 31 - 1);
  await job.moveToDelayed(Date.now() + whole, token);
  throw new DelayedError();
}

/**
 * Makes sure that a job is still this worker's.
 *
 * @throws DelayedError when it is not: it is left alone.
 */
export async function checkLock({ job, token }: Turn<unknown>): Promise<void> {
  const renewed: unknown = await job.extendLock(token, LOCK_DURATION);
  if (Number(renewed) !== 1) throw new DelayedError();
}

/**
 * Runs code of users.
 *
 * @param describe - Makes the event that tells of what it throws.
 * @throws DelayedError when the job is not this worker's any more; otherwise an Error that BullMQ tries again.
 */
export async function attempt<Result>(
  { signal, tell }: Turn<unknown>,
  run: () => Result,
  describe: (error: unknown) => Untimed<WaitsEvent>,
): Promise<Awaited<Result>> {
  try {
    return await run();
  } catch (error) {
    if (signal.aborted) throw new DelayedError();
    tell(describe(error));
    throw plainError(error);
  }
}

/** Makes an error that says the same, and nothing to BullMQ: it reads some classes and whole messages as orders. */
function plainError(error: unknown): Error {
  const plain = new Error(`It threw: ${error instanceof Error ? error.message : String(error)}`);
  if (error instanceof Error && error.stack !== undefined) plain.stack = error.stack;
  return plain;
}

/** How long to wait before a job is tried again that has failed, in milliseconds. */
export function retryDelay(failures: number): number {
  return Math.min(1_000 * 2 ** (failures - 1), 60_000);
}
