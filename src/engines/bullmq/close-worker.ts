import type { Worker } from 'bullmq';
import type { EngineHealth } from './engine-health.js';
import type { Turns } from './turns.js';

// Between two checks whether there is any point in waiting, in milliseconds.
const CHECK_DELAY = 100;

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
  const check = (): void => {
    isAway ||= health.isAway();
    if (!isAway && performance.now() < end) return;
    worker.cancelAllJobs();
    turns.leave(isAway);
    if (isAway) void worker.getBackend().close(true);
  };
  check();
  const checking = setInterval(check, CHECK_DELAY);
  try {
    await closing;
  } finally {
    clearInterval(checking);
  }
}
