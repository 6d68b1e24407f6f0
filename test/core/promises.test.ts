import fc from 'fast-check';
import {
  Subscription,
  VirtualTimeScheduler,
  map,
  timer,
  type SchedulerAction,
  type SchedulerLike,
} from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  OperationFailedError,
  poll,
  waitForDone,
  type Operation,
  type OperationEvent,
  type OperationSource,
  type OperationsClient,
  type PollOptions,
} from 'rx-lro';
import { ScriptedClient, type ScriptedAnswer } from '../support/scripted-client.js';
import { signalMakes } from '../support/signals.js';
import { repeats } from '../support/repeats.js';

const name = 'operations/1';
const latency = fc.option(fc.integer({ min: 0, max: 300 }), { nil: undefined, freq: 3 });

const withLatency = (answer: fc.Arbitrary<object>): fc.Arbitrary<ScriptedAnswer> =>
  fc
    .tuple(answer, latency)
    .map(
      ([value, wait]) =>
        ({ ...value, ...(wait === undefined ? {} : { latency: wait }) }) as ScriptedAnswer,
    );

const value = (fields: object): object => ({ value: { name, ...fields } });
const error = (code: number): object => ({ error: { code, message: 'scripted' } });

const pendingAnswer = fc.integer({ min: 0, max: 2 }).map((m) => value({ metadata: { m } }));
const doneAnswer = fc.constantFrom(
  value({ done: true, response: { ok: true } }),
  value({ done: true }),
  value({ done: true, error: { code: 1, message: 'cancelled' } }),
  value({ done: true, error: { code: 9, message: 'failed' } }),
);
const failingAnswer = fc.constantFrom(14, 8, 13, 5, 7, 12).map(error);
const senseless = fc.constantFrom({ value: undefined }, { value: {} }, { value: '<html>' });

const getAnswer = fc.oneof(
  { weight: 6, arbitrary: withLatency(pendingAnswer) },
  { weight: 2, arbitrary: withLatency(doneAnswer) },
  { weight: 3, arbitrary: withLatency(failingAnswer) },
  { weight: 1, arbitrary: withLatency(senseless) },
  { weight: 1, arbitrary: fc.constant<ScriptedAnswer>('hang') },
);
const cancelAnswer = fc.oneof(
  withLatency(fc.constant({ value: {} })),
  withLatency(fc.constantFrom(14, 12, 9).map(error)),
  fc.constant<ScriptedAnswer>('hang'),
);

const scenario = fc.record({
  get: fc.array(getAnswer, { minLength: 1, maxLength: 8 }),
  wait: fc.option(fc.array(getAnswer, { minLength: 1, maxLength: 4 }), { nil: undefined }),
  cancel: fc.option(fc.array(cancelAnswer, { minLength: 1, maxLength: 3 }), { nil: undefined }),
  source: fc.constantFrom('name', 'snapshot', 'start call'),
  startLatency: fc.integer({ min: 0, max: 500 }),
  instant: fc.integer({ min: 0, max: 4_000 }),
  act: fc.constantFrom('nothing', 'unsubscribe', 'abort', 'abort, then unsubscribe'),
  later: fc.integer({ min: 0, max: 500 }),
  signal: fc.integer({ min: 0, max: signalMakes.length - 1 }),
  onAbort: fc.constantFrom('cancel' as const, 'detach' as const),
  timeout: fc.option(fc.double({ min: 0, max: 5_000, noNaN: true }), { nil: undefined }),
  cancelTimeout: fc.integer({ min: 0, max: 3_000 }),
  callTimeout: fc.integer({ min: 1, max: 1_000 }),
  backoff: fc.record({
    startingDelay: fc.integer({ min: 1, max: 500 }),
    timeMultiple: fc.double({ min: 1, max: 3, noNaN: true }),
    maxDelay: fc.integer({ min: 1, max: 2_000 }),
  }),
  retry: fc.record({
    numOfAttempts: fc.integer({ min: 1, max: 4 }),
    startingDelay: fc.integer({ min: 0, max: 200 }),
    jitter: fc.constantFrom('none' as const, 'full' as const),
  }),
});
type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

function sourceOf(given: Scenario, scheduler: SchedulerLike): OperationSource {
  if (given.source === 'name') return name;
  if (given.source === 'snapshot') return { name };
  return timer(given.startLatency, scheduler).pipe(map(() => ({ name })));
}

