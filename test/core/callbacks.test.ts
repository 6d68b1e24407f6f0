import { Observable, Subject, VirtualTimeScheduler, finalize, of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  Code,
  listOperations,
  poll,
  waitForDone,
  type Operation,
  type OperationEvent,
  type OperationsClient,
  type PollOptions,
} from 'rx-lro';
import { errorOf, observe } from '../support/observe.js';
import { ScriptedClient } from '../support/scripted-client.js';

const name = 'operations/1';
const pending = { value: { name, metadata: 1 } };
const cancelled = { value: { name, done: true, metadata: 2, error: { code: 1 } } };
const failing = { error: { code: Code.UNAVAILABLE } };
const reason = new Error('enough');

/** The places where the caller's own code runs in the middle of a wait. */
const places: readonly (readonly [place: string, options: (act: () => void) => PollOptions])[] = [
  ['backoff', (act) => ({ backoff: () => (act(), 100) })],
  ['retry', (act) => ({ retry: { retry: () => (act(), true) } })],
  ['retry, which says no', (act) => ({ retry: { retry: () => (act(), false) } })],
  ['metadata', (act) => ({ metadata: (value) => (act(), value) })],
  [
    'a metadata mismatch',
    (act) => ({
      metadata: () => {
        throw new Error('not mine');
      },
      onEvent: (event) => event.type === 'metadata-mismatch' && act(),
    }),
  ],
];

const throwing: readonly (readonly [place: string, options: (act: () => never) => PollOptions])[] =
  [
    ['backoff', (act) => ({ backoff: () => act() })],
    ['retry', (act) => ({ retry: { retry: () => act() } })],
    ['metadata', (act) => ({ metadata: () => act() })],
  ];

describe.each(places)('within %s', (_, optionsOf) => {
  it('the caller may leave: nothing is left, and no call starts afterwards', () => {
    const scheduler = new VirtualTimeScheduler();
    const scripted = new ScriptedClient(scheduler, { get: [failing, pending] });
    let callsWhenLeft = -1;
    const leave = (): void => {
      subscription.unsubscribe();
      callsWhenLeft = scripted.calls.length;
    };
    const start = new Subject<string>();
    const subscription = poll(scripted.client, start, {
      scheduler,
      ...optionsOf(leave),
    }).subscribe();
    start.next(name);
    scheduler.flush();
    expect(scripted.calls).toHaveLength(callsWhenLeft);
    expect([scripted.inFlight, scheduler.actions.length]).toEqual([0, 0]);
  });

  it('the caller may abort: one cancel, left alone until it is answered', () => {
    const scheduler = new VirtualTimeScheduler();
    const scripted = new ScriptedClient(scheduler, {
      get: [failing, pending, cancelled],
      cancel: [{ value: {}, latency: 70 }],
    });
    const controller = new AbortController();
    const { signal } = controller;
    const options = optionsOf(() => controller.abort(reason));
    const { values, ends } = observe(
      poll(scripted.client, name, { scheduler, signal, ...options }),
    );
    scheduler.flush();
    const cancels = scripted.calls.filter((call) => call.method === 'cancel');
    expect(cancels).toMatchObject([{ end: 'answered' }]);
    expect(scripted.mostInFlight).toBe(1);
    expect(values.at(-1)).toMatchObject({ done: true, error: { code: 1 } });
    expect(ends).toEqual(['complete']);
  });

  it('the caller may detach: one end, with the reason, and no call afterwards', () => {
    const scheduler = new VirtualTimeScheduler();
    const scripted = new ScriptedClient(scheduler, { get: [failing, pending] });
    const controller = new AbortController();
    let callsWhenLeft = -1;
    const options = optionsOf(() => {
      if (!controller.signal.aborted) callsWhenLeft = scripted.calls.length;
      controller.abort(reason);
    });
    const record = observe(
      poll(scripted.client, name, {
        scheduler,
        signal: controller.signal,
        onAbort: 'detach',
        ...options,
      }),
    );
    scheduler.flush();
    expect(errorOf(record)).toBe(reason);
    expect(scripted.calls).toHaveLength(callsWhenLeft);
    expect(scheduler.actions).toHaveLength(0);
  });
});

describe.each(throwing)('within %s', (_, optionsOf) => {
  it('the caller may abort and throw: the abort counts', () => {
    const scheduler = new VirtualTimeScheduler();
    const scripted = new ScriptedClient(scheduler, {
      get: [failing, pending, cancelled],
      cancel: [{ value: {}, latency: 70 }],
    });
    const controller = new AbortController();
    let throws = true;
    const options = optionsOf(() => {
      controller.abort(reason);
      if (throws) {
        throws = false;
        throw new Error('mine');
      }
      return 100 as never;
    });
    const { signal } = controller;
    const record = observe(poll(scripted.client, name, { scheduler, signal, ...options }));
    scheduler.flush();
    expect(scripted.times('cancel')).toHaveLength(1);
    expect(record.ends).toEqual(['complete']);
  });
});

