import type { ObservableInput, Unsubscribable } from 'rxjs';
import { newAbortController } from '../platform/abort-controller.js';
import { abortError } from '../platform/abort-signal.js';
import { isPromiseLike } from '../answer/decoder.js';
import { ForwardingObserver, isObservable, leave } from '../platform/observable.js';
import type { Timer, TimerOwner } from '../platform/timer.js';
import { streamOf } from './answer-stream.js';
import type { CallOptions } from '../client.js';
import { optionsOfCall, type SignalOwner } from './options-of-call.js';

/** Who makes a call, and is told once how it went. @internal */
export interface Caller {
  /** Makes the request. */
  start(options: CallOptions): ObservableInput<unknown>;
  /** Takes the first value; undefined when the answer completes with none. */
  onAnswer(value: unknown): void;
  onFailure(error: unknown): void;
}

/**
 * One call: from its start to its first value, its failure, or the end of its time.
 *
 * @internal
 */
export class Call implements TimerOwner, SignalOwner {
  /** The caller, until it is told. Undefined once it no longer waits for the call. */
  #caller: Caller | undefined;
  readonly #timer: Timer | undefined;
  readonly #limit: number;
  #subscription: Unsubscribable | undefined;
  #controller: AbortController | undefined;
  #isOver = false;
  #isAnswered = false;
  #reason: unknown;

  /** @param limit - How long it may take, in milliseconds; then it fails with a TimeoutError. */
  constructor(caller: Caller, timer?: Timer, limit = Infinity) {
    this.#caller = caller;
    this.#timer = timer;
    this.#limit = limit;
  }

  /** Aborted when the call is given up, before it is answered. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = newAbortController();
      if (this.#isOver && !this.#isAnswered) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  begin(): void {
    const limit = this.#limit === Infinity ? undefined : this.#limit;
    if (limit !== undefined) this.#timer?.start(limit, this);
    const options = optionsOfCall(this, limit);
    try {
      if (this.#caller !== undefined) this.#listen(this.#caller.start(options));
    } catch (error) {
      this.error(error);
    }
  }

  /** Ends the call, and aborts its signal. Its caller is told nothing. */
  stop(): void {
    this.#caller = undefined;
    this.#end();
  }

  /** Takes a value, as an observer does. */
  next(value: unknown): void {
    const caller = this.#settle();
    try {
      caller?.onAnswer(value);
    } catch (error) {
      // Whatever an answer does to those who read it, the wait has to end.
      caller?.onFailure(error);
    }
  }

  /** Takes a failure, as an observer does. */
  error(error: unknown): void {
    this.#settle()?.onFailure(error);
  }

  /** Takes the end, as an observer does. */
  complete(): void {
    this.next(undefined);
  }

  /** The time is up. */
  onTime(): void {
    this.#reason = abortError('TimeoutError', `No answer within ${this.#limit} ms`);
    this.#end();
    this.#release()?.onFailure(this.#reason);
  }

  #listen(answer: ObservableInput<unknown>): void {
    const promise = promiseOf(answer);
    if (promise !== undefined) {
      promise.then(
        (value) => this.next(value),
        (error: unknown) => this.error(error),
      );
      return;
    }
    // It was given up while it was made: a cold Observable is not to be begun.
    if (this.#isOver) return;
    const subscription = streamOf(answer).subscribe(new ForwardingObserver(this));
    if (this.#isOver) leave(subscription);
    else this.#subscription = subscription;
  }

  /** @returns The caller, which must be told of the answer. */
  #settle(): Caller | undefined {
    if (this.#isOver) return undefined;
    this.#isAnswered = true;
    this.#end();
    return this.#release();
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#timer?.stop();
    if (this.#subscription !== undefined) leave(this.#subscription);
    if (!this.#isAnswered) this.#controller?.abort(this.#reason);
  }

  /** @returns Who still waits: the client may have had the call stopped as it was told of its end. */
  #release(): Caller | undefined {
    const caller = this.#caller;
    this.#caller = undefined;
    return caller;
  }
}

/** Some promises do no more than `await` asks for: `then` of them gives nothing. */
function promiseOf(answer: ObservableInput<unknown>): Promise<unknown> | undefined {
  if (answer instanceof Promise) return answer;
  if (!isPromiseLike(answer) || isObservable(answer)) return undefined;
  return Promise.resolve(answer);
}
