import {
  ReplaySubject,
  Subject,
  VirtualTimeScheduler,
  defer,
  from,
  of,
  queueScheduler,
  share,
  take,
  throwError,
  timer,
  map,
} from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, it, vi } from 'vitest';
import {
  CallFailedError,
  Code,
  ProtocolError,
  poll,
  type Operation,
  type OperationEvent,
  type OperationsClient,
} from 'rx-lro';
import { errorOf, observe } from '../support/observe.js';
import { ScriptedClient } from '../support/scripted-client.js';

const name = 'operations/1';
const pending = (percent?: number): { value: object } => ({
  value: { name, ...(percent === undefined ? {} : { metadata: { progressPercent: percent } }) },
});
const done = { value: { name, done: true, response: { ok: 1 } } };
const unavailable = { error: { code: Code.UNAVAILABLE, message: 'try later' } };
const plain = { jitter: 'none' } as const;

describe('subscribing', () => {
  it('makes no call and reads no clock before it is subscribed to', () => {
    const scheduler = new VirtualTimeScheduler();
    const now = vi.spyOn(scheduler, 'now');
    const { client, calls } = new ScriptedClient(scheduler, { get: [done] });
    poll(client, name, { scheduler });
    expect(calls).toEqual([]);
    expect(now).not.toHaveBeenCalled();
  });

  it('gives each subscription its own calls, clock and backoff', () => {
    const scheduler = new VirtualTimeScheduler();
    const { client, times } = bound(new ScriptedClient(scheduler, { get: [pending(1)] }));
    const operation$ = poll(client, name, { scheduler });
    const first = operation$.subscribe();
    scheduler.schedule(() => {
      const second = operation$.subscribe();
      scheduler.schedule(() => second.unsubscribe(), 700);
    }, 10_000);
    scheduler.schedule(() => first.unsubscribe(), 10_000);
    scheduler.flush();
    expect(times('get').filter((time) => time >= 10_000)).toEqual([10_000, 10_275, 10_609.125]);
  });

  it('asks about a name at once', () => {
    const scheduler = new VirtualTimeScheduler();
    const { client, times } = bound(new ScriptedClient(scheduler, { get: [done] }));
    const { values, ends } = observe(poll(client, name, { scheduler }));
    expect(times('get')).toEqual([0]);
    expect(values).toEqual([{ name, done: true, response: { ok: 1 } }]);
    expect(ends).toEqual(['complete']);
  });

  it('can be shared: one loop for many, which ends when the last of them leaves [polling 19]', () => {
    const scheduler = new VirtualTimeScheduler();
    const scripted = new ScriptedClient(scheduler, { get: [pending(1), pending(2)] });
    const shared = poll(scripted.client, name, { scheduler }).pipe(
      share({ connector: () => new ReplaySubject(1) }),
    );
    const first = observe(shared);
    const timersOfOne = scheduler.actions.length;
    const second = observe(shared);
    expect(second.values).toEqual(first.values);
    expect(scripted.times('get')).toEqual([0]);
    first.subscription.unsubscribe();
    expect(timersOfOne).toBeGreaterThan(0);
    expect(scheduler.actions).toHaveLength(timersOfOne);
    second.subscription.unsubscribe();
    expect(scheduler.actions).toHaveLength(0);
  });

  it('emits a snapshot at once, and asks after the first delay', () => {
    const scheduler = new VirtualTimeScheduler();
    const { client, times } = bound(new ScriptedClient(scheduler, { get: [done] }));
    const { values } = observe(poll(client, { name, metadata: { a: 1 } }, { scheduler }));
    expect(values).toEqual([{ name, done: false, metadata: { a: 1 } }]);
    scheduler.flush();
    expect(times('get')).toEqual([275]);
    expect(values).toHaveLength(2);
  });

  it('makes no call for a snapshot that is done [pain 1] [fact 8]', () => {
    const scheduler = new VirtualTimeScheduler();
    const { client, calls } = new ScriptedClient(scheduler, { get: [done] });
    const { values, ends } = observe(poll(client, { ...done.value }, { scheduler }));
    expect(values).toEqual([done.value]);
    expect(ends).toEqual(['complete']);
    expect(calls).toEqual([]);
    expect(scheduler.actions).toHaveLength(0);
  });

  it('takes a done snapshot with no name, and never asks about it [pain 26] [fact 6]', () => {
    const scheduler = new VirtualTimeScheduler();
    const { client, calls } = new ScriptedClient(scheduler, { get: [done] });
    const { values } = observe(poll(client, { done: true, response: 1 }, { scheduler }));
    expect(values).toEqual([{ name: '', done: true, response: 1 }]);
    expect(calls).toEqual([]);
  });

  it('resumes from a snapshot that went through JSON [pain 25]', () => {
    const scheduler = new VirtualTimeScheduler();
    const { client } = new ScriptedClient(scheduler, { get: [pending(10), done] });
    const seen: Operation[] = [];
    poll(client, name, { scheduler })
      .pipe(take(1))
      .subscribe((each) => seen.push(each));
    const revived = JSON.parse(JSON.stringify(seen[0])) as Operation;
    const { values, ends } = observe(poll(client, revived, { scheduler }));
    scheduler.flush();
    expect(values).toEqual([revived, done.value]);
    expect(ends).toEqual(['complete']);
  });

  it('takes the start call itself: a promise of a snapshot', async () => {
    const scheduler = new VirtualTimeScheduler();
    const { client, calls } = new ScriptedClient(scheduler, { get: [done] });
    const { values, ends } = observe(poll(client, Promise.resolve(done.value), { scheduler }));
    await Promise.resolve();
    expect(values).toEqual([done.value]);
    expect(ends).toEqual(['complete']);
    expect(calls).toEqual([]);
  });

  it('takes the start call itself: an Observable of a snapshot, or of a name', () => {
    const scheduler = new VirtualTimeScheduler();
    const { client, times } = bound(new ScriptedClient(scheduler, { get: [done] }));
    const start = timer(1_000, scheduler).pipe(map(() => name));
    const { values } = observe(poll(client, start, { scheduler }));
    scheduler.flush();
    expect(times('get')).toEqual([1_000]);
    expect(values).toEqual([done.value]);
  });

  it('reports a start call that fails, its cause kept [fact 9]', () => {
    const scheduler = new VirtualTimeScheduler();
    const { client } = new ScriptedClient(scheduler, { get: [done] });
    const cause = { code: 3, message: 'bad node count', details: [{ '@type': 'x/y' }] };
    const error = errorOf(
      observe(
        poll(
          client,
          throwError(() => cause),
          { scheduler },
        ),
      ),
    );
    expect(error).toBeInstanceOf(CallFailedError);
    expect(error).toMatchObject({ code: 3, method: 'start', details: [{ '@type': 'x/y' }], cause });
  });

  it('does not make a start call again that fails: only its caller knows whether that is safe [fact 12]', () => {
    const scheduler = new VirtualTimeScheduler();
    const { client } = new ScriptedClient(scheduler, { get: [done] });
    let calls = 0;
    const start = defer(() => {
      calls += 1;
      return throwError(() => unavailable.error);
    });
    const error = errorOf(observe(poll(client, start, { scheduler })));
    expect(error).toMatchObject({ kind: 'call-failed', method: 'start', code: Code.UNAVAILABLE });
    expect(scheduler.actions).toHaveLength(0);
    expect(calls).toBe(1);
  });

  it.each([
    ['nothing', undefined],
    ['no operation', { metadata: {} }],
    ['a number', 7],
    ['an empty name', ''],
  ])('calls a start call that answers %s a ProtocolError', (_, answer) => {
    const scheduler = new VirtualTimeScheduler();
    const { client } = new ScriptedClient(scheduler, { get: [done] });
    const error = errorOf(observe(poll(client, of<unknown>(answer) as never, { scheduler })));
    expect(error).toBeInstanceOf(ProtocolError);
  });

  it('reads an error envelope that a start call was answered with as its failure', () => {
    const scheduler = new VirtualTimeScheduler();
    const { client } = new ScriptedClient(scheduler, { get: [done] });
    const answer = { error: { code: 403, message: 'no', status: 'PERMISSION_DENIED' } };
    const error = errorOf(observe(poll(client, of(answer), { scheduler })));
    expect(error).toMatchObject({
      kind: 'call-failed',
      code: Code.PERMISSION_DENIED,
      method: 'start',
    });
  });
});

