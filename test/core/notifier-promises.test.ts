import fc from 'fast-check';
import {
  Subject,
  Subscription,
  VirtualTimeScheduler,
  finalize,
  map,
  timer,
  type Observable,
  type SchedulerAction,
  type SchedulerLike,
} from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  isStatusError,
  poll,
  type CallOptions,
  type OperationEvent,
  type OperationsClient,
  type PollOptions,
} from 'rx-lro';
import { repeats } from '../support/repeats.js';
import { ScriptedClient, type ScriptedAnswer } from '../support/scripted-client.js';
import { signalMakes } from '../support/signals.js';

const name = 'operations/1';
const gap = 250;
/** What sums of fractions are off by at the most. */
const rounding = 1e-6;
const reason = new Error('enough');

const pending = fc.record({
  value: fc.record({ name: fc.constant(name), metadata: fc.nat({ max: 2 }) }),
  latency: fc.nat({ max: 600 }),
});
const done = fc.record({
  value: fc.constant({ name, done: true }),
  latency: fc.nat({ max: 600 }),
});
const RetryInfo = 'type.googleapis.com/google.rpc.RetryInfo';
const failing = fc.record({
  error: fc.constantFrom(
    { code: 14, message: 'scripted' },
    { code: 8, message: 'scripted', details: [{ '@type': RetryInfo, retryDelay: '1s' }] },
    { code: 12, message: 'scripted' },
  ),
  latency: fc.nat({ max: 300 }),
});
const getAnswer: fc.Arbitrary<ScriptedAnswer> = fc.oneof(
  { weight: 9, arbitrary: pending },
  { weight: 1, arbitrary: done },
  { weight: 2, arbitrary: failing },
  { weight: 1, arbitrary: fc.constant<ScriptedAnswer>('hang') },
);
const waitAnswer: fc.Arbitrary<ScriptedAnswer> = fc.oneof(
  { weight: 3, arbitrary: pending },
  {
    weight: 6,
    arbitrary: pending.map((answer) => ({ ...answer, latency: answer.latency * 10 + 1_000 })),
  },
  { weight: 2, arbitrary: failing },
  { weight: 2, arbitrary: fc.constant<ScriptedAnswer>('hang') },
);
const cancelAnswer: fc.Arbitrary<ScriptedAnswer> = fc.oneof(
  fc.record({ value: fc.constant({}), latency: fc.nat({ max: 300 }) }),
  failing,
);

const scenario = fc.record({
  get: fc.array(getAnswer, { minLength: 1, maxLength: 12 }),
  wait: fc.option(fc.array(waitAnswer, { minLength: 1, maxLength: 6 }), { nil: undefined }),
  cancel: fc.array(cancelAnswer, { minLength: 1, maxLength: 3 }),
  source: fc.constantFrom('name', 'snapshot', 'start call'),
  startLatency: fc.nat({ max: 500 }),
  notices: fc.array(fc.nat({ max: 8_000 }), { minLength: 1, maxLength: 20 }),
  /** Which pieces of code of the user, in the order in which they run, have the notifier emit. */
  noticesWithin: fc.uniqueArray(fc.nat({ max: 60 }), { maxLength: 6 }),
  notifierEnd: fc.constantFrom('none', 'completes', 'fails'),
  endsAt: fc.nat({ max: 8_000 }),
  act: fc.constantFrom('nothing', 'unsubscribe', 'abort', 'abort, then unsubscribe'),
  instant: fc.nat({ max: 8_000 }),
  later: fc.nat({ max: 500 }),
  onAbort: fc.constantFrom('cancel' as const, 'detach' as const),
  timeout: fc.option(fc.nat({ max: 8_000 }), { nil: undefined }),
  cancelTimeout: fc.nat({ max: 4_000 }),
  callTimeout: fc.integer({ min: 200, max: 6_000 }),
  backoff: fc.record({
    startingDelay: fc.integer({ min: gap, max: 3_000 }),
    timeMultiple: fc.double({ min: 1, max: 3, noNaN: true }),
    maxDelay: fc.integer({ min: gap, max: 6_000 }),
  }),
  retry: fc.record({
    numOfAttempts: fc.integer({ min: 1, max: 4 }),
    startingDelay: fc.nat({ max: 1_000 }),
    jitter: fc.constant('none' as const),
  }),
});
type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

/** What happened, in its order. */
type Entry = { readonly time: number } & (
  | { readonly what: 'notice' | 'started' | 'end' }
  | { readonly what: 'event'; readonly event: OperationEvent }
);

