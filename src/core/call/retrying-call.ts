import type { ObservableInput } from 'rxjs';
import { exponentialDelay } from '../policy/exponential-delay.js';
import type { StatusError } from '../errors/status-error.js';
import { tell } from '../events.js';
import { isErrorEnvelope } from '../answer/decode.js';
import type { Operation } from '../operation.js';
import { isTransient, retryDelay } from '../policy/retry.js';
import { Code } from '../status/code.js';
import { Timer } from '../platform/timer.js';
import { Call, type Caller } from './call.js';
import type { CallOptions, Method } from '../client.js';
import type { CallTimer } from './call-timer.js';
import { failureOf } from './failure.js';
import type { CallSettings } from './settings.js';

/** Who has a call made. @internal */
export interface CallOwner<T> {
  /** What the call is about: the name of the operation or of the parent. */
  readonly name: string;
  /** The last that is known of the operation. */
  readonly known?: Operation | undefined;
  /** Whether the client has a method. Default: it has. */
  offers?(method: Method): boolean;
  /** Makes the request. */
  start(method: Method, options: CallOptions): ObservableInput<unknown>;
  /** Reads the answer. What it throws is a failure of the call. */
  read(answer: unknown, method: Method): T;
  /** Whether the server may not know the operation yet, so that NOT_FOUND is worth another try. */
  mayBeUnseen?(): boolean;
  /** Shortens a delay, not below the floor; Infinity when there is no time for another try. */
  fit?(delay: number, floor: number): number;
  /**
   * Takes what was read of the answer.
   *
   * @param begun - When the try began that was answered, by the clock of the scheduler.
   * @param time - When it was answered.
   */
  onAnswer(value: T, method: Method, begun: number, time: number): void;
  /** Is told of a failure that is to be survived. */
  onRetry?(error: StatusError, method: Method): void;
  /** Takes the failure that is not survived: a StatusError, or what the user's own `retry` threw. */
  onFailed(error: unknown, method: Method): void;
}

/**
 * A call that is made until it is answered, or until its failure is not to be survived.
 *
 * @internal
 */
export class RetryingCall<T> implements Caller {
  readonly #owner: CallOwner<T>;
  readonly #settings: CallSettings;
  readonly #callTimer: CallTimer | undefined;
  #method: Method;
  readonly #next: Method;
  /** Which try it is, from 1 on. */
  #attempt = 0;
  #begun = 0;
  #running: Call | Timer | undefined;
  #isOver = false;

  /**
   * @param callTimer - Bounds how long one try may take; undefined for no limit.
   * @param next - The method that is tried in its place once it has failed. Default: the same again.
   */
  constructor(
    owner: CallOwner<T>,
    settings: CallSettings,
    callTimer: CallTimer | undefined,
    method: Method,
    next: Method = method,
  ) {
    this.#owner = owner;
    this.#settings = settings;
    this.#callTimer = callTimer;
    this.#method = method;
    this.#next = next;
  }

  begin(): void {
    const method = this.#method;
    const { retry } = this.#settings;
    if (this.#owner.offers?.(method) === false) {
      this.#attempt = 1;
      const message = `The client has no method \`${method}\``;
      return this.#give(this.#failureOf({ code: Code.UNIMPLEMENTED, message, details: [] }));
    }
    if (!retry.delayFirstAttempt) return this.#try();
    const wanted = exponentialDelay(retry, 0, true);
    const delay = this.#owner.fit?.(wanted, 0) ?? wanted;
    // The call that begins just before the end has no time to wait.
    if (delay === Infinity) return this.#try();
    this.#tryAfter(delay);
  }

  /** Ends whatever is under way. */
  stop(): void {
    this.#isOver = true;
    this.#running?.stop();
  }

  start(options: CallOptions): ObservableInput<unknown> {
    return this.#owner.start(this.#method, options);
  }