function optionsOf(given: Scenario, more: PollOptions): PollOptions {
  const { onAbort, timeout, cancelTimeout, callTimeout, backoff, retry } = given;
  return { onAbort, timeout, cancelTimeout, callTimeout, backoff, retry, ...more };
}

interface Run {
  readonly scripted: ScriptedClient;
  readonly scheduler: VirtualTimeScheduler;
  readonly values: Operation[];
  readonly ends: unknown[];
  readonly events: OperationEvent[];
  /** What was left right after the last act: timers, calls, listeners. */
  readonly left: readonly number[];
}

/** Plays a scenario to its end, and looks at what is left at each moment that matters. */
function play(given: Scenario, makeIndex = given.signal): Run {
  const scheduler = new VirtualTimeScheduler();
  scheduler.maxFrames = 20_000;
  const script = {
    get: given.get,
    ...(given.wait === undefined ? {} : { wait: given.wait }),
    ...(given.cancel === undefined ? {} : { cancel: given.cancel }),
  };
  const scripted = new ScriptedClient(scheduler, script);
  const { signal, abort, listeners } = signalMakes[makeIndex]![1]();
  const values: Operation[] = [];
  const ends: unknown[] = [];
  const events: OperationEvent[] = [];
  let left: number[] = [];
  const look = (): void => {
    left = [scheduler.actions.length, scripted.inFlight, listeners()];
  };
  const options = optionsOf(given, { scheduler, signal, onEvent: (event) => events.push(event) });
  const subscription = poll(scripted.client, sourceOf(given, scheduler), options).subscribe({
    next: (operation) => void values.push(operation),
    error: (thrown: unknown) => void ends.push({ error: thrown }),
    complete: () => void ends.push('complete'),
  });
  if (given.act !== 'nothing') {
    scheduler.schedule(() => {
      if (given.act.startsWith('abort')) abort(new Error('reason'));
      if (given.act === 'abort, then unsubscribe') {
        scheduler.schedule(() => {
          subscription.unsubscribe();
          look();
        }, given.later);
      } else if (given.act === 'unsubscribe') {
        subscription.unsubscribe();
        look();
      }
    }, given.instant);
  }
  scheduler.flush();
  if (left.length === 0) {
    subscription.unsubscribe();
    look();
  }
  return { scripted, scheduler, values, ends, events, left };
}

const runs = { numRuns: repeats(400) };

