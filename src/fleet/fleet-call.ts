import type { ObservableInput } from 'rxjs';
import { isErrorEnvelope } from '../core/answer/decode.js';
import { Call, type Caller } from '../core/call/call.js';
import { failureOf } from '../core/call/failure.js';
import type { CallOptions, Method } from '../core/client.js';
import type { StatusError } from '../core/errors/status-error.js';
import { Timer } from '../core/platform/timer.js';
import { Code } from '../core/status/code.js';
import type { FleetHost } from './host.js';
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
  /** Takes what the client threw, and what it means. */
  readonly onFailed: (thrown: unknown, error: StatusError) => void;
}

/**
 * One call of the fleet, counted by its limits.
 *
 * @internal
 */
export class FleetCall<T> implements Caller {
  readonly #host: FleetHost;
  readonly #request: FleetRequest<T>;
  readonly #call: Call;
  #begun = 0;
  /** `'stopped'`: its end is not reported any more. */
  #state: 'waiting' | 'in flight' | 'ended' | 'stopped' = 'waiting';

  constructor(host: FleetHost, request: FleetRequest<T>) {
    const { scheduler, callTimeout } = host.settings;
    this.#host = host;
    this.#request = request;
    this.#call = new Call(this, new Timer(scheduler), callTimeout);
  }

  begin(): void {
    const { limiter, now } = this.#host;
    const { method, name } = this.#request;
    this.#begun = now;
    this.#state = 'in flight';
    limiter.begin(now);
    this.#host.tell({ type: 'call', method, name });
    // The listener may have stopped it.
    if (this.#isInFlight) this.#call.begin();
  }

  start(options: CallOptions): ObservableInput<unknown> {
    return this.#request.start(options);
  }

  /** Ends the call at once, and gives up its place. It reports nothing. */
  stop(): void {
    const wasInFlight = this.#isInFlight;
    this.#state = 'stopped';
    if (!wasInFlight) return;
    this.#call.stop();
    this.#giveUpPlace();
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
    const { method, name } = this.#request;
    const tellEvents = (duration: number, now: number): void => {
      const { limiter } = this.#host;
      this.#host.tell({ type: 'answer', method, name, duration });
      if (!limiter.answered(now)) return;
      this.#host.tell({ type: 'rate', callsPerSecond: limiter.rate });
    };
    this.#end(tellEvents, () => this.#request.onAnswer(value));
  }

  onFailure(thrown: unknown): void {
    const { method, name } = this.#request;
    const error = failureOf({ method, name }, thrown, 1);
    const tellEvents = (duration: number, now: number): void => {
      const { limiter } = this.#host;
      this.#host.tell({ type: 'failure', method, name, duration, error });
      if (error.code !== Code.RESOURCE_EXHAUSTED) return;
      if (!limiter.refused(this.#begun, askedDelay(error), now)) return;
      this.#host.tell({ type: 'rate', callsPerSecond: limiter.rate, error });
    };
    this.#end(tellEvents, () => this.#request.onFailed(thrown, error));
  }

  get #isInFlight(): boolean {
    return this.#state === 'in flight';
  }

  get #isStopped(): boolean {
    return this.#state === 'stopped';
  }

  /** Ends the call, unless it was over before; the fleet goes on whatever the code of users throws. */
  #end(tellEvents: (duration: number, now: number) => void, tellRequest: () => void): void {
    if (!this.#isInFlight) return;
    const { now } = this.#host;
    this.#state = 'ended';
    this.#giveUpPlace();
    try {
      tellEvents(now - this.#begun, now);
      // The listener of the events may have stopped it.
      if (!this.#isStopped) tellRequest();
    } finally {
      this.#host.onChange();
    }
  }

  #giveUpPlace(): void {
    this.#host.limiter.end();
  }
}
