import type { Subscriber } from 'rxjs';
import {
  abortReason,
  addAbortListener,
  removeAbortListener,
  type AbortListener,
  type AbortSignalLike,
} from '../platform/abort-signal.js';
import type { StatusError } from '../errors/status-error.js';
import { WaitTimeoutError } from '../errors/wait-timeout-error.js';
import { tell } from '../events.js';
import type { Operation } from '../operation.js';
import { Timer } from '../platform/timer.js';
import { Cancel } from './cancel.js';
import { fitBeforeDeadline, timeBeforeDeadline, type Deadline } from './deadline.js';
import type { PollSettings } from './settings.js';

/** Who is told of an operation. @internal */
export type Watcher = Pick<Subscriber<Operation>, 'closed' | 'next' | 'error' | 'complete'>;

/**
 * What ends a wait from outside: the signal, `timeout` and `cancelTimeout`. What the wait does meanwhile
 * is the affair of the class that extends it.
 *
 * @internal
 */
export abstract class BoundedWait implements AbortListener {
  protected readonly settings: PollSettings;
  protected readonly watcher: Watcher;
  protected readonly begun: number;
  /** The name of the operation; empty while it is not known. */
  name = '';
  protected latest: Operation | undefined;
  protected lastFailure: StatusError | undefined;
  protected slowestCall = 0;
  protected cancel: Cancel | undefined;
  #timeoutTimer: Timer | undefined;

  constructor(settings: PollSettings, watcher: Watcher) {
    this.settings = settings;
    this.watcher = watcher;
    this.begun = settings.scheduler.now();
  }

  /** What there is to resume from: a name is enough. */
  get known(): Operation {
    return this.latest ?? { name: this.name, done: false };
  }

  /** Shortens a delay, not below the floor; Infinity when there is no time for another call. */
  fit(delay: number, floor: number): number {
    const deadline = this.#deadline();
    return deadline === undefined ? delay : fitBeforeDeadline({ delay, floor, ...deadline });
  }

  /** The signal was aborted. */
  onAbort(): void {
    const { signal, onAbort: mode, scheduler, onEvent } = this.settings;
    // Only one that was given tells of an abort.
    const reason = abortReason(signal as AbortSignalLike);
    if (mode === 'detach') return this.fail(reason);
    // It has ended, and its verdict is on its way to the watcher.
    if (this.latest?.done === true || this.cancel !== undefined) return;
    const cancel = new Cancel(reason, this.settings);
    this.cancel = cancel;
    tell(onEvent, { type: 'cancel', name: this.name, reason, time: scheduler.now() });
    if (this.watcher.closed) return;
    cancel.limit(this.settings, () => {
      // The verdict is there, and only the caller's own code has yet to read it.
      if (this.latest?.done !== true) this.fail(this.notConfirmed(cancel));
    });
    if (this.name !== '' && !this.watcher.closed) this.sendCancel(cancel);
  }

  /** Has the cancel sent to the server, whatever is under way. */
  protected abstract sendCancel(cancel: Cancel): void;

  /** Ends all that is under way; nothing begins afterwards. */
  abstract stop(): void;

  /** Begins to count, and to listen to the signal. */
  protected bind(): void {
    const { signal, scheduler, timeout } = this.settings;
    if (timeout !== Infinity) {
      this.#timeoutTimer = new Timer(scheduler, { onTime: () => this.#timeOut() }).start(timeout);
    }
    // A scheduler that knows no time may have ended it by now.
    if (signal === undefined || this.watcher.closed) return;
    addAbortListener(signal, this);
    if (signal.aborted) this.onAbort();
  }

  /** Undoes `bind`. */
  protected unbind(): void {
    if (this.settings.signal !== undefined) removeAbortListener(this.settings.signal, this);
    this.#timeoutTimer?.stop();
    this.cancel?.stop();
  }

  /** How long until the last call has to be made, in milliseconds; below 1 when there is no time. */
  protected timeLeft(): number {
    const deadline = this.#deadline();
    return deadline === undefined ? Infinity : timeBeforeDeadline(deadline);
  }

  protected notConfirmed(cancel: Cancel): StatusError {
    return cancel.notConfirmed(this.#knownIfAny(), this.lastFailure);
  }

  protected fail(error: unknown): void {
    // Before the watcher is told: by then nothing is left.
    this.stop();
    this.watcher.error(error);
  }

  #timeOut(): void {
    const { timeout } = this.settings;
    const cancelRequested = this.cancel !== undefined;
    const cause = cancelRequested ? this.cancel?.reason : this.lastFailure;
    const operation = this.#knownIfAny();
    this.fail(new WaitTimeoutError({ timeout, operation, cancelRequested, cause }));
  }

  #deadline(): Deadline | undefined {
    const { scheduler, timeout } = this.settings;
    if (timeout === Infinity) return undefined;
    const rest = this.begun + timeout - scheduler.now();
    return { rest, timeout, slowestCall: this.slowestCall };
  }

  #knownIfAny(): Operation | undefined {
    return this.name === '' ? this.latest : this.known;
  }
}
