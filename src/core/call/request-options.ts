import type { SchedulerLike } from 'rxjs';
import type { AbortSignalLike } from '../platform/abort-signal.js';
import type { CallSettings } from './retrying-call.js';
import type { Decoder } from '../answer/decoder.js';
import { isStandardSchema } from '../answer/decoder.js';
import type { EventListener } from '../events.js';
import { resolveRetry, type RetryOptions } from '../policy/retry.js';
import { realTime } from '../platform/clock.js';
import { checkFunction, checkNumber, checkObject, wrongType } from '../values/check.js';

/** Options of everything that calls the server. */
export interface RequestOptions {
  /**
   * Gives up what is under way when it is aborted, with the signal's own reason; `poll` and
   * `waitForDone` say what it does there. Default: none.
   */
  readonly signal?: AbortSignalLike | undefined;
  /**
   * How long one call may take, in milliseconds, >= 1, or Infinity; then it is tried again. It does not
   * bound a start call that is given to `poll` or `waitForDone`. Default 60,000; with a `fleetClient`
   * Infinity, since its calls wait for their turn, and it has a limit of its own.
   */
  readonly callTimeout?: number | undefined;
  /**
   * How a call that failed is tried again: up to 50 times, first after 500 ms at the most, then after
   * twice as much each time up to 10,000 ms, a random part of it; never before the server's own
   * `RetryInfo`, up to an hour. The default outlives an outage of two minutes.
   */
  readonly retry?: RetryOptions | undefined;
  /** Is told of every call, delay, retry and cancel. Default: none. */
  readonly onEvent?: EventListener | undefined;
  /** Every timer and every reading of the clock goes through it. Default: real time. */
  readonly scheduler?: SchedulerLike | undefined;
}

/**
 * Options of everything that gives operations.
 *
 * @typeParam Response - What `response` makes of a response.
 * @typeParam Metadata - What `metadata` makes of metadata.
 */
export interface DecodeOptions<Response = unknown, Metadata = unknown> {
  /**
   * Checks and types the response: a function or a Standard Schema. It is asked about an operation
   * that is done without an error, with undefined when there is no response. A response that it does
   * not take is a ProtocolError. Default: the response as it came.
   */
  readonly response?: Decoder<Response> | undefined;
  /**
   * Checks and types the metadata: a function or a Standard Schema. Metadata that it does not take is
   * left out, and `onEvent` is told: it must not lose the operation. Default: the metadata as it came.
   */
  readonly metadata?: Decoder<Metadata> | undefined;
}

/**
 * Fills the options of a call and checks them.
 *
 * @throws RangeError or TypeError that names the option.
 * @internal
 */
export function resolveCallSettings(options: RequestOptions): CallSettings {
  checkObject('options', options);
  const { signal, onEvent } = options;
  if (signal != null) checkSignal(signal);
  if (onEvent != null) checkFunction('onEvent', onEvent);
  const scheduler = options.scheduler ?? realTime;
  checkObject('scheduler', scheduler, ['now', 'schedule']);
  const callTimeout = options.callTimeout ?? undefined;
  if (callTimeout !== undefined) {
    checkNumber('callTimeout', callTimeout, { min: 1, infinite: true });
  }
  return {
    callTimeout,
    retry: resolveRetry(options.retry),
    scheduler,
    onEvent: onEvent ?? undefined,
  };
}

/**
 * Checks the options that decode.
 *
 * @throws TypeError that names the option.
 * @internal
 */
export function checkDecoders(options: DecodeOptions): void {
  for (const option of ['response', 'metadata'] as const) {
    const decoder: unknown = options[option];
    if (decoder == null || typeof decoder === 'function' || isStandardSchema(decoder)) continue;
    throw wrongType(option, decoder, 'a function or a Standard Schema');
  }
}

function checkSignal(signal: unknown): void {
  checkObject('signal', signal, ['addEventListener', 'removeEventListener']);
  if (typeof (signal as { aborted?: unknown }).aborted === 'boolean') return;
  throw new TypeError('Option `signal` must be an abort signal: it has no `aborted`.');
}
