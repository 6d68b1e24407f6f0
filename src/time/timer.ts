import type { SchedulerLike, Unsubscribable } from 'rxjs';
import { MAX_DELAY, realTime } from './clock.js';

/**
 * Work that is to be done later, once.
 *
 * @internal
 */
export class Timer {
  readonly #scheduler: SchedulerLike;
  #work: (() => void) | undefined;
  /** What is left after the part that is waited for now, in milliseconds. */
  #rest: number;
  #handle: unknown;

  /**
   * @param delay - Milliseconds; one that is longer than a timer can be is waited for in parts, and
   * Infinity is never over.
   */
  constructor(scheduler: SchedulerLike, delay: number, work: () => void) {
    this.#scheduler = scheduler;
    this.#work = work;
    this.#rest = delay;
    if (delay !== Infinity) this.#waitForPart();
  }

  stop(): void {
    this.#work = undefined;
    const handle = this.#handle;
    if (handle === undefined) return;
    this.#handle = undefined;
    if (this.#scheduler === realTime) clearTimeout(handle as number);
    else (handle as Unsubscribable).unsubscribe();
  }

  #waitForPart(): void {
    const part = Math.min(this.#rest, MAX_DELAY);
    this.#rest -= part;
    // An action of RxJS takes several times the memory, which tells where many waits run at once.
    const handle: unknown =
      this.#scheduler === realTime
        ? setTimeout(onTime, part, this)
        : this.#scheduler.schedule(() => this.onTime(), part);
    // A scheduler that knows no time has run it already.
    if (this.#work !== undefined) this.#handle = handle;
  }

  /** Its time, or a part of it, is over. */
  onTime(): void {
    this.#handle = undefined;
    if (this.#rest > 0) return this.#waitForPart();
    const work = this.#work;
    this.#work = undefined;
    work?.();
  }
}

// One function for all of them.
function onTime(timer: Timer): void {
  timer.onTime();
}
