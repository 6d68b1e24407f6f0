import { VirtualTimeScheduler } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { poll, type CallOptions } from 'rx-lro';

const name = 'operations/1';

const derivations: readonly (readonly [string, (options: CallOptions) => CallOptions])[] = [
  ['as they are', (options) => options],
  ['spread', (options) => ({ ...options })],
  ['merged', (options) => Object.assign({}, options)],
  ['inherited', (options) => Object.create(options) as CallOptions],
  ['wrapped', (options) => new Proxy(options, {})],
  [
    'copied by their descriptors',
    (options) =>
      Object.defineProperties({} as CallOptions, Object.getOwnPropertyDescriptors(options)),
  ],
];

describe('the options of a call', () => {
  it.each(derivations)('have a signal that tells of the end, %s', (_, derive) => {
    const { given, leave } = firstCall();
    const derived = derive(given);
    expect(derived.signal).toBeInstanceOf(AbortSignal);
    expect(derived.signal).toBe(given.signal);
    expect(derived.signal.aborted).toBe(false);
    leave();
    expect(derived.signal.aborted).toBe(true);
  });

  it('have a signal that was aborted when it is first asked for after the end', () => {
    const { given, leave } = firstCall();
    leave();
    expect(given.signal.aborted).toBe(true);
  });

  it('are a plain object of a signal and a time', () => {
    const { given } = firstCall();
    expect(Object.getPrototypeOf(given)).toBe(Object.prototype);
    expect(Object.entries(given)).toEqual([
      ['timeout', 60_000],
      ['signal', given.signal],
    ]);
  });

  it('have a signal of their own for each call', () => {
    expect(firstCall().given.signal).not.toBe(firstCall().given.signal);
  });
});

function firstCall(): { given: CallOptions; leave: () => void } {
  const calls: CallOptions[] = [];
  const get = (_: unknown, options: CallOptions): Promise<never> => {
    calls.push(options);
    return new Promise(() => undefined);
  };
  const wait = poll({ get }, name, { scheduler: new VirtualTimeScheduler() }).subscribe();
  return { given: calls[0]!, leave: () => wait.unsubscribe() };
}
