import { beforeEach, describe, expect, it, vi } from 'vitest';
import type * as Library from 'rx-lro';
import { CallFailedError, StatusError, WaitTimeoutError, isStatusError, type Status } from 'rx-lro';

const status: Status = { code: 14, message: 'try later', details: [{ reason: 'R' }] };
const options = { method: 'get', status } as const;

// Needs Node: a browser loads a module once.
describe('two copies of the package', () => {
  let other: typeof Library;

  beforeEach(async () => {
    vi.resetModules();
    other = await import('rx-lro');
  });

  it('know the errors of each other by class and by isStatusError', () => {
    const ours = new CallFailedError(options);
    const theirs = new other.CallFailedError(options);
    expect(Object.getPrototypeOf(theirs)).not.toBe(CallFailedError.prototype);
    expect(theirs).toBeInstanceOf(StatusError);
    expect(theirs).toBeInstanceOf(CallFailedError);
    expect(theirs).not.toBeInstanceOf(WaitTimeoutError);
    expect(isStatusError(theirs)).toBe(true);
    expect(ours).toBeInstanceOf(other.StatusError);
    expect(ours).toBeInstanceOf(other.CallFailedError);
    expect(ours).not.toBeInstanceOf(other.WaitTimeoutError);
    expect(other.isStatusError(ours)).toBe(true);
  });

  it('read the Status of an error of each other', () => {
    expect(other.statusFrom(new CallFailedError(options))).toEqual(status);
  });
});
