import { DelayedError } from 'bullmq';
import { progressOf as partOf } from '../../core/answer/progress.js';
import type { Operation } from '../../core/operation.js';
import { pollOnce } from '../../step/poll-once.js';
import type { PollStep } from '../../step/poll-step.js';
import type { Verdict } from '../../step/verdict.js';
import { withCancel } from '../../step/wait-state.js';
import { readOperation, storeOperation } from './stored-operation.js';
import { readVerdict, storeVerdict } from './stored-verdict.js';
import { progressOf, withoutEmpty, type WaitData, type WaitProgress } from './stored-wait.js';
import { attempt, checkLock, comeBack, LOCK_DURATION, type Turn } from './turn.js';
import type { WaitKind } from './worker-settings.js';

/**
 * Takes one step of a wait, which is saved.
 *
 * @returns The verdict.
 * @throws DelayedError when there is none yet: the job has gone back.
 */
export async function takeStep(turn: Turn<WaitData>, kind: WaitKind): Promise<Verdict> {
  const begun = Date.now();
  const step = await makeCall(turn, kind);
  // A process that stood still may not have noticed that another one goes on with its work.
  if (Date.now() - begun > LOCK_DURATION / 2) await checkLock(turn);
  if (step.verdict !== undefined) {
    const verdict = await saveVerdict(turn, step.verdict);
    // While the engine was away, the job may have gone to another worker, which runs the handler.
    if (Date.now() - begun > LOCK_DURATION / 2) await checkLock(turn);
    return verdict;
  }
  await saveState(turn, step);
  return comeBack(turn, step.delay);
}

async function makeCall(turn: Turn<WaitData>, { client, ...options }: WaitKind): Promise<PollStep> {
  const { job, signal } = turn;
  const { kind, cancel } = job.data;
  const { state = job.data.state } = progressOf(job) ?? {};
  const call = (): Promise<PollStep> => {
    const known = cancel == null ? state : withCancel(state, cancel.reason);
    return pollOnce(client, known, { ...options, latest: latestOf(turn), signal });
  };
  return attempt(turn, call, (error) => ({ type: 'step-failed', name: state.name, kind, error }));
}

/** The snapshot that was told last, as far as it was kept. */
function latestOf({ job }: Turn<WaitData>): Operation | undefined {
  const saved = progressOf(job);
  return readOperation(saved === undefined ? job.data.started : saved.operation);
}

async function saveState(turn: Turn<WaitData>, step: PollStep): Promise<void> {
  const saved = progressOf(turn.job);
  const operation = step.operation ?? (saved === undefined ? latestOf(turn) : undefined);
  if (operation === undefined) {
    const { percent, operation: kept } = saved ?? {};
    return save(turn, { percent, state: step.state, operation: kept });
  }
  const { stored, problem } = storeOperation(operation, turn.settings.maxStoredBytes);
  if (problem !== undefined) refuse(turn, problem);
  return save(turn, { percent: percentOf(operation), state: step.state, operation: stored });
}

/** Before anybody is told: when that fails, nobody is asked again. */
async function saveVerdict(turn: Turn<WaitData>, verdict: Verdict): Promise<Verdict> {
  const { stored, problem } = storeVerdict(verdict, turn.settings.maxStoredBytes);
  if (problem !== undefined) refuse(turn, problem);
  const percent = verdict.operation && percentOf(verdict.operation);
  await save(turn, { percent, verdict: stored, run: turn.job.attemptsStarted });
  // As it is read in other processes, and in a second run.
  return readVerdict(stored) ?? verdict;
}

async function save({ job, signal }: Turn<WaitData>, progress: object): Promise<void> {
  // By now another worker may have saved what came later.
  if (signal.aborted) throw new DelayedError();
  const saved = withoutEmpty({ version: 1, ...progress }) as unknown as WaitProgress;
  await job.updateProgress(saved);
}

function refuse({ job, tell }: Turn<WaitData>, error: Error): void {
  const { kind, state } = job.data;
  tell({ type: 'not-stored', name: state.name, kind, error });
}

function percentOf(operation: Operation): number | undefined {
  const part = partOf(operation);
  return part === undefined ? undefined : Math.round(100 * part);
}