describe('emitting', () => {
  it('emits only what changed, and the final snapshot once', () => {
    const scheduler = new VirtualTimeScheduler();
    const { client } = new ScriptedClient(scheduler, {
      get: [pending(1), pending(1), pending(2), pending(2), pending(2), done],
    });
    const { values, ends } = observe(poll(client, name, { scheduler }));
    scheduler.flush();
    expect(values.map((each) => each.metadata)).toEqual([
      { progressPercent: 1 },
      { progressPercent: 2 },
      undefined,
    ]);
    expect(ends).toEqual(['complete']);
  });

  it('compares bytes by their content', () => {
    const scheduler = new VirtualTimeScheduler();
    const bytes = (last: number): { value: object } => ({
      value: { name, metadata: { type_url: 'a/b', value: new Uint8Array([1, 2, last]) } },
    });
    const { client } = new ScriptedClient(scheduler, { get: [bytes(3), bytes(3), bytes(4), done] });
    const { values } = observe(poll(client, name, { scheduler }));
    scheduler.flush();
    expect(values).toHaveLength(3);
  });

  it('emits an operation that failed, and completes [pain 27]', () => {
    const scheduler = new VirtualTimeScheduler();
    const error = { code: 8, message: 'no room', details: [{ '@type': 'x/y', a: 1 }] };
    const { client } = new ScriptedClient(scheduler, {
      get: [{ value: { name, done: true, metadata: { m: 1 }, error } }],
    });
    const { values, ends } = observe(poll(client, name, { scheduler }));
    expect(values).toEqual([{ name, done: true, metadata: { m: 1 }, error }]);
    expect(ends).toEqual(['complete']);
  });

  it('lets only `done` decide, whatever else the answer carries [fact 2]', () => {
    const scheduler = new VirtualTimeScheduler();
    const early = { value: { name, response: { early: true }, error: { code: 5 } } };
    const { client } = new ScriptedClient(scheduler, { get: [early, done] });
    const { values } = observe(poll(client, name, { scheduler }));
    scheduler.flush();
    expect(values).toEqual([{ name, done: false }, done.value]);
  });

  it('takes done with neither response nor error for success [pain 2] [pain 21] [fact 1]', () => {
    const scheduler = new VirtualTimeScheduler();
    const { client } = new ScriptedClient(scheduler, { get: [{ value: { name, done: true } }] });
    const { values, ends } = observe(poll(client, name, { scheduler }));
    expect(values).toEqual([{ name, done: true }]);
    expect(ends).toEqual(['complete']);
  });

  it('asks no more once it is done, so done never turns back [fact 36]', () => {
    const scheduler = new VirtualTimeScheduler();
    const { client, calls } = new ScriptedClient(scheduler, { get: [done, pending(1)] });
    observe(poll(client, name, { scheduler }));
    scheduler.flush();
    expect(calls).toHaveLength(1);
  });

  it('gives a frozen snapshot', () => {
    const scheduler = new VirtualTimeScheduler();
    const { client } = new ScriptedClient(scheduler, { get: [done] });
    const { values } = observe(poll(client, name, { scheduler }));
    expect(Object.isFrozen(values[0])).toBe(true);
  });

  it('has nothing left by the time the subscriber learns of the end [polling 4]', () => {
    const scheduler = new VirtualTimeScheduler();
    const { client } = new ScriptedClient(scheduler, { get: [pending(), done] });
    const left: number[] = [];
    const note = (): void => void left.push(scheduler.actions.length);
    poll(client, name, { scheduler, timeout: 60_000 }).subscribe({
      next: (operation) => operation.done && note(),
      complete: note,
    });
    scheduler.flush();
    expect(left).toEqual([0, 0]);
  });

  it('goes on asking about the name it was given when the server answers with another form of it', () => {
    const scheduler = new VirtualTimeScheduler();
    const { client, calls } = new ScriptedClient(scheduler, {
      get: [{ value: { name: 'projects/123/operations/1' } }, done],
    });
    observe(poll(client, name, { scheduler }));
    scheduler.flush();
    expect(calls.map((call) => call.name)).toEqual([name, name]);
  });
});