describe('what this library promises', () => {
  it('at any instant of unsubscribe, abort or timeout: no timer, no listener, no call in flight is left', () => {
    fc.assert(
      fc.property(scenario, (given) => {
        expect(play(given).left).toEqual([0, 0, 0]);
      }),
      { numRuns: repeats(1_500) },
    );
  });

  it('no call starts after an unsubscribe', () => {
    fc.assert(
      fc.property(scenario, (given) => {
        const { scripted } = play({ ...given, act: 'unsubscribe' });
        expect(scripted.calls.filter((call) => call.time > given.instant)).toEqual([]);
        expect(scripted.times('cancel')).toEqual([]);
      }),
      runs,
    );
  });

  it('at most one call in flight [fact 35]', () => {
    fc.assert(
      fc.property(scenario, (given) => {
        expect(play(given).scripted.mostInFlight).toBeLessThanOrEqual(1);
      }),
      runs,
    );
  });

  it('exactly one end, and the final snapshot exactly once before it', () => {
    fc.assert(
      fc.property(scenario, (given) => {
        const { values, ends, scheduler } = play(given);
        expect(ends.length).toBeLessThanOrEqual(1);
        // What goes on for ever is cut off by the test.
        const isCutOff = given.act.endsWith('unsubscribe') || scheduler.now() > 15_000;
        if (!isCutOff) expect(ends).toHaveLength(1);
        const finals = values.filter((operation) => operation.done);
        expect(finals.length).toBe(ends[0] === 'complete' ? 1 : 0);
        if (finals.length === 1) expect(values.at(-1)).toBe(finals[0]);
      }),
      runs,
    );
  });

  it('delays finite and within bounds for every attempt', () => {
    fc.assert(
      fc.property(scenario, (given) => {
        for (const event of play(given).events) {
          if (event.type === 'delay') {
            expect(event.delay).toBeGreaterThanOrEqual(0);
            expect(event.delay).toBeLessThanOrEqual(given.backoff.maxDelay);
          } else if (event.type === 'retry') {
            expect(event.delay).toBeGreaterThanOrEqual(0);
            expect(event.delay).toBeLessThanOrEqual(given.retry.startingDelay * 2 ** 3);
          }
        }
      }),
      runs,
    );
  });

  it('no more tries of one call than the budget allows', () => {
    fc.assert(
      fc.property(scenario, (given) => {
        for (const event of play(given).events) {
          if (event.type === 'call') {
            expect(event.attempt).toBeLessThanOrEqual(given.retry.numOfAttempts);
          }
        }
      }),
      runs,
    );
  });

  it('nothing is made up: what is emitted is the snapshot given, or an answer', () => {
    fc.assert(
      fc.property(scenario, (given) => {
        const answers = [...given.get, ...(given.wait ?? [])].flatMap((answer) =>
          typeof answer === 'object' && 'value' in answer ? [answer.value] : [],
        );
        for (const operation of play(given).values) {
          const known = [{ name }, ...answers].filter((each) => typeof each === 'object');
          const { done, error: failure, ...rest } = operation;
          const asAnswered = {
            ...rest,
            ...(done ? { done } : {}),
            ...(failure === undefined
              ? {}
              : { error: { code: failure.code, message: failure.message } }),
          };
          const matches = known.some((each) => sameFields(each as object, asAnswered));
          expect(matches).toBe(true);
        }
      }),
      runs,
    );
  });

  it('a foreign signal behaves as a native one [polling 18]', () => {
    fc.assert(
      fc.property(scenario, (given) => {
        // The dice of the jitter would differ.
        const fixed = { ...given, retry: { ...given.retry, jitter: 'none' as const } };
        const [first, ...others] = signalMakes.map((_, index) => play(fixed, index));
        for (const other of others) {
          expect(other.scripted.calls).toEqual(first!.scripted.calls);
          expect(other.values).toEqual(first!.values);
          expect(other.ends.map(endName)).toEqual(first!.ends.map(endName));
        }
      }),
      runs,
    );
  });

  it('promise and stream agree', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (given) => {
        const fixed = {
          ...given,
          act: given.act.startsWith('abort') ? ('abort' as const) : ('nothing' as const),
          retry: { ...given.retry, jitter: 'none' as const },
        };
        const stream = play(fixed);
        const promise = await settle(fixed);
        if (stream.ends.length === 0) {
          expect(promise).toBe('pending');
        } else if (stream.ends[0] === 'complete') {
          const final = stream.values.at(-1)!;
          if (final.error === undefined) expect(promise).toEqual({ response: final.response });
          else {
            expect(promise).toMatchObject({
              error: { kind: 'operation-failed', operation: final },
            });
          }
        } else {
          expect(endName(promise)).toBe(endName(stream.ends[0]));
        }
      }),
      runs,
    );
  });
});

