import type { CallOptions } from '../client.js';

/** What has a signal once it is asked for. @internal */
export interface SignalOwner {
  readonly signal: AbortSignal;
}

const owner = Symbol('owner');

// One getter for all: an object literal with a getter of its own takes ten times as long to make.
const lazySignal = {
  configurable: true,
  enumerable: true,
  get(this: { readonly [owner]: SignalOwner }): AbortSignal {
    return this[owner].signal;
  },
};

/**
 * Makes the options of one call, a plain object. Its signal is made when it is asked for: most calls of a
 * large fleet never are.
 *
 * @internal
 */
export function optionsOfCall(call: SignalOwner, timeout: number | undefined): CallOptions {
  const options = { timeout };
  // Not a private field: what a client derives from the options, or wraps around them, has to work too.
  Object.defineProperty(options, owner, { value: call });
  return Object.defineProperty(options, 'signal', lazySignal) as unknown as CallOptions;
}
