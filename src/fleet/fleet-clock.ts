import type { SchedulerLike } from 'rxjs';

// By how much the delays may be stretched before all of them share the lateness.
const LONGEST_STRETCH = 100;

/**
 * The two clocks of a fleet. `now` goes as the scheduler's clock does, but is never set back. `time` is the
 * clock by which requests are due: it goes like `now`, unless more is due than may be called. Then it stands
 * until what is due has been served, so all delays stretch alike and keep their ratios.
 *
 * @internal
 */
export class FleetClock {
  readonly #scheduler: SchedulerLike;
  /** The latest reading of the scheduler's clock. */
  #read: number;
  /** By how much the scheduler's clock was set back in all, in milliseconds. */
  #setBack = 0;
  #advancedAt: number;
  /** In milliseconds since the fleet was made. */
  time = 0;

  constructor(scheduler: SchedulerLike) {
    this.#scheduler = scheduler;
    this.#read = scheduler.now();
    this.#advancedAt = this.#read;
  }

  /** In milliseconds. */
  get now(): number {
    const read = this.#scheduler.now();
    if (read < this.#read) this.#setBack += this.#read - read;
    this.#read = read;
    return read + this.#setBack;
  }

  /**
   * Lets `time` go on.
   *
   * @param blockedUntil - Until when no call could be made, by `now`.
   * @param due - When the next request is due, by `time`.
   */
  advance(now: number, blockedUntil: number, due: number): void {
    const elapsed = now - this.#advancedAt;
    const blocked = Math.min(elapsed, Math.max(0, blockedUntil - this.#advancedAt));
    const stand = Math.max(this.time + blocked / LONGEST_STRETCH, due);
    this.time = Math.min(this.time + blocked, stand) + elapsed - blocked;
    this.#advancedAt = now;
  }
}
