import fc from 'fast-check';
import {
  NEVER,
  VirtualTimeScheduler,
  map,
  of,
  timer,
  type Observable,
  type SchedulerLike,
} from 'rxjs';
import { describe, expect, it, test } from 'vitest';
import { poll, type OperationEvent, type OperationsClient } from 'rx-lro';

describe('the time limit of a call', () => {
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
    const client: OperationsClient = { get: () => NEVER };
    const options = { scheduler: clock, callTimeout: 100, retry: { numOfAttempts: 1 } };
    let endedAt = -1;
    poll(client, 'operations/1', options).subscribe({ error: () => (endedAt = scheduler.now()) });
    scheduler.schedule(() => (offset = -3_600_000), 30);
    scheduler.flush();
    expect(endedAt).toBe(100);
  });

  it('leaves no timer between two calls but that of the delay', () => {
    const scheduler = new VirtualTimeScheduler();
    const wait = poll({ get: () => of({ name: 'operations/1' }) }, 'operations/1', { scheduler });
    const subscription = wait.subscribe();
    expect(scheduler.actions).toHaveLength(1);
    subscription.unsubscribe();
    expect(scheduler.actions).toHaveLength(0);
  });

  test('ends each call on time, whatever was answered before it', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 300 }), { minLength: 1, maxLength: 20 }), (latencies) => {
        const scheduler = new VirtualTimeScheduler();
        const durations: number[] = [];
        let calls = 0;
        const get = (): Observable<object> => {
          const latency = latencies[calls];
          calls += 1;
          // What takes exactly as long as it may is left out: either may be first.
          return latency === undefined
            ? of({ name: 'operations/1', done: true })
            : timer(latency + 0.5, scheduler).pipe(map(() => ({ name: 'operations/1' })));
        };
        const onEvent = (event: OperationEvent): void => {
          if (event.type === 'answer' || event.type === 'failure') durations.push(event.duration);
        };
        // Whole delays, so that no duration is rounded.
        const numbers = { startingDelay: 100, timeMultiple: 1, jitter: 'none' } as const;
        const options = { scheduler, callTimeout: 100, onEvent, backoff: numbers, retry: numbers };
        poll({ get }, 'operations/1', options).subscribe();
        scheduler.flush();
        const expected = latencies.map((latency) => Math.min(latency + 0.5, 100));
        expect(durations).toEqual([...expected, 0]);
        expect(scheduler.actions).toEqual([]);
      }),
    );
  });
});
