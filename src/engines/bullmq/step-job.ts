import { getOperation } from '../../core/get-operation.js';
import { codeName } from '../../core/status/code.js';
import type { Verdict } from '../../step/verdict.js';
import { sizeOf } from './stored-operation.js';
import { readVerdict, type StoredVerdict } from './stored-verdict.js';
import { readValue } from './stored-value.js';
import { newerVersionIn, progressOf, type WaitData } from './stored-wait.js';
import { attempt, comeBack, type Turn } from './turn.js';
import { takeStep } from './wait-step.js';
import type { WaitKind } from './worker-settings.js';

// After which a wait is tried again that is for other workers, in milliseconds.
const OTHERS_DELAY = 2_000;

// In characters. The engine keeps what a job returns beside its progress.
const MOST_RETURNED = 4_000;

/**
 * Goes on with a wait: takes a step, and runs the handler once there is a verdict.
 *
 * @returns What was saved of the verdict; where that is large, how the wait ended, in a word.
 * @throws DelayedError when the job has gone back; an Error when it is to be tried again.
 */
export async function goOn(turn: Turn<WaitData>): Promise<unknown> {
  const { job, settings, tell } = turn;
  const { kind: kindName, state } = job.data;
  const { name } = state;
  const saved = progressOf(job);
  const version = newerVersionIn(job.data, saved);
  if (version !== undefined) {
    tell({ type: 'newer-version', name, version });
    return comeBack(turn, OTHERS_DELAY);
  }
  const kind = settings.kinds.get(kindName);
  if (kind === undefined) {
    tell({ type: 'unknown-kind', name, kind: kindName });
    return comeBack(turn, OTHERS_DELAY);
  }
  if (saved?.verdict === undefined) {
    const verdict = await takeStep(turn, kind);
    return handle(turn, verdict, 1);
  }
  const verdict = await recall(turn, kind, saved.verdict);
  return handle(turn, verdict, job.attemptsStarted - saved.run + 1);
}

/** @returns The verdict that was kept. A result that was not kept is fetched. */
async function recall(
  turn: Turn<WaitData>,
  { client, callTimeout, retry, onEvent }: WaitKind,
  stored: StoredVerdict,
): Promise<Verdict> {
  const kept = readVerdict(stored);
  if (kept !== undefined) return kept;
  const { kind, state } = turn.job.data;
  const { name } = state;
  // The job is tried again, in turns of its own.
  const options = {
    callTimeout,
    retry: { ...retry, numOfAttempts: 1 },
    onEvent,
    signal: turn.signal,
  };
  const operation = await attempt(
    turn,
    () => getOperation(client, name, options),
    (error) => ({ type: 'step-failed', name, kind, error }),
  );
  return { operation };
}

async function handle(turn: Turn<WaitData>, verdict: Verdict, run: number): Promise<unknown> {
  const { job, queue, signal, settings } = turn;
  const { kind, context, state } = job.data;
  const { name } = state;
  await attempt(
    turn,
    () =>
      settings.onDone?.({
        name,
        kind,
        context: readValue(context),
        verdict,
        key: `${queue}:${job.id}:${state.begun}`,
        attempt: run,
        signal,
      }),
    (error) => ({ type: 'handler-failed', name, kind, attempt: run, error }),
  );
  const saved = progressOf(job);
  if (sizeOf(saved) <= MOST_RETURNED) return saved;
  return verdict.error?.kind ?? codeName(verdict.operation?.error?.code ?? 0);
}
