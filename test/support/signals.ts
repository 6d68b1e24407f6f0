import * as ponyfill from 'abort-controller';
import type { AbortSignalLike } from 'rx-lro';

/** A signal of some make, with what aborts it and what counts its listeners. */
interface TestSignal {
  readonly signal: AbortSignalLike;
  readonly abort: (reason?: unknown) => void;
  readonly listeners: () => number;
  /** Whether it carries a reason. */
  readonly hasReason: boolean;
}

type Make = () => TestSignal;

function counting(signal: AbortSignalLike): () => number {
  let count = 0;
  const { addEventListener, removeEventListener } = signal;
  Object.assign(signal, {
    addEventListener: (type: 'abort', listener: () => void) => {
      if (type === 'abort') count += 1;
      addEventListener.call(signal, type, listener);
    },
    removeEventListener: (type: 'abort', listener: () => void) => {
      if (type === 'abort') count -= 1;
      removeEventListener.call(signal, type, listener);
    },
  });
  return () => count;
}

const native: Make = () => {
  const controller = new AbortController();
  const listeners = counting(controller.signal);
  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    listeners,
    hasReason: true,
  };
};

const fromAbortController: Make = () => {
  const exported: unknown = ponyfill.default;
  const Controller = ((exported as { default?: unknown }).default ??
    exported) as typeof AbortController;
  const controller = new Controller();
  const listeners = counting(controller.signal);
  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    listeners,
    // In a browser the package gives the platform's own.
    hasReason: Controller === globalThis.AbortController,
  };
};

/** As jsdom and others make it: an EventTarget of the realm, with a reason, and no AbortSignal. */
const foreignEventTarget: Make = () => {
  class ForeignSignal extends EventTarget {
    aborted = false;
    reason: unknown = undefined;
  }
  const signal = new ForeignSignal();
  const listeners = counting(signal);
  return {
    signal,
    abort: (reason) => {
      if (signal.aborted) return;
      signal.aborted = true;
      signal.reason = reason ?? new Error('aborted');
      signal.dispatchEvent(new Event('abort'));
    },
    listeners,
    hasReason: true,
  };
};

/** The least that is a signal: a plain object, with no reason. */
const plainObject: Make = () => {
  const all = new Set<() => void>();
  const signal = {
    aborted: false,
    addEventListener: (_: 'abort', listener: () => void) => void all.add(listener),
    removeEventListener: (_: 'abort', listener: () => void) => void all.delete(listener),
  };
  return {
    signal,
    abort: () => {
      if (signal.aborted) return;
      signal.aborted = true;
      for (const listener of [...all]) listener();
    },
    listeners: () => all.size,
    hasReason: false,
  };
};

/** Every make of signal, by name. */
export const signalMakes: readonly (readonly [name: string, make: Make])[] = [
  ['a native signal', native],
  ['a signal of the abort-controller package', fromAbortController],
  ['a foreign EventTarget, as of jsdom', foreignEventTarget],
  ['a plain object', plainObject],
];
