import { mismatchTeller, tell } from '../events.js';
import { convertThen } from '../answer/convert.js';
import type { Operation } from '../operation.js';
import { isSameOperation } from '../answer/same.js';
import { BoundedWait } from './bounded-wait.js';

/** What can be under way: a call with its retries, or a delay. @internal */
export interface Stoppable {
  stop(): void;
}

/**
 * What a wait shows of its operation: each change once, and the verdict last. How it learns of them is the
 * affair of the class that extends it. At every moment there is one thing under way; beginning the next
 * one ends the one before.
 *
 * @internal
 */
export abstract class ShowingWait extends BoundedWait {
  /** Counts what was under way: what has begun in another turn is nobody's any more. */
  protected turn = 0;
  /** Whether the caller has just started it, as far as is known. */
  protected isStarted = false;
  /** When the last look that said "not done" began. */
  protected lookedAt: number | undefined;
  /** What is under way. */
  #running: Stoppable | undefined;
  #shown: Operation | undefined;

  /**
   * What comes next, once a snapshot that is not done was shown.
   *
   * @param now - The time, where it was just read.
   */
  protected abstract carryOn(now?: number): void;

  /**
   * Ends what is under way, and puts something else in its place.
   *
   * @returns The turn that begins.
   */
  protected beginTurn(next: Stoppable | undefined): number {
    const last = this.#running;
    this.#running = next;
    this.turn += 1;
    const { turn } = this;
    last?.stop();
    return turn;
  }

  /** Shows a snapshot where it says something new, and carries on where it is not done. */
  protected observe(operation: Operation, now?: number): void {
    if (this.#shown !== undefined && isSameOperation(this.#shown, operation)) {
      return this.carryOn(now);
    }
    this.latest = operation;
    if (this.name === '') this.name = operation.name;
    // The caller's own code runs now, and may leave or abort: then this turn is no longer the one.
    const turn = this.beginTurn(undefined);
    if (operation.done) this.#tellDone(operation);
    if (this.turn !== turn) return;
    convertThen(
      operation,
      this.settings,
      mismatchTeller(this.settings, this.name, operation),
      (converted) => {
        if (this.turn === turn) this.#show(operation, converted);
      },
      (error) => {
        if (this.turn === turn) this.fail(error);
      },
    );
  }

  #tellDone(operation: Operation): void {
    const { scheduler, onEvent } = this.settings;
    const time = scheduler.now();
    tell(onEvent, {
      type: 'done',
      name: this.name,
      operation,
      elapsed: time - this.begun,
      within: this.lookedAt === undefined ? undefined : time - this.lookedAt,
      started: this.isStarted,
      time,
    });
  }

  #show(operation: Operation, converted: Operation): void {
    // By the time the watcher learns the verdict, nothing is left.
    if (operation.done) this.stop();
    const { turn } = this;
    this.#shown = operation;
    this.watcher.next(converted);
    // The watcher may have left, or aborted the signal, while it was told.
    if (this.watcher.closed || this.turn !== turn) return;
    if (operation.done) this.watcher.complete();
    else this.carryOn();
  }
}
