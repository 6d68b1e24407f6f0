import { asyncScheduler, type SchedulerLike } from 'rxjs';

/** The longest delay of a timer, in milliseconds: a longer one fires at once. @internal */
export const MAX_DELAY: number = 2 ** 31 - 1;

/**
 * Real time: the timers of RxJS, and a clock that does not jump when the date is set.
 *
 * @internal
 */
export const realTime: SchedulerLike = {
  now: () => performance.now(),
  // Its declared type takes no undefined state, which the interface does.
  schedule: asyncScheduler.schedule.bind(asyncScheduler),
};
