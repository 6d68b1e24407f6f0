import type { SchedulerLike } from 'rxjs';
import { Timer, type TimerOwner } from '../platform/timer.js';

/**
 * How long each call of one wait may take. A wait makes its calls one after the other, so one timer serves
 * them all: it keeps running when a call is answered, and when it fires it decides on the call that is under
 * way by then. Calls hardly ever take that long; starting and clearing a timer for each would cost more.
 *
 * @internal
 */
export class CallTimer implements TimerOwner {
  /** In milliseconds. */
  readonly duration: number;
  readonly #scheduler: SchedulerLike;
  #timer: Timer | undefined;
  #call: TimerOwner | undefined;
  #due = 0;
  /** The call that the timer was started for. It is due when the timer fires, whatever the clock says. */
  #startedFor: TimerOwner | undefined;

  constructor(scheduler: SchedulerLike, duration: number) {
    this.#scheduler = scheduler;
    this.duration = duration;
  }

  /** Counts the time of a call, which is told when it is up. */
  begin(call: TimerOwner, now: number): void {
    this.#call = call;
    this.#due = now + this.duration;
    if (this.#timer?.isOn !== true) this.#start(call, this.duration);
  }

  /** Stops counting the time of a call. Does nothing when it has been replaced by another. */
  end(call: TimerOwner): void {
    if (this.#call === call) this.#call = undefined;
    // A wait holds the timer for long, and is not to hold calls that are over.
    if (this.#startedFor === call) this.#startedFor = undefined;
  }

  /** Ends the timer. */
  stop(): void {
    this.#call = undefined;
    this.#startedFor = undefined;
    this.#timer?.stop();
  }

  onTime(): void {
    const call = this.#call;
    if (call === undefined) return;
    const rest = this.#due - this.#scheduler.now();
    // Never longer than the whole limit: the clock may have been set back. One that was set forward gives
    // a call up early, which costs one retry.
    if (call !== this.#startedFor && rest > 0) {
      return this.#start(call, Math.min(rest, this.duration));
    }
    this.#call = undefined;
    call.onTime();
  }

  #start(call: TimerOwner, delay: number): void {
    this.#startedFor = call;
    this.#timer ??= new Timer(this.#scheduler, this);
    this.#timer.start(delay);
  }
}

/**
 * Makes the timer of the calls of one wait.
 *
 * @param duration - How long each call may take, in milliseconds; Infinity for no limit.
 * @returns undefined when there is no limit.
 * @internal
 */
export function callTimerOf(scheduler: SchedulerLike, duration: number): CallTimer | undefined {
  return duration === Infinity ? undefined : new CallTimer(scheduler, duration);
}
