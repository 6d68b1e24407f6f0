import fc from 'fast-check';
import { VirtualTimeScheduler, of } from 'rxjs';
import { describe, expect, it, test } from 'vitest';
import {
  Code,
  poll,
  waitForDone,
  type OperationEvent,
  type OperationsClient,
  type PollOptions,
} from 'rx-lro';
import { FakeOperations, VirtualTime } from 'rx-lro/testing';
import { holdTime } from '../../src/poll/hold.js';
import { errorOf, observe } from '../support/observe.js';
import { ScriptedClient, type ScriptedAnswer } from '../support/scripted-client.js';

const name = 'operations/1';
const pending = (latency: number): ScriptedAnswer => ({ value: { name }, latency });
const done = (latency: number): ScriptedAnswer => ({ value: { name, done: true }, latency });
const failed = (code: number, latency = 0): ScriptedAnswer => ({ error: { code }, latency });

interface Script {
  readonly get?: readonly ScriptedAnswer[];
  readonly wait?: readonly ScriptedAnswer[];
  readonly cancel?: readonly ScriptedAnswer[];
}

const retry = { startingDelay: 50, timeMultiple: 1, jitter: 'none' } as const;
const backoff = { startingDelay: 1_000, timeMultiple: 2, maxDelay: 8_000 };

/** Plays a script to its end: which calls were made when, and what came out. */
function play(script: Script, options: PollOptions = {}, source: string | object = name) {
  const scheduler = new VirtualTimeScheduler();
  const scripted = new ScriptedClient(scheduler, { get: [pending(0)], ...script });
  const seen = observe(poll(scripted.client, source, { scheduler, backoff, retry, ...options }));
  scheduler.flush();
  const calls = scripted.calls.map((call) => `${call.method} ${call.time}`);
  return { calls, seen, client: scripted.client, scheduler };
}

describe('a client with a Wait', () => {
  it('is asked by one, and its answer is the news', () => {
    const { calls, seen } = play({ wait: [done(40_000)] });
    expect(calls).toEqual(['get 0', 'wait 0']);
    expect(seen.values.at(-1)).toEqual({ name, done: true });
  });

  it('is asked by Wait at once where a snapshot is given', () => {
    expect(play({ wait: [done(40_000)] }, {}, { name }).calls).toEqual(['wait 0']);
  });

  it('is asked again as soon as it has answered a call that it held', () => {
    const { calls } = play({ wait: [pending(30_000), pending(20_000), done(10_000)] });
    expect(calls).toEqual(['get 0', 'wait 0', 'wait 30000', 'wait 50000']);
  });

  it('is asked no more often than by polling when it answers at once', () => {
    const { calls } = play({ wait: [...Array.from({ length: 5 }, () => pending(0)), done(0)] });
    // 1, 2, 4, 8 and 8 s apart: the delays of the backoff.
    expect(calls).toEqual([
      'get 0',
      'wait 0',
      'wait 1000',
      'wait 3000',
      'wait 7000',
      'wait 15000',
      'wait 23000',
    ]);
  });

  it('has the time for which it held a call count as waited', () => {
    const { calls } = play({ wait: [pending(400), pending(0), done(0)] });
    expect(calls).toEqual(['get 0', 'wait 0', 'wait 1000', 'wait 3000']);
  });

  it('has the backoff begin anew once it has held a call', () => {
    const { calls } = play({
      wait: [pending(0), pending(0), pending(5_000), pending(0), done(0)],
    });
    expect(calls).toEqual(['get 0', 'wait 0', 'wait 1000', 'wait 3000', 'wait 8000', 'wait 9000']);
  });

  it.each([
    ['callTimeout alone', {}, 54_000],
    ['a short callTimeout', { callTimeout: 1_000 }, 900],
    ['holdTimeout', { holdTimeout: 2_500 }, 2_500],
    ['the rest of timeout', { timeout: 10_000 }, 9_900],
    ['nothing', { callTimeout: Infinity }, undefined],
    ['a tiny callTimeout', { callTimeout: 1 }, 1],
  ])('is told to hold a call no longer than %s allows', (_, options, expected) => {
    const timeouts: unknown[] = [];
    const client: OperationsClient = {
      get: () => of({ name }),
      wait: ({ timeout }) => {
        timeouts.push(timeout);
        return of({ name, done: true });
      },
    };
    const scheduler = new VirtualTimeScheduler();
    observe(poll(client, name, { scheduler, ...options }));
    scheduler.flush();
    expect(timeouts).toEqual([expected]);
  });

  it('is not asked by Wait with a holdTimeout of 0', () => {
    const { calls } = play({ get: [pending(0), done(0)], wait: [] }, { holdTimeout: 0 });
    expect(calls).toEqual(['get 0', 'get 1000']);
  });

  it('may answer at once for ever, on the spot, without running out of stack', () => {
    let answers = 0;
    const client: OperationsClient = {
      get: () => of({ name }),
      wait: () => of({ name, done: (answers += 1) > 20_000 }),
    };
    const scheduler = new VirtualTimeScheduler();
    const seen = observe(poll(client, name, { scheduler, backoff: () => 0 }));
    scheduler.flush();
    expect(seen.ends).toEqual(['complete']);
  });

  it.each([-1, Number.NaN, '5'])('refuses a holdTimeout of %s before any call', (holdTimeout) => {
    const { client } = new ScriptedClient(new VirtualTimeScheduler(), { get: [] });
    const options = { holdTimeout } as PollOptions;
    expect(() => poll(client, name, options)).toThrow(/holdTimeout/);
  });
});

