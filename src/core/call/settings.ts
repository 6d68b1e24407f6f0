import type { SchedulerLike } from 'rxjs';
import { isStandardSchema, type DecodeOptions } from '../answer/decoder.js';
import type { EventListener } from '../events.js';
import type { RequestOptions } from '../options.js';
import { resolveRetry, type Retry } from '../policy/retry.js';
import type { AbortSignalLike } from '../platform/abort-signal.js';
import { realTime } from '../platform/clock.js';
import { checkFunction, checkNumber, checkObject, wrongType } from '../values/check.js';

/** What every call of one caller has in common. @internal */
export interface CallSettings {
  /** How long one call may take, in milliseconds; undefined for the default of the client. */
  readonly callTimeout: number | undefined;
  /** How a call that failed is tried again. */
  readonly retry: Retry;
  /** Every timer and every reading of the clock. */
  readonly scheduler: SchedulerLike;
  /** Is told what happens. */
  readonly onEvent: EventListener | undefined;
  /** Gives it up, or has the operation cancelled. */
  readonly signal: AbortSignalLike | undefined;
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
    signal: signal ?? undefined,
  };
}

/**
 * Reads the options that decode, and checks them.
 *
 * @throws TypeError that names the option.
 * @internal
 */
export function resolveDecoders<Response, Metadata>({
  response,
  metadata,
}: DecodeOptions<Response, Metadata>): DecodeOptions<Response, Metadata> {
  checkDecoder('response', response);
  checkDecoder('metadata', metadata);
  return { response, metadata };
}

function checkDecoder(option: string, decoder: unknown): void {
  if (decoder == null || typeof decoder === 'function' || isStandardSchema(decoder)) return;
  throw wrongType(option, decoder, 'a function or a Standard Schema');
}

function checkSignal(signal: unknown): void {
  checkObject('signal', signal, ['addEventListener', 'removeEventListener']);
  if (typeof (signal as { aborted?: unknown }).aborted === 'boolean') return;
  throw new TypeError('Option `signal` must be an abort signal: it has no `aborted`.');
}
