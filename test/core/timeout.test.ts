import { NEVER, VirtualTimeScheduler, of } from 'rxjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Code, WaitTimeoutError, poll, waitForDone } from 'rx-lro';
import { fitBeforeDeadline } from '../../src/core/wait/deadline.js';
import { errorOf, observe } from '../support/observe.js';
import { ScriptedClient, type ScriptedAnswer } from '../support/scripted-client.js';

const name = 'operations/1';
const pending = { value: { name, metadata: { m: 1 } } };
const done = { value: { name, done: true } };

afterEach(() => {
  vi.restoreAllMocks();
});

describe('timeout', () => {
  const run = (get: readonly ScriptedAnswer[], options: object) => {
    const scheduler = new VirtualTimeScheduler();
    const scripted = new ScriptedClient(scheduler, { get, cancel: [{ value: {} }] });
    const record = observe(poll(scripted.client, name, { scheduler, ...options }));
    scheduler.flush();
    return { scripted, record, scheduler };
  };

  it('ends the wait, tells the server nothing, and leaves nothing [pain 5] [polling 11]', () => {
    const { record, scripted, scheduler } = run([pending], { timeout: 10_000 });
    const error = errorOf(record) as WaitTimeoutError;
    expect(error).toBeInstanceOf(WaitTimeoutError);
    expect(error).toMatchObject({
      kind: 'wait-timeout',
      code: Code.DEADLINE_EXCEEDED,
      timeout: 10_000,
      operation: { name, done: false, metadata: { m: 1 } },
    });
    expect(error.message).toBe(
      'Operation operations/1 was not done after 10000 ms. It goes on: resume by its name, or cancel it.',
    );
    expect(scheduler.now()).toBe(10_000);
    expect(scheduler.actions).toHaveLength(0);
    expect(scripted.calls.every((call) => call.method === 'get')).toBe(true);
  });

  it('is none by default [pain 5] [pain 25]', () => {
    const get = [...Array.from({ length: 2_000 }, () => pending), done];
    const { record, scheduler } = run(get, {});
    expect(record.ends).toEqual(['complete']);
    expect(scheduler.now()).toBeGreaterThan(24 * 3_600_000);
  });

  it('makes one last call just before the end [polling 13]', () => {
    const { scripted } = run([pending], { timeout: 10_000, backoff: () => 6_000 });
    expect(scripted.times('get')).toEqual([0, 6_000, 9_900]);
  });

  it('makes that last call once, however the times round', () => {
    for (let factor = 1.01; factor < 3; factor += 0.0173) {
      const backoff = { startingDelay: 7 / factor, timeMultiple: factor, maxDelay: 700 / 3 };
      const { scripted } = run([pending], { timeout: 10_000 / 3, backoff });
      const times = scripted.times('get');
      const inMargin = times.filter((time) => time > 10_000 / 3 - 101);
      expect(inMargin).toHaveLength(1);
      expect(times.at(-1)).toBeCloseTo(10_000 / 3 - 100, 6);
    }
  });

  it('leaves the last call time for an answer twice as slow as the slowest', () => {
    const slow = { value: { name }, latency: 400 };
    const { scripted } = run([slow], { timeout: 10_000, backoff: () => 6_000 });
    expect(scripted.times('get')).toEqual([0, 6_400, 9_200]);
  });

  it('is beaten by a result in hand', () => {
    const { record } = run([pending, { ...done, latency: 99 }], {
      timeout: 10_000,
      backoff: () => 20_000,
    });
    expect(record.values.at(-1)).toEqual(done.value);
    expect(record.ends).toEqual(['complete']);
  });

  it('ends a call that is in flight [polling 14]', () => {
    const { record, scripted } = run(['hang'], { timeout: 1_000 });
    expect(errorOf(record)).toBeInstanceOf(WaitTimeoutError);
    expect(scripted.calls).toMatchObject([{ end: 'left' }]);
  });

  it('ends retries, and names the failure as its cause', () => {
    const failing = { error: { code: Code.UNAVAILABLE, message: 'try later' } };
    const { record, scripted } = run([failing], {
      timeout: 1_000,
      retry: { startingDelay: 600, jitter: 'none' },
    });
    expect(errorOf(record)).toMatchObject({
      kind: 'wait-timeout',
      cause: { code: Code.UNAVAILABLE },
    });
    expect(scripted.times('get')).toEqual([0, 600, 900]);
  });

  it('does not hurry a server that asked to be left alone', () => {
    const detail = { '@type': 'x/google.rpc.RetryInfo', retryDelay: '5s' };
    const { record, scripted } = run([{ error: { code: 8, details: [detail] } }], {
      timeout: 4_000,
    });
    expect(errorOf(record)).toBeInstanceOf(WaitTimeoutError);
    expect(scripted.times('get')).toEqual([0]);
  });

  it('counts from the subscription, the start call included', () => {
    const scheduler = new VirtualTimeScheduler();
    const { client } = new ScriptedClient(scheduler, { get: [pending] });
    const record = observe(poll(client, NEVER, { scheduler, timeout: 500 }));
    scheduler.flush();
    expect(errorOf(record)).toMatchObject({ kind: 'wait-timeout', operation: undefined });
    expect(scheduler.now()).toBe(500);
  });

  it('of 0 ends at once, but for a snapshot that is done', () => {
    const { record } = run([pending], { timeout: 0 });
    expect(errorOf(record)).toBeInstanceOf(WaitTimeoutError);
    const { client } = new ScriptedClient(new VirtualTimeScheduler(), {});
    expect(observe(poll(client, done.value, { timeout: 0 })).ends).toEqual(['complete']);
  });

  it('may be longer than a timer can be [polling 22] [fact 33]', () => {
    const timeout = 3 * 2 ** 31;
    const { record, scheduler } = run([pending], { timeout, backoff: () => 2 ** 31 - 1 });
    expect(errorOf(record)).toBeInstanceOf(WaitTimeoutError);
    expect(scheduler.now()).toBe(timeout);
  });

  it('bounds a cancel as well, and says that it was not confirmed', () => {
    const reason = new Error('enough');
    const { record } = run([pending], { timeout: 1_000, signal: AbortSignal.abort(reason) });
    const error = errorOf(record) as WaitTimeoutError;
    expect(error).toMatchObject({ kind: 'wait-timeout', cause: reason });
    expect(error.message).toContain('may still run');
  });

  it('is no verdict of the operation: a DEADLINE_EXCEEDED of the server is told from it [polling 11]', () => {
    const error = { code: Code.DEADLINE_EXCEEDED, message: 'job too slow', details: [] };
    const { record } = run([{ value: { name, done: true, error } }], { timeout: 1_000 });
    expect(record.values).toEqual([{ name, done: true, error }]);
    expect(record.ends).toEqual(['complete']);
  });

  it('is not restarted by answers, nor put off by calls that all succeed [polling 12] [polling 13]', () => {
    let call = 0;
    const scheduler = new VirtualTimeScheduler();
    const client = { get: () => of({ name, metadata: { call: (call += 1) } }) };
    const record = observe(poll(client, name, { scheduler, timeout: 2_000, backoff: () => 100 }));
    scheduler.flush();
    expect(scheduler.now()).toBe(2_000);
    expect(errorOf(record)).toMatchObject({ operation: { metadata: { call } } });
  });
});

