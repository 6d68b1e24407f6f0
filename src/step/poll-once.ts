import { asyncScheduler, type SchedulerLike } from 'rxjs';
import { checkClient } from '../core/call/check-client.js';
import type { OperationsClient } from '../core/client.js';
import type { OperationLike } from '../core/operation.js';
import type { PollOptions } from '../core/options.js';
import type { AbortSignalLike } from '../core/platform/abort-signal.js';
import type { Fixed, Known } from '../core/values/known.js';
import { resolveOptions, type Settings } from '../core/settings.js';
import { checkObject, wrongType } from '../core/values/check.js';
import { checkSource } from '../core/wait/source.js';
import type { PollStep } from './poll-step.js';
import { takeStep, type Snapshot } from './step.js';
import { readState } from './stored-facts.js';
import type { WaitState } from './wait-state.js';

/**
 * Options of `pollOnce`: those of `poll`, as far as they concern one step. They are code, not state: give every
 * step of a wait the same. What `retry.retry` or `backoff` throws does not end the wait, as it does in `poll`:
 * the step rejects with it.
 *
 * @typeParam Response - What `response` makes of a response.
 * @typeParam Metadata - What `metadata` makes of metadata.
 */
export interface PollOnceOptions<Response = unknown, Metadata = unknown> extends Omit<
  PollOptions<Response, Metadata>,
  'signal' | 'onAbort' | 'holdTimeout' | 'notifier'
> {
  /**
   * Gives up the step when it is aborted, as when a worker is closed: the promise rejects with the signal's
   * reason, and the state that was given stays good. To cancel the operation, use `withCancel`. Default: none.
   */
  readonly signal?: AbortSignalLike | undefined;
  /**
   * The snapshot that was told last, or the one that `newWait` was given: for errors to carry, and for `backoff`
   * to read where the step brings none. Where you keep it, leave the decoder `metadata` out. Default: the name
   * alone.
   */
  readonly latest?: OperationLike | undefined;
}

/**
 * Takes one step of a wait: makes one call, by the rules of `poll`, and gives the next state and when to come
 * back, or the verdict. Store the state, and come back: the wait outlives its process.
 *
 * A second call follows only a cancel, where that has failed for good or the step comes very late. A step that
 * comes early, or twice, makes one call more, which counts as any other. One that comes too late for the last
 * call before `timeout`, or for `cancelTimeout`, still asks once: an operation that is done wins. A cancel that is
 * heard of after `timeout` is sent, and has `cancelTimeout`.
 *
 * Retries are steps of their own. Calls are not held by the server (`wait`), as a held call takes up a worker.
 *
 * @param client - The client.
 * @param state - What `newWait`, `withCancel` or the step before gave. It is not changed.
 * @param options - Those of `poll`; times in milliseconds.
 * @returns The next state and the delay, or the verdict. It rejects with a TypeError or RangeError when an
 * option is out of its limits, or the state is damaged or of another version; with the reason of the signal;
 * and with what `backoff` or `retry.retry` throws. In all these cases the state stays good: take the step again. A
 * response that `response` does not take is a verdict, with a ProtocolError, as in `poll`.
 *
 * @example
 * ```ts
 * import { newWait, pollOnce, responseOf, type WaitState } from 'rx-lro/step';
 * import { restClient } from 'rx-lro/rest';
 *
 * const client = restClient({ baseUrl: 'https://speech.googleapis.com' });
 * declare function comeBack(state: WaitState, delay: number): Promise<void>;
 *
 * export async function step(state: WaitState = newWait('operations/42')): Promise<unknown> {
 *   const next = await pollOnce(client, state, { timeout: 3_600_000 });
 *   if (next.verdict !== undefined) return responseOf(next.verdict);
 *   return comeBack(next.state, Math.ceil(next.delay));
 * }
 * ```
 */
export async function pollOnce<
  ClientResponse = unknown,
  ClientMetadata = unknown,
  Response = Known<unknown, ClientResponse>,
  Metadata = Known<unknown, ClientMetadata>,
>(
  client: OperationsClient<ClientResponse, ClientMetadata>,
  state: WaitState,
  options: PollOnceOptions<Response, Metadata> = {},
): Promise<PollStep<Fixed<Response>, Fixed<Metadata>>> {
  checkClient(client);
  checkObject('options', options);
  const latest = latestOf(options.latest, state);
  const stored = readState(state, latest?.snapshot);
  const settings = settingsOf(client, options, state);
  const step = await takeStep({ client, settings, state, latest, stored });
  return step as PollStep<Fixed<Response>, Fixed<Metadata>>;
}

function settingsOf(
  client: OperationsClient,
  options: PollOnceOptions,
  { begun }: WaitState,
): Settings {
  const settings = resolveOptions(client, options);
  const clock = options.scheduler ?? asyncScheduler;
  // The date, as other processes read it. One whose clock is behind must not see time run backwards.
  const scheduler: SchedulerLike = {
    now: () => Math.max(begun, clock.now()),
    schedule: clock.schedule.bind(clock),
  };
  return { ...settings, onAbort: 'detach', holdTimeout: 0, notifier: undefined, scheduler };
}

function latestOf(
  latest: OperationLike | null | undefined,
  state: WaitState | undefined,
): Snapshot | undefined {
  if (latest == null) return undefined;
  checkObject('latest', latest);
  const name = latest.name || state?.name;
  if (name !== state?.name) {
    throw new RangeError(
      `Option \`latest\` is a snapshot of ${name}, and the state is that of ${state?.name}.`,
    );
  }
  const source = checkSource({ ...latest, name });
  if ('snapshot' in source) return source;
  throw wrongType('latest', latest, 'a snapshot');
}