describe('whatever order answers, timers, aborts and unsubscribes come in', () => {
  it('one end at the most, one call at a time, and nothing is left', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.constantFrom('pending', 'done', 'fails', 'denied'), {
          minLength: 1,
          maxLength: 6,
        }),
        fc.constantFrom('cancelled', 'unimplemented', 'fails'),
        fc.boolean(),
        fc.boolean(),
        async (interleaving, script, cancelling, aborts, leaves) => {
          const time = new AnyOrderScheduler(interleaving);
          let inFlight = 0;
          let most = 0;
          let calls = 0;
          let cancels = 0;
          const call = async <T>(
            label: string,
            answer: () => T,
            signal: AbortSignal,
          ): Promise<T> => {
            inFlight += 1;
            calls += 1;
            most = Math.max(most, inFlight);
            let ended = false;
            const end = (): void => {
              if (!ended) inFlight -= 1;
              ended = true;
            };
            signal.addEventListener('abort', end);
            try {
              return await interleaving.schedule(Promise.resolve(), label).then(answer);
            } finally {
              end();
            }
          };
          const client: OperationsClient = {
            get: (_, { signal }) =>
              call(
                'get',
                () => {
                  const step = script[Math.min(calls, script.length) - 1];
                  if (step === 'fails') throw { code: 14 };
                  if (step === 'denied') throw { code: 7 };
                  const wasCancelled = cancels > 0 && cancelling === 'cancelled';
                  if (wasCancelled) return { name, done: true, error: { code: 1, message: '' } };
                  return { name, done: step === 'done' || calls > 20 };
                },
                signal,
              ),
            cancel: (_, { signal }) =>
              call(
                'cancel',
                () => {
                  cancels += 1;
                  if (cancelling === 'unimplemented') throw { code: 12 };
                  if (cancelling === 'fails') throw { code: 14 };
                  return {};
                },
                signal,
              ),
          };
          const controller = new AbortController();
          const ends: unknown[] = [];
          let values = 0;
          let afterEnd = 0;
          const subscription = poll(client, name, {
            scheduler: time,
            signal: controller.signal,
            retry: { numOfAttempts: 3 },
          }).subscribe({
            next: () => {
              values += 1;
              if (ends.length > 0) afterEnd += 1;
            },
            error: (thrown: unknown) => ends.push(thrown),
            complete: () => ends.push('complete'),
          });
          if (aborts) {
            void interleaving.schedule(Promise.resolve(), 'abort').then(() => controller.abort());
          }
          let callsWhenLeft = Infinity;
          if (leaves) {
            void interleaving.schedule(Promise.resolve(), 'leave').then(() => {
              subscription.unsubscribe();
              callsWhenLeft = calls;
              expect([time.pending, inFlight]).toEqual([0, 0]);
            });
          }
          await interleaving.waitIdle();
          expect(ends.length).toBeLessThanOrEqual(1);
          if (!leaves) expect(ends).toHaveLength(1);
          expect(most).toBeLessThanOrEqual(1);
          expect(calls).toBeLessThanOrEqual(callsWhenLeft);
          expect([time.pending, inFlight, afterEnd]).toEqual([0, 0, 0]);
          expect(values).toBeLessThanOrEqual(calls);
        },
      ),
      { numRuns: repeats(500) },
    );
  });
});

/** Runs what is scheduled in any order, whatever its delay. */
class AnyOrderScheduler implements SchedulerLike {
  pending = 0;
  readonly #interleaving: fc.Scheduler;

  constructor(interleaving: fc.Scheduler) {
    this.#interleaving = interleaving;
  }

  now(): number {
    return 0;
  }

  schedule<T>(
    work: (this: SchedulerAction<T>, state?: T) => void,
    _delay?: number,
    state?: T,
  ): Subscription {
    this.pending += 1;
    const action = new Subscription();
    action.add(() => (this.pending -= 1));
    void this.#interleaving.schedule(Promise.resolve(), 'timer').then(() => {
      if (action.closed) return;
      action.unsubscribe();
      work.call(action as SchedulerAction<T>, state);
    });
    return action;
  }
}

function settle(given: Scenario): Promise<unknown> {
  const scheduler = new VirtualTimeScheduler();
  scheduler.maxFrames = 20_000;
  const script = {
    get: given.get,
    ...(given.wait === undefined ? {} : { wait: given.wait }),
    ...(given.cancel === undefined ? {} : { cancel: given.cancel }),
  };
  const { client } = new ScriptedClient(scheduler, script);
  const { signal, abort } = signalMakes[given.signal]![1]();
  const options = optionsOf(given, { scheduler, signal });
  const outcome = waitForDone(client, sourceOf(given, scheduler), options).then(
    (response) => ({ response }),
    (thrown: unknown) => {
      if (thrown instanceof OperationFailedError) {
        expect(thrown.status).toEqual(thrown.operation!.error);
      }
      return { error: thrown };
    },
  );
  if (given.act === 'abort') scheduler.schedule(() => abort(new Error('reason')), given.instant);
  scheduler.flush();
  // A promise that was settled by the flush goes before this one.
  return Promise.race([outcome, new Promise((resolve) => setTimeout(() => resolve('pending'), 1))]);
}

function endName(end: unknown): string {
  if (typeof end !== 'object' || end === null) return String(end);
  const { error: thrown } = end as { readonly error?: { readonly kind?: string } };
  // A signal of some makes has no reason, and gets an AbortError.
  return thrown?.kind ?? 'the reason';
}

function sameFields(left: object, right: object): boolean {
  const sorted = (fields: object): string =>
    JSON.stringify(Object.entries(fields).toSorted(([a], [b]) => a.localeCompare(b)));
  return sorted(left) === sorted(right);
}
