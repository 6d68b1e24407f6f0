import type { SchedulerLike } from 'rxjs';
import { tell } from '../core/events.js';
import type { Operation } from '../core/operation.js';
import { progressOf } from '../core/answer/progress.js';
import { Timer, type TimerOwner } from '../core/platform/timer.js';

// The least time between two calls of the listener, in milliseconds.
const INTERVAL = 250;

/** The progress of many operations together. */
export interface WaitForAllProgress {
  /** How many there are. */
  readonly total: number;
  /** How many have succeeded. */
  readonly done: number;
  /** How many have failed, or whose outcome could not be determined. */
  readonly failed: number;
  /**
   * The progress of all, from 0 to 1: the mean of their `progressOf`. An operation without progress counts
   * as 0, and one that has ended, in any way, as 1.
   */
  readonly progress: number;
}

/**
 * Adds up the progress of operations, and reports it from time to time.
 *
 * @internal
 */
export class WholeProgress implements TimerOwner {
  readonly #total: number;
  readonly #listener: (progress: WaitForAllProgress) => void;
  readonly #timer: Timer;
  readonly #parts: Float64Array;
  #sum = 0;
  #done = 0;
  #failed = 0;
  #isTold = false;
  #isPausing = false;

  constructor(
    total: number,
    scheduler: SchedulerLike,
    listener: (progress: WaitForAllProgress) => void,
  ) {
    this.#total = total;
    this.#timer = new Timer(scheduler);
    this.#listener = listener;
    this.#parts = new Float64Array(total);
    this.#change();
  }

  /** One has changed. */
  move(index: number, operation: Operation): void {
    this.#set(index, progressOf(operation) ?? 0);
  }

  /** One has ended. */
  end(index: number, hasFailed: boolean): void {
    if (hasFailed) this.#failed += 1;
    else this.#done += 1;
    this.#set(index, 1);
  }

  /** Tells of the end. */
  close(): void {
    this.#timer.stop();
    this.#tell();
  }

  /** It may be told again. */
  onTime(): void {
    this.#isPausing = false;
    if (!this.#isTold) this.#change();
  }

  get #ended(): number {
    return this.#done + this.#failed;
  }

  #set(index: number, part: number): void {
    this.#sum += part - (this.#parts[index] ?? 0);
    this.#parts[index] = part;
    this.#change();
  }

  #change(): void {
    this.#isTold = false;
    // `close` tells of the end.
    if (this.#isPausing || this.#ended === this.#total) return;
    this.#tell();
    this.#isPausing = true;
    this.#timer.start(INTERVAL, this);
  }

  #tell(): void {
    this.#isTold = true;
    const isOver = this.#ended === this.#total;
    // What rounding has left over.
    const progress = isOver ? 1 : Math.min(1, Math.max(0, this.#sum / this.#total));
    const [total, done, failed] = [this.#total, this.#done, this.#failed];
    tell(this.#listener, { total, done, failed, progress });
  }
}