describe('a fault that is not ours', () => {
  it('in a listener that answers with a promise changes nothing', async () => {
    const client = { get: () => of({ name, done: true, response: 7 }) };
    const onEvent = (async (): Promise<void> => {
      throw new Error('a fault in the log');
    }) as (event: OperationEvent) => void;
    // An unhandled rejection would fail the run.
    await expect(waitForDone(client, name, { onEvent })).resolves.toBe(7);
  });

  it('in the teardown of a client does not lose the operation', async () => {
    const get = (): Observable<Operation> =>
      new Observable((subscriber) => {
        subscriber.next({ name, done: true, response: 7 });
        return () => {
          throw new Error('a fault in the client');
        };
      });
    await expect(waitForDone({ get }, name)).resolves.toBe(7);
    const hanging = {
      get: () =>
        new Observable<Operation>(() => () => {
          throw new Error('again');
        }),
    };
    const controller = new AbortController();
    const result = waitForDone(hanging, name, { signal: controller.signal, onAbort: 'detach' });
    controller.abort(reason);
    await expect(result).rejects.toBe(reason);
  });

  it('in a signal that does not let go of a listener does not lose the operation', async () => {
    const signal = {
      aborted: false,
      addEventListener: () => undefined,
      removeEventListener: () => {
        throw new Error('a fault in the signal');
      },
    };
    const client = { get: () => of({ name, done: true, response: 7 }) };
    await expect(waitForDone(client, name, { signal })).resolves.toBe(7);
  });

  it('in a detail that throws when it is read asks for no delay', async () => {
    const detail = {
      '@type': 'x/google.rpc.RetryInfo',
      get retryDelay(): never {
        throw new Error('hostile');
      },
    };
    const scheduler = new VirtualTimeScheduler();
    const exhausted = { error: { code: Code.RESOURCE_EXHAUSTED, details: [detail] } };
    const { client } = new ScriptedClient(scheduler, { get: [exhausted, cancelled] });
    const { ends } = observe(poll(client, name, { scheduler }));
    scheduler.flush();
    expect(ends).toEqual(['complete']);
  });

  it('in what passes for an error of this library is a failure like any other', () => {
    const impostor = { [Symbol.for('rx-lro.StatusError')]: true };
    const scheduler = new VirtualTimeScheduler();
    const { client } = new ScriptedClient(scheduler, { get: [{ error: impostor }] });
    const error = errorOf(observe(poll(client, name, { scheduler })));
    expect(error).toMatchObject({ kind: 'call-failed', code: Code.UNKNOWN, cause: impostor });
  });

  it("in a start call that fails after the wait was given up is nobody's rejection", async () => {
    const client = { get: () => of({ name }) };
    const start = Promise.resolve().then(() => Promise.reject(new Error('start failed')));
    const options = { signal: AbortSignal.abort(reason), onAbort: 'detach' } as const;
    await expect(waitForDone(client, start, options)).rejects.toBe(reason);
    // An unhandled rejection would fail the run.
    await new Promise((resolve) => setTimeout(resolve, 0));
    await expect(start).rejects.toThrow('start failed');
  });

  it('in a client that forgets to be asynchronous is named, with the mend', () => {
    const client = { get: () => ({ name, done: true }) } as unknown as OperationsClient;
    const error = errorOf(observe(poll(client, name))) as Error;
    expect(error).toMatchObject({ kind: 'call-failed' });
    expect(error.message).toContain('make its method `async`');
  });

  it.each(['list', 'cancel', 'delete', 'wait'])(
    'in a client whose %s is no function is a TypeError',
    (method) => {
      const client = { get: () => of({ name }), [method]: 5 };
      expect(() => poll(client as never, name)).toThrow(TypeError);
      expect(() => poll(client as never, name)).toThrow(`\`client.${method}\``);
    },
  );
});

describe('a client that answers without end', () => {
  it('is asked for its first value only', async () => {
    let taken = 0;
    const client: OperationsClient = {
      get: () =>
        (function* () {
          for (;;) {
            taken += 1;
            yield { name, done: true, response: 7 };
          }
        })(),
    };
    await expect(waitForDone(client, name)).resolves.toBe(7);
    expect(taken).toBe(1);
  });
});

describe('an answer that nests as deep as it likes', () => {
  const depth = 50_000;
  const lists = JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as never;
  const envelopes = JSON.parse(
    `${'['.repeat(depth)}{"error":{"code":7}}${']'.repeat(depth)}`,
  ) as never;
  const objects = JSON.parse(`${'{"error":'.repeat(depth)}1${'}'.repeat(depth)}`) as never;

  it.each([
    ['lists', lists],
    ['envelopes', envelopes],
    ['objects', objects],
  ])('in %s ends a poll, a start call and a list', (_, answer) => {
    const answering = (): never => of<unknown>(answer) as never;
    const client: OperationsClient = { get: answering, list: answering };
    const options = { retry: { numOfAttempts: 1 } };
    expect(observe(poll(client, name, options)).ends).toHaveLength(1);
    expect(observe(poll(client, answering(), options)).ends).toHaveLength(1);
    expect(observe(listOperations(client, { name: 'p' }, options)).ends).toHaveLength(1);
  });
});

