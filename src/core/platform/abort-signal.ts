import { captureContext, runInContext, type AsyncContext } from './async-context.js';
import { wrongType } from '../values/check.js';
import { isRecord, readSafely } from '../values/record.js';

/**
 * An abort signal, of any make: the platform's own, one of the `abort-controller` package, of jsdom,
 * of React Native (which has no `reason`), or a plain object with these members.
 */
export interface AbortSignalLike {
  /** Whether it was aborted. */
  readonly aborted: boolean;
  /** Why it was aborted; may be missing. */
  readonly reason?: unknown;
  /** Adds a listener, which is called when the signal is aborted. */
  addEventListener(type: 'abort', listener: () => void): void;
  /** Removes a listener. */
  removeEventListener(type: 'abort', listener: () => void): void;
}

const members = [
  ['aborted', 'boolean'],
  ['addEventListener', 'function'],
  ['removeEventListener', 'function'],
] as const;

/**
 * Checks that the option `signal` is an abort signal, of any make.
 *
 * @throws TypeError when it is not.
 * @internal
 */
export function checkSignal(signal: unknown): void {
  if (!isRecord(signal)) throw wrongType('signal', signal, 'an abort signal');
  if (typeof signal['abort'] === 'function' && isRecord(signal['signal'])) {
    throw new TypeError(
      'Option `signal` must be an abort signal, not its controller: pass `controller.signal`.',
    );
  }
  for (const [member, type] of members) {
    if (typeof signal[member] === type) continue;
    throw new TypeError(`Option \`signal\` must be an abort signal: it has no \`${member}\`.`);
  }
}

/** An object that is told of an abort, once. @internal */
export interface AbortListener {
  onAbort(): void;
}

/** Each with the async context in which it was added. */
type Listeners = Map<AbortListener, AsyncContext>;

// One real listener for each signal, however many waits share it: a signal of Node 20 warns of a leak
// from the eleventh listener on.
const listenersOf = new WeakMap<AbortSignalLike, { all: Listeners; run: () => void }>();

/**
 * Calls a listener once when the signal is aborted, but not for a signal that was aborted before.
 *
 * @returns A function that removes the listener.
 * @internal
 */
export function onAbort(signal: AbortSignalLike, listener: () => void): () => void {
  // A new object for each call, so that the same function can be added twice.
  const own: AbortListener = { onAbort: () => listener() };
  addAbortListener(signal, own);
  return () => removeAbortListener(signal, own);
}

/**
 * Tells an object once when the signal is aborted, but not for a signal that was aborted before.
 *
 * @internal
 */
export function addAbortListener(signal: AbortSignalLike, listener: AbortListener): void {
  const context = captureContext();
  let entry = listenersOf.get(signal);
  if (entry === undefined) {
    const all: Listeners = new Map();
    const run = (): void => {
      for (const [each, own] of [...all]) {
        if (!all.delete(each)) continue;
        // When the last one is told, no listener is left on the signal.
        forget(signal, all, run);
        // A wait runs in its own context, not in that of the code that aborts. One that throws must not keep
        // the others from being told.
        readSafely(() => runInContext(own, () => each.onAbort()));
      }
    };
    entry = { all, run };
    signal.addEventListener('abort', run);
    listenersOf.set(signal, entry);
  }
  entry.all.set(listener, context);
}

/** Undoes `addAbortListener`. @internal */
export function removeAbortListener(signal: AbortSignalLike, listener: AbortListener): void {
  const entry = listenersOf.get(signal);
  if (entry?.all.delete(listener) === true) forget(signal, entry.all, entry.run);
}

function forget(signal: AbortSignalLike, all: Listeners, run: () => void): void {
  if (all.size > 0 || listenersOf.get(signal)?.all !== all) return;
  listenersOf.delete(signal);
  // A signal whose `removeEventListener` throws must not keep a wait from ending.
  readSafely(() => signal.removeEventListener('abort', run));
}

/**
 * The reason of a signal that was aborted, or an AbortError where it has no reason.
 *
 * @internal
 */
export function abortReason(signal?: AbortSignalLike): unknown {
  return signal?.reason === undefined
    ? abortError('AbortError', 'This operation was aborted')
    : signal.reason;
}

/** Makes the error that the platform throws for an abort or a timeout. @internal */
export function abortError(name: 'AbortError' | 'TimeoutError', message: string): Error {
  if (typeof DOMException === 'function') return new DOMException(message, name);
  return Object.assign(new Error(message), { name });
}
