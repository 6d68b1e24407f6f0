import type { Job, JobsOptions, Queue } from 'bullmq';
import type { OperationLike } from '../../core/operation.js';
import { Code } from '../../core/status/code.js';
import { wrongType } from '../../core/values/check.js';
import { failure, notWaitedFor } from './failures.js';
import { waitIdOf, wakeIdOf } from './job-id.js';
import { readWait, type KnownWait } from './known-wait.js';
import { newWaitData, type AddOptions } from './new-wait-data.js';
import { isLost, newerVersionIn, progressOf, type WaitData } from './stored-wait.js';
import { wake, wakeDelay } from './wake.js';

/** The waits in a queue. */
export interface WaitStore {
  /** The name of the queue. */
  readonly queue: string;
  readonly add: (operation: string | OperationLike, options: AddOptions) => Promise<boolean>;
  readonly cancel: (name: string, reason?: string) => Promise<void>;
  readonly get: (name: string) => Promise<KnownWait | undefined>;
  readonly remove: (name: string) => Promise<boolean>;
}

const tries: JobsOptions = {
  // Nothing that can fail ends a wait.
  attempts: 2 ** 31 - 1,
  // `retryDelay` of the worker.
  backoff: { type: 'custom' },
  stackTraceLimit: 1,
};

const wakeOptions: JobsOptions = { ...tries, removeOnComplete: true, removeOnFail: true };

/** @param keep - How long a verdict is kept, in milliseconds. */
export function storeOf(queue: Queue, keep: number): WaitStore {
  const kept = keep === Infinity ? false : { age: Math.ceil(keep / 1_000) };
  // What is woken has priority 0, and goes before all that has one.
  const waitOptions = { ...tries, priority: 1, removeOnComplete: kept, removeOnFail: kept };

  const find = async (name: string): Promise<Job<WaitData> | undefined> => {
    const job: Job<WaitData> | undefined = await queue.getJob(waitIdOf(checkName(name)));
    // The ids of long names are cut.
    return job?.data.state.name === name ? job : undefined;
  };
  const findWait = async (name: string): Promise<Job<WaitData> | undefined> => {
    const job = await find(name);
    return job === undefined || isLost(job) ? undefined : job;
  };

  return {
    queue: queue.name,
    add: async (operation, options) => {
      const data = newWaitData(operation, options);
      const { name } = data.state;
      const known = await find(name);
      if (known !== undefined && !isLost(known)) return false;
      // Another process may be doing the same.
      await known?.remove().catch(() => undefined);
      await queue.add('wait', data, { ...waitOptions, jobId: waitIdOf(name) });
      return true;
    },
    cancel: async (name, reason) => {
      if (reason != null && typeof reason !== 'string') throw wrongType('reason', reason, 'a text');
      const job = await findWait(name);
      if (job === undefined) throw notWaitedFor(queue.name, 'cancel', name);
      if (progressOf(job)?.verdict !== undefined) return;
      await job.updateData({ ...job.data, cancel: reason == null ? {} : { reason } });
      if (!(await wake(job))) return;
      const data = { version: 1, wake: name };
      await queue.add('wake', data, { ...wakeOptions, delay: wakeDelay(0), jobId: wakeIdOf(name) });
    },
    get: async (name) => {
      const job = await findWait(name);
      if (job === undefined) return undefined;
      const version = newerVersionIn(job.data, progressOf(job));
      if (version === undefined) return readWait(job);
      throw failure(
        { method: 'get', name },
        Code.FAILED_PRECONDITION,
        `A newer release of rx-lro has written it, in version ${version} of its format: update this process`,
      );
    },
    remove: async (name) => {
      const job = await find(name);
      await job?.remove();
      return job !== undefined;
    },
  };
}

/** @throws TypeError or RangeError when it is not the name of an operation. */
export function checkName(name: string): string {
  if (typeof name !== 'string') throw wrongType('name', name, 'a text');
  if (name === '') throw new RangeError('The name of the operation must not be empty.');
  return name;
}