describe('a Wait that the server does not have', () => {
  const get = [pending(0), pending(0), pending(0), done(0)];

  it('is UNIMPLEMENTED: polled from then on, with no call more', () => {
    const { calls } = play({ get, wait: [failed(Code.UNIMPLEMENTED)] });
    expect(calls).toEqual(['get 0', 'wait 0', 'get 1000', 'get 3000', 'get 7000']);
  });

  it('is not tried by the next wait of the same client either', () => {
    const { client, scheduler } = play({ get, wait: [failed(Code.UNIMPLEMENTED)] });
    const events: OperationEvent[] = [];
    const onEvent = (event: OperationEvent): number => events.push(event);
    observe(poll(client, 'operations/2', { scheduler, onEvent }));
    scheduler.flush();
    const methods = events.flatMap((event) => (event.type === 'call' ? [event.method] : []));
    expect(new Set(methods)).toEqual(new Set(['get']));
  });

  it('is a NOT_FOUND where Get finds the operation: polled from then on', () => {
    const { calls, client, scheduler } = play({ get, wait: [failed(Code.NOT_FOUND)] });
    expect(calls).toEqual(['get 0', 'wait 0', 'get 0', 'get 1000', 'get 3000']);
    const again = observe(poll(client, { name: 'operations/2' }, { scheduler }));
    scheduler.flush();
    expect(again.ends).toEqual(['complete']);
  });

  it('is not concluded from an operation that is gone', () => {
    const gone = [pending(0), failed(Code.NOT_FOUND)];
    const { calls, client, seen } = play({ get: gone, wait: [failed(Code.NOT_FOUND)] });
    expect(calls).toEqual(['get 0', 'wait 0', 'get 0']);
    expect(errorOf(seen)).toMatchObject({ code: Code.NOT_FOUND });
    const scheduler = new VirtualTimeScheduler();
    const methods: string[] = [];
    const onEvent = (event: OperationEvent): void => {
      if (event.type === 'call') methods.push(event.method);
    };
    observe(poll(client, { name: 'operations/2' }, { scheduler, onEvent, timeout: 10 }));
    scheduler.flush();
    expect(methods[0]).toBe('wait');
  });

  it('is not concluded from an operation that the server does not know yet', () => {
    const wait = [failed(Code.NOT_FOUND), done(5_000)];
    const { calls, seen } = play({ get: [pending(0)], wait }, {}, { name });
    expect(calls).toEqual(['wait 0', 'get 50', 'wait 1000']);
    expect(seen.ends).toEqual(['complete']);
  });

  it.each([Code.PERMISSION_DENIED, Code.INVALID_ARGUMENT, Code.FAILED_PRECONDITION])(
    'or that fails for good otherwise (%s) is given up by this wait',
    (code) => {
      const { calls } = play({ get, wait: [failed(code)] });
      expect(calls).toEqual(['get 0', 'wait 0', 'get 0', 'get 1000', 'get 3000']);
    },
  );

  it('and answers with what is no operation is given up by this wait', () => {
    const { calls } = play({ get, wait: [{ value: '<html>' }] });
    expect(calls).toEqual(['get 0', 'wait 0', 'get 0', 'get 1000', 'get 3000']);
  });

  it("is given up even where the caller's own retry would go on for ever", () => {
    const always = { ...retry, retry: () => true };
    const { calls } = play({ get, wait: [failed(Code.UNIMPLEMENTED)] }, { retry: always });
    expect(calls).toEqual(['get 0', 'wait 0', 'get 50', 'get 1050', 'get 3050']);
  });
});

