import { NEVER, VirtualTimeScheduler } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  cancelOperation,
  deleteOperation,
  getOperation,
  listOperations,
  listPages,
  poll,
  waitForDone,
  type OperationsClient,
  type PollOptions,
} from 'rx-lro';
import { chooseDelay } from '../../src/core/policy/resolve-backoff.js';
import { resolveOptions } from '../../src/core/settings.js';
import { ScriptedClient } from '../support/scripted-client.js';

const wrong: readonly (readonly [option: string, value: unknown, kind: ErrorConstructor])[] = [
  ['timeout', -1, RangeError],
  ['timeout', Number.NaN, RangeError],
  ['timeout', '1000', TypeError],
  ['callTimeout', 0, RangeError],
  ['callTimeout', -5, RangeError],
  ['callTimeout', '1', TypeError],
  ['cancelTimeout', -1, RangeError],
  ['cancelTimeout', [], TypeError],
  ['onAbort', 'cancle', RangeError],
  ['onAbort', true, RangeError],
  ['signal', {}, TypeError],
  ['signal', new AbortController(), TypeError],
  ['signal', 'abort', TypeError],
  ['signal', { addEventListener() {}, removeEventListener() {} }, TypeError],
  ['scheduler', {}, TypeError],
  ['scheduler', 5, TypeError],
  ['onEvent', {}, TypeError],
  ['backoff', 5, TypeError],
  ['backoff', 'fast', TypeError],
  ['retry', 5, TypeError],
  ['retry', () => true, TypeError],
  ['response', {}, TypeError],
  ['response', 'schema', TypeError],
  ['metadata', { '~standard': 1 }, TypeError],
];

const nested: readonly (readonly [path: string, options: object, kind: ErrorConstructor])[] = [
  ['backoff.startingDelay', { backoff: { startingDelay: -1 } }, RangeError],
  ['backoff.maxDelay', { backoff: { maxDelay: '1' } }, TypeError],
  ['backoff.jitter', { backoff: { jitter: 'some' } }, RangeError],
  ['retry.numOfAttempts', { retry: { numOfAttempts: 0 } }, RangeError],
  ['retry.numOfAttempts', { retry: { numOfAttempts: 1.5 } }, RangeError],
  ['retry.numOfAttempts', { retry: { numOfAttempts: Number.NaN } }, RangeError],
  ['retry.startingDelay', { retry: { startingDelay: Infinity } }, RangeError],
  ['retry.timeMultiple', { retry: { timeMultiple: 0 } }, RangeError],
  ['retry.retry', { retry: { retry: 'always' } }, TypeError],
];

function neverCalled(): OperationsClient {
  const fail = (): never => {
    throw new Error('called');
  };
  return { get: fail, list: fail, cancel: fail, delete: fail };
}

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('a wrong option', () => {
  it.each(wrong)('%s of %o is refused before any call, by name', async (option, value, kind) => {
    const options = { [option]: value };
    const error = thrownBy(() => poll(neverCalled(), 'operations/1', options)) as Error;
    expect(error).toBeInstanceOf(kind);
    expect(error.message).toContain(`\`${option}\``);
    await expect(waitForDone(neverCalled(), 'operations/1', options)).rejects.toThrow(
      error.message,
    );
  });

  it.each(nested)('%s in %o is refused before any call, by name', (path, options, kind) => {
    const error = thrownBy(() => poll(neverCalled(), 'operations/1', options)) as Error;
    expect(error).toBeInstanceOf(kind);
    expect(error.message).toContain(`\`${path}\``);
  });

  it('says the value that it is', () => {
    expect(thrownBy(() => poll(neverCalled(), 'a', { timeout: -1 }))).toMatchObject({
      message: 'Option `timeout` must be a number >= 0, or Infinity; it is -1.',
    });
  });

  it('undefined or null is no wrong option: it is not given [polling 9]', () => {
    const names = [
      'signal',
      'timeout',
      'callTimeout',
      'cancelTimeout',
      'onAbort',
      'backoff',
      'retry',
    ];
    for (const absent of [undefined, null]) {
      const all = [...names, 'response', 'metadata', 'onEvent', 'scheduler'];
      const options = Object.fromEntries(all.map((each) => [each, absent]));
      expect(thrownBy(() => poll(neverCalled(), 'a', options))).toBeUndefined();
    }
  });

  it('is refused by the calls of one shot too', async () => {
    const client = neverCalled();
    const options = { callTimeout: -1 };
    await expect(getOperation(client, 'a', options)).rejects.toThrow(RangeError);
    await expect(cancelOperation(client, 'a', options)).rejects.toThrow(RangeError);
    await expect(deleteOperation(client, 'a', options)).rejects.toThrow(RangeError);
    expect(thrownBy(() => listOperations(client, { name: 'p' }, options))).toBeInstanceOf(
      RangeError,
    );
    expect(thrownBy(() => listPages(client, { name: 'p' }, options))).toBeInstanceOf(RangeError);
  });
});