interface Run {
  readonly scripted: ScriptedClient;
  readonly log: readonly Entry[];
  /** At each end: the timers, calls and listeners that were left, and whether the notifier was observed. */
  readonly left: readonly (readonly [number, number, number, boolean])[];
  readonly callsAfterEnd: number;
  readonly errors: readonly unknown[];
}

/** Plays a scenario to its end. */
function play(given: Scenario): Run {
  const time = new VirtualTimeScheduler();
  time.maxFrames = 30_000;
  const scheduler = new CountingScheduler(time);
  const { get, wait, cancel, timeout, onAbort, cancelTimeout, callTimeout, retry } = given;
  const { startingDelay, timeMultiple, maxDelay } = given.backoff;
  const scripted = new ScriptedClient(time, { get, cancel, ...(wait && { wait }) });
  const notifier = new Subject<void>();
  const { signal, abort, listeners } = signalMakes[0]![1]();
  const log: Entry[] = [];
  const left: (readonly [number, number, number, boolean])[] = [];
  const errors: unknown[] = [];
  let pieces = 0;
  let isClosed = false;
  let callsAtEnd = Infinity;
  const notify = (): void => {
    if (isClosed) return;
    log.push({ time: time.now(), what: 'notice' });
    notifier.next();
  };
  const end = (): void => {
    log.push({ time: time.now(), what: 'end' });
    left.push([scheduler.pending, scripted.inFlight, listeners(), notifier.observed]);
    callsAtEnd = Math.min(callsAtEnd, scripted.calls.length);
  };
  const within = (): void => {
    pieces += 1;
    if (given.noticesWithin.includes(pieces)) notify();
  };
  const onEvent = (event: OperationEvent): void => {
    log.push({ time: time.now(), what: 'event', event });
    within();
  };
  const backoff = ({ attempt }: { readonly attempt: number }): number => {
    within();
    return Math.min(startingDelay * timeMultiple ** (attempt - 1), maxDelay);
  };
  const options: PollOptions = {
    ...{ timeout, onAbort, cancelTimeout, callTimeout, backoff, retry },
    ...{ scheduler, signal, notifier, onEvent },
  };
  const started = (): { name: string } => {
    log.push({ time: time.now(), what: 'started' });
    return { name };
  };
  const source =
    given.source === 'start call'
      ? timer(given.startLatency, scheduler).pipe(map(started))
      : given.source === 'name'
        ? name
        : { name };
  if (given.source !== 'start call') started();
  const subscription = poll(emitting(scripted.client, within), source, options).subscribe({
    next: within,
    error: (error: unknown) => {
      errors.push(error);
      end();
    },
    complete: end,
  });
  const leave = (): void => {
    if (subscription.closed) return;
    subscription.unsubscribe();
    end();
  };
  for (const at of given.notices) time.schedule(notify, at);
  if (given.notifierEnd !== 'none') {
    time.schedule(() => {
      isClosed = true;
      if (given.notifierEnd === 'fails') notifier.error(new Error('closed'));
      else notifier.complete();
    }, given.endsAt);
  }
  if (given.act !== 'nothing') {
    time.schedule(() => {
      if (given.act === 'unsubscribe') return leave();
      abort(reason);
      if (given.act !== 'abort') time.schedule(leave, given.later);
    }, given.instant);
  }
  time.flush();
  leave();
  return { scripted, log, left, callsAfterEnd: scripted.calls.length - callsAtEnd, errors };
}

/** The same client; when a call is made, and when it ends, it does something more. */
function emitting(client: OperationsClient, within: () => void): OperationsClient {
  const methods = Object.entries(client).map(([method, call]) => {
    const wrapped = (request: { readonly name: string }, options: CallOptions): unknown => {
      within();
      const answer = (call as OperationsClient['get'])(request, options) as Observable<unknown>;
      return answer.pipe(finalize(within));
    };
    return [method, wrapped];
  });
  return Object.fromEntries(methods) as OperationsClient;
}

/**
 * How long a wait was idle after a value of the notifier, with neither a call in flight (a held one counts as
 * idle) nor a retry to come, until the next Get or Wait began, or the wait ended. Milliseconds.
 */
function idleAfter(log: readonly Entry[], notice: number, isUntil: number): number {
  let isBusy = true;
  let since = 0;
  let idle = 0;
  for (const [index, entry] of log.entries()) {
    const from = Math.max(since, log[notice]!.time);
    if (index > notice && !isBusy) idle += Math.max(0, Math.min(entry.time, isUntil) - from);
    since = entry.time;
    if (entry.what === 'end') return idle;
    if (entry.what === 'started') isBusy = false;
    if (entry.what !== 'event') continue;
    const { event } = entry;
    const isAsked = event.type === 'call' && event.method !== 'cancel';
    if (index > notice && isAsked) return idle;
    if (event.type === 'call') isBusy = event.method !== 'wait';
    else if (event.type === 'failure' || event.type === 'retry') isBusy = true;
    else if (event.type === 'answer' || event.type === 'delay') isBusy = false;
  }
  return idle;
}

