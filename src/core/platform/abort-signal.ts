import { captureContext, runInContext, type AsyncContext } from './async-context.js';

/**
 * An abort signal, of any make: the platform's own, one of the `abort-controller` package, of jsdom,
 * of React Native (which has no `reason`), or a plain object with these members.
 */
export interface AbortSignalLike {
  /** Whether it was aborted. */
  readonly aborted: boolean;
  /** Why it was aborted; may be missing. */
  readonly reason?: unknown;
  /** Has a listener called when it is aborted. */
  addEventListener(type: 'abort', listener: () => void): void;
  /** Undoes `addEventListener`. */
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** Who is told of an abort, once. @internal */
export interface AbortListener {
  onAbort(): void;
}

/** Each with the async context in which it was added. */
type Listeners = Map<AbortListener, AsyncContext>;

// One real listener for each signal, however many waits share it: a signal of Node 20 warns of a leak
// from the eleventh listener on.
const listenersOf = new WeakMap<AbortSignalLike, { all: Listeners; run: () => void }>();

/**
 * Has a listener called once when the signal is aborted. Not called for one that was aborted before.
 *
 * @returns Takes the listener away again.
 * @internal
 */
export function onAbort(signal: AbortSignalLike, listener: () => void): () => void {
  // One of its own for each call, so that the same function may be added twice.
  const own: AbortListener = { onAbort: () => listener() };
  addAbortListener(signal, own);
  return () => removeAbortListener(signal, own);
}

/**
 * Has an object told of an abort, once. Not told for a signal that was aborted before.
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
        try {
          if (!all.delete(each)) continue;
          // By the time the last one is told, nothing is left.
          forget(signal, all, run);
          // A wait acts in its own context, not in that of the code that aborts.
          runInContext(own, () => each.onAbort());
        } catch {
          // One that fails must not keep the others from hearing of it.
        }
      }
      forget(signal, all, run);
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
  try {
    signal.removeEventListener('abort', run);
  } catch {
    // A signal that does not let go of a listener must not keep a wait from ending.
  }
}

/**
 * The reason of a signal that was aborted; an AbortError where it has none.
 *
 * @internal
 */
export function abortReason(signal: AbortSignalLike): unknown {
  return signal.reason === undefined
    ? abortError('AbortError', 'This operation was aborted')
    : signal.reason;
}

/** Makes what the platform throws for an abort or a timeout. @internal */
export function abortError(name: 'AbortError' | 'TimeoutError', message: string): Error {
  if (typeof DOMException === 'function') return new DOMException(message, name);
  return Object.assign(new Error(message), { name });
}
