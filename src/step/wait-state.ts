import type { OperationLike } from '../core/operation.js';
import { checkSource } from '../core/wait/source.js';
import { checkObject, wrongType } from '../core/values/check.js';

/**
 * All that a wait remembers between two steps. It is JSON: store it as it is, and hand it to `pollOnce` in
 * any process. It takes at most 250 bytes and the name, and 600 more where progress is told or a call
 * fails; what comes on top is the reason of a cancel, and what a `backoff` of your own keeps on its `memory`.
 * Times in it are in milliseconds since the epoch.
 */
export interface WaitState {
  /** The version of the format. */
  readonly version: 1;
  /** The name of the operation. */
  readonly name: string;
  /** When the wait began, in milliseconds since the epoch. */
  readonly begun: number;
  /** Whether it began with a snapshot, as a start call returns it. */
  readonly isFresh?: boolean;
  /** That the operation is to be cancelled. */
  readonly cancel?: {
    /** Why. */
    readonly reason?: string;
  };
  /** A hash of the snapshot that was told last. */
  readonly shown?: string;
  /** What the rules of polling have to know, in a format of their own. */
  readonly facts?: Readonly<Record<string, unknown>>;
}

// It is stored with each state. A longer text is cut.
const LONGEST_REASON = 200;

/**
 * Begins a wait: makes its first state. No call is made; `pollOnce` makes the first one at once for a name, and
 * after the first delay for a snapshot.
 *
 * @param operation - The name of the operation; or a snapshot, as the start call returned it. The state holds
 * no more of a snapshot than its name: hand it to the first `pollOnce` as `latest`.
 * @param begun - When the wait began, from which `timeout` counts, in milliseconds since the epoch, or of the
 * clock of the `scheduler` that the steps are given. Default: now.
 * @returns The state.
 * @throws TypeError when `operation` is not one, or `begun` is not a time; RangeError when there is no name.
 *
 * @example
 * ```ts
 * import { newWait } from 'rx-lro/step';
 *
 * export const state = newWait('operations/42');
 * ```
 */
export function newWait(operation: string | OperationLike, begun: number = Date.now()): WaitState {
  const source = checkSource(operation);
  if ('startCall' in source) {
    throw wrongType('operation', operation, 'a name or a snapshot: await the start call first');
  }
  if (!Number.isFinite(begun)) throw wrongType('begun', begun, 'milliseconds since the epoch');
  if ('name' in source) return { version: 1, name: source.name, begun };
  const { name } = source.snapshot;
  if (name === '') throw new RangeError('The operation has no name: no other process can find it.');
  return { version: 1, name, begun, isFresh: true };
}

/**
 * Makes the state of a wait whose operation is to be cancelled. Take a step with it at once: it sends
 * CancelOperation, and those after it learn the server's own verdict, as `signal` of `poll` does. A second call
 * changes nothing.
 *
 * @param state - The latest state.
 * @param reason - Why; the first 200 characters are kept. It is the `cause` of an error that says that the cancel
 * was not confirmed.
 * @returns The new state.
 * @throws TypeError when the state is not an object, or the reason not a text.
 *
 * @example
 * ```ts
 * import { withCancel, type WaitState } from 'rx-lro/step';
 *
 * declare const stored: WaitState;
 * export const state = withCancel(stored, 'the deployment was withdrawn');
 * ```
 */
export function withCancel(state: WaitState, reason?: string): WaitState {
  checkObject('state', state);
  if (state.cancel != null) return state;
  if (reason == null) return { ...state, cancel: {} };
  if (typeof reason !== 'string') throw wrongType('reason', reason, 'a text');
  return { ...state, cancel: { reason: reason.slice(0, LONGEST_REASON) } };
}
