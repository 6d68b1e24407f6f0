import type { ObservableInput, SchedulerLike } from 'rxjs';
import { exponentialDelay } from '../backoff/exponential-delay.js';
import type { StatusError } from '../errors/status-error.js';
import { tell, type EventListener } from '../events/events.js';
import { isErrorEnvelope } from '../operation/decode.js';
import { isTransient, retryDelay, type Retry } from '../retry/retry.js';
import { Code } from '../status/code.js';
import { Timer } from '../time/timer.js';
import { Call, type Caller } from './call.js';
import type { CallOptions, Method } from './client.js';
import { failureOf, type CallSubject } from './failure.js';

/** What every call of one caller has in common. @internal */
export interface CallSettings {
  /** How long one call may take, in milliseconds. */
  readonly callTimeout: number;
  /** How a call that failed is tried again. */
  readonly retry: Retry;
  /** Every timer and every reading of the clock. */
  readonly scheduler: SchedulerLike;
  /** Is told what happens. */
  readonly onEvent: EventListener | undefined;
}

/** A request: by which method, and how. @internal */
export interface CallRequest {
  readonly method: Method;
  /** Makes the call; undefined when the client has no such method. */
  readonly start: ((options: CallOptions) => ObservableInput<unknown>) | undefined;
}

/** A request about something. @internal */
export interface SubjectRequest extends CallSubject, CallRequest {
  readonly method: Method;
  /** What is tried in its place once it has failed. Default: the same again. */
  readonly next?: CallRequest;
}

/** Who has a call made. @internal */
export interface CallOwner<T> {
  /** Reads the answer. What it throws is a failure of the call. */
  read(answer: unknown, method: Method): T;
  /** Whether the server may not know the operation yet, so that NOT_FOUND is worth another try. */
  mayBeUnseen?(): boolean;
  /** Shortens a delay, not below the floor; Infinity when there is no time for another try. */
  fit?(delay: number, floor: number): number;
  onAnswer(value: T, duration: number, method: Method): void;
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
  readonly #request: SubjectRequest;
  readonly #settings: CallSettings;
  /** Which try it is, from 1 on. */
  #attempt = 0;
  #begun = 0;
  #running: { stop(): void } | undefined;
  #isOver = false;

  constructor(owner: CallOwner<T>, request: SubjectRequest, settings: CallSettings) {
    this.#owner = owner;
    this.#request = request;
    this.#settings = settings;
  }

  begin(): void {
    const { method, start } = this.#request;
    const { retry } = this.#settings;
    if (start === undefined) {
      const message = `The client has no method \`${method}\``;
      this.#attempt = 1;
      return this.#give(this.#failureOf({ code: Code.UNIMPLEMENTED, message, details: [] }));
    }
    if (!retry.delayFirstAttempt) return this.#try();
    const delay = exponentialDelay(retry, 0, true);
    this.#tryAfter(this.#owner.fit?.(delay, 0) ?? delay);
  }

  /** Ends whatever is under way. */
  stop(): void {
    this.#isOver = true;
    this.#running?.stop();
  }

  onAnswer(answer: unknown): void {
    let value: T;
    try {
      if (isErrorEnvelope(answer)) return this.onFailure(answer);
      value = this.#owner.read(answer, this.#current.method);
    } catch (error) {
      return this.onFailure(error);
    }
    const { name } = this.#request;
    const { method } = this.#current;
    const { scheduler, onEvent } = this.#settings;
    const time = scheduler.now();
    const duration = time - this.#begun;
    if (onEvent !== undefined) {
      tell(onEvent, { type: 'answer', method, name, attempt: this.#attempt, duration, time });
      // The listener may have ended it all.
      if (this.#isOver) return;
    }
    this.#isOver = true;
    this.#owner.onAnswer(value, duration, method);
  }

  onFailure(thrown: unknown): void {
    const error = this.#failureOf(thrown);
    const { name } = this.#request;
    const { method } = this.#current;
    const { scheduler, onEvent } = this.#settings;
    const time = scheduler.now();
    const duration = time - this.#begun;
    const attempt = this.#attempt;
    tell(onEvent, { type: 'failure', method, name, attempt, duration, error, time });
    if (!this.#isOver) this.#survive(error);
  }

  get #current(): CallRequest {
    return this.#attempt > 1 ? (this.#request.next ?? this.#request) : this.#request;
  }

  #try(): void {
    this.#attempt += 1;
    const { name } = this.#request;
    const { method, start } = this.#current;
    const { scheduler, callTimeout, onEvent } = this.#settings;
    this.#begun = scheduler.now();
    tell(onEvent, { type: 'call', method, name, attempt: this.#attempt, time: this.#begun });
    if (this.#isOver || start === undefined) return;
    const call = new Call(this, scheduler, callTimeout);
    this.#running = call;
    call.begin(start);
  }

  #tryAfter(delay: number): void {
    this.#running = new Timer(this.#settings.scheduler, delay, () => this.#try());
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
    const { name, next } = this.#request;
    const { scheduler, retry, onEvent } = this.#settings;
    const { delay: wanted, floor } = retryDelay(retry, error, this.#attempt);
    this.#owner.onRetry?.(error, this.#current.method);
    const delay = this.#owner.fit?.(wanted, floor) ?? wanted;
    // No time is left for another try.
    if (delay === Infinity) return;
    const { method } = next ?? this.#request;
    const attempt = this.#attempt + 1;
    tell(onEvent, { type: 'retry', method, name, attempt, delay, time: scheduler.now() });
    if (!this.#isOver) this.#tryAfter(delay);
  }

  #give(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#owner.onFailed(error, this.#current.method);
  }

  #failureOf(thrown: unknown): StatusError {
    const { name, operation } = this.#request;
    return failureOf({ method: this.#current.method, name, operation }, thrown, this.#attempt);
  }
}
