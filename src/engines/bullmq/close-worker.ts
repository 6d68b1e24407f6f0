import type { Worker } from 'bullmq';
import { disconnect } from './engine.js';
import type { EngineHealth } from './engine-health.js';
import type { Turns } from './turns.js';

// Between two checks whether there is any point in waiting, in milliseconds.
const CHECK_DELAY = 100;

// How long the engine may take to have back what was given up, in milliseconds.
const BACK_LIMIT = 2_000;

/**
 * Closes a worker. What is under way may end first, while there is time, and while the engine is there to save it.
 *
 * @param timeout - In milliseconds.
 */
export async function closeWorker(
  worker: Worker,
  health: EngineHealth,
  turns: Turns,
  timeout: number,
): Promise<void> {
  const end = performance.now() + timeout;
  // Where the engine does not answer, BullMQ would wait until it is back.
  let isAway = !(await health.answers());
  const closing = worker.close(isAway);
  if (isAway) void disconnect(worker);
  const check = (): void => {
    const left = end - performance.now();
    const wasAway = isAway;
    isAway ||= health.isAway() || left < -BACK_LIMIT;
    if (!isAway && left > 0) return;
    worker.cancelAllJobs();
    turns.leave(isAway);
    if (isAway && !wasAway) void disconnect(worker);
  };
  check();
  const checking = setInterval(check, CHECK_DELAY);
  try {
    await closing;
  } finally {
    clearInterval(checking);
  }
}
