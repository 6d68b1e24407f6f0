import { fullRate, lowerRate, raiseRate, type CallRate } from './call-rate.js';
import { refill, takeToken, timeToToken, type Bucket, type BucketLimits } from './token-bucket.js';

// A server cannot put a fleet to sleep for longer than this, in milliseconds.
const LONGEST_PAUSE = 3_600_000;

/** The limits of a fleet. @internal */
export interface Limits {
  readonly callsPerSecond: number;
  readonly burst: number;
  readonly callsInFlight: number;
}

/**
 * How many calls may be made, and when: the one budget of a fleet.
 *
 * @internal
 */
export class Limiter {
  readonly #limits: Limits;
  #bucket: Bucket;
  #rate: CallRate;
  #inFlight = 0;
  #pausedUntil = -Infinity;

  constructor(limits: Limits, now: number) {
    this.#limits = limits;
    this.#bucket = { tokens: limits.burst, time: now };
    this.#rate = fullRate(limits.callsPerSecond, now);
  }

  /** Calls per second, for now. */
  get rate(): number {
    return this.#rate.rate;
  }

  /** Whether as many calls are under way as may be. */
  get isFull(): boolean {
    return this.#inFlight >= this.#limits.callsInFlight;
  }

  /** When the next call may be made, in milliseconds; Infinity before one that is in flight has ended. */
  readyAt(now: number): number {
    if (this.isFull) return Infinity;
    const bucket = refill(this.#bucket, this.#tokenLimits, now);
    return Math.max(now + timeToToken(bucket, this.#tokenLimits), this.#pausedUntil);
  }

  /** Goes with a clock that was set back. @param by - Milliseconds. */
  setBack(by: number): void {
    const { tokens, time } = this.#bucket;
    const { rate, changed, lowered } = this.#rate;
    this.#bucket = { tokens, time: time - by };
    this.#rate = { rate, changed: changed - by, lowered: lowered - by };
    this.#pausedUntil -= by;
  }

  /** Counts a call that is made. */
  begin(now: number): void {
    this.#bucket = takeToken(refill(this.#bucket, this.#tokenLimits, now));
    this.#inFlight += 1;
  }

  /** Counts a call that has ended, in whatever way. */
  end(): void {
    this.#inFlight -= 1;
  }

  /**
   * Goes slower, since the server has refused a call because of too many.
   *
   * @param begun - When that call was made.
   * @param asked - How long the server wants to be left alone, in milliseconds.
   * @returns Whether the rate is another one now.
   */
  refused(begun: number, asked: number, now: number): boolean {
    const before = this.#rate;
    const bucket = refill(this.#bucket, this.#tokenLimits, now);
    this.#rate = lowerRate(before, this.#limits.callsPerSecond, begun, now);
    this.#pausedUntil = Math.max(this.#pausedUntil, now + Math.min(asked, LONGEST_PAUSE));
    if (this.#rate === before) return false;
    // What was saved up under the old rate is not to be spent now.
    this.#bucket = { ...bucket, tokens: 0 };
    return true;
  }

  /**
   * Goes faster again after an answer.
   *
   * @returns Whether the whole rate has just been reached.
   */
  answered(now: number): boolean {
    const before = this.#rate;
    const raised = raiseRate(before, this.#limits.callsPerSecond, now);
    if (raised === before) return false;
    this.#bucket = refill(this.#bucket, this.#tokenLimits, now);
    this.#rate = raised;
    return raised.rate >= this.#limits.callsPerSecond;
  }

  get #tokenLimits(): BucketLimits {
    return { rate: this.#rate.rate, burst: this.#limits.burst };
  }
}
