import type { AbortSignalLike } from '../platform/abort-signal.js';
import type { BackoffFunction } from '../policy/backoff.js';
import { resolveBackoff } from '../policy/resolve-backoff.js';
import { checkNumber, checkObject, checkWord } from '../values/check.js';
import type { DecodeOptions } from '../answer/decoder.js';
import { checkDecoders, resolveCallSettings, type CallSettings } from '../call/settings.js';
import { copyOptions, isSameOptions } from './given.js';
import type { PollOptions } from '../options.js';

export type { PollOptions } from '../options.js';

/** The options with nothing left open. @internal */
export interface PollSettings extends CallSettings {
  readonly signal: AbortSignalLike | undefined;
  readonly onAbort: 'cancel' | 'detach';
  readonly cancelTimeout: number;
  readonly timeout: number;
  readonly holdTimeout: number;
  readonly backoff: BackoffFunction;
  readonly decoders: DecodeOptions;
  /** What they were made of. */
  readonly given: PollOptions;
}

// Of the last wait, as long as somebody has use for them: 100,000 waits are given the same options as a
// rule, and 100,000 settings take room.
let last: WeakRef<PollSettings> | undefined;

/**
 * Fills the options and checks them.
 *
 * @returns The settings; those of the wait before where the options say the same.
 * @throws RangeError or TypeError that names the option.
 * @internal
 */
export function resolvePollSettings(options: PollOptions): PollSettings {
  checkObject('options', options);
  const given = copyOptions(options);
  const known = last?.deref();
  if (known !== undefined && isSameOptions(given, known.given)) return known;
  const settings = resolve(given);
  last = new WeakRef(settings);
  return settings;
}

function resolve(given: PollOptions): PollSettings {
  const call = resolveCallSettings(given);
  checkDecoders(given);
  const onAbort = given.onAbort ?? 'cancel';
  checkWord('onAbort', onAbort, ['cancel', 'detach']);
  const cancelTimeout = given.cancelTimeout ?? 30_000;
  checkNumber('cancelTimeout', cancelTimeout, { min: 0, infinite: true });
  const timeout = given.timeout ?? Infinity;
  checkNumber('timeout', timeout, { min: 0, infinite: true });
  const holdTimeout = given.holdTimeout ?? Infinity;
  checkNumber('holdTimeout', holdTimeout, { min: 0, infinite: true });
  // Written out: what is made by spreading has a shape of its own in V8, which is slow to read.
  return {
    callTimeout: call.callTimeout,
    retry: call.retry,
    scheduler: call.scheduler,
    onEvent: call.onEvent,
    signal: given.signal ?? undefined,
    onAbort,
    cancelTimeout,
    timeout,
    holdTimeout,
    backoff: resolveBackoff(given.backoff),
    given,
    decoders: given,
  };
}
