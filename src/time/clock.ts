import { asyncScheduler, type SchedulerLike, type Subscription } from 'rxjs';

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

/**
 * Runs work after a time of any length.
 *
 * @param task - Ends the timer when it is unsubscribed.
 * @param delay - Milliseconds; one that is longer than a timer can be is waited for in parts, and
 * Infinity is never over.
 * @internal
 */
export function runAfter(
  task: Subscription,
  scheduler: SchedulerLike,
  delay: number,
  work: () => void,
): void {
  if (delay === Infinity) return;
  const part = Math.min(delay, MAX_DELAY);
  task.add(
    scheduler.schedule(() => {
      if (part < delay) runAfter(task, scheduler, delay - part, work);
      else work();
    }, part),
  );
}
