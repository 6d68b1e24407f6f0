import fc from 'fast-check';
import { NEVER, VirtualTimeScheduler, asyncScheduler, type SchedulerLike } from 'rxjs';
import { describe, expect, it, test, vi } from 'vitest';
import { poll, type OperationsClient } from 'rx-lro';
import { TimeLimit, type Limited } from '../../src/core/platform/time-limit.js';
import { Timer } from '../../src/core/platform/timer.js';

class Call implements Limited {
  due = 0;
  before: Limited | undefined;
  after: Limited | undefined;
  readonly #onTime: () => void;

  constructor(onTime: () => void) {
    this.#onTime = onTime;
  }

  onTime(): void {
    this.#onTime();
  }
}

describe('a limit of time', () => {
  test('ends each call on time, whatever ends before it, with one timer for all of them', () => {
    const call = fc.record({
      begins: fc.integer({ min: 0, max: 500 }),
      lasts: fc.integer({ min: 0, max: 300 }),
    });
    fc.assert(
      fc.property(fc.array(call, { maxLength: 20 }), (calls) => {
        const scheduler = new VirtualTimeScheduler();
        const limit = TimeLimit.use(scheduler, 100);
        const cutAt: (number | undefined)[] = calls.map(() => undefined);
        const isOver = calls.map(() => false);
        for (const [index, { begins, lasts }] of calls.entries()) {
          const own = new Call(() => {
            cutAt[index] = scheduler.now();
            isOver[index] = true;
          });
          scheduler.schedule(() => {
            limit.begin(own, scheduler.now());
            // What takes exactly as long as it may is no matter of who is first here.
            scheduler.schedule(() => {
              if (!isOver[index]) limit.end(own);
            }, lasts + 0.5);
          }, begins);
        }
        scheduler.flush();
        limit.release();
        expect(cutAt).toEqual(
          calls.map(({ begins, lasts }) => (lasts + 0.5 < 100 ? undefined : begins + 100)),
        );
        expect(scheduler.actions).toEqual([]);
      }),
    );
  });

  it('is one for all who use it, and its timer ends with the last of them', () => {
    const scheduler = new VirtualTimeScheduler();
    const first = TimeLimit.use(scheduler, 100);
    const second = TimeLimit.use(scheduler, 100);
    expect(second).toBe(first);
    expect(TimeLimit.use(scheduler, 200)).not.toBe(first);
    first.begin(new Call(() => undefined), 0);
    first.release();
    expect(scheduler.actions).toHaveLength(1);
    second.release();
    expect(scheduler.actions).toHaveLength(0);
    expect(TimeLimit.use(scheduler, 100)).not.toBe(first);
  });

  it('ends every call that hangs, and those that begin meanwhile, each on its own time', () => {
    const scheduler = new VirtualTimeScheduler();
    scheduler.maxFrames = 1_000_000;
    const client: OperationsClient = { get: () => NEVER };
    const endsAt: [string, number][] = [];
    const watch = (name: string): void => {
      const options = { scheduler, callTimeout: 60_000, retry: { numOfAttempts: 1 } };
      poll(client, name, options).subscribe({
        error: () => {
          endsAt.push([name, scheduler.now()]);
          // Within the very moment: it must not put off the others.
          if (name === 'a') watch('d');
        },
      });
    };
    scheduler.schedule(() => watch('a'), 0);
    scheduler.schedule(() => watch('b'), 30_000);
    scheduler.schedule(() => watch('c'), 30_000);
    scheduler.flush();
    expect(endsAt).toEqual([
      ['a', 60_000],
      ['b', 90_000],
      ['c', 90_000],
      ['d', 120_000],
    ]);
    expect(scheduler.actions).toEqual([]);
  });

  it('of Infinity never ends anything', () => {
    const scheduler = new VirtualTimeScheduler();
    TimeLimit.use(scheduler, Infinity).begin(new Call(() => undefined), 0);
    expect(scheduler.actions).toEqual([]);
  });

  it('ends a call on time although the clock is set back meanwhile', () => {
    const scheduler = new VirtualTimeScheduler();
    let offset = 0;
    const clock: SchedulerLike = {
      now: () => scheduler.now() + offset,
      schedule: scheduler.schedule.bind(scheduler),
    };
    const limit = TimeLimit.use(clock, 100);
    const cutAt: number[] = [];
    const begin = (): void => limit.begin(new Call(() => cutAt.push(scheduler.now())), clock.now());
    begin();
    scheduler.schedule(() => (offset = -3_600_000), 10);
    scheduler.schedule(begin, 20);
    scheduler.flush();
    // The second one at most one limit late.
    expect(cutAt).toEqual([100, 120]);
    limit.release();
  });
});

describe('a timer', () => {
  it('can be started again, and its time comes once for each start', () => {
    const scheduler = new VirtualTimeScheduler();
    const times: number[] = [];
    const timer = new Timer(scheduler, { onTime: () => times.push(scheduler.now()) });
    timer.start(10);
    scheduler.flush();
    timer.start(5).stop();
    scheduler.flush();
    timer.start(20);
    scheduler.flush();
    expect(times).toEqual([10, 30]);
  });

  it('waits in parts for what is longer than a timer can be, and for Infinity not at all', () => {
    const scheduler = new VirtualTimeScheduler();
    const times: number[] = [];
    new Timer(scheduler, { onTime: () => times.push(scheduler.now()) }).start(2 ** 32);
    new Timer(scheduler, { onTime: () => times.push(-1) }).start(Infinity);
    scheduler.flush();
    expect(times).toEqual([2 ** 32]);
  });

  it('is over at once with a scheduler that knows no time, and holds nothing then', () => {
    const onTime = vi.fn();
    const unsubscribe = vi.fn();
    const schedule = (work: () => void) => {
      work();
      return { unsubscribe };
    };
    const now = (): number => 0;
    const timer = new Timer({ now, schedule } as unknown as SchedulerLike, { onTime });
    timer.start(1);
    timer.stop();
    expect(onTime).toHaveBeenCalledTimes(1);
    expect(unsubscribe).not.toHaveBeenCalled();
  });

  it('of the asyncScheduler of RxJS is stopped by its subscription', () => {
    vi.useFakeTimers();
    const onTime = vi.fn();
    const timer = new Timer(asyncScheduler, { onTime }).start(10);
    timer.stop();
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
    expect(onTime).not.toHaveBeenCalled();
  });
});
