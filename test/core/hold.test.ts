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
import { beginHold, newHold, type Hold } from '../../src/core/wait/hold.js';
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

const DEADLINE_SOON = {
  latency: 100,
  expected: ['get 0', 'wait 0', 'get 150', 'wait 1150'],
};
const DEADLINE_LATE = {
  latency: 30_000,
  expected: ['get 0', 'wait 0', 'get 30050', 'wait 30050'],
};

describe('a client with a Wait', () => {
  it('is asked by one, and its answer is the result [pain 11]', () => {
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

  it('is asked no more often than by polling when it answers at once [fact 18]', () => {
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

  it('is not asked at once again when it was slow, and held nothing', () => {
    const { calls } = play({ wait: [...Array.from({ length: 4 }, () => pending(1_500)), done(0)] });
    // As by polling, with the delays counted from the start of a call.
    expect(calls).toEqual(['get 0', 'wait 0', 'wait 1500', 'wait 3500', 'wait 7500', 'wait 15500']);
  });

  it('that holds calls is not kept from it by a long delay of the backoff', () => {
    const { calls } = play(
      { wait: [pending(54_000), pending(20_000), done(3_000)] },
      { backoff: () => 600_000 },
    );
    expect(calls).toEqual(['get 0', 'wait 0', 'wait 54000', 'wait 74000']);
  });

  it('that is to hold calls for a short time only is asked again after that', () => {
    const { calls } = play(
      { wait: [pending(2_000), pending(2_000), done(2_000)] },
      { holdTimeout: 2_000, backoff: () => 600_000 },
    );
    expect(calls).toEqual(['get 0', 'wait 0', 'wait 2000', 'wait 4000']);
  });

  it('that is to hold calls for no time at all is asked as by polling', () => {
    const { calls } = play({ wait: [pending(1), pending(1), done(1)] }, { callTimeout: 2 });
    expect(calls).toEqual(['get 0', 'wait 0', 'wait 1000', 'wait 3000']);
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
    const pendingFirst = [...get, pending(0), done(0)];
    const { client, scheduler } = play({ get: pendingFirst, wait: [failed(Code.UNIMPLEMENTED)] });
    const events: OperationEvent[] = [];
    const onEvent = (event: OperationEvent): number => events.push(event);
    observe(poll(client, 'operations/2', { scheduler, onEvent }));
    scheduler.flush();
    const methods = events.flatMap((event) => (event.type === 'call' ? [event.method] : []));
    expect(methods).toEqual(['get', 'get']);
  });

  it('is a NOT_FOUND where Get finds the operation: polled from then on', () => {
    const { calls, client, scheduler } = play({ get, wait: [failed(Code.NOT_FOUND)] });
    expect(calls).toEqual(['get 0', 'wait 0', 'get 0', 'get 1000', 'get 3000']);
    const methods: string[] = [];
    const onEvent = (event: OperationEvent): void => {
      if (event.type === 'call') methods.push(event.method);
    };
    observe(poll(client, { name: 'operations/2' }, { scheduler, onEvent }));
    scheduler.flush();
    expect(methods).toEqual(['get']);
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
    expect(calls).toEqual(['wait 0', 'get 50', 'wait 1050']);
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
  it('is followed by a Get, after the delay of a retry, and by a delay of the backoff', () => {
    const { calls, seen } = play({ wait: [failed(Code.UNAVAILABLE, 3_000), done(2_000)] });
    expect(calls).toEqual(['get 0', 'wait 0', 'get 3050', 'wait 4050']);
    expect(seen.ends).toEqual(['complete']);
  });

  it('is given up by this wait after three times in a row', () => {
    const { calls } = play({ wait: [failed(Code.UNAVAILABLE)] }, { timeout: 20_000 });
    expect(calls).toEqual([
      'get 0',
      'wait 0',
      'get 50',
      'wait 1050',
      'get 1100',
      'wait 3100',
      'get 3150',
      'get 7150',
      'get 15150',
      'get 19900',
    ]);
  });

  it('and asks to be spared is asked no sooner than it says', () => {
    const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '6s' }];
    const exhausted = { error: { code: Code.RESOURCE_EXHAUSTED, details } };
    const { calls } = play({ wait: [exhausted, done(1_000)] });
    expect(calls).toEqual(['get 0', 'wait 0', 'get 6000', 'wait 7000']);
  });

  it.each([DEADLINE_SOON, DEADLINE_LATE])(
    'since the time is up after $latency ms is asked again %j',
    ({ latency, expected }) => {
      const { calls } = play({ wait: [failed(Code.DEADLINE_EXCEEDED, latency), done(1_000)] });
      expect(calls).toEqual(expected);
    },
  );

  it('since it hangs, costs callTimeout and no more', () => {
    const { calls, seen } = play(
      { get: [pending(0), pending(0), done(0)], wait: ['hang'] },
      { callTimeout: 60_000 },
    );
    expect(calls).toEqual(['get 0', 'wait 0', 'get 60050', 'wait 60050', 'get 120100']);
    expect(seen.ends).toEqual(['complete']);
  });

  it('is no end, even where nothing is tried again: Get tells the truth', () => {
    const script = { get: [pending(0), done(0)], wait: [failed(Code.UNAVAILABLE)] };
    const { calls, seen } = play(script, { retry: { numOfAttempts: 1 } });
    expect(calls).toEqual(['get 0', 'wait 0', 'get 0']);
    expect(seen.ends).toEqual(['complete']);
  });
});

describe('what the event `done` tells of a Wait', () => {
  const withinOf = (script: Script, source: string | object): unknown => {
    const withins: unknown[] = [];
    const onEvent = (event: OperationEvent): void => {
      if (event.type === 'done') withins.push(event.within);
    };
    play(script, { onEvent }, source);
    return withins;
  };

  it.each([
    ['0 where the server held the call', [done(40_000)], name, 0],
    ['nothing where the first look was answered at once', [done(10)], { name }, undefined],
    ['the time since the last look otherwise', [pending(0), done(10)], { name }, 1_010],
  ])('is %s', (_, wait, source, expected) => {
    expect(withinOf({ wait }, source)).toEqual([expected]);
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
  const limit = fc.oneof(fc.double({ min: 0.1, max: 1e7, noNaN: true }), fc.constant(Infinity));
  const client: OperationsClient = { get: () => of({}), wait: () => of({}) };
  fc.assert(
    fc.property(limit, limit, limit, (callTimeout, holdTimeout, rest) => {
      const hold = newHold(client, { callTimeout, holdTimeout }) as Hold;
      beginHold(hold, rest);
      const time = hold.asked;
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
