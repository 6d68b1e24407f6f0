import { VirtualTimeScheduler, asyncScheduler, type SchedulerLike } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { Timer } from '../../src/core/platform/timer.js';

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