describe('what is no operation', () => {
  it.each([
    ['', RangeError],
    [{}, TypeError],
    [{ name: '' }, RangeError],
    [{ name: '', metadata: {} }, RangeError],
    [undefined, TypeError],
    [null, TypeError],
    [7, TypeError],
    [[], TypeError],
    [() => 'operations/1', TypeError],
  ])('%o is refused before any call', async (operation, kind) => {
    expect(thrownBy(() => poll(neverCalled(), operation as never))).toBeInstanceOf(kind);
    await expect(waitForDone(neverCalled(), operation as never)).rejects.toBeInstanceOf(kind);
  });

  it.each([
    ['', RangeError],
    [undefined, TypeError],
    [7, TypeError],
  ])('the name %o is refused by the calls of one shot', async (name, kind) => {
    await expect(getOperation(neverCalled(), name as never)).rejects.toBeInstanceOf(kind);
    await expect(cancelOperation(neverCalled(), name as never)).rejects.toBeInstanceOf(kind);
    await expect(deleteOperation(neverCalled(), name as never)).rejects.toBeInstanceOf(kind);
  });
});

describe('the error for what is no operation', () => {
  it.each([
    ['', 'The name of the operation must not be empty.'],
    [
      { name: '', metadata: {} },
      'The operation has no name and is not done: there is nothing to ask about.',
    ],
    [
      7,
      'Option `operation` must be a name, an operation, or a promise or Observable of one; it is 7.',
    ],
    [
      { done: 'yes' },
      'What was passed as the operation is not an operation: `done` is not a boolean. Pass its name, a snapshot, or what the start call returned.',
    ],
  ])('%o says what is wrong', (operation, message) => {
    expect(thrownBy(() => poll(neverCalled(), operation as never))).toMatchObject({ message });
  });

  it('keeps its cause', () => {
    const error = thrownBy(() => poll(neverCalled(), { done: 'yes' } as never)) as Error;
    expect(error.cause).toMatchObject({ kind: 'protocol' });
  });
});

describe('what is no client', () => {
  it.each([[undefined], [null], [{}], ['client'], [{ get: 'x' }]])(
    '%o is refused',
    async (client) => {
      expect(thrownBy(() => poll(client as never, 'a'))).toBeInstanceOf(TypeError);
      expect(thrownBy(() => poll(client as never, 'a'))).toMatchObject({
        message: expect.stringContaining('`client`') as string,
      });
      await expect(getOperation(client as never, 'a')).rejects.toBeInstanceOf(TypeError);
      expect(thrownBy(() => listPages(client as never, { name: 'p' }))).toBeInstanceOf(TypeError);
    },
  );
});

describe('what is no list request', () => {
  it.each([
    [undefined, TypeError, 'request'],
    [{}, TypeError, 'request.name'],
    [{ name: 'p', pageSize: -1 }, RangeError, 'request.pageSize'],
    [{ name: 'p', pageSize: 1.5 }, RangeError, 'request.pageSize'],
    [{ name: 'p', pageSize: '1' }, TypeError, 'request.pageSize'],
    [{ name: 'p', filter: 1 }, TypeError, 'request.filter'],
    [{ name: 'p', pageToken: 1 }, TypeError, 'request.pageToken'],
  ])('%o is refused [fact 24]', (request, kind, option) => {
    const error = thrownBy(() => listOperations(neverCalled(), request as never)) as Error;
    expect(error).toBeInstanceOf(kind);
    expect(error.message).toContain(`\`${option}\``);
  });
});

