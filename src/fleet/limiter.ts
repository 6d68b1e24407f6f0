import { LONGEST_PAUSE } from './retry-delay.js';

// A refusal halves the rate, but not below a hundredth of the full rate.
const DECREASE = 0.5;
const LEAST_PART = 0.01;

// From nothing to the full rate within a minute of answers, in steps of a second at most. Milliseconds.
const RECOVERY = 60_000;
const LONGEST_STEP = 1000;

// A timer that fires on time must not find a token that is not quite whole because of rounding.
const ROUNDING = 1e-9;

/** The limits of a fleet. @internal */
export interface Limits {
  readonly callsPerSecond: number;
  readonly burst: number;
  readonly callsInFlight: number;
}

/**
 * The one budget of a fleet: how many calls may be made, and when. A bucket of tokens, one for each call, is
 * filled at a rate that adapts to what the server refuses. Its times are by a clock that is never set back.
 *
 * @internal
 */
export class Limiter {
  readonly #limits: Limits;
  #inFlight = 0;
  /** How many tokens there were at `#countedAt`; a part of one counts. */
  #tokens: number;
  #countedAt: number;
  #rate: number;
  /** When the rate last changed, in milliseconds. */
  #changedAt: number;
  /** When the rate was last lowered, in milliseconds: refusals of earlier calls say nothing new. */
  #loweredAt: number;
  #pausedUntil: number;

  constructor(limits: Limits, now: number) {
    this.#limits = limits;
    this.#tokens = limits.burst;
    this.#rate = limits.callsPerSecond;
    this.#countedAt = this.#changedAt = this.#loweredAt = this.#pausedUntil = now;
  }

  /** Calls per second, at present. */
  get rate(): number {
    return this.#rate;
  }

  /** Whether as many calls are in flight as allowed. */
  get isFull(): boolean {
    return this.#inFlight >= this.#limits.callsInFlight;
  }

  /** When the next call may be made, in milliseconds; Infinity until one that is in flight has ended. */
  readyAt(now: number): number {
    if (this.isFull) return Infinity;
    const tokens = this.#tokensAt(now);
    const wait = tokens >= 1 - ROUNDING ? 0 : ((1 - tokens) * 1000) / this.#rate;
    return Math.max(now + wait, this.#pausedUntil);
  }

  /** Counts a call that is made. */
  begin(now: number): void {
    this.#count(Math.max(0, this.#tokensAt(now) - 1), now);
    this.#inFlight += 1;
  }

  /** Counts a call that has ended, in any way. */
  end(): void {
    this.#inFlight -= 1;
  }

  /**
   * Lowers the rate, since the server refused a call because there were too many. All calls that were in
   * flight together count once.
   *
   * @param begun - When that call was made.
   * @param asked - How long the server asks for a pause, in milliseconds.
   * @returns Whether the rate changed.
   */
  refused(begun: number, asked: number, now: number): boolean {
    this.#pausedUntil = Math.max(this.#pausedUntil, now + Math.min(asked, LONGEST_PAUSE));
    if (begun < this.#loweredAt) return false;
    this.#rate = Math.max(this.#rate * DECREASE, this.#limits.callsPerSecond * LEAST_PART);
    this.#changedAt = this.#loweredAt = now;
    // Tokens that were saved up under the old rate must not be spent now.
    this.#count(0, now);
    return true;
  }

  /**
   * Raises the rate a little after an answer.
   *
   * @returns Whether the full rate has just been reached.
   */
  answered(now: number): boolean {
    const { callsPerSecond } = this.#limits;
    if (this.#rate >= callsPerSecond) return false;
    this.#count(this.#tokensAt(now), now);
    const step = Math.min(now - this.#changedAt, LONGEST_STEP);
    this.#rate = Math.min(callsPerSecond, this.#rate + (callsPerSecond * step) / RECOVERY);
    this.#changedAt = now;
    return this.#rate >= callsPerSecond;
  }

  #tokensAt(now: number): number {
    const filled = ((now - this.#countedAt) * this.#rate) / 1000;
    return Math.min(this.#limits.burst, this.#tokens + filled);
  }

  #count(tokens: number, now: number): void {
    this.#tokens = tokens;
    this.#countedAt = now;
  }
}