  onAnswer(answer: unknown): void {
    const method = this.#method;
    let value: T;
    try {
      if (isErrorEnvelope(answer)) return this.onFailure(answer);
      value = this.#owner.read(answer, method);
    } catch (error) {
      return this.onFailure(error);
    }
    const { scheduler, onEvent } = this.#settings;
    const begun = this.#begun;
    const time = scheduler.now();
    if (onEvent !== undefined) {
      const { name } = this.#owner;
      const attempt = this.#attempt;
      tell(onEvent, { type: 'answer', method, name, attempt, duration: time - begun, time });
    }
    // The listener may have ended it all.
    if (this.#isOver) return;
    this.#isOver = true;
    try {
      this.#owner.onAnswer(value, method, begun, time);
    } catch (error) {
      // Whatever an answer does to those who read it, the wait has to end.
      this.#owner.onFailed(error, method);
    }
  }

  onFailure(thrown: unknown): void {
    const error = this.#failureOf(thrown);
    const { scheduler, onEvent } = this.#settings;
    const { name } = this.#owner;
    const method = this.#method;
    const attempt = this.#attempt;
    const time = scheduler.now();
    const duration = time - this.#begun;
    tell(onEvent, { type: 'failure', method, name, attempt, duration, error, time });
    if (!this.#isOver) this.#survive(error);
  }

  /** The time to try again has come. */
  onTime(): void {
    this.#try();
  }

  #try(): void {
    const { scheduler, onEvent } = this.#settings;
    this.#attempt += 1;
    this.#begun = scheduler.now();
    if (onEvent !== undefined) {
      const { name } = this.#owner;
      const attempt = this.#attempt;
      tell(onEvent, { type: 'call', method: this.#method, name, attempt, time: this.#begun });
      if (this.#isOver) return;
    }
    const call = new Call(this, this.#callTimer);
    this.#running = call;
    call.begin(this.#begun);
  }

  #tryAfter(delay: number): void {
    const timer = new Timer(this.#settings.scheduler, this);
    this.#running = timer;
    timer.start(delay);
  }

  #survive(error: StatusError): void {
    if (this.#attempt >= this.#settings.retry.numOfAttempts) return this.#give(error);
    let verdict: boolean | PromiseLike<boolean>;
    try {
      verdict = this.#isWorthAnotherTry(error);
    } catch (thrown) {
      return this.#give(thrown);
    }
    if (typeof verdict === 'boolean') return this.#decide(verdict, error);
    Promise.resolve(verdict).then(
      (resolved) => this.#decide(resolved, error),
      (thrown: unknown) => this.#give(thrown),
    );
  }

  #isWorthAnotherTry(error: StatusError): boolean | PromiseLike<boolean> {
    const { retry } = this.#settings.retry;
    if (error.code === Code.NOT_FOUND && this.#owner.mayBeUnseen?.() === true) return true;
    return retry === undefined ? isTransient(error) : retry(error, this.#attempt);
  }

  #decide(again: boolean, error: StatusError): void {
    // To be asked for a verdict may have been the occasion to leave, or to abort.
    if (this.#isOver) return;
    if (!again) return this.#give(error);
    const { name } = this.#owner;
    const { scheduler, retry, onEvent } = this.#settings;
    const { delay: wanted, floor } = retryDelay(retry, error, this.#attempt);
    this.#owner.onRetry?.(error, this.#method);
    this.#method = this.#next;
    const delay = this.#owner.fit?.(wanted, floor) ?? wanted;
    // No time is left for another try.
    if (delay === Infinity) return;
    const attempt = this.#attempt + 1;
    const method = this.#method;
    tell(onEvent, { type: 'retry', method, name, attempt, delay, time: scheduler.now() });
    if (!this.#isOver) this.#tryAfter(delay);
  }

  #give(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#owner.onFailed(error, this.#method);
  }

  #failureOf(thrown: unknown): StatusError {
    const { name, known: operation } = this.#owner;
    return failureOf({ method: this.#method, name, operation }, thrown, this.#attempt);
  }
}
