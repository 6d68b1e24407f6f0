import { setImmediate } from 'node:timers/promises';

import { NEVER, lastValueFrom, of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  cancelOperation,
  deleteOperation,
  getOperation,
  listPages,
  poll,
  waitForDone,
  type AbortSignalLike,
  type OperationsClient,
} from 'rx-lro';
import { waitForAll } from 'rx-lro/fleet';

const name = 'operations/1';

it('a call that fails leaves no rejection without an owner, even after its wait was left [pain 3]', async () => {
  const unowned = await rejectionsWithoutOwner(async () => {
    const rejections: ((reason: unknown) => void)[] = [];
    const client: OperationsClient = {
      get: () => new Promise((_, reject) => rejections.push(reject)),
    };
    const heard: unknown[] = [];
    const hear = (error: unknown): void => void heard.push(error);
    poll(client, name).subscribe({ error: hear });
    const left = poll(client, name).subscribe({ error: hear });
    const waiting = waitForDone(client, name).catch(hear);
    const late = waitForDone(client, name, { timeout: 1 }).catch(hear);
    await late;
    left.unsubscribe();
    for (const reject of rejections) reject({ code: 7, message: 'not yours' });
    await waiting;
    expect(rejections).toHaveLength(4);
    expect(heard).toMatchObject([{ kind: 'wait-timeout' }, { code: 7 }, { code: 7 }]);
  });
  expect(unowned).toEqual([]);
});

describe('the rejection of a start call is handled when another argument is not valid', () => {
  const client: OperationsClient = { get: () => of({ name }) };
  const invalid = {} as OperationsClient;
  const timeout = { timeout: -1 };
  const signal = { signal: {} as AbortSignal };

  it.each<[string, (start: Promise<string>) => unknown]>([
    ['poll, with an option out of range', (start) => poll(client, start, timeout)],
    ['poll, with an option of the wrong type', (start) => poll(client, start, signal)],
    ['poll, with a client that is not valid', (start) => poll(invalid, start)],
    ['waitForDone, with an option out of range', (start) => waitForDone(client, start, timeout)],
    ['waitForDone, with a client that is not valid', (start) => waitForDone(invalid, start)],
    ['waitForAll, with an option out of range', (start) => waitForAll(client, [start], timeout)],
    ['waitForAll, with a client that is not valid', (start) => waitForAll(invalid, [start])],
    [
      'waitForAll, before an operation that is not valid',
      (start) => waitForAll(client, [start, '']),
    ],
    [
      'waitForAll, behind an operation that is not valid',
      (start) => waitForAll(client, ['', start]),
    ],
    ['waitForAll, in a set', (start) => waitForAll(client, new Set(['', start]))],
    [
      'waitForAll, with an `onProgress` of the wrong type',
      (start) => waitForAll(client, [start], { onProgress: 1 as never }),
    ],
  ])('%s [report 10]', async (_, call) => {
    const errors: unknown[] = [];
    const unowned = await rejectionsWithoutOwner(async () => {
      try {
        await call(Promise.reject(new Error('not started')));
      } catch (error) {
        errors.push(error);
      }
    });
    expect(errors).toEqual([expect.toSatisfy(isForBadInput)]);
    expect(unowned).toEqual([]);
  });

  it('but a start call that begins with `then` is not made [report 10]', () => {
    const begun: string[] = [];
    // oxlint-disable-next-line unicorn/no-thenable -- what is tested
    const lazy = { then: () => begun.push('made') } as never;
    expect(() => poll(client, lazy, timeout)).toThrow(RangeError);
    expect(begun).toEqual([]);
  });
});

function isForBadInput(error: unknown): boolean {
  return error instanceof TypeError || error instanceof RangeError;
}

it('a delay holds the process, until the wait is left [polling 2] [polling 4] [polling 5]', () => {
  const before = timersThatHold();
  const wait = poll({ get: () => of({ name }) }, name, { timeout: 1e6 }).subscribe();
  // The delay, and the time limit.
  expect(timersThatHold()).toBe(before + 2);
  wait.unsubscribe();
  expect(timersThatHold()).toBe(before);
});

/** How many timers there are that were not unref'ed. */
describe('a signal that cannot be listened to ends the call, and leaves no timer', () => {
  const client: OperationsClient = {
    get: () => NEVER,
    list: () => NEVER,
    cancel: () => NEVER,
    delete: () => NEVER,
  };
  const broken = new Error('no listeners');
  const signal: AbortSignalLike = {
    aborted: false,
    addEventListener: () => {
      throw broken;
    },
    removeEventListener: () => {
      throw new Error('no such listener');
    },
  };
  const options = { signal, timeout: 1e6, cancelTimeout: 1e6, callTimeout: 1e6 };
  const started = { name, done: false };

  it.each<[string, () => Promise<unknown>]>([
    ['poll', () => lastValueFrom(poll(client, name, options))],
    ['poll, with a snapshot', () => lastValueFrom(poll(client, started, options))],
    ['poll, with a start call', () => lastValueFrom(poll(client, of(started), options))],
    ['waitForDone', () => waitForDone(client, name, options)],
    ['getOperation', () => getOperation(client, name, options)],
    ['cancelOperation', () => cancelOperation(client, name, options)],
    ['deleteOperation', () => deleteOperation(client, name, options)],
    ['listPages', () => lastValueFrom(listPages(client, { name }, options))],
    ['waitForAll', () => waitForAll(client, [name], options).catch(causeOf)],
  ])('%s [report 14]', async (_, call) => {
    const before = timersThatHold();
    const result = await call().catch((error: unknown) => error);
    expect(result).toBe(broken);
    expect(timersThatHold()).toBe(before);
  });
});

function causeOf(error: unknown): unknown {
  return (error as Error).cause;
}

function timersThatHold(): number {
  return process.getActiveResourcesInfo().filter((type) => type === 'Timeout').length;
}

/** The reasons of promises that rejected during some work and that nobody handles. */
async function rejectionsWithoutOwner(work: () => Promise<void>): Promise<unknown[]> {
  const reasons: unknown[] = [];
  const note = (reason: unknown): void => void reasons.push(reason);
  process.on('unhandledRejection', note);
  try {
    await work();
    await setImmediate();
    return reasons;
  } finally {
    process.off('unhandledRejection', note);
  }
}
