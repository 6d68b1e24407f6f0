import { checkFunction, checkNumber } from '../../core/values/check.js';
import type { EngineOptions } from './engine.js';
import type { WaitsEvent } from './events.js';
import { checkKinds, type WaitKind } from './worker-settings.js';

/**
 * Options of `operationWaits`.
 *
 * @typeParam Connection - What reaches the engine.
 */
export interface OperationWaitsOptions<Connection> extends EngineOptions<Connection> {
  /**
   * How long a verdict is kept, in milliseconds, >= 60,000, or Infinity. For that time a name that is added again
   * is not waited for anew. Default 86,400,000: a day.
   */
  readonly keep?: number | undefined;
  /**
   * Clients by kind, for results that are not kept, as they are too large or JSON cannot hold them: who waits for
   * one has it fetched. Default: none.
   */
  readonly kinds?: Readonly<Record<string, Pick<WaitKind, 'client'>>> | undefined;
  /** Is told when the engine is away, and when it is back. Default: none. */
  readonly onEvent?: ((event: WaitsEvent) => void) | undefined;
}

/** The options with nothing left open. */
export interface WaitsSettings {
  readonly keep: number;
  readonly kinds: Readonly<Record<string, Pick<WaitKind, 'client'>>>;
  readonly onEvent: ((event: WaitsEvent) => void) | undefined;
}

const DAY = 86_400_000;

// A watcher asks every 15 seconds.
const LEAST_KEEP = 60_000;

/**
 * Fills the options and checks them.
 *
 * @throws TypeError or RangeError that names the option.
 */
export function resolveWaits<Connection>(
  options: OperationWaitsOptions<Connection>,
): WaitsSettings {
  const { keep = DAY, kinds = {}, onEvent } = options;
  checkNumber('keep', keep, { min: LEAST_KEEP, infinite: true });
  if (onEvent !== undefined) checkFunction('onEvent', onEvent);
  return { keep, kinds: checkKinds(kinds), onEvent };
}
