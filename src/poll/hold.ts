import type { OperationsClient } from '../client/client.js';
import { isStatusError } from '../errors/status-error.js';
import { Code } from '../status/code.js';

// What is left of the time of a call is for the answer to come back.
const HELD_PART = 0.9;

// Clients whose service has turned out to have no Wait. It will not learn it while we look on.
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
 * What one wait knows of the method Wait: whether it is of use, and since when the server holds a call.
 *
 * @internal
 */
export class Hold {
  readonly #client: OperationsClient;
  #isGivenUp = false;
  /** Whether it is open if the service lacks the method or the operation. */
  #isInDoubt = false;
  #since = -Infinity;

  constructor(client: OperationsClient) {
    this.#client = client;
  }

  /** Whether Wait is to be called, not Get. */
  get isOfUse(): boolean {
    return !this.#isGivenUp && !clientsWithoutWait.has(this.#client);
  }

  /** Takes note that a call of Wait begins. */
  begin(now: number): void {
    this.#since = now;
  }

  /** How long ago the last call of Wait began, in milliseconds: Infinity when none has. */
  timeSince(now: number): number {
    return now - this.#since;
  }

  /** Has the next call of Wait follow at once. */
  restart(): void {
    this.#since = -Infinity;
  }

  /**
   * Takes note of a failure of Wait that passes by itself no more. Only what the server says for good
   * holds for the other waits of this client too.
   *
   * @returns Whether the operation has to be asked about at once, by Get.
   */
  giveUp(error: unknown): boolean {
    this.#isGivenUp = true;
    const code = isStatusError(error) ? error.code : undefined;
    if (code === Code.UNIMPLEMENTED) clientsWithoutWait.add(this.#client);
    this.#isInDoubt = code === Code.NOT_FOUND;
    return code !== Code.UNIMPLEMENTED;
  }

  /** Takes note that Get was answered: the operation exists. */
  answered(): void {
    if (this.#isInDoubt) clientsWithoutWait.add(this.#client);
    this.#isInDoubt = false;
  }
}
