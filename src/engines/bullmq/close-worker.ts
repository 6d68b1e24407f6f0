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
  const check = (): void => {
    const isAway = health.isAway();
    if (!isAway && performance.now() < end) return;
    worker.cancelAllJobs();
    turns.leave(isAway);
    // Otherwise it would wait until the engine is back.
    if (isAway) void worker.getBackend().close(true);
  };
  const closing = worker.close(health.isAway());
  check();
  const checking = setInterval(check, CHECK_DELAY);
  try {
    await closing;
  } finally {
    clearInterval(checking);
  }
}
