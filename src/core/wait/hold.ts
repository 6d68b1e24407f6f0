import type { OperationsClient } from '../client.js';
import type { StatusError } from '../errors/status-error.js';
import { isTransient } from '../policy/retry.js';
import { Code } from '../status/code.js';

// What is left of the time of a call is for the answer to come back.
const HELD_PART = 0.9;

// Who answers sooner has not held the call, but was slow at the most: to ask that one again at once would
// be to ask without end. In milliseconds, and as a part of what was asked for.
const SURELY_HELD = 5_000;
const LEAST_HELD = 1_000;
const PART_HELD = 0.75;

// So many failures in a row, of the kind that pass, show that something on the way does not let calls last.
const MOST_FAILURES = 3;

// What clients have learned about their service: it has no Wait. It belongs to the client, which its user
// shares between waits; a service does not get the method while a process runs.
const clientsWithoutWait = new WeakSet<OperationsClient>();

/** What bounds how long a server may hold a call. Milliseconds all. @internal */
export interface HoldLimits {
  readonly callTimeout: number;
  readonly holdTimeout: number;
  /** How long until the answer has to be there. */
  readonly rest: number;
}

/**
 * How long a server may hold a call of Wait.
 *
 * @returns Milliseconds, >= 1; undefined when nothing bounds it.
 * @internal
 */
export function holdTime({ callTimeout, holdTimeout, rest }: HoldLimits): number | undefined {
  const time = Math.min(HELD_PART * callTimeout, holdTimeout, rest);
  return time === Infinity ? undefined : Math.max(Math.floor(time), 1);
}

/**
 * What one wait knows of the method Wait: whether it is of use, and whether the server holds calls.
 *
 * @internal
 */
export class Hold {
  readonly #client: OperationsClient;
  #isGivenUp = false;
  /** Whether it is open if the service lacks the method or the operation. */
  #isInDoubt = false;
  #failures = 0;
  #asked: number | undefined;
  #begun = 0;
  /** Whether nothing is known yet of how the server holds calls, so that none needs a delay. */
  isNew = true;
  /** Whether the server held the last call. */
  wasHeld = false;

  constructor(client: OperationsClient) {
    this.#client = client;
  }

  /** Whether Wait is to be called, not Get. */
  get isOfUse(): boolean {
    return !this.#isGivenUp && this.#client.wait != null && !clientsWithoutWait.has(this.#client);
  }

  /**
   * Takes note that a call of Wait begins.
   *
   * @param asked - How long the server is to hold it, in milliseconds; undefined when nothing bounds it.
   */
  begin(asked: number | undefined, now: number): void {
    this.#asked = asked;
    this.#begun = now;
    this.isNew = false;
    this.wasHeld = false;
  }

  /**
   * Takes note of what a call of Wait took.
   *
   * @param duration - Milliseconds.
   * @param slowestCall - How long the slowest call took that nobody held, in milliseconds.
   * @returns How much of it the way took, as far as can be told, in milliseconds.
   */
  end(duration: number, slowestCall: number): number {
    const asked = this.#asked ?? Infinity;
    const least = Math.max(LEAST_HELD, 2 * slowestCall, Math.min(SURELY_HELD, PART_HELD * asked));
    this.#failures = 0;
    this.wasHeld = duration >= least || this.#client.pacing?.holdsCalls === true;
    return this.wasHeld ? Math.max(0, duration - asked) : duration;
  }

  /** Has the next call of Wait follow at once. */
  restart(): void {
    this.isNew = true;
  }

  /**
   * Takes note of a failure of Wait. One that passes by itself is forgiven a few times; a time limit is what
   * ends a call that the server holds for longer. Only what the server says for good holds for the other
   * waits of this client too.
   *
   * @returns Whether the operation has to be asked about by Get.
   */
  fail(error: StatusError, now: number): boolean {
    if (error.code === Code.DEADLINE_EXCEEDED && now - this.#begun >= SURELY_HELD) {
      this.wasHeld = true;
      return true;
    }
    this.#failures += 1;
    if (isTransient(error) && this.#failures < MOST_FAILURES) return true;
    this.#isGivenUp = true;
    if (error.code === Code.UNIMPLEMENTED) clientsWithoutWait.add(this.#client);
    this.#isInDoubt = error.code === Code.NOT_FOUND;
    return error.code !== Code.UNIMPLEMENTED;
  }

  /** Takes note that Get was answered: the operation exists. */
  answered(): void {
    if (this.#isInDoubt) clientsWithoutWait.add(this.#client);
    this.#isInDoubt = false;
  }
}