describe('the clock where no scheduler is given', () => {
  it('does not follow the date: setting it ends no wait, and puts off none [fact 34]', async () => {
    let date = Date.now();
    vi.spyOn(Date, 'now').mockImplementation(() => date);
    const elapsed: number[] = [];
    let calls = 0;
    const get = async () => {
      calls += 1;
      // A year to and fro.
      date += calls % 2 === 0 ? -31_536e6 : 31_536e6;
      return { name, done: calls === 5 };
    };
    const backoff = (context: { readonly elapsed: number }): number => {
      elapsed.push(context.elapsed);
      return 0;
    };
    await waitForDone({ get }, name, { timeout: 3_600_000, backoff });
    expect(elapsed).toHaveLength(4);
    expect(Math.min(...elapsed)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...elapsed)).toBeLessThan(3_600_000);
  });
});

describe('fitting a delay before the deadline', () => {
  const times = { delay: 500, floor: 0, rest: 10_000, whole: 10_000, slowestCall: 0 };

  it.each([
    ['leaves one that fits as it is', {}, 500],
    ['leaves one that just fits', { delay: 9_900 }, 9_900],
    ['cuts one that does not', { delay: 9_901 }, 9_900],
    ['keeps twice the slowest call', { delay: 9_901, slowestCall: 1_000 }, 8_000],
    ['keeps no more than a quarter of the wait', { delay: 9_901, slowestCall: 9_000 }, 7_500],
    ['keeps a quarter of a short wait', { delay: 90, rest: 40, whole: 40 }, 30],
    ['finds no time in the margin', { rest: 100 }, Infinity],
    ['finds time just before the margin', { rest: 101 }, 1],
    [
      'takes less than a millisecond for none: rounding leaves that over',
      { rest: 100.99 },
      Infinity,
    ],
    ['does not cut below the floor', { delay: 9_950, floor: 9_901 }, Infinity],
    ['cuts down to the floor', { delay: 9_950, floor: 9_900 }, 9_900],
  ])('%s', (_, given, expected) => {
    expect(fitBeforeDeadline({ ...times, ...given })).toBe(expected);
  });
});