describe('the client', () => {
  it('may answer with a promise, an Observable or an async iterable', async () => {
    const answers = [
      () => Promise.resolve(done.value),
      () => of(done.value),
      async function* () {
        yield done.value;
        throw new Error('never asked for');
      },
    ];
    for (const get of answers) {
      const values: Operation[] = [];
      for await (const operation of poll({ get }, name)) values.push(operation);
      expect(values).toEqual([done.value]);
    }
  });

  it('may ask in a way of its own, as where `get` is a POST with the name in its body [pain 18] [fact 50]', () => {
    const scheduler = new VirtualTimeScheduler();
    const operationName = 'projects/p/publishers/g/models/film/operations/7';
    const posts: object[] = [];
    const post = (path: string, body: object) => {
      posts.push({ path, body });
      return of({ name: operationName, done: posts.length === 2 });
    };
    const client: OperationsClient = {
      get: (request) =>
        post(`${request.name.split('/operations/')[0]}:fetchPredictOperation`, {
          operationName: request.name,
        }),
    };
    const { ends } = observe(poll(client, operationName, { scheduler }));
    scheduler.flush();
    expect(ends).toEqual(['complete']);
    const sent = {
      path: 'projects/p/publishers/g/models/film:fetchPredictOperation',
      body: { operationName },
    };
    expect(posts).toEqual([sent, sent]);
  });

  it('may throw in place of failing', () => {
    const scheduler = new VirtualTimeScheduler();
    const client: OperationsClient = {
      get: () => {
        throw new RangeError('no such thing');
      },
    };
    const error = errorOf(observe(poll(client, name, { scheduler })));
    expect(error).toMatchObject({ kind: 'call-failed', code: Code.UNKNOWN });
    expect((error as Error).cause).toBeInstanceOf(RangeError);
  });

  it('that answers with no Observable, promise or iterable is a call that failed', () => {
    const scheduler = new VirtualTimeScheduler();
    const client = { get: () => 7 } as unknown as OperationsClient;
    const error = errorOf(observe(poll(client, name, { scheduler })));
    expect(error).toMatchObject({ kind: 'call-failed', method: 'get' });
    expect((error as Error).message).toContain(name);
  });

  it.each([
    ['completes with nothing', from([])],
    ['answers undefined', of(undefined)],
    ['answers null', of(null)],
    ['answers a text', of('<html>Bad Gateway</html>')],
    ['answers a list', of([])],
    ['answers an empty object', of({})],
    ['answers a `done` that is no boolean', of({ name, done: 'yes' })],
    ['answers a name that is no text', of({ name: 7 })],
  ])('that %s is a ProtocolError, not tried again', (_, answer) => {
    const scheduler = new VirtualTimeScheduler();
    let calls = 0;
    const client = {
      get: () => {
        calls += 1;
        return answer;
      },
    } as OperationsClient;
    const error = errorOf(observe(poll(client, name, { scheduler })));
    expect(error).toBeInstanceOf(ProtocolError);
    expect(error).toMatchObject({ code: Code.INTERNAL, operation: { name, done: false } });
    expect((error as Error).message).toContain(name);
    expect(calls).toBe(1);
  });

  it('shows the beginning of an answer that makes no sense, not all of it', () => {
    const scheduler = new VirtualTimeScheduler();
    const client: OperationsClient = {
      get: () => of<unknown>('<html>'.padEnd(10_000, 'x')) as never,
    };
    const error = errorOf(observe(poll(client, name, { scheduler }))) as ProtocolError;
    expect(error.message).toContain('<html>xxx');
    expect(error.message.length).toBeLessThan(400);
    expect(error.answer).toHaveLength(10_000);
  });

  it('that does not look at the HTTP status is survived: an error envelope is a failed call', () => {
    const scheduler = new VirtualTimeScheduler();
    const envelope = { error: { code: 503, message: 'overloaded', status: 'UNAVAILABLE' } };
    const { client, calls } = new ScriptedClient(scheduler, { get: [{ value: envelope }, done] });
    const { values } = observe(poll(client, name, { scheduler }));
    scheduler.flush();
    expect(values).toEqual([done.value]);
    expect(calls).toHaveLength(2);
  });

  it('that forgets to read an HTTP response is told so', () => {
    const scheduler = new VirtualTimeScheduler();
    const client = { get: () => of(new Response('{}')) } as unknown as OperationsClient;
    const error = errorOf(observe(poll(client, name, { scheduler })));
    expect((error as Error).message).toContain('response.json()');
  });

  it('keeps its `this`', () => {
    const scheduler = new VirtualTimeScheduler();
    class Client implements OperationsClient {
      readonly answer = done.value;
      get(): ReturnType<OperationsClient['get']> {
        return of(this.answer);
      }
    }
    const { values } = observe(poll(new Client(), name, { scheduler }));
    expect(values).toEqual([done.value]);
  });
});

