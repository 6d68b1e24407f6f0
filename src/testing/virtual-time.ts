import type { SchedulerAction, SchedulerLike, Subscription } from 'rxjs';
import { checkNumber } from '../core/values/check.js';
import { conditionOf } from './goal.js';
import { turnFrom } from './turn.js';
import { Clock, virtualAction, type Due } from './virtual-action.js';

const turn = turnFrom(globalThis);

// After so many turns in which nothing happened, nothing will: the platform may need more than one for the body
// of a Response, or for a key of the Web Crypto API.
const IDLE_TURNS = 20;

const ONE_DAY = 24 * 60 * 60 * 1000;

/** Options of `VirtualTime.runUntil`. */
export interface RunUntilOptions {
  /** How far the clock may go, in milliseconds, >= 0, or Infinity. Default 86,400,000 (a day). */
  readonly limit?: number | undefined;
}

/**
 * A scheduler of RxJS whose time moves only by `advance` and `runUntil`, and that works with promises: pass it
 * wherever a `scheduler` is accepted, and hours pass in milliseconds.
 *
 * Before and after each action it lets the event loop turn, so that all promises that can
 * settle have settled, and what they start counts. Actions that are due at the same time run in the
 * order in which they were scheduled. A delay of Infinity never comes; one below 0 counts as 0. No
 * delay ever becomes a real timer.
 *
 * @example
 * ```ts
 * import { FakeOperations, VirtualTime } from 'rx-lro/testing';
 * import { waitForDone } from 'rx-lro';
 *
 * const time = new VirtualTime();
 * const fake = new FakeOperations({ scheduler: time });
 * const operation = fake.start({ duration: 3_600_000, response: 'made' });
 * const wait = waitForDone(fake.client, operation, { scheduler: time });
 * await time.runUntil(wait); // 'made', an hour later by its clock
 * ```
 */
export class VirtualTime implements SchedulerLike {
  /**
   * A function: a Proxy of the object, or one that has it as its prototype, shares the clock with it.
   *
   * @internal
   */
  readonly clock: () => Clock;

  /**
   * @param start - What the clock says at the beginning, in milliseconds, >= 0. Default 0.
   * @throws RangeError or TypeError when `start` is not such a number.
   */
  constructor(start: number = 0) {
    checkNumber('start', start, { min: 0 });
    const clock = new Clock(start);
    this.clock = () => clock;
  }

  /** How many actions are scheduled and have neither run nor been unsubscribed. */
  get pending(): number {
    return this.clock().queue.length;
  }

  /** @returns The time, in milliseconds. */
  now(): number {
    return this.clock().now;
  }

  /**
   * Schedules work, as `SchedulerLike` has it. The work may call `this.schedule(state, delay)` to run
   * again.
   *
   * @param work - Is called with `state` when its time has come.
   * @param delay - Milliseconds from now. Default 0, which also needs `advance` or `runUntil`.
   * @param state - Anything.
   * @returns Unsubscribe it, and the work does not run.
   */
  schedule<State>(
    work: (this: SchedulerAction<State>, state: State) => void,
    delay: number,
    state: State,
  ): Subscription;
  schedule<State>(
    work: (this: SchedulerAction<State>, state?: State) => void,
    delay?: number,
    state?: State,
  ): Subscription;
  schedule<State>(
    work: (this: SchedulerAction<State>, state: State) => void,
    delay: number = 0,
    state?: State,
  ): Subscription {
    return virtualAction(this.clock(), work as VirtualWork<State>).schedule(state, delay);
  }

  /**
   * Lets time pass: runs all that is due until then, in the order of time, also what is scheduled on
   * the way.
   *
   * @param ms - How much, in milliseconds, >= 0. With 0 it runs what is due now.
   * @returns Settled once all of it has run and the promises that it set going have settled.
   * @throws RangeError or TypeError when `ms` is not such a number. Error when time is running already.
   * What the work throws: the clock then stops there, and the rest stays scheduled.
   */
  async advance(ms: number): Promise<void> {
    checkNumber('ms', ms, { min: 0 });
    const clock = this.clock();
    await run(clock, async () => {
      const end = clock.now + ms;
      await turn();
      for (let [next] = clock.queue; next !== undefined && next.time <= end; [next] = clock.queue) {
        await runNext(clock, next);
      }
      clock.now = end;
    });
  }

  /**
   * Lets time pass until a promise has settled, action by action.
   *
   * @param promise - What to wait for.
   * @param options - How far time may go.
   * @returns What the promise resolves to.
   * @throws What the promise rejects with, or what the work throws. Error when nothing is scheduled any
   * more or the limit is passed, and it has not settled. TypeError when it is not a promise; RangeError or
   * TypeError for a wrong `limit`.
   */
  runUntil<Value>(promise: PromiseLike<Value>, options?: RunUntilOptions): Promise<Value>;
  /**
   * Lets time pass until a condition holds, action by action.
   *
   * @param condition - Called before the first action and after each.
   * @param options - How far time may go.
   * @returns Settled once the condition holds.
   * @throws What the condition or the work throws. Error when nothing is scheduled any more or the
   * limit is passed, and it does not hold. RangeError or TypeError for a wrong `limit`.
   */
  runUntil(condition: () => boolean, options?: RunUntilOptions): Promise<void>;
  async runUntil(
    target: PromiseLike<unknown> | (() => boolean),
    options: RunUntilOptions = {},
  ): Promise<unknown> {
    const limit = options.limit ?? ONE_DAY;
    checkNumber('limit', limit, { min: 0, infinite: true });
    const isReached = conditionOf(target);
    const isCondition = typeof target === 'function';
    const missed = isCondition ? 'The condition does not hold' : 'The promise has not settled';
    const clock = this.clock();
    await run(clock, async () => {
      const end = clock.now + limit;
      let idleTurns = 0;
      await turn();
      while (!isReached()) {
        const [next] = clock.queue;
        if (next !== undefined && next.time > end) {
          throw new Error(
            `${missed} after ${limit} ms of virtual time; the next action is due at ${next.time} ms.`,
          );
        }
        if (next !== undefined) {
          idleTurns = 0;
          await runNext(clock, next);
        } else if (idleTurns < IDLE_TURNS) {
          idleTurns += 1;
          await turn();
        } else {
          throw new Error(`${missed} at ${clock.now} ms, and nothing is scheduled any more.`);
        }
      }
    });
    return isCondition ? undefined : target;
  }
}

async function runNext(clock: Clock, next: Due): Promise<void> {
  clock.now = next.time;
  next.run();
  await turn();
}

// Two at once would move the clock back and forth.
async function run(clock: Clock, body: () => Promise<void>): Promise<void> {
  if (clock.isRunning) {
    throw new Error(
      'Virtual time is running already: await the last advance() or runUntil() first.',
    );
  }
  clock.isRunning = true;
  try {
    await body();
  } finally {
    clock.isRunning = false;
  }
}

type VirtualWork<State> = (this: SchedulerAction<State>, state?: State) => void;
