import type { ObservableInput } from 'rxjs';
import { Call, type Caller } from '../core/call/call.js';
import type { CallOptions, Method } from '../core/client.js';
import { failureOf } from '../core/call/failure.js';
import type { StatusError } from '../core/errors/status-error.js';
import { tell } from '../core/events.js';
import { isErrorEnvelope } from '../core/answer/decode.js';
import { Code } from '../core/status/code.js';
import { callTimerOf, type CallTimer } from '../core/call/call-timer.js';
import type { Limiter } from './limiter.js';
import type { FleetSettings } from './options.js';
import { askedDelay } from './retry-delay.js';

/** What a call of the fleet is about, and who takes its answer. @internal */
export interface FleetRequest<T> {
  readonly method: Method;
  /** The name of the operation, or of the parent for a list. */
  readonly name: string;
  readonly start: (options: CallOptions) => ObservableInput<unknown>;
  /** Reads the answer. What it throws is a failure of the call. */
  readonly read: (answer: unknown) => T;
  readonly onAnswer: (value: T) => void;
  /** Takes what the client threw, and the error that it comes to. */
  readonly onFailed: (thrown: unknown, error: StatusError) => void;
}

/** What a call needs of its fleet. @internal */
export interface CallHost {
  readonly settings: FleetSettings;
  readonly limiter: Limiter;
  /** Is told that there may be more or less to call for. */
  onChange(): void;
}

/**
 * One call of the fleet, counted by its limits.
 *
 * @internal
 */
export class FleetCall<T> implements Caller {
  readonly #host: CallHost;
  readonly #request: FleetRequest<T>;
  readonly #timer: CallTimer | undefined;
  readonly #call: Call;
  #begun = 0;
  #isOver = false;
  /** Whether nobody wants to be told any more. */
  #isStopped = false;

  constructor(host: CallHost, request: FleetRequest<T>) {
    const { scheduler, callTimeout } = host.settings;
    this.#host = host;
    this.#request = request;
    this.#timer = callTimerOf(scheduler, callTimeout);
    this.#call = new Call(this, this.#timer);
  }

  begin(): void {
    const { settings, limiter } = this.#host;
    const { method, name } = this.#request;
    this.#begun = settings.scheduler.now();
    limiter.begin(this.#begun);
    tell(settings.onEvent, { type: 'call', method, name, time: this.#begun });
    // The listener may have ended it all.
    if (!this.#isOver) this.#call.begin(this.#begun);
  }

  start(options: CallOptions): ObservableInput<unknown> {
    return this.#request.start(options);
  }

  /** Ends the call at once, and gives up its place. Nobody is told. */
  stop(): void {
    this.#isStopped = true;
    if (this.#isOver) return;
    this.#call.stop();
    this.#end();
    this.#host.onChange();
  }

  /** Ends the call at once, as one that has failed. */
  fail(thrown: unknown): void {
    this.#call.stop();
    this.onFailure(thrown);
  }

  onAnswer(answer: unknown): void {
    let value: T;
    try {
      if (isErrorEnvelope(answer)) return this.onFailure(answer);
      value = this.#request.read(answer);
    } catch (error) {
      return this.onFailure(error);
    }
    if (!this.#end()) return;
    const { method, name } = this.#request;
    const { limiter, settings } = this.#host;
    const { onEvent, scheduler } = settings;
    const time = scheduler.now();
    tell(onEvent, { type: 'answer', method, name, duration: time - this.#begun, time });
    if (limiter.answered(time)) {
      tell(onEvent, { type: 'rate', callsPerSecond: limiter.rate, time });
    }
    this.#tellThen(() => this.#request.onAnswer(value));
  }

  onFailure(thrown: unknown): void {
    if (!this.#end()) return;
    const { method, name } = this.#request;
    const { limiter, settings } = this.#host;
    const { onEvent, scheduler } = settings;
    const error = failureOf({ method, name }, thrown, 1);
    const time = scheduler.now();
    tell(onEvent, { type: 'failure', method, name, duration: time - this.#begun, error, time });
    const isTooMany = error.code === Code.RESOURCE_EXHAUSTED;
    if (isTooMany && limiter.refused(this.#begun, askedDelay(error), time)) {
      tell(onEvent, { type: 'rate', callsPerSecond: limiter.rate, error, time });
    }
    this.#tellThen(() => this.#request.onFailed(thrown, error));
  }

  #tellThen(tellRequest: () => void): void {
    try {
      // The listener of the events may have ended it all.
      if (!this.#isStopped) tellRequest();
    } finally {
      // Whatever the code of a caller throws, the fleet goes on.
      this.#host.onChange();
    }
  }

  /** @returns False when it was over before. */
  #end(): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    this.#timer?.stop();
    this.#host.limiter.end();
    return true;
  }
}