describe('the schedule', () => {
  it('starts the next delay at the answer, with one call at a time [polling 20] [fact 35]', () => {
    const scheduler = new VirtualTimeScheduler();
    const slow = (value: object) => ({ value, latency: 5_000 });
    const scripted = new ScriptedClient(scheduler, {
      get: [slow({ name }), slow({ name }), slow(done.value)],
    });
    observe(
      poll(scripted.client, name, { scheduler, backoff: { startingDelay: 100, timeMultiple: 2 } }),
    );
    scheduler.flush();
    expect(scripted.times('get')).toEqual([0, 5_100, 10_300]);
    expect(scripted.mostInFlight).toBe(1);
  });

  it('begins at 275 ms, grows by 1.215 and stops at a minute, where nothing is given [pain 7] [polling 8]', () => {
    const scheduler = new VirtualTimeScheduler();
    const scripted = new ScriptedClient(scheduler, { get: [pending()] });
    const { subscription } = observe(poll(scripted.client, name, { scheduler }));
    scheduler.schedule(() => subscription.unsubscribe(), 3_600_000);
    scheduler.flush();
    const times = scripted.times('get');
    const delays = times.slice(1).map((time, index) => time - times[index]!);
    expect(delays[0]).toBe(275);
    expect(delays[1]).toBe(334.125);
    expect(delays[5]).toBeCloseTo(275 * 1.215 ** 5, 6);
    expect(delays.at(-1)).toBeCloseTo(60_000, 6);
    // In an hour.
    expect(times.length).toBeLessThan(100);
  });

  it('sees the end late by 275 ms and a quarter of its time at the most, and by no more than a minute [polling 7]', () => {
    for (const end of [0, 1, 100, 2_500, 17_000, 60_000, 900_000, 86_400_000]) {
      const scheduler = new VirtualTimeScheduler();
      const client: OperationsClient = { get: () => of({ name, done: scheduler.now() >= end }) };
      observe(poll(client, name, { scheduler }));
      scheduler.flush();
      expect(scheduler.now() - end).toBeLessThanOrEqual(Math.min(275 + end / 4, 60_000));
    }
  });

  it('asks a backoff function, with what it knows', () => {
    const scheduler = new VirtualTimeScheduler();
    const { client, times } = bound(
      new ScriptedClient(scheduler, { get: [pending(1), pending(2), done] }),
    );
    const backoff = vi.fn(({ attempt }: { readonly attempt: number }) => attempt * 1_000);
    observe(poll(client, name, { scheduler, backoff }));
    scheduler.flush();
    expect(times('get')).toEqual([0, 1_000, 3_000]);
    expect(backoff.mock.calls.map(([context]) => context)).toEqual([
      {
        attempt: 1,
        elapsed: 0,
        delay: 0,
        operation: { name, done: false, ...pending(1).value },
        memory: {},
      },
      {
        attempt: 2,
        elapsed: 1_000,
        delay: 1_000,
        operation: { name, done: false, ...pending(2).value },
        memory: {},
      },
    ]);
  });

  it('tells a backoff function the time since the subscription, whatever the clock says', () => {
    const scheduler = new VirtualTimeScheduler();
    const { client } = new ScriptedClient(scheduler, { get: [pending(), pending(), done] });
    const elapsed: number[] = [];
    const backoff = (context: { readonly elapsed: number }): number => {
      elapsed.push(context.elapsed);
      return 700;
    };
    scheduler.schedule(() => void observe(poll(client, name, { scheduler, backoff })), 5_000);
    scheduler.flush();
    expect(elapsed).toEqual([0, 700]);
  });

  it.each([[Number.NaN], [-1], ['5'], [undefined]])(
    'calls %o of a backoff function a RangeError that names the option',
    (delay) => {
      const scheduler = new VirtualTimeScheduler();
      const { client } = new ScriptedClient(scheduler, { get: [pending()] });
      const backoff = () => delay as number;
      const error = errorOf(observe(poll(client, name, { scheduler, backoff })));
      expect(error).toBeInstanceOf(RangeError);
      expect((error as Error).message).toMatch(/`backoff`.*attempt 1/);
      expect(scheduler.actions).toHaveLength(0);
    },
  );

  it('passes on what a backoff function throws, as it is', () => {
    const scheduler = new VirtualTimeScheduler();
    const { client } = new ScriptedClient(scheduler, { get: [pending()] });
    const fault = new Error('mine');
    const backoff = (): number => {
      throw fault;
    };
    expect(errorOf(observe(poll(client, name, { scheduler, backoff })))).toBe(fault);
  });

  it.each([2 ** 31, Infinity, Number.MAX_VALUE])(
    'clamps a delay of %d to 2^31 - 1 [polling 22] [fact 33]',
    (delay) => {
      const scheduler = new VirtualTimeScheduler();
      const { client, times } = bound(new ScriptedClient(scheduler, { get: [pending(), done] }));
      observe(poll(client, name, { scheduler, backoff: () => delay }));
      scheduler.flush();
      expect(times('get')).toEqual([0, 2 ** 31 - 1]);
    },
  );

  it('polls 100,000 times at once without running out of stack', () => {
    let calls = 0;
    const client: OperationsClient = {
      get: () => {
        calls += 1;
        return of({ name, done: calls === 100_000 });
      },
    };
    const record = observe(poll(client, name, { scheduler: queueScheduler, backoff: () => 0 }));
    expect(record.ends).toEqual(['complete']);
    expect(calls).toBe(100_000);
  });

  it('runs in virtual time, failures and all', () => {
    const test = new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
    test.run(({ cold, expectObservable }) => {
      const answers = [
        cold('5ms (p|)', { p: { name } }),
        cold('5ms #'),
        cold('5ms (d|)', { d: done.value }),
      ];
      let call = 0;
      const client: OperationsClient = { get: () => answers[call++]! as never };
      const operation$ = poll(client, name, {
        scheduler: test,
        backoff: { startingDelay: 100 },
        retry: { startingDelay: 20, jitter: 'none', retry: () => true },
      });
      expectObservable(operation$).toBe('5ms p 129ms (d|)', {
        p: { name, done: false },
        d: done.value,
      });
    });
  });
});

