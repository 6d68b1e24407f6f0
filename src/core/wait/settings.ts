import type { DecodeOptions } from '../answer/decoder.js';
import { resolveCallSettings, resolveDecoders, type CallSettings } from '../call/settings.js';
import type { PollOptions } from '../options.js';
import type { BackoffFunction } from '../policy/backoff.js';
import { resolveBackoff } from '../policy/resolve-backoff.js';
import { checkNumber, checkWord } from '../values/check.js';

/** The options with nothing left open. @internal */
export interface PollSettings extends CallSettings, DecodeOptions {
  readonly onAbort: 'cancel' | 'detach';
  readonly cancelTimeout: number;
  readonly timeout: number;
  readonly holdTimeout: number;
  readonly backoff: BackoffFunction;
}

/**
 * Fills the options and checks them. Each is read by its name, so an inherited one counts, and a later
 * change of the given object changes nothing.
 *
 * @throws RangeError or TypeError that names the option.
 * @internal
 */
export function resolvePollSettings(
  options: PollOptions,
  defaultCancelTimeout: number = 30_000,
): PollSettings {
  const { callTimeout, retry, scheduler, onEvent, signal } = resolveCallSettings(options);
  const { response, metadata } = resolveDecoders(options);
  const onAbort = options.onAbort ?? 'cancel';
  checkWord('onAbort', onAbort, ['cancel', 'detach']);
  const cancelTimeout = options.cancelTimeout ?? defaultCancelTimeout;
  checkNumber('cancelTimeout', cancelTimeout, { min: 0, infinite: true });
  const timeout = options.timeout ?? Infinity;
  checkNumber('timeout', timeout, { min: 0, infinite: true });
  const holdTimeout = options.holdTimeout ?? Infinity;
  checkNumber('holdTimeout', holdTimeout, { min: 0, infinite: true });
  return {
    callTimeout,
    retry,
    scheduler,
    onEvent,
    signal,
    onAbort,
    cancelTimeout,
    timeout,
    holdTimeout,
    backoff: resolveBackoff(options.backoff),
    response,
    metadata,
  };
}
