import type { InteropObservable, Observable } from 'rxjs';
import type { ProtocolError } from '../errors/protocol-error.js';
import { observableKeys } from '../platform/observable.js';
import { wrongType } from '../values/check.js';
import { decodeOperation } from '../answer/decode.js';
import { pollAfterIn } from '../answer/poll-after.js';
import type { Operation, OperationLike } from '../operation.js';
import { isRecord } from '../values/record.js';

/**
 * An operation to wait for: its name, a snapshot (as the start call gave it, or revived from JSON), or
 * a promise or an Observable of either (the start call itself; its first value counts).
 *
 * @typeParam Response - What the snapshot's `response` holds.
 * @typeParam Metadata - What the snapshot's `metadata` holds.
 */
export type OperationSource<Response = unknown, Metadata = unknown> =
  | string
  | OperationLike<Response, Metadata>
  | PromiseLike<OperationLike<Response, Metadata> | string>
  | Observable<OperationLike<Response, Metadata>>
  | Observable<string>
  | InteropObservable<OperationLike<Response, Metadata> | string>;

/** A call that has yet to give the operation. @internal */
export type StartCall = PromiseLike<unknown> | InteropObservable<unknown>;

/** An operation that can be asked about. @internal */
export type KnownSource =
  | { readonly name: string }
  | { readonly snapshot: Operation; readonly pollAfter: unknown };

/** An operation to wait for, checked. @internal */
export type CheckedSource = KnownSource | { readonly startCall: StartCall };

/**
 * Checks what was given as an operation.
 *
 * @throws TypeError when it is none, RangeError when it has no name and is not done.
 * @internal
 */
export function checkSource(source: unknown): CheckedSource {
  if (typeof source === 'string') {
    if (source === '') throw new RangeError('The name of the operation must not be empty.');
    return { name: source };
  }
  if (isStartCall(source)) return { startCall: source };
  if (!isRecord(source)) {
    throw wrongType('operation', source, 'a name, an operation, or a promise or Observable of one');
  }
  const snapshot = readSnapshot(source);
  if (!snapshot.done && snapshot.name === '') {
    throw new RangeError(
      'The operation has no name and is not done: there is nothing to ask about.',
    );
  }
  return { snapshot, pollAfter: pollAfterIn(source) };
}

function readSnapshot(source: object): Operation {
  try {
    return decodeOperation(source);
  } catch (cause) {
    // It throws nothing else.
    const { problem } = cause as ProtocolError;
    throw new TypeError(
      `What was passed as the operation ${problem}. Pass its name, a snapshot, or what the start call returned.`,
      { cause },
    );
  }
}

function isStartCall(source: unknown): source is StartCall {
  if (typeof source !== 'object' || source === null) return false;
  return ['then', 'subscribe', ...observableKeys()].some(
    (key) => typeof Reflect.get(source, key) === 'function',
  );
}
