import fc from 'fast-check';
import { NEVER, VirtualTimeScheduler, type SchedulerLike } from 'rxjs';
import { describe, expect, it, test, vi } from 'vitest';
import { poll, type OperationsClient } from 'rx-lro';
import { CallTimer, callTimerOf } from '../../src/core/call/call-timer.js';

const callsOf = fc.array(
  fc.record({ pause: fc.integer({ max: 300, min: 0 }), lasts: fc.integer({ max: 300, min: 0 }) }),
  { maxLength: 20 },
);

describe('the timer of the calls of one wait', () => {
  test('ends each call on time, whatever was answered before it, and has one timer at a time', () => {
    fc.assert(
      fc.property(callsOf, (calls) => {
        const scheduler = new VirtualTimeScheduler();
        const timer = new CallTimer(scheduler, 100);
        const durations: number[] = [];
        const timersAtOnce: number[] = [];
        const begin = (index: number): void => {
          const call = calls[index];
          if (call === undefined) return timer.stop();
          const begun = scheduler.now();
          const end = (): void => {
            durations.push(scheduler.now() - begun);
            scheduler.schedule(() => begin(index + 1), call.pause);
          };
          // What takes exactly as long as it may is left out: either may be first.
          const answer = scheduler.schedule(() => {
            timer.end(own);
            end();
          }, call.lasts + 0.5);
          const own = {
            onTime: () => {
              answer.unsubscribe();
              end();
            },
          };
          const before = scheduler.actions.length;
          timer.begin(own, begun);
          timersAtOnce.push(scheduler.actions.length - before);
        };
        scheduler.schedule(() => begin(0), 0);
        scheduler.flush();
        expect(durations).toEqual(calls.map(({ lasts }) => Math.min(lasts + 0.5, 100)));
        expect(timersAtOnce.every((count) => count <= 1)).toBe(true);
        expect(scheduler.actions).toEqual([]);
      }),
    );
  });

  it('leaves no timer once it is stopped, in the middle of a call or between two', () => {
    const scheduler = new VirtualTimeScheduler();
    const onTime = vi.fn();
    const timer = new CallTimer(scheduler, 100);
    const call = { onTime };
    timer.begin(call, 0);
    expect(scheduler.actions).toHaveLength(1);
    timer.stop();
    expect(scheduler.actions).toHaveLength(0);
    timer.begin(call, 0);
    timer.end(call);
    timer.stop();
    expect(scheduler.actions).toHaveLength(0);
    scheduler.flush();
    expect(onTime).not.toHaveBeenCalled();
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

  it('of Infinity is none, and never ends a call', () => {
    const scheduler = new VirtualTimeScheduler();
    expect(callTimerOf(scheduler, Infinity)).toBeUndefined();
    const timeouts: (number | undefined)[] = [];
    const get: OperationsClient['get'] = (_, { timeout }) => {
      timeouts.push(timeout);
      return NEVER;
    };
    const wait = poll({ get }, 'operations/1', { scheduler, callTimeout: Infinity }).subscribe();
    expect(scheduler.actions).toEqual([]);
    expect(timeouts).toEqual([undefined]);
    wait.unsubscribe();
  });

  it('ends a call on time although the clock is set back meanwhile', () => {
    const scheduler = new VirtualTimeScheduler();
    let offset = 0;
    const clock: SchedulerLike = {
      now: () => scheduler.now() + offset,
      schedule: scheduler.schedule.bind(scheduler),
    };
    const timer = new CallTimer(clock, 100);
    const endedAt: number[] = [];
    const begin = (): void =>
      timer.begin({ onTime: () => endedAt.push(scheduler.now()) }, clock.now());
    const first = { onTime: () => endedAt.push(-1) };
    timer.begin(first, clock.now());
    scheduler.schedule(() => timer.end(first), 10);
    scheduler.schedule(begin, 20);
    scheduler.schedule(() => (offset = -3_600_000), 30);
    scheduler.flush();
    begin();
    scheduler.flush();
    // The first of them at most one limit late.
    expect(endedAt).toEqual([200, 300]);
  });
});