describe('an abort', () => {
  it('that is heard twice sends one cancel', () => {
    const heard: (() => void)[] = [];
    const signal = {
      aborted: true,
      reason,
      addEventListener: (_: 'abort', listener: () => void) => void heard.push(listener),
      removeEventListener: () => undefined,
    };
    const scheduler = new VirtualTimeScheduler();
    const scripted = new ScriptedClient(scheduler, {
      get: [cancelled],
      cancel: [{ value: {}, latency: 5 }],
    });
    const { ends } = observe(poll(scripted.client, name, { scheduler, signal }));
    for (const listener of heard) listener();
    scheduler.flush();
    expect(scripted.times('cancel')).toHaveLength(1);
    expect(ends).toEqual(['complete']);
  });

  it('whose cancel failed for good says so, even when the last look does not end in time', () => {
    const scheduler = new VirtualTimeScheduler();
    const unimplemented = { error: { code: Code.UNIMPLEMENTED, message: 'no cancel here' } };
    const { client } = new ScriptedClient(scheduler, { get: ['hang'], cancel: [unimplemented] });
    const signal = AbortSignal.abort(reason);
    const record = observe(poll(client, name, { scheduler, signal, cancelTimeout: 1_000 }));
    scheduler.flush();
    expect(errorOf(record)).toMatchObject({
      kind: 'cancel-not-confirmed',
      code: Code.UNIMPLEMENTED,
      failure: { method: 'cancel' },
    });
  });
});

describe('a decoder that is slow with the verdict', () => {
  const done = { value: { name, done: true, response: 7 } };
  const never = (): Promise<never> => new Promise(() => undefined);

  it.each([
    ['before the verdict', AbortSignal.abort(reason), 30_275],
    ['after the verdict', undefined, 35_000],
  ])('has cancelTimeout to read it, counted anew: aborted %s', (_, aborted, expected) => {
    const scheduler = new VirtualTimeScheduler();
    const { client } = new ScriptedClient(scheduler, { get: [done], cancel: [{ value: {} }] });
    const controller = new AbortController();
    const signal = aborted ?? controller.signal;
    scheduler.schedule(() => controller.abort(reason), 5_000);
    const record = observe(poll(client, name, { scheduler, signal, response: never }));
    scheduler.flush();
    expect(scheduler.now()).toBe(expected);
    const error = errorOf(record) as Error;
    expect(error).toMatchObject({
      kind: 'cancel-not-confirmed',
      operation: { done: true },
      cause: reason,
    });
    expect(error.message).toContain('is done, but its result was still being checked');
  });

  it.each([
    ['timeout', { timeout: 1_000 }, 1_000, { kind: 'wait-timeout', operation: { done: true } }],
    ['a signal', { cancelTimeout: 2_000 }, 7_000, { kind: 'cancel-not-confirmed' }],
    ['a signal that detaches', { onAbort: 'detach' as const }, 5_000, reason],
  ])('is ended by %s, though a done snapshot was given', (_, options, expected, end) => {
    const scheduler = new VirtualTimeScheduler();
    const controller = new AbortController();
    scheduler.schedule(() => controller.abort(reason), 5_000);
    const all = { scheduler, signal: controller.signal, response: never, ...options };
    let endedAt = -1;
    const record = observe(
      poll(new ScriptedClient(scheduler, {}).client, { name, done: true, response: 7 }, all).pipe(
        finalize(() => (endedAt = scheduler.now())),
      ),
    );
    scheduler.flush();
    expect(errorOf(record)).toMatchObject(end);
    expect(endedAt).toBe(expected);
  });

  it('is ended by timeout, which says that it was done', () => {
    const scheduler = new VirtualTimeScheduler();
    const { client } = new ScriptedClient(scheduler, { get: [done] });
    const record = observe(poll(client, name, { scheduler, timeout: 1_000, response: never }));
    scheduler.flush();
    expect(errorOf(record)).toMatchObject({ kind: 'wait-timeout', operation: { done: true } });
    expect((errorOf(record) as Error).message).toContain('was done');
  });
});

describe('a first try that is delayed', () => {
  it('is cut short as any delay is, so that a last call is made before the end', () => {
    const scheduler = new VirtualTimeScheduler();
    const scripted = new ScriptedClient(scheduler, { get: [pending] });
    const retry = { delayFirstAttempt: true, startingDelay: 5_000, jitter: 'none' } as const;
    observe(poll(scripted.client, name, { scheduler, timeout: 1_000, retry }));
    scheduler.flush();
    expect(scripted.times('get')).toEqual([900]);
  });

  it('is left out where it would take the last call its time', () => {
    const scheduler = new VirtualTimeScheduler();
    const scripted = new ScriptedClient(scheduler, { get: [pending] });
    const retry = { delayFirstAttempt: true, startingDelay: 100, jitter: 'none' } as const;
    const backoff = { startingDelay: 400, timeMultiple: 1, jitter: 'none' } as const;
    observe(poll(scripted.client, name, { scheduler, timeout: 1_000, retry, backoff }));
    scheduler.flush();
    expect(scripted.times('get')).toEqual([100, 600, 900]);
  });
});
