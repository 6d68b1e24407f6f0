import type { SchedulerLike } from 'rxjs';
import { Timer } from './timer.js';

/** What may take no longer than a limit. It belongs to the limit while it is under way. @internal */
export interface Limited {
  /** When its time is up. */
  due: number;
  /** The one that began before it, and the one after: both are the limit's own affair. */
  before: Limited | undefined;
  after: Limited | undefined;
  /** Its time is up. */
  onTime(): void;
}

const limits = new WeakMap<SchedulerLike, Map<number, TimeLimit>>();

/**
 * One limit of time for all that may take equally long. What begins first is due first, so one timer
 * serves all of them, and it goes on from one call to the next: with many waits at once, a timer for each
 * call is what costs the most.
 *
 * @internal
 */
export class TimeLimit {
  readonly #scheduler: SchedulerLike;
  /** In milliseconds, or Infinity. */
  readonly duration: number;
  /** How many have use for it. There is no timer without one. */
  #users = 0;
  #first: Limited | undefined;
  #last: Limited | undefined;
  #timer: Timer | undefined;
  #timedBy: Limited | undefined;
  /** Whether some are being told that their time is up. */
  #isTelling = false;

  /** A limit of one's own; `use` gives one that is shared. */
  constructor(scheduler: SchedulerLike, duration: number) {
    this.#scheduler = scheduler;
    this.duration = duration;
  }

  /**
   * Gives the limit of so many milliseconds, the same one to all who use it now. Each has to `release` it.
   */
  static use(scheduler: SchedulerLike, duration: number): TimeLimit {
    const ofScheduler = limits.get(scheduler) ?? new Map<number, TimeLimit>();
    limits.set(scheduler, ofScheduler);
    let limit = ofScheduler.get(duration);
    if (limit === undefined) {
      ofScheduler.set(duration, (limit = new TimeLimit(scheduler, duration)));
    }
    limit.#users += 1;
    return limit;
  }

  /** Ends the use. With the last one the timer ends. */
  release(): void {
    this.#users -= 1;
    if (this.#users > 0) return;
    this.#timer?.stop();
    this.#timer = undefined;
    limits.get(this.#scheduler)?.delete(this.duration);
  }

  /** Begins to count the time of something. */
  begin(limited: Limited, now: number): void {
    limited.due = now + this.duration;
    limited.before = this.#last;
    if (this.#last === undefined) this.#first = limited;
    else this.#last.after = limited;
    this.#last = limited;
    if (this.duration === Infinity || this.#isTelling) return;
    this.#timer ??= this.#timerUntil(limited, now);
  }

  /** Stops counting; does nothing where that was done before. */
  end(limited: Limited): void {
    const { before, after } = limited;
    if (before === undefined && this.#first !== limited) return;
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
    limited.before = undefined;
    limited.after = undefined;
  }

  /** The time of the first one may be up, or it is over long since. */
  onTime(): void {
    this.#timer = undefined;
    this.#isTelling = true;
    try {
      this.#tellAllThatAreDue();
    } finally {
      this.#isTelling = false;
      // What was told may have been the occasion to begin another, or to have no more use for this.
      const first = this.#first;
      if (first !== undefined && this.#users !== 0) {
        this.#timer = this.#timerUntil(first, this.#scheduler.now());
      }
    }
  }

  #tellAllThatAreDue(): void {
    const now = this.#scheduler.now();
    for (let first = this.#first; first !== undefined; first = this.#first) {
      // Less than a millisecond is what rounding leaves over. A clock may have been set back meanwhile.
      if (first.due >= now + 1 && first !== this.#timedBy) return;
      this.end(first);
      first.onTime();
    }
  }

  #timerUntil(limited: Limited, now: number): Timer {
    this.#timedBy = limited;
    return new Timer(this.#scheduler, this).start(Math.min(limited.due - now, this.duration));
  }
}
