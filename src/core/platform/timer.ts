import type { SchedulerLike, Unsubscribable } from 'rxjs';
import { MAX_DELAY, realTime } from './clock.js';

/** Whose time comes. @internal */
export interface TimerOwner {
  onTime(): void;
}

/**
 * A moment to come. Once it has come, or was stopped, it may be started again, by the same owner or another:
 * one object serves all delays and all calls of a wait, which follow each other.
 *
 * @internal
 */
export class Timer {
  readonly #scheduler: SchedulerLike;
  /** Undefined while it does not run. */
  #owner: TimerOwner | undefined;
  /** What is left after the part that is waited for now, in milliseconds. */
  #rest = 0;
  #handle: unknown;

  constructor(scheduler: SchedulerLike) {
    this.#scheduler = scheduler;
  }

  /**
   * Starts it.
   *
   * @param delay - Milliseconds; one that is longer than a timer can be is waited for in parts, and
   * Infinity is never over.
   */
  start(delay: number, owner: TimerOwner): void {
    this.#owner = owner;
    this.#rest = delay;
    if (delay !== Infinity) this.#waitForPart();
  }

  stop(): void {
    this.#owner = undefined;
    const handle = this.#handle;
    if (handle === undefined) return;
    this.#handle = undefined;
    if (this.#scheduler === realTime) clearTimeout(handle as number);
    else (handle as Unsubscribable).unsubscribe();
  }

  #waitForPart(): void {
    const part = Math.min(this.#rest, MAX_DELAY);
    this.#rest -= part;
    // An action of RxJS takes several times the memory, which counts where many waits run at once.
    const handle: unknown =
      this.#scheduler === realTime
        ? setTimeout(Timer.#endPart, part, this)
        : this.#scheduler.schedule(() => Timer.#endPart(this), part);
    // A scheduler that knows no time has run it already, and what it ran may have started it again.
    if (this.#owner !== undefined) this.#handle ??= handle;
  }

  // Static, and given to `setTimeout` with its timer: a function of its own for each timer takes memory.
  static #endPart(this: void, timer: Timer): void {
    timer.#handle = undefined;
    const owner = timer.#owner;
    if (owner === undefined) return;
    if (timer.#rest > 0) return timer.#waitForPart();
    timer.#owner = undefined;
    owner.onTime();
  }
}
