import { Job } from 'bullmq';
import { waitIdOf } from './job-id.js';
import { progressOf, type WaitData, type WakeData } from './stored-wait.js';

/** What BullMQ finds jobs in. */
export type JobOwner = Parameters<typeof Job.fromId>[0];

// A state may change between the question and the promotion.
const MOST_TRIES = 10;

/**
 * Has a wait taken before all others that are not woken, as its data have just changed.
 *
 * @returns Whether a worker has the job, which may not have seen the change.
 */
export async function wake(wait: Job<WaitData>): Promise<boolean> {
  if (wait.priority !== 0) await wait.changePriority({ priority: 0 });
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const state = await wait.getState();
    if (state !== 'delayed') return state === 'active';
    if (await isPromoted(wait)) return false;
  }
  return true;
}

async function isPromoted(wait: Job): Promise<boolean> {
  return wait.promote().then(
    () => true,
    () => false,
  );
}

/**
 * Wakes a wait, as often as a worker has it that may not have seen that it is to be cancelled.
 *
 * @returns How long to wait before the next try, in milliseconds; undefined once there is nothing left to do.
 */
export async function wakeAgain(
  owner: JobOwner,
  { data, attemptsStarted }: Pick<Job<WakeData>, 'data' | 'attemptsStarted'>,
): Promise<number | undefined> {
  const wait: Job<WaitData> | undefined = await Job.fromId(owner, waitIdOf(data.wake));
  // It may have been removed, and added anew.
  if (wait?.data.cancel === undefined || wait.finishedOn !== undefined) return undefined;
  const { verdict, state } = progressOf(wait) ?? {};
  if (verdict !== undefined || state?.cancel !== undefined) return undefined;
  return (await wake(wait)) ? wakeDelay(attemptsStarted) : undefined;
}

/**
 * How long to leave a wait to the worker that has it, in milliseconds. A call is over soon, as a rule; and each
 * try takes a part of `callsPerSecond`.
 *
 * @param tries - How many there were.
 */
export function wakeDelay(tries: number): number {
  return Math.min(200 * 2 ** tries, 2_000);
}
