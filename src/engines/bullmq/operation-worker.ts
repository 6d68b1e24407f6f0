import { Job, type ConnectionOptions, type Processor } from 'bullmq';
import { checkNumber } from '../../core/values/check.js';
import { closeWorker } from './close-worker.js';
import { checkEngine, openWorker } from './engine.js';
import { watchHealth } from './engine-health.js';
import { tellTo } from './tell.js';
import { newTurns } from './turns.js';
import { limiterOf } from './limiter.js';
import { goOn } from './step-job.js';
import type { WaitData, WakeData } from './stored-wait.js';
import { comeBack, LOCK_DURATION, retryDelay, type Turn } from './turn.js';
import { wakeAgain } from './wake.js';
import { resolveWorker, type OperationWorkerOptions } from './worker-settings.js';

/** Options of `close` of a worker. */
export interface CloseOptions {
  /**
   * How long to wait for the calls and handlers under way, in milliseconds, >= 0, or Infinity. What is left then is
   * given up, with an event each: its signal is aborted, and another worker takes the wait, with another run of the
   * handler. Default Infinity.
   */
  readonly timeout?: number | undefined;
}

/** What makes the calls of waits in this process. */
export interface OperationWorker {
  /**
   * Finishes the calls and the handlers that are under way, and leaves the rest to other workers. While the engine
   * is away they cannot be saved, and are given up. Nothing is left of it afterwards: no timer, no listener, no
   * connection of its own.
   *
   * @param options - How long to wait for them. May be called again, with less time.
   * @throws TypeError or RangeError, before anything is done, when the option is not valid.
   */
  close(options?: CloseOptions): Promise<void>;
}

/**
 * Makes the calls of the waits in a queue, in as many processes as you like: one call a step, by the rules of
 * `poll`, and nothing is held between two steps. It begins at once.
 *
 * A process that dies costs one more call for each step that it had begun; nothing is lost.
 *
 * @param options - The queue, the kinds of waits, the budget, and what to do when one is done.
 * @returns What closes it.
 * @throws TypeError or RangeError, before anything is done, when an option is not valid.
 *
 * @example
 * ```ts
 * import { restClient } from 'rx-lro/rest';
 * import { operationWorker, type DoneWait } from 'rx-lro/bullmq';
 *
 * declare function save(wait: DoneWait): Promise<void>;
 *
 * const worker = operationWorker({
 *   queue: 'operations',
 *   connection: { host: '127.0.0.1', port: 6379 },
 *   kinds: { deployment: { client: restClient({ baseUrl: 'https://run.googleapis.com' }) } },
 *   callsPerSecond: 20,
 *   onDone: (wait) => save(wait),
 * });
 *
 * process.once('SIGTERM', () => void worker.close({ timeout: 20_000 }));
 * ```
 */
export function operationWorker<Connection = ConnectionOptions>(
  options: OperationWorkerOptions<Connection>,
): OperationWorker {
  const engine = checkEngine(options);
  const settings = resolveWorker(options);
  const { callsInFlight, callsPerSecond, onEvent } = settings;
  const tell = tellTo(onEvent);
  const { queue } = engine;
  const take: Processor<WaitData | WakeData, unknown> = async (job, token, signal) => {
    const turn = { queue, job, token, signal, settings, tell };
    if (!('wake' in job.data)) return goOn(turn as Turn<WaitData>);
    const delay = await wakeAgain(worker, { ...job, data: job.data });
    return delay === undefined ? 'woken' : comeBack(turn as Turn<unknown>, delay);
  };
  const turns = newTurns(tell);
  const process: typeof take = (job, token, signal) =>
    turns.take(job, token as string, () => take(job, token, signal));
  const worker = openWorker(engine, process, {
    concurrency: callsInFlight,
    ...(callsPerSecond === Infinity ? {} : { limiter: limiterOf(callsPerSecond) }),
    lockDuration: LOCK_DURATION,
    stalledInterval: LOCK_DURATION / 2,
    // By default, the second crash that it meets in its life fails a job. A wait may live for days.
    maxStalledCount: 2 ** 31 - 1,
    settings: { backoffStrategy: retryDelay },
  });
  const health = watchHealth(tell, () => Job.fromId(worker, '-'));
  worker.on('error', health.onError);
  worker.on('lockRenewalFailed', (jobs) => {
    for (const job of jobs) {
      // What an engine costs that was away is told already.
      if (turns.takenAt(job) > health.goodSince()) tell({ type: 'lock-lost', job });
      worker.cancelJob(job);
    }
  });
  return {
    close: async (given) => {
      const timeout = given?.timeout ?? Infinity;
      checkNumber('timeout', timeout, { min: 0, infinite: true });
      await closeWorker(worker, health, turns, timeout);
      health.close();
    },
  };
}
