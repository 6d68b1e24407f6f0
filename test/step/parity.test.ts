import fc from 'fast-check';
import { afterEach, expect, it, vi } from 'vitest';
import { errorFromJson, poll, type Operation, type OperationEvent, type StatusError } from 'rx-lro';
import { VirtualTime } from 'rx-lro/testing';
import { newWait, pollOnce, withCancel, type PollStep, type WaitState } from 'rx-lro/step';
import { repeats } from '../support/repeats.js';
import { name, optionsOf, scripts, serviceOf, sourceOf, type Script } from './script.js';

const epoch = 1_764_000_000_000;

interface Run {
  readonly calls: string[];
  readonly emitted: unknown[];
  readonly events: unknown[];
  end: unknown;
}

const json = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

afterEach(() => void vi.restoreAllMocks());

/** The same sequence for the same seed. */
function seedRandom(seed: number): void {
  let state = seed;
  vi.spyOn(Math, 'random').mockImplementation(() => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  });
}

/** All that an error says, but for what only a process knows, or only who keeps the latest snapshot. */
function told(error: unknown, script: Script): unknown {
  const {
    message,
    cause: _,
    failure,
    operation,
    ...fields
  } = error as StatusError & { failure?: unknown };
  const { name: className } = (error as object).constructor;
  return {
    class: className,
    message,
    ...fields,
    failure: failure && told(failure, script),
    operation: script.keepsLatest || operation?.done === true ? operation : undefined,
  };
}

function eventOf(event: OperationEvent): unknown {
  return { ...event, ...('error' in event && { error: (event.error as Error).message }) };
}

function newRun(): Run {
  return { calls: [], emitted: [], events: [], end: undefined };
}

async function byPoll(script: Script): Promise<Run> {
  const time = new VirtualTime(epoch);
  const run = newRun();
  seedRandom(script.seed);
  const client = serviceOf(script, time, run.calls);
  const controller = new AbortController();
  if (script.cancelAt !== undefined) {
    time.schedule(() => controller.abort('stop it'), script.cancelAt + 0.5);
  }
  const waited = new Promise<void>((resolve) => {
    poll(client, sourceOf(script) as string, {
      ...optionsOf(script, time),
      signal: controller.signal,
      onEvent: (event) => run.events.push(eventOf(event)),
    }).subscribe({
      next: (operation) => run.emitted.push(json(operation)),
      error: (error) => {
        run.end = told(error, script);
        resolve();
      },
      complete: resolve,
    });
  });
  await time.runUntil(waited, { limit: Infinity });
  return run;
}

async function bySteps(script: Script, onState: (state: WaitState) => void): Promise<Run> {
  const time = new VirtualTime(epoch);
  const run = newRun();
  seedRandom(script.seed);
  const client = serviceOf(script, time, run.calls);
  const source = sourceOf(script);
  let isCancelled = false;
  let onCancel = (): void => undefined;
  if (script.cancelAt !== undefined) {
    time.schedule(() => {
      isCancelled = true;
      onCancel();
    }, script.cancelAt + 0.5);
  }
  let state = newWait(source, time.now());
  let latest = typeof source === 'object' ? (source as Operation) : undefined;
  const stored = (next: WaitState): WaitState => {
    onState(next);
    return json(isCancelled ? withCancel(next, 'stop it') : next);
  };
  const takeStep = async (): Promise<PollStep | undefined> => {
    const { signal, abort } = abortable();
    // An engine that hears of a cancel gives up the call that is under way.
    if (state.cancel === undefined) onCancel = abort;
    try {
      return await pollOnce(client, state, {
        ...optionsOf(script, time),
        signal,
        latest: script.keepsLatest ? latest : undefined,
        onEvent: (event) => {
          run.events.push(eventOf(event));
          // There is nothing to cancel any more: the result is only read.
          if (event.type === 'done') onCancel = () => undefined;
        },
      });
    } catch (error) {
      if (!signal.aborted) throw error;
      return undefined;
    }
  };
  const drive = async (): Promise<void> => {
    for (;;) {
      const step = await takeStep();
      if (step?.operation !== undefined) run.emitted.push(json((latest = json(step.operation))));
      if (step?.verdict !== undefined) {
        const { operation, error } = step.verdict;
        if (operation === undefined) run.end = told(errorFromJson(json(error)), script);
        else expect(operation).toEqual(step.operation);
        return;
      }
      if (step !== undefined) {
        state = step.state;
        const isHeard = state.cancel !== undefined;
        await new Promise<void>((resolve) => {
          if (isCancelled && !isHeard) return resolve();
          onCancel = isHeard ? onCancel : resolve;
          time.schedule(() => resolve(), step.delay);
        });
      }
      state = stored(state);
    }
  };
  await time.runUntil(drive(), { limit: Infinity });
  return run;
}

function abortable(): { readonly signal: AbortSignal; readonly abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

/** In bytes. A date of a real clock is a whole number, unlike one of this test. */
function sizeOf(state: unknown): number {
  const text = JSON.stringify(state, (_, value: unknown) =>
    typeof value === 'number' && value >= epoch ? Math.floor(value) : value,
  );
  return new TextEncoder().encode(text).length;
}

// In parts, each of which ends well within the time limit of a test, in a browser too.
const parts = 10;

it.each(Array.from({ length: parts }, (_, index) => index + 1))(
  'poll and its steps agree, call by call, with the state through JSON: part %i',
  async () => {
    await fc.assert(
      fc.asyncProperty(scripts, async (script) => {
        const inOne = await byPoll(script);
        const inSteps = await bySteps(script, (state) => {
          const { memory, failure, cancelFailure } = state.facts ?? {};
          const hasMore = memory ?? failure ?? cancelFailure;
          // What users write themselves, the name and why it is cancelled, comes on top.
          const size = sizeOf({ ...state, cancel: undefined }) - name.length;
          expect(size).toBeLessThanOrEqual(hasMore === undefined ? 250 : 850);
        });
        expect(inSteps).toEqual(inOne);
      }),
      { numRuns: repeats(1_500) / parts },
    );
  },
);

it('some states of such scripts have more to hold than the least', async () => {
  let largest = 0;
  for (const script of fc.sample(scripts, 50)) {
    await bySteps(script, (state) => {
      largest = Math.max(largest, sizeOf(state));
    });
  }
  expect(largest - name.length).toBeGreaterThan(250);
});