describe('a Wait that fails for a while', () => {
  it('is followed by a Get, after the delay of a retry', () => {
    const { calls, seen } = play({
      get: [pending(0)],
      wait: [failed(Code.UNAVAILABLE, 3_000), done(2_000)],
    });
    // By the time of the second Get, longer than the delay has gone by.
    expect(calls).toEqual(['get 0', 'wait 0', 'get 3050', 'wait 3050']);
    expect(seen.ends).toEqual(['complete']);
  });

  it('at once, each time, makes no hot loop', () => {
    const { calls } = play(
      { get: [pending(0)], wait: [failed(Code.UNAVAILABLE)] },
      { timeout: 20_000 },
    );
    expect(calls).toEqual([
      'get 0',
      'wait 0',
      'get 50',
      'wait 1000',
      'get 1050',
      'wait 3000',
      'get 3050',
      'wait 7000',
      'get 7050',
      'wait 15000',
      'get 15050',
      'get 19900',
    ]);
  });

  it('since it hangs, costs callTimeout and no more', () => {
    const { calls, seen } = play(
      { get: [pending(0), pending(0), done(0)], wait: ['hang'] },
      { callTimeout: 60_000 },
    );
    expect(calls).toEqual(['get 0', 'wait 0', 'get 60050', 'wait 60050', 'get 120100']);
    expect(seen.ends).toEqual(['complete']);
  });

  it('is no end, and one that is not to be survived is', () => {
    const { seen } = play(
      { get: [pending(0)], wait: [failed(Code.UNAVAILABLE)] },
      { retry: { numOfAttempts: 1 } },
    );
    expect(errorOf(seen)).toMatchObject({ kind: 'call-failed', code: Code.UNAVAILABLE });
  });
});

describe('timeout and Wait', () => {
  it('leaves time for the answer to come back', () => {
    const { calls, seen } = play({ wait: [pending(9_900), done(0)] }, { timeout: 10_000 });
    // The answer was the last call before the end: there is no time for another.
    expect(calls).toEqual(['get 0', 'wait 0']);
    expect(errorOf(seen)).toMatchObject({ kind: 'wait-timeout' });
  });
});

describe('an abort while the server holds a call', () => {
  it('gives that up, cancels, and has the verdict told by another one', async () => {
    const scheduler = new VirtualTime();
    const fake = new FakeOperations({ scheduler, wait: true, latency: 10 });
    const { name: started } = fake.start({ duration: 3_600_000, cancelAfter: 700 });
    const controller = new AbortController();
    const wait = waitForDone(fake.client, started, { scheduler, signal: controller.signal });
    wait.catch(() => undefined);
    await scheduler.advance(5_000);
    controller.abort();
    await expect(scheduler.runUntil(wait)).rejects.toMatchObject({ code: Code.CANCELLED });
    expect(fake.calls.map(({ method, aborted }) => [method, aborted])).toEqual([
      ['get', false],
      ['wait', true],
      ['cancel', false],
      ['wait', false],
    ]);
    // The service cancels at once when it is asked, and takes a while; then the answer travels.
    expect(scheduler.now()).toBe(5_000 + 700 + 10);
  });
});

test('the time to hold is whole, at least 1 ms, and within all that bounds it', () => {
  const limit = fc.oneof(fc.double({ min: 0, max: 1e7, noNaN: true }), fc.constant(Infinity));
  fc.assert(
    fc.property(limit, limit, limit, (callTimeout, holdTimeout, rest) => {
      const time = holdTime({ callTimeout, holdTimeout, rest });
      if (time === undefined) {
        expect([callTimeout, holdTimeout, rest]).toEqual([Infinity, Infinity, Infinity]);
      } else {
        expect(Number.isInteger(time)).toBe(true);
        expect(time).toBeGreaterThanOrEqual(1);
        expect(time).toBeLessThanOrEqual(
          Math.max(Math.min(0.9 * callTimeout, holdTimeout, rest), 1),
        );
      }
    }),
  );
});
