import type { ObservableInput, SchedulerLike } from 'rxjs';
import type { DecodeOptions } from './answer/decoder.js';
import type { OperationEvent } from './events.js';
import type { RetryOptions } from './policy/retry.js';
import type { AbortSignalLike } from './platform/abort-signal.js';
import type { Backoff } from './policy/backoff.js';

/** Options of every function that calls the server. */
export interface RequestOptions {
  /**
   * Gives up the call in progress when it is aborted, with the signal's own reason; `poll` and
   * `waitForDone` say what it does there. Default: none.
   */
  readonly signal?: AbortSignalLike | undefined;
  /**
   * How long one call may take, in milliseconds, >= 1, or Infinity; then it is retried. It does not
   * limit a start call that is passed to `poll` or `waitForDone`. Default 60,000; Infinity
   * with a client whose `pacing` says that it holds calls, as a `fleetClient` does: they wait for their turn,
   * and it has a limit of its own.
   */
  readonly callTimeout?: number | undefined;
  /**
   * How a call that failed is retried: up to 50 tries, the first delay at most 500 ms, then
   * twice as much each time up to 10,000 ms, a random part of it; never before the server's own
   * `RetryInfo`, up to an hour. The default survives an outage of two minutes.
   */
  readonly retry?: RetryOptions | undefined;
  /** Called for every call, delay, retry and cancel. Default: none. */
  readonly onEvent?: ((event: OperationEvent) => void) | undefined;
  /** Every timer and every reading of the clock goes through it. Default: real time. */
  readonly scheduler?: SchedulerLike | undefined;
}

/**
 * Options of `poll` and `waitForDone`.
 *
 * @typeParam Response - What `response` makes of a response.
 * @typeParam Metadata - What `metadata` makes of metadata.
 */
export interface PollOptions<Response = unknown, Metadata = unknown>
  extends RequestOptions, DecodeOptions<Response, Metadata> {
  /**
   * Cancels the operation on the server when it is aborted, before or during the wait; then the server's
   * own verdict is waited for. With `onAbort: 'detach'` the wait ends with the signal's reason instead.
   * Default: none.
   */
  readonly signal?: AbortSignalLike | undefined;
  /**
   * What the signal does: `'cancel'` cancels the operation on the server, `'detach'` leaves it running
   * and ends the wait with the signal's own reason. Default `'cancel'`.
   */
  readonly onAbort?: 'cancel' | 'detach' | undefined;
  /**
   * How long the server has to confirm how a cancelled operation ended, in milliseconds, >= 0, or
   * Infinity. Counted from the abort. A last call is made just before the end, unless one is under way. Default 30,000.
   */
  readonly cancelTimeout?: number | undefined;
  /**
   * How long to wait in all, in milliseconds, >= 0, or Infinity. Counted from the subscription. A last
   * call is made just before the end. Default Infinity.
   */
  readonly timeout?: number | undefined;
  /**
   * How long the server may hold a call of `wait`, in milliseconds, >= 0, or Infinity, where the client
   * has that method: the server answers once the operation is done, and until then nothing new is seen
   * of it. Give a few seconds to show progress meanwhile, or 0 to call `get` alone. Never more than nine
   * tenths of `callTimeout`, nor than what is left of `timeout`. Default Infinity.
   */
  readonly holdTimeout?: number | undefined;
  /**
   * Says when it is worth asking: a webhook, a socket, `online`. Each value ends the delay under way and
   * requests the operation now, at most once in 250 ms; one that comes sooner, or during a call, is followed
   * by one more call. It does not shorten the delay of a retry. Polling continues, and neither its end
   * nor its failure ends the wait; `onEvent` reports the latter. It is subscribed to with the wait, and left when
   * the wait ends; an async iterable is left at its next value. Default: none.
   */
  readonly notifier?: ObservableInput<unknown> | undefined;
  /**
   * How long to wait after an answer that said "not done": `{startingDelay, timeMultiple, maxDelay,
   * jitter}`, times in milliseconds, or a function. Numbers mean exactly the delays of the
   * `exponential-backoff` package; what they leave out is 275 ms, times 1.215 each time, up to 60,000 ms,
   * no jitter. Default: `progressBackoff()`, which has these delays as well, until `progressOf` has seen
   * the operation move: from then on the estimated end decides.
   */
  readonly backoff?: Backoff | undefined;
}