/** When the wait ends at the latest, in milliseconds. */
function endOf({ timeout = Infinity, cancelTimeout }: Scenario, log: readonly Entry[]): number {
  return Math.min(timeout, cancelTime(log) + cancelTimeout);
}

/** From when on, in milliseconds, there may be no time for another call, and the last one is made early. */
function endNears({ timeout = Infinity, cancelTimeout }: Scenario, log: readonly Entry[]): number {
  return Math.min(timeout * 0.75, cancelTime(log) + cancelTimeout * 0.75);
}

function cancelTime(log: readonly Entry[]): number {
  const cancel = log.find((entry) => entry.what === 'event' && entry.event.type === 'cancel');
  return cancel?.time ?? Infinity;
}

const runs = { numRuns: repeats(1_500) };

describe('whenever a notifier emits', () => {
  it('at the end of the wait, in the same tick: no timer, no call, no listener, no observer', () => {
    fc.assert(
      fc.property(scenario, (given) => {
        const { left, callsAfterEnd } = play(given);
        expect(left).toEqual([[0, 0, 0, false]]);
        expect(callsAfterEnd).toBe(0);
      }),
      runs,
    );
  });

  it('at most one call in flight', () => {
    fc.assert(
      fc.property(scenario, (given) => {
        expect(play(given).scripted.mostInFlight).toBeLessThanOrEqual(1);
      }),
      runs,
    );
  });

  it('a wait ends with a result, a StatusError or the reason of the signal', () => {
    fc.assert(
      fc.property(scenario, (given) => {
        for (const error of play(given).errors) {
          expect(isStatusError(error) || error === reason).toBe(true);
        }
      }),
      runs,
    );
  });

  it('a call begins within 250 ms, once what is in flight or to be retried is over', () => {
    fc.assert(
      fc.property(scenario, (given) => {
        const { log } = play(given);
        // A Wait that is held then goes on.
        const isUntil =
          given.wait === undefined ? endOf(given, log) - gap : endNears(given, log) - 1;
        for (const [index, entry] of log.entries()) {
          if (entry.what !== 'notice') continue;
          expect(idleAfter(log, index, isUntil)).toBeLessThan(gap + rounding);
        }
      }),
      runs,
    );
  });

  it('calls begin 250 ms apart, unless one has failed, or is the first that the server may hold', () => {
    fc.assert(
      fc.property(scenario, (given) => {
        let askedAt = -Infinity;
        let mayHold = true;
        let hasFailed = false;
        const { log } = play(given);
        for (const entry of log) {
          if (entry.what !== 'event') continue;
          const { event, time } = entry;
          if (event.type === 'failure') hasFailed = true;
          if (event.type !== 'call') continue;
          if (event.method === 'cancel') {
            mayHold = true;
            continue;
          }
          const isLast = time >= endNears(given, log);
          const isFree = hasFailed || isLast || (event.method === 'wait' && mayHold);
          if (!isFree) expect(time - askedAt).toBeGreaterThan(gap - rounding);
          if (event.method === 'wait') mayHold = false;
          askedAt = time;
          hasFailed = false;
        }
      }),
      runs,
    );
  });

  it('no delay is made longer', () => {
    fc.assert(
      fc.property(scenario, (given) => {
        let endsAt = Infinity;
        for (const entry of play(given).log) {
          if (entry.what !== 'event') continue;
          const { event, time } = entry;
          if (event.type === 'delay') {
            expect(time + event.delay).toBeLessThan(endsAt + rounding);
            endsAt = time + event.delay;
          } else if (event.type === 'call') {
            if (event.method !== 'cancel') expect(time).toBeLessThan(endsAt + rounding);
            endsAt = Infinity;
          }
        }
      }),
      runs,
    );
  });
});

/** Counts what is scheduled and has yet to run. */
class CountingScheduler implements SchedulerLike {
  pending = 0;
  readonly #to: SchedulerLike;

  constructor(to: SchedulerLike) {
    this.#to = to;
  }

  now(): number {
    return this.#to.now();
  }

  schedule<T>(
    work: (this: SchedulerAction<T>, state?: T) => void,
    delay?: number,
    state?: T,
  ): Subscription {
    this.pending += 1;
    const action = new Subscription();
    action.add(() => (this.pending -= 1));
    action.add(
      this.#to.schedule(() => {
        action.unsubscribe();
        work.call(action as SchedulerAction<T>, state);
      }, delay),
    );
    return action;
  }
}