describe('a call that fails', () => {
  it.each([
    'UNAVAILABLE',
    'DEADLINE_EXCEEDED',
    'RESOURCE_EXHAUSTED',
    'INTERNAL',
    'ABORTED',
    'CANCELLED',
  ] as const)('is survived with %s [pain 6] [polling 6] [fact 29] [fact 30]', (codeName) => {
    const scheduler = new VirtualTimeScheduler();
    const { client } = new ScriptedClient(scheduler, {
      get: [pending(), { error: { code: Code[codeName] } }, done],
    });
    const { values, ends } = observe(poll(client, name, { scheduler }));
    scheduler.flush();
    expect(values.at(-1)).toEqual(done.value);
    expect(ends).toEqual(['complete']);
  });

  it.each([
    'UNKNOWN',
    'INVALID_ARGUMENT',
    'NOT_FOUND',
    'ALREADY_EXISTS',
    'PERMISSION_DENIED',
    'FAILED_PRECONDITION',
    'OUT_OF_RANGE',
    'UNIMPLEMENTED',
    'DATA_LOSS',
    'UNAUTHENTICATED',
  ] as const)(
    'ends the wait at once with %s, with what there is to resume from [fact 30]',
    (codeName) => {
      const scheduler = new VirtualTimeScheduler();
      const thrown = { code: Code[codeName], message: 'no', details: [{ '@type': 'a/b' }] };
      const { client, calls } = new ScriptedClient(scheduler, {
        get: [pending(7), { error: thrown }],
      });
      const record = observe(poll(client, name, { scheduler }));
      scheduler.flush();
      const error = errorOf(record) as CallFailedError;
      expect(error).toBeInstanceOf(CallFailedError);
      expect(error).toMatchObject({
        kind: 'call-failed',
        method: 'get',
        attempts: 1,
        code: Code[codeName],
        codeName,
        details: [{ '@type': 'a/b' }],
        operation: { name, metadata: { progressPercent: 7 } },
        cause: thrown,
      });
      expect(error.message).toContain(name);
      expect(calls).toHaveLength(2);
    },
  );

  it.each([
    ['Node', Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED' } })],
    ['Chromium', new TypeError('Failed to fetch')],
    ['Firefox', new TypeError('NetworkError when attempting to fetch resource.')],
    ['Safari', new TypeError('Load failed')],
  ])('is survived when the network fails, as %s says it', (_, error) => {
    const scheduler = new VirtualTimeScheduler();
    const { client } = new ScriptedClient(scheduler, { get: [{ error }, done] });
    const { values } = observe(poll(client, name, { scheduler }));
    scheduler.flush();
    expect(values).toEqual([done.value]);
  });

  it('is made again when the client itself broke it off, as its AbortError says', () => {
    const scheduler = new VirtualTimeScheduler();
    const error = new DOMException('This operation was aborted', 'AbortError');
    const { client, calls } = new ScriptedClient(scheduler, { get: [{ error }, done] });
    const { values } = observe(poll(client, name, { scheduler }));
    scheduler.flush();
    expect(values).toEqual([done.value]);
    expect(calls).toHaveLength(2);
  });

  it('is a fault of the program, and not survived, when it is a TypeError of another kind', () => {
    const scheduler = new VirtualTimeScheduler();
    const error = new TypeError("Cannot read properties of undefined (reading 'x')");
    const { client, calls } = new ScriptedClient(scheduler, { get: [{ error }] });
    expect(errorOf(observe(poll(client, name, { scheduler })))).toMatchObject({ cause: error });
    expect(calls).toHaveLength(1);
  });

  it('counts against a budget of consecutive failures, anew after each answer [polling 24]', () => {
    const scheduler = new VirtualTimeScheduler();
    const { client, times } = bound(
      new ScriptedClient(scheduler, {
        get: [
          unavailable,
          unavailable,
          pending(),
          unavailable,
          unavailable,
          pending(),
          unavailable,
        ],
      }),
    );
    const retry = { numOfAttempts: 3, startingDelay: 10, ...plain };
    const record = observe(poll(client, name, { scheduler, retry, backoff: () => 1_000 }));
    scheduler.flush();
    expect(times('get')).toEqual([0, 10, 30, 1_030, 1_040, 1_060, 2_060, 2_070, 2_090]);
    expect(errorOf(record)).toMatchObject({ attempts: 3, code: Code.UNAVAILABLE });
    expect((errorOf(record) as Error).message).toContain('tried 3 times');
  });

  it('leaves the backoff where it was: another policy, another counter [pain 23]', () => {
    const scheduler = new VirtualTimeScheduler();
    const { client, times } = bound(
      new ScriptedClient(scheduler, { get: [pending(), unavailable, pending(), done] }),
    );
    const retry = { startingDelay: 7, ...plain };
    observe(
      poll(client, name, { scheduler, retry, backoff: { startingDelay: 100, timeMultiple: 2 } }),
    );
    scheduler.flush();
    expect(times('get')).toEqual([0, 100, 107, 307]);
  });

  it('outlives an outage of two minutes by default, however the dice fall', () => {
    for (let round = 0; round < 200; round += 1) {
      const scheduler = new VirtualTimeScheduler();
      const client: OperationsClient = {
        get: () =>
          scheduler.now() < 120_000 ? throwError(() => unavailable.error) : of(done.value),
      };
      const { ends } = observe(poll(client, name, { scheduler }));
      scheduler.flush();
      expect(ends).toEqual(['complete']);
    }
  });

  it.each([
    ['a RetryInfo', { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '12.5s' }],
    [
      'one decoded from gRPC',
      { type_url: 'x/google.rpc.RetryInfo', retryDelay: { seconds: '12', nanos: 5e8 } },
    ],
  ])('waits at least as long as %s says [pain 10] [polling 10] [fact 31]', (_, detail) => {
    const scheduler = new VirtualTimeScheduler();
    const exhausted = { error: { code: Code.RESOURCE_EXHAUSTED, details: [detail] } };
    const { client, times } = bound(new ScriptedClient(scheduler, { get: [exhausted, done] }));
    observe(poll(client, name, { scheduler }));
    scheduler.flush();
    expect(times('get')).toEqual([0, 12_500]);
  });

  it('cannot be put to sleep by a server for longer than an hour', () => {
    const scheduler = new VirtualTimeScheduler();
    const detail = { '@type': 'x/google.rpc.RetryInfo', retryDelay: '99999999999s' };
    const { client, times } = bound(
      new ScriptedClient(scheduler, { get: [{ error: { code: 14, details: [detail] } }, done] }),
    );
    observe(poll(client, name, { scheduler }));
    scheduler.flush();
    expect(times('get')).toEqual([0, 3_600_000]);
  });

  it('is judged by the caller, who may take a promise to do it', async () => {
    const scheduler = new VirtualTimeScheduler();
    const notFound = { error: { code: Code.NOT_FOUND } };
    const { client } = new ScriptedClient(scheduler, { get: [notFound, unavailable, done] });
    const retry = vi.fn(async (error: { readonly code: number }) => error.code === Code.NOT_FOUND);
    const record = observe(
      poll(client, name, { scheduler, retry: { retry, startingDelay: 5, ...plain } }),
    );
    await flushMicrotasks();
    scheduler.flush();
    await flushMicrotasks();
    expect(
      retry.mock.calls.map(([error, attempt]: unknown[]) => [
        (error as CallFailedError).code,
        attempt,
      ]),
    ).toEqual([
      [Code.NOT_FOUND, 1],
      [Code.UNAVAILABLE, 2],
    ]);
    expect(errorOf(record)).toMatchObject({ code: Code.UNAVAILABLE, attempts: 2 });
  });

  it.each([
    [
      'throws',
      (): boolean => {
        throw fault;
      },
    ],
    ['rejects', (): Promise<boolean> => Promise.reject(fault)],
  ])("ends with what the caller's `retry` %s, as it is", async (_, retry) => {
    const scheduler = new VirtualTimeScheduler();
    const { client } = new ScriptedClient(scheduler, { get: [unavailable] });
    const record = observe(poll(client, name, { scheduler, retry: { retry } }));
    await flushMicrotasks();
    expect(errorOf(record)).toBe(fault);
    expect(scheduler.actions).toHaveLength(0);
  });

  it('may be tried for ever', () => {
    const scheduler = new VirtualTimeScheduler();
    const get = [...Array.from({ length: 500 }, () => unavailable), done];
    const { client } = new ScriptedClient(scheduler, { get });
    const retry = { numOfAttempts: Infinity, startingDelay: 1 };
    const record = observe(poll(client, name, { scheduler, retry }));
    scheduler.flush();
    expect(record.ends).toEqual(['complete']);
  });

  it("does not ask the caller's `retry` after the last try, nor wait", () => {
    const scheduler = new VirtualTimeScheduler();
    const { client } = new ScriptedClient(scheduler, { get: [unavailable] });
    const retry = vi.fn(() => true);
    const record = observe(
      poll(client, name, { scheduler, retry: { retry, numOfAttempts: 2, ...plain } }),
    );
    scheduler.flush();
    expect(retry).toHaveBeenCalledTimes(1);
    expect(scheduler.now()).toBe(500);
    expect(errorOf(record)).toMatchObject({ attempts: 2 });
  });

  it('drops a verdict that comes after the subscriber left', async () => {
    const scheduler = new VirtualTimeScheduler();
    const { client, calls } = new ScriptedClient(scheduler, { get: [unavailable] });
    const record = observe(poll(client, name, { scheduler, retry: { retry: async () => true } }));
    record.subscription.unsubscribe();
    await flushMicrotasks();
    scheduler.flush();
    expect(calls).toHaveLength(1);
    expect(record.ends).toEqual([]);
  });

  it('waits before the first try too with `delayFirstAttempt`', () => {
    const scheduler = new VirtualTimeScheduler();
    const { client, times } = bound(new ScriptedClient(scheduler, { get: [unavailable, done] }));
    const retry = { startingDelay: 100, delayFirstAttempt: true, ...plain };
    observe(poll(client, name, { scheduler, retry }));
    scheduler.flush();
    expect(times('get')).toEqual([100, 300]);
  });

  it('that hangs costs one retry and no more [polling 14]', () => {
    const scheduler = new VirtualTimeScheduler();
    const scripted = new ScriptedClient(scheduler, { get: ['hang', done] }, { useSignals: true });
    const events: OperationEvent[] = [];
    const retry = { startingDelay: 10, ...plain };
    const onEvent = (event: OperationEvent): void => void events.push(event);
    const { values } = observe(poll(scripted.client, name, { scheduler, retry, onEvent }));
    scheduler.flush();
    expect(scripted.times('get')).toEqual([0, 60_010]);
    expect(values).toEqual([done.value]);
    expect(scripted.signals[0]!.aborted).toBe(true);
    expect(scripted.signals[0]!.reason).toMatchObject({ name: 'TimeoutError' });
    expect(events.find((event) => event.type === 'failure')).toMatchObject({
      duration: 60_000,
      error: { code: Code.DEADLINE_EXCEEDED },
    });
  });

  it('may hang for as long as it likes with a callTimeout of Infinity', () => {
    const scheduler = new VirtualTimeScheduler();
    const { client } = new ScriptedClient(scheduler, { get: ['hang'] });
    observe(poll(client, name, { scheduler, callTimeout: Infinity }));
    expect(scheduler.actions).toHaveLength(0);
  });

  it('says UNKNOWN where a client calls a failure OK', () => {
    const scheduler = new VirtualTimeScheduler();
    const { client } = new ScriptedClient(scheduler, { get: [{ error: { code: 0 } }] });
    expect(errorOf(observe(poll(client, name, { scheduler })))).toMatchObject({
      code: Code.UNKNOWN,
    });
  });
});

describe('NOT_FOUND', () => {
  const notFound = { error: { code: Code.NOT_FOUND, message: 'no such operation' } };
  const retry = { startingDelay: 10, ...plain };

  it.each([
    ['a snapshot', { name }],
    ['a start call', of({ name })],
    ['a start call that answers with a name', of(name)],
  ])(
    'is survived while what was started has not been seen: given as %s [pain 8] [fact 32]',
    (_, operation) => {
      const scheduler = new VirtualTimeScheduler();
      const { client } = new ScriptedClient(scheduler, { get: [notFound, notFound, done] });
      const { values, ends } = observe(poll(client, operation, { scheduler, retry }));
      scheduler.flush();
      expect(values.at(-1)).toEqual(done.value);
      expect(ends).toEqual(['complete']);
    },
  );

  it('is final after 30 s for a snapshot too: it may be an old one that was resumed from', () => {
    const scheduler = new VirtualTimeScheduler();
    const { client } = new ScriptedClient(scheduler, { get: [notFound] });
    const record = observe(
      poll(client, { name }, { scheduler, retry: { ...retry, maxDelay: 1_000 } }),
    );
    scheduler.flush();
    expect(errorOf(record)).toMatchObject({ kind: 'call-failed', code: Code.NOT_FOUND });
    expect(scheduler.now()).toBeGreaterThanOrEqual(30_000);
    expect(scheduler.now()).toBeLessThan(31_000);
  });

  it('is final for a name: that is a resumed one', () => {
    const scheduler = new VirtualTimeScheduler();
    const { client, calls } = new ScriptedClient(scheduler, { get: [notFound, done] });
    const error = errorOf(observe(poll(client, name, { scheduler, retry })));
    expect(error).toMatchObject({ kind: 'call-failed', code: Code.NOT_FOUND });
    expect(calls).toHaveLength(1);
  });

  it('is final once the operation was seen: it is gone, which says nothing of its work [pain 9] [fact 11]', () => {
    const scheduler = new VirtualTimeScheduler();
    const { client } = new ScriptedClient(scheduler, { get: [pending(3), notFound, done] });
    const record = observe(poll(client, { name }, { scheduler, retry }));
    scheduler.flush();
    expect(errorOf(record)).toMatchObject({
      kind: 'call-failed',
      code: Code.NOT_FOUND,
      operation: { metadata: { progressPercent: 3 } },
    });
  });
});

describe('unsubscribing', () => {
  it('during a delay leaves no timer and makes no further call [polling 1] [polling 3] [polling 4]', () => {
    const scheduler = new VirtualTimeScheduler();
    const { client, calls } = new ScriptedClient(scheduler, {
      get: [pending()],
      cancel: [{ value: {} }],
    });
    const { subscription } = observe(poll(client, name, { scheduler, timeout: 1e6 }));
    subscription.unsubscribe();
    expect(scheduler.actions).toHaveLength(0);
    scheduler.flush();
    expect(calls.map((call) => call.method)).toEqual(['get']);
  });

  it('during a call aborts it, and tells the server nothing [polling 3] [fact 35]', () => {
    const scheduler = new VirtualTimeScheduler();
    const scripted = new ScriptedClient(
      scheduler,
      { get: ['hang'], cancel: [{ value: {} }] },
      { useSignals: true },
    );
    const { subscription } = observe(poll(scripted.client, name, { scheduler }));
    expect(scripted.signals[0]!.aborted).toBe(false);
    subscription.unsubscribe();
    expect(scripted.signals[0]!.aborted).toBe(true);
    expect(scripted.calls).toMatchObject([{ method: 'get', end: 'left' }]);
    expect(scheduler.actions).toHaveLength(0);
  });

  it('hands the same signal to a client that asks for it twice', () => {
    const signals: AbortSignal[] = [];
    const client: OperationsClient = {
      get: (_, options) => {
        signals.push(options.signal, { ...options }.signal);
        return new Promise<never>(() => undefined);
      },
    };
    observe(poll(client, name)).subscription.unsubscribe();
    expect(signals[0]).toBe(signals[1]);
    expect(signals[0]!.aborted).toBe(true);
  });

  it('hands an aborted signal to a client that asks for it late', async () => {
    const signals: AbortSignal[] = [];
    const client: OperationsClient = {
      get: async (_, options) => {
        await Promise.resolve();
        signals.push(options.signal);
        return new Promise<never>(() => undefined);
      },
    };
    observe(poll(client, name)).subscription.unsubscribe();
    await flushMicrotasks();
    expect(signals[0]!.aborted).toBe(true);
  });

  it('does not abort a call that was answered', () => {
    const scheduler = new VirtualTimeScheduler();
    const scripted = new ScriptedClient(scheduler, { get: [pending()] }, { useSignals: true });
    observe(poll(scripted.client, name, { scheduler })).subscription.unsubscribe();
    expect(scripted.signals[0]!.aborted).toBe(false);
  });

  it('works within `next`, at the very first snapshot', () => {
    const scheduler = new VirtualTimeScheduler();
    const { client, calls } = new ScriptedClient(scheduler, { get: [pending()] });
    const { values, ends } = observe(poll(client, { name }, { scheduler }).pipe(take(1)));
    expect(values).toHaveLength(1);
    expect(ends).toEqual(['complete']);
    expect(calls).toEqual([]);
    expect(scheduler.actions).toHaveLength(0);
  });

  it('leaves a start call', () => {
    const scheduler = new VirtualTimeScheduler();
    const start = new Subject<{ name: string }>();
    const { client } = new ScriptedClient(scheduler, { get: [done] });
    const { subscription } = observe(poll(client, start, { scheduler }));
    expect(start.observed).toBe(true);
    subscription.unsubscribe();
    expect(start.observed).toBe(false);
  });
});

const fault = new Error('mine');

async function flushMicrotasks(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

function bound(scripted: ScriptedClient): {
  client: OperationsClient;
  times: ScriptedClient['times'];
} {
  return { client: scripted.client, times: (method) => scripted.times(method) };
}
