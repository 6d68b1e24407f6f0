import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';

import { bundleOf } from './bundle.js';
import { endProcess, messageOf, startScript, type Spawned } from './processes.js';
import type { WorkerOptions, WorkerReport } from './worker-options.js';

/** A worker process that has been started. */
export interface StartedWorker {
  readonly pid: number;
  readonly report: () => Promise<WorkerReport>;
  /** Ends it with SIGKILL. */
  readonly kill: () => Promise<void>;
  /**
   * Has it close its worker. The process ends when nothing keeps it alive.
   *
   * @returns What it tells, and how its process ended: with a code, or not within 5 s.
   */
  readonly close: () => Promise<WorkerReport & { readonly exit: number | 'it did not end' }>;
}

interface ReportMessage {
  readonly kind: string;
  readonly report: WorkerReport;
}

/** Starts a worker process. */
export async function startWorker(
  options: WorkerOptions,
  program: 'worker' | 'bare-job' = 'worker',
): Promise<StartedWorker> {
  const worker = startScript(await bundleOf(program), { WORKER: JSON.stringify(options) });
  await messageOf(worker, 'ready');
  const ask = async (question: string, answer: string): Promise<WorkerReport> => {
    const message = messageOf<ReportMessage>(worker, answer);
    worker.child.send({ kind: question });
    return (await message).report;
  };
  return {
    pid: worker.pid,
    report: () => ask('report', 'report'),
    kill: () => endProcess(worker, 'SIGKILL'),
    close: async () => {
      const report = await ask('close', 'closed');
      return { ...report, exit: await exitOf(worker) };
    },
  };
}

/** Starts as many alike. */
export function startWorkers(count: number, options: WorkerOptions): Promise<StartedWorker[]> {
  return Promise.all(Array.from({ length: count }, () => startWorker(options)));
}

async function exitOf({ child, hasEnded }: Spawned): Promise<number | 'it did not end'> {
  if (!hasEnded()) await Promise.race([once(child, 'exit'), pause(5_000)]);
  if (hasEnded()) return child.exitCode ?? -1;
  child.kill('SIGKILL');
  return 'it did not end';
}
