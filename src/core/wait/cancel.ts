import { CancelNotConfirmedError } from '../errors/cancel-not-confirmed-error.js';
import type { StatusError } from '../errors/status-error.js';
import type { Operation } from '../operation.js';
import { Timer } from '../platform/timer.js';
import type { PollSettings } from './settings.js';

/**
 * The cancel that an abort has asked for: how far it has come.
 *
 * @internal
 */
export class Cancel {
  /** Why it is to be cancelled: the signal's reason. */
  readonly reason: unknown;
  stage: 'wanted' | 'sent' | 'failed' = 'wanted';
  /** Why the call failed. */
  failure: StatusError | undefined;
  readonly #cancelTimeout: number;
  #timer: Timer | undefined;

  constructor(reason: unknown, { cancelTimeout }: PollSettings) {
    this.reason = reason;
    this.#cancelTimeout = cancelTimeout;
  }

  /** Counts the time that the server has to confirm how the operation ended. */
  limit({ scheduler }: PollSettings, onTimeout: () => void): void {
    this.#timer = new Timer(scheduler, { onTime: onTimeout }).start(this.#cancelTimeout);
  }

  stop(): void {
    this.#timer?.stop();
  }

  /** @param failure - What is known of why, where the cancel itself did not fail. */
  notConfirmed(
    operation: Operation | undefined,
    failure: StatusError | undefined,
  ): CancelNotConfirmedError {
    return new CancelNotConfirmedError({
      cancelTimeout: this.#cancelTimeout,
      operation,
      failure: this.failure ?? failure,
      cause: this.reason,
    });
  }
}
