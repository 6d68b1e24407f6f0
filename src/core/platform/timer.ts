import type { SchedulerLike, Unsubscribable } from 'rxjs';
import { MAX_DELAY, realTime } from './clock.js';

/** Whose time comes. @internal */
export interface TimerOwner {
  onTime(): void;
}

/**
 * A moment to come. Once it has come, or was stopped, it may be started again.
 *
 * @internal
 */
export class Timer {
  readonly #scheduler: SchedulerLike;
  readonly #owner: TimerOwner;
  #isOn = false;
  /** What is left after the part that is waited for now, in milliseconds. */
  #rest = 0;
  #handle: unknown;

  constructor(scheduler: SchedulerLike, owner: TimerOwner) {
    this.#scheduler = scheduler;
    this.#owner = owner;
  }

  /** Whether its time has yet to come. */
  get isOn(): boolean {
    return this.#isOn;
  }

  /**
   * Starts it.
   *
   * @param delay - Milliseconds; one that is longer than a timer can be is waited for in parts, and
   * Infinity is never over.
   * @returns The timer.
   */
  start(delay: number): this {
    this.#isOn = true;
    this.#rest = delay;
    if (delay !== Infinity) this.#waitForPart();
    return this;
  }

  stop(): void {
    this.#isOn = false;
    const handle = this.#handle;
    if (handle === undefined) return;
    this.#handle = undefined;
    if (this.#scheduler === realTime) clearTimeout(handle as number);
    else (handle as Unsubscribable).unsubscribe();
  }

  #waitForPart(): void {
    const part = this.#rest > MAX_DELAY ? MAX_DELAY : this.#rest;
    this.#rest = this.#rest > MAX_DELAY ? this.#rest - MAX_DELAY : 0;
    // An action of RxJS takes several times the memory, which counts where many waits run at once.
    const handle: unknown =
      this.#scheduler === realTime
        ? setTimeout(Timer.#endPart, part, this)
        : this.#scheduler.schedule(() => Timer.#endPart(this), part);
    // A scheduler that knows no time has run it already, and what it ran may have started it again.
    if (this.#isOn) this.#handle ??= handle;
  }

  // Static, and given to `setTimeout` with its timer: a function of its own for each timer takes memory.
  static #endPart(this: void, timer: Timer): void {
    timer.#handle = undefined;
    if (!timer.#isOn) return;
    if (timer.#rest > 0) return timer.#waitForPart();
    timer.#isOn = false;
    timer.#owner.onTime();
  }
}
