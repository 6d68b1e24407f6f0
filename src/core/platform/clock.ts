import { asyncScheduler, type SchedulerLike } from 'rxjs';

/** The longest delay of a timer, in milliseconds: a timer with a longer one fires at once. @internal */
export const MAX_DELAY: number = 2 ** 31 - 1;

/**
 * Real time: the timers of RxJS, and a monotonic clock.
 *
 * @internal
 */
export const realTime: SchedulerLike = {
  now: () => performance.now(),
  // Bound: its declared type does not accept an undefined state, and the interface does.
  schedule: asyncScheduler.schedule.bind(asyncScheduler),
};

/**
 * The time of an event for a log: milliseconds since the epoch. The time of a user's scheduler is
 * returned unchanged.
 *
 * @param now - The time of the scheduler, where the caller has read it already.
 * @internal
 */
export function wallTime(scheduler: SchedulerLike, now: number = scheduler.now()): number {
  return scheduler === realTime ? Date.now() : now;
}
