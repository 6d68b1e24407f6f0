import { NEVER, VirtualTimeScheduler, of, type SchedulerLike } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { poll, type OperationsClient } from 'rx-lro';

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
});