describe('options that are given again', () => {
  const startsOf = (options: PollOptions): number[] => {
    const scheduler = new VirtualTimeScheduler();
    const scripted = new ScriptedClient(scheduler, {
      get: [
        { value: { name: 'operations/1' } },
        { value: { name: 'operations/1' } },
        { value: { name: 'operations/1', done: true } },
      ],
    });
    poll(scripted.client, 'operations/1', { ...options, scheduler }).subscribe();
    scheduler.flush();
    return scripted.times('get');
  };

  it('count as they are then, whatever they held before', () => {
    const backoff = { startingDelay: 100, timeMultiple: 1 };
    const scheduler = new VirtualTimeScheduler();
    const client = { get: () => NEVER };
    const options = { scheduler, backoff, retry: { numOfAttempts: 1 }, callTimeout: 10 };
    const endsOf = (): number => {
      const begun = scheduler.now();
      let ended = NaN;
      poll(client, 'operations/1', options).subscribe({ error: () => (ended = scheduler.now()) });
      scheduler.flush();
      return ended - begun;
    };
    expect(endsOf()).toBe(10);
    options.callTimeout = 20;
    expect(endsOf()).toBe(20);
    expect(startsOf({ backoff })).toEqual([0, 100, 200]);
    backoff.startingDelay = 500;
    expect(startsOf({ backoff })).toEqual([0, 500, 1_000]);
    expect(startsOf({ backoff: () => 7 })).toEqual([0, 7, 14]);
  });

  it('are refused as ever after some that were right', () => {
    const client = { get: () => NEVER };
    poll(client, 'operations/1', {});
    expect(() => poll(client, 'operations/1', null as unknown as PollOptions)).toThrow(/options/);
    expect(() => poll(client, 'operations/1', { timeout: -1 })).toThrow(/timeout/);
  });

  const decoder = (value: unknown): unknown => value;
  const each: readonly PollOptions[] = [
    { signal: new AbortController().signal },
    { onAbort: 'detach' },
    { cancelTimeout: 1 },
    { timeout: 2 },
    { holdTimeout: 3 },
    { response: decoder },
    { metadata: decoder },
    { callTimeout: 4 },
    { onEvent: decoder },
    { scheduler: new VirtualTimeScheduler() },
    { backoff: { startingDelay: 7, timeMultiple: 1 } },
    { retry: { numOfAttempts: 9 } },
  ];
  /** What an operation is waited for by: a function of the backoff is told by its delay. */
  const meaningOf = (options: PollOptions): object => {
    const { backoff, ...rest } = resolveOptions(neverCalled(), options);
    const operation = { name: 'operations/1', done: false };
    const delay = chooseDelay(backoff, {
      attempt: 1,
      elapsed: 0,
      delay: 0,
      operation,
      memory: {},
    });
    return { ...rest, delay };
  };

  it.each(each)('count for their own wait alone, own or inherited: %o', (option) => {
    const inheriting = Object.create(option) as PollOptions;
    const byDefault = meaningOf({});
    const own = meaningOf(option);
    expect(own).not.toEqual(byDefault);
    expect(meaningOf(inheriting)).toEqual(own);
    expect(meaningOf({})).toEqual(byDefault);
    expect(meaningOf(inheriting)).toEqual(own);
  });

  it.each(['backoff', 'retry'] as const)('count though parts of `%s` are inherited', (option) => {
    const parts = { startingDelay: 7, maxDelay: 8, timeMultiple: 1.5, jitter: 'none' as const };
    const own = meaningOf({ [option]: parts });
    const byDefault = meaningOf({ [option]: {} });
    expect(own).not.toEqual(byDefault);
    expect(meaningOf({ [option]: Object.create(parts) as object })).toEqual(own);
    expect(meaningOf({ [option]: {} })).toEqual(byDefault);
    expect(meaningOf({ [option]: Object.create(parts) as object })).toEqual(own);
  });

  it('are read once for each wait: what is checked is what counts', () => {
    let timeout = 0;
    const options = {
      get timeout(): number {
        return (timeout += 1_000);
      },
    };
    expect(resolveOptions(neverCalled(), options).timeout).toBe(1_000);
    expect(resolveOptions(neverCalled(), options).timeout).toBe(2_000);
    expect(resolveOptions(neverCalled(), { timeout: 2_000 }).timeout).toBe(2_000);
  });

  it('are copied: a change of what was given changes no wait that has begun', () => {
    const options = { timeout: 1, retry: { numOfAttempts: 2 } };
    const settings = resolveOptions(neverCalled(), options);
    options.timeout = 3;
    options.retry.numOfAttempts = 4;
    expect(settings).toMatchObject({ timeout: 1, retry: { numOfAttempts: 2 } });
  });
});
