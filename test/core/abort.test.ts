import { afterEach, describe, expect, it, vi } from 'vitest';
import { newAbortController } from '../../src/core/platform/abort-controller.js';
import { abortError, abortReason, onAbort } from '../../src/core/platform/abort-signal.js';
import { signalMakes } from '../support/signals.js';

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('making a controller', () => {
  it("uses the platform's own, which fetch takes [polling 18]", () => {
    expect(newAbortController().signal).toBeInstanceOf(AbortSignal);
  });

  it('uses the abort-controller package where the platform has none', () => {
    vi.stubGlobal('AbortController', undefined);
    const controller = newAbortController();
    const heard: string[] = [];
    controller.signal.addEventListener('abort', () => heard.push('abort'));
    controller.abort();
    expect(controller.signal.aborted).toBe(true);
    expect(heard).toEqual(['abort']);
  });
});

describe('the reason of a signal', () => {
  it('is its own, by identity, null and false too [polling 17]', () => {
    for (const reason of [new Error('x'), 'text', null, false, 0]) {
      expect(abortReason(AbortSignal.abort(reason))).toBe(reason);
    }
  });

  it('is an AbortError where there is none, as on React Native [polling 17]', () => {
    const bare = { aborted: true, addEventListener() {}, removeEventListener() {} };
    expect(abortReason(bare)).toMatchObject({
      name: 'AbortError',
      message: 'This operation was aborted',
    });
  });

  it('is a DOMException where the platform has that', () => {
    expect(abortError('AbortError', 'x')).toBeInstanceOf(DOMException);
  });

  it('can be made where the platform has no DOMException', () => {
    vi.stubGlobal('DOMException', undefined);
    expect(abortError('TimeoutError', 'late')).toMatchObject({
      name: 'TimeoutError',
      message: 'late',
    });
    expect(abortError('TimeoutError', 'late')).toBeInstanceOf(Error);
  });
});

describe.each(signalMakes)('listening to %s', (_, make) => {
  it('calls each listener once, in order', () => {
    const { signal, abort } = make();
    const heard: number[] = [];
    onAbort(signal, () => heard.push(1));
    onAbort(signal, () => heard.push(2));
    abort();
    abort();
    expect(heard).toEqual([1, 2]);
  });

  it('adds one listener for all, and takes it away with the last', () => {
    const { signal, listeners } = make();
    const first = onAbort(signal, () => undefined);
    const second = onAbort(signal, () => undefined);
    expect(listeners()).toBe(1);
    first();
    first();
    expect(listeners()).toBe(1);
    second();
    expect(listeners()).toBe(0);
  });

  it('takes the listener away after the abort', () => {
    const { signal, abort, listeners } = make();
    onAbort(signal, () => undefined);
    abort();
    expect(listeners()).toBe(0);
  });

  it('does not call a listener that an earlier one has taken away', () => {
    const { signal, abort } = make();
    const heard: number[] = [];
    let takeAway: () => void = () => undefined;
    onAbort(signal, () => takeAway());
    takeAway = onAbort(signal, () => heard.push(2));
    abort();
    expect(heard).toEqual([]);
  });

  it('keeps apart the same function added twice', () => {
    const { signal, abort } = make();
    const listener = vi.fn();
    const takeAway = onAbort(signal, listener);
    onAbort(signal, listener);
    takeAway();
    abort();
    expect(listener).toHaveBeenCalledTimes(1);
  });

  it('begins anew after the last one has left', () => {
    const { signal, abort, listeners } = make();
    onAbort(signal, () => undefined)();
    const listener = vi.fn();
    onAbort(signal, listener);
    expect(listeners()).toBe(1);
    abort();
    expect(listener).toHaveBeenCalledTimes(1);
  });
});
