import type { OperationLike } from '../../core/operation.js';
import { wrongType } from '../../core/values/check.js';
import { checkSource, type CheckedSource } from '../../core/wait/source.js';
import { newWait } from '../../step/wait-state.js';
import { storeValue } from './stored-value.js';
import { withoutEmpty, type WaitData } from './stored-wait.js';

/** What `add` is told of a wait. */
export interface AddOptions {
  /** How it is made: a key of the worker's `kinds`. */
  readonly kind: string;
  /** What `onDone` is to know of it: JSON, bytes and bigints. Default: nothing. */
  readonly context?: unknown;
}

/**
 * Makes what a wait begins with.
 *
 * @throws TypeError or RangeError when something given is not valid.
 */
export function newWaitData(
  operation: string | OperationLike,
  { kind, context }: AddOptions,
): WaitData {
  if (typeof kind !== 'string' || kind === '') throw wrongType('kind', kind, 'a word');
  return withoutEmpty<WaitData>({
    version: 1,
    kind,
    state: newWait(operation),
    started: storeStart(checkSource(operation)),
    context: context === undefined ? undefined : storeValue(context, 'context'),
  });
}

function storeStart(source: CheckedSource): unknown {
  if (!('snapshot' in source)) return undefined;
  const { snapshot, pollAfter } = source;
  return storeValue(withoutEmpty({ ...snapshot, pollAfter }), 'operation');
}
