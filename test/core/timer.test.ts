import { VirtualTimeScheduler, asyncScheduler, type SchedulerLike } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { Timer } from '../../src/core/platform/timer.js';

describe('a timer', () => {
  it('can be started again, and its time comes once for each start', () => {
    const scheduler = new VirtualTimeScheduler();
    const times: number[] = [];
    const timer = new Timer(scheduler);
    const owner = { onTime: () => times.push(scheduler.now()) };
    timer.start(10, owner);
    scheduler.flush();
    timer.start(5, owner);
    timer.stop();
    scheduler.flush();
    timer.start(20, owner);
    scheduler.flush();
    expect(times).toEqual([10, 30]);
  });

  it('tells the owner of its latest start', () => {
    const scheduler = new VirtualTimeScheduler();
    const told: string[] = [];
    const timer = new Timer(scheduler);
    const second = { onTime: () => told.push('second') };
    timer.start(10, {
      onTime: () => {
        told.push('first');
        timer.start(10, second);
      },
    });
    scheduler.flush();
    expect(told).toEqual(['first', 'second']);
    expect(scheduler.now()).toBe(20);
  });

  it('waits in parts for what is longer than a timer can be, and for Infinity not at all', () => {
    const scheduler = new VirtualTimeScheduler();
    const times: number[] = [];
    new Timer(scheduler).start(2 ** 32, { onTime: () => times.push(scheduler.now()) });
    new Timer(scheduler).start(Infinity, { onTime: () => times.push(-1) });
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
    const timer = new Timer({ now, schedule } as unknown as SchedulerLike);
    timer.start(1, { onTime });
    timer.stop();
    expect(onTime).toHaveBeenCalledTimes(1);
    expect(unsubscribe).not.toHaveBeenCalled();
  });

  it('that was stopped in the middle of a part does not go on, though its scheduler lets it fire', () => {
    const fire: (() => void)[] = [];
    const schedule = (work: () => void) => {
      fire.push(work);
      return { unsubscribe: () => undefined };
    };
    const timer = new Timer({ now: () => 0, schedule } as unknown as SchedulerLike);
    const onTime = vi.fn();
    timer.start(2 ** 32, { onTime });
    timer.stop();
    fire[0]?.();
    expect(fire).toHaveLength(1);
    expect(onTime).not.toHaveBeenCalled();
  });

  it('of the asyncScheduler of RxJS is stopped by its subscription', () => {
    vi.useFakeTimers();
    const onTime = vi.fn();
    const timer = new Timer(asyncScheduler);
    timer.start(10, { onTime });
    timer.stop();
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
    expect(onTime).not.toHaveBeenCalled();
  });
});
