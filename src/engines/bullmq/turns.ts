import { DelayedError, type Job } from 'bullmq';
import type { Tell } from './tell.js';

/** The turns that a worker has under way. */
export interface Turns {
  /** When a job was taken, in milliseconds since the epoch; 0 where it is not under way. */
  readonly takenAt: (id: string) => number;
  /** Takes a turn, and waits until it is over or left. */
  readonly take: <Result>(job: Job, token: string, run: () => Promise<Result>) => Promise<Result>;
  /**
   * Gives up all that are under way. Once more does so only with what is new.
   *
   * @param isAway - Whether the engine is: otherwise their jobs go back first, for other workers.
   */
  readonly leave: (isAway: boolean) => void;
}

interface UnderWay {
  readonly job: Job;
  readonly token: string;
  readonly takenAt: number;
  readonly end: () => void;
  isLeft: boolean;
}

// After which a job that was given up is due, in milliseconds: not so soon that the worker that closes takes it again.
const BACK_DELAY = 1_000;

/** Makes a list of turns, which is empty. */
export function newTurns(tell: Tell): Turns {
  const turns = new Set<UnderWay>();
  return {
    takenAt: (id) => Math.max(0, ...[...turns].filter(({ job }) => job.id === id).map(takenAt)),
    take: (job, token, run) =>
      new Promise((resolve, reject) => {
        // It tells BullMQ that nothing has failed.
        const end = (): void => reject(new DelayedError());
        const turn = { job, token, takenAt: Date.now(), end, isLeft: false };
        turns.add(turn);
        void run()
          .finally(() => turns.delete(turn))
          .then(resolve, reject);
      }),
    leave: (isAway) => {
      for (const turn of turns) {
        const { job, token, end, isLeft } = turn;
        turn.isLeft = true;
        if (!isLeft) tell({ type: 'given-up', job: job.id as string });
        if (isAway) end();
        // One that has just gone back by itself has lost its lock.
        else if (!isLeft) void job.moveToDelayed(Date.now() + BACK_DELAY, token).then(end, end);
      }
    },
  };
}

function takenAt(turn: UnderWay): number {
  return turn.takenAt;
}
