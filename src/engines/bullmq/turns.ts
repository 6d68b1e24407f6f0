import { DelayedError, type Job } from 'bullmq';
import type { Tell } from './tell.js';

/** The turns that a worker has under way. */
export interface Turns {
  /** When a job was taken, in milliseconds since the epoch; 0 where it is not under way. */
  readonly takenAt: (id: string) => number;
  /** Takes a turn, and waits until it is over or left. */
  readonly take: <Result>(job: Job, token: string, run: () => Promise<Result>) => Promise<Result>;
  /**
   * Waits for none of them any more.
   *
   * @param isAway - Whether the engine is: otherwise their jobs go back at once, for other workers.
   */
  readonly leave: (isAway: boolean) => void;
}

interface UnderWay {
  readonly job: Job;
  readonly token: string;
  readonly takenAt: number;
  readonly end: () => void;
}

/** Makes a list of turns, which is empty. */
export function newTurns(tell: Tell): Turns {
  const turns = new Map<string, UnderWay>();
  return {
    takenAt: (id) => turns.get(id)?.takenAt ?? 0,
    take: (job, token, run) =>
      new Promise((resolve, reject) => {
        const id = job.id as string;
        // It tells BullMQ that nothing has failed.
        const end = (): void => reject(new DelayedError());
        turns.set(id, { job, token, takenAt: Date.now(), end });
        void run()
          .finally(() => turns.delete(id))
          .then(resolve, reject);
      }),
    leave: (isAway) => {
      for (const [id, { job, token, end }] of turns) {
        turns.delete(id);
        tell({ type: 'given-up', job: id });
        if (isAway) end();
        // One that has just gone back by itself has lost its lock.
        else void job.moveToDelayed(Date.now(), token).then(end, end);
      }
    },
  };
}
