import type { SchedulerLike } from 'rxjs';
import { Timer, type TimerOwner } from '../platform/timer.js';
import type { End } from './facts.js';

/**
 * Ends a wait when its time is up, whatever is under way.
 *
 * @internal
 */
export class EndTimer implements TimerOwner {
  readonly #scheduler: SchedulerLike;
  readonly #timer: Timer;
  readonly #endOf: () => End;
  readonly #onEnd: (why: End['why']) => void;
  #at = Infinity;

  /** @param endOf - Tells when the wait ends, by what is known now. */
  constructor(scheduler: SchedulerLike, endOf: () => End, onEnd: (why: End['why']) => void) {
    this.#scheduler = scheduler;
    this.#timer = new Timer(scheduler);
    this.#endOf = endOf;
    this.#onEnd = onEnd;
  }

  /** Counts the time until the end that is known now. */
  start(): void {
    this.#at = this.#endOf().at;
    this.#timer.stop();
    if (this.#at !== Infinity) this.#timer.start(this.#at - this.#scheduler.now(), this);
  }

  stop(): void {
    this.#timer.stop();
  }

  onTime(): void {
    const { at, why } = this.#endOf();
    // A result that is being read has been given more time.
    if (at === this.#at) this.#onEnd(why);
    else this.start();
  }
}
