import { isStandardSchema } from './answer/decoder.js';
import type { OperationsClient } from './client.js';
import type { PollOptions } from './options.js';
import { checkSignal } from './platform/abort-signal.js';
import { realTime } from './platform/clock.js';
import { observableOf } from './platform/observable.js';
import { resolveBackoff, type ResolvedBackoff } from './policy/resolve-backoff.js';
import { resolveRetry, type Retry } from './policy/retry.js';
import { checkFunction, checkNumber, checkObject, checkWord, wrongType } from './values/check.js';

/** The options that may stay open. */
type OpenOption = 'signal' | 'notifier' | 'onEvent' | 'response' | 'metadata';

/** The options with nothing else left open. Times in milliseconds. @internal */
export type Settings = {
  readonly [Option in OpenOption]: PollOptions[Option];
} & {
  readonly [Option in Exclude<keyof PollOptions, OpenOption | 'backoff' | 'retry'>]-?: NonNullable<
    PollOptions[Option]
  >;
} & { readonly backoff: ResolvedBackoff; readonly retry: Retry };

/**
 * Fills the options and checks them. Each is read once, by its name: an inherited one counts, and a later
 * change of the given object changes nothing.
 *
 * @throws RangeError or TypeError that names the option.
 * @internal
 */
export function resolveOptions(
  { pacing }: OperationsClient,
  options: PollOptions,
  defaultCancelTimeout = 30_000,
): Settings {
  checkObject('options', options);
  const settings: Settings = {
    signal: options.signal ?? undefined,
    notifier: options.notifier ?? undefined,
    onAbort: options.onAbort ?? 'cancel',
    cancelTimeout: options.cancelTimeout ?? defaultCancelTimeout,
    timeout: options.timeout ?? Infinity,
    callTimeout: options.callTimeout ?? (pacing?.holdsCalls === true ? Infinity : 60_000),
    holdTimeout: options.holdTimeout ?? Infinity,
    backoff: resolveBackoff(options.backoff),
    retry: resolveRetry(options.retry),
    scheduler: options.scheduler ?? realTime,
    onEvent: options.onEvent ?? undefined,
    response: options.response ?? undefined,
    metadata: options.metadata ?? undefined,
  };
  const { signal, notifier, onEvent } = settings;
  if (signal !== undefined) checkSignal(signal);
  if (
    notifier !== undefined &&
    (typeof notifier !== 'object' || observableOf(notifier) === undefined)
  ) {
    throw wrongType('notifier', notifier, 'an Observable, a promise or an iterable');
  }
  checkWord('onAbort', settings.onAbort, ['cancel', 'detach']);
  checkNumber('cancelTimeout', settings.cancelTimeout, { min: 0, infinite: true });
  checkNumber('timeout', settings.timeout, { min: 0, infinite: true });
  checkNumber('callTimeout', settings.callTimeout, { min: 1, infinite: true });
  checkNumber('holdTimeout', settings.holdTimeout, { min: 0, infinite: true });
  checkObject('scheduler', settings.scheduler, ['now', 'schedule']);
  if (onEvent !== undefined) checkFunction('onEvent', onEvent);
  checkDecoder('response', settings.response);
  checkDecoder('metadata', settings.metadata);
  return settings;
}

function checkDecoder(option: string, decoder: unknown): void {
  if (decoder == null || typeof decoder === 'function' || isStandardSchema(decoder)) return;
  throw wrongType(option, decoder, 'a function or a Standard Schema');
}
