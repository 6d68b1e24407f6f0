import { NEVER, Subject, VirtualTimeScheduler, of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  CancelNotConfirmedError,
  Code,
  OperationFailedError,
  poll,
  waitForDone,
  type OperationEvent,
} from 'rx-lro';
import { errorOf, observe } from '../support/observe.js';
import { ScriptedClient } from '../support/scripted-client.js';
import { signalMakes } from '../support/signals.js';

const name = 'operations/1';
const pending = { value: { name } };
const done = { value: { name, done: true, response: { ok: 1 } } };
const cancelled = {
  value: { name, done: true, error: { code: 1, message: 'Cancelled by you.', details: [] } },
};
const accepted = { value: {} };
const unavailable = { error: { code: Code.UNAVAILABLE, message: 'try later' } };
const unimplemented = { error: { code: Code.UNIMPLEMENTED, message: 'no cancel here' } };
const reason = new Error('closed the page');
const retry = { startingDelay: 10, jitter: 'none' } as const;

describe.each(signalMakes)('%s', (_, makeSignal) => {
  it("cancels on the server during a delay, and the server's verdict is emitted [pain 14] [pain 24] [polling 1] [fact 16]", () => {
    const scheduler = new VirtualTimeScheduler();
    const scripted = new ScriptedClient(scheduler, {
      get: [pending, pending, pending, cancelled],
      cancel: [accepted],
    });
    const { signal, abort, listeners } = makeSignal();
    const { values, ends } = observe(poll(scripted.client, name, { scheduler, signal }));
    scheduler.schedule(() => abort(reason), 400);
    scheduler.flush();
    expect(scripted.calls.map(({ method, time }) => [method, time])).toEqual([
      ['get', 0],
      ['get', 275],
      ['cancel', 400],
      // From the start of the backoff.
      ['get', 675],
      ['get', 1009.125],
    ]);
    expect(values.at(-1)).toEqual(cancelled.value);
    expect(ends).toEqual(['complete']);
    expect(listeners()).toBe(0);
  });

  it('that was aborted beforehand counts: the operation runs, so it is cancelled', () => {
    const scheduler = new VirtualTimeScheduler();
    const scripted = new ScriptedClient(scheduler, { get: [cancelled], cancel: [accepted] });
    const { signal, abort, listeners } = makeSignal();
    abort(reason);
    const { values, ends } = observe(poll(scripted.client, name, { scheduler, signal }));
    scheduler.flush();
    expect(scripted.calls.map((call) => call.method)).toEqual(['cancel', 'get']);
    expect(values).toEqual([cancelled.value]);
    expect(ends).toEqual(['complete']);
    expect(listeners()).toBe(0);
  });

  it('gives up the call in flight for the cancel, with one call at a time [pain 24]', () => {
    const scheduler = new VirtualTimeScheduler();
    const scripted = new ScriptedClient(scheduler, {
      get: ['hang', cancelled],
      cancel: [accepted],
    });
    const { signal, abort } = makeSignal();
    const { values } = observe(poll(scripted.client, name, { scheduler, signal }));
    scheduler.schedule(() => abort(reason), 5);
    scheduler.flush();
    expect(scripted.calls).toMatchObject([
      { method: 'get', end: 'left' },
      { method: 'cancel', time: 5 },
      { method: 'get', time: 280 },
    ]);
    expect(scripted.mostInFlight).toBe(1);
    expect(values).toEqual([cancelled.value]);
  });

  it("with `onAbort: 'detach'` sends nothing and ends at once with its own reason [pain 13] [polling 1] [polling 2] [polling 17]", () => {
    const scheduler = new VirtualTimeScheduler();
    const scripted = new ScriptedClient(scheduler, { get: [pending], cancel: [accepted] });
    const { signal, abort, hasReason, listeners } = makeSignal();
    const record = observe(
      poll(scripted.client, name, { scheduler, signal, onAbort: 'detach', timeout: 1e6 }),
    );
    abort(reason);
    const error = errorOf(record);
    if (hasReason) expect(error).toBe(reason);
    else expect(error).toMatchObject({ name: 'AbortError' });
    expect(scripted.calls.map((call) => call.method)).toEqual(['get']);
    expect(scheduler.actions).toHaveLength(0);
    expect(listeners()).toBe(0);
  });

  it("with `onAbort: 'detach'`, aborted beforehand, makes no call at all [pain 15]", () => {
    const scheduler = new VirtualTimeScheduler();
    const scripted = new ScriptedClient(scheduler, { get: [pending] });
    const { signal, abort, hasReason } = makeSignal();
    abort(reason);
    const error = errorOf(
      observe(poll(scripted.client, name, { scheduler, signal, onAbort: 'detach' })),
    );
    if (hasReason) expect(error).toBe(reason);
    expect(scripted.calls).toEqual([]);
  });

  it('that is never aborted leaves no listener behind [polling 16]', () => {
    const scheduler = new VirtualTimeScheduler();
    const scripted = new ScriptedClient(scheduler, { get: [pending, done] });
    const { signal, listeners } = makeSignal();
    observe(poll(scripted.client, name, { scheduler, signal }));
    expect(listeners()).toBe(1);
    scheduler.flush();
    expect(listeners()).toBe(0);
  });

  it('shared by 10,000 waits has one listener, and then none [pain 15] [polling 16]', () => {
    const scheduler = new VirtualTimeScheduler();
    const scripted = new ScriptedClient(scheduler, { get: ['hang'] });
    const { signal, abort, listeners } = makeSignal();
    const watched = Array.from({ length: 10_000 }, () =>
      observe(
        poll(scripted.client, name, {
          scheduler,
          signal,
          onAbort: 'detach',
          callTimeout: Infinity,
        }),
      ),
    );
    expect(listeners()).toBe(1);
    for (const { subscription } of watched.slice(0, 5_000)) subscription.unsubscribe();
    expect(listeners()).toBe(1);
    abort(reason);
    expect(listeners()).toBe(0);
    expect(watched.map(({ ends }) => ends.length)).toEqual([
      ...Array.from({ length: 5_000 }, () => 0),
      ...Array.from({ length: 5_000 }, () => 1),
    ]);
  });
});

describe('the verdict after a cancel', () => {
  const run = (script: ConstructorParameters<typeof ScriptedClient>[1], options = {}) => {
    const scheduler = new VirtualTimeScheduler();
    const scripted = new ScriptedClient(scheduler, script);
    const controller = new AbortController();
    const record = observe(
      poll(scripted.client, name, { scheduler, signal: controller.signal, retry, ...options }),
    );
    scheduler.schedule(() => controller.abort(reason), 100);
    scheduler.flush();
    return { scripted, record, scheduler };
  };

  it('may be success after all: nothing is made up [pain 24] [fact 16]', () => {
    const { record } = run({ get: [pending, pending, done], cancel: [accepted] });
    expect(record.values.at(-1)).toEqual(done.value);
    expect(record.ends).toEqual(['complete']);
  });

  it('may be another error, with its metadata [pain 14]', () => {
    const failed = {
      value: {
        name,
        done: true,
        metadata: { rows: 7 },
        error: { code: 10, message: 'preempted', details: [] },
      },
    };
    const { record } = run({ get: [pending, failed], cancel: [accepted] });
    expect(record.values.at(-1)).toEqual(failed.value);
    expect(record.ends).toEqual(['complete']);
  });

  it('is waited for through failures: the cancel is retried like any call', () => {
    const { record, scripted } = run({
      get: [pending, unavailable, cancelled],
      cancel: [unavailable, unavailable, accepted],
    });
    expect(scripted.times('cancel')).toEqual([100, 110, 130]);
    expect(scripted.times('get')).toEqual([0, 405, 415]);
    expect(record.values.at(-1)).toEqual(cancelled.value);
  });

  it.each([
    ['UNIMPLEMENTED', unimplemented],
    ['FAILED_PRECONDITION, since it has just ended', { error: { code: Code.FAILED_PRECONDITION } }],
  ])('is asked for once more when the cancel fails with %s [fact 15]', (_, failure) => {
    const { record, scripted } = run({ get: [pending, done], cancel: [failure] });
    expect(scripted.calls.map(({ method, time }) => [method, time])).toEqual([
      ['get', 0],
      ['cancel', 100],
      ['get', 100],
    ]);
    expect(record.values.at(-1)).toEqual(done.value);
    expect(record.ends).toEqual(['complete']);
  });

  it('is asked for once more when the client has no cancel', () => {
    const { record } = run({ get: [pending, done] });
    expect(record.values.at(-1)).toEqual(done.value);
  });

  it("that cannot be had says that the operation may still run, with the signal's reason as its cause", () => {
    const { record } = run({ get: [pending], cancel: [unimplemented] });
    const error = errorOf(record) as CancelNotConfirmedError;
    expect(error).toBeInstanceOf(CancelNotConfirmedError);
    expect(error).toMatchObject({
      kind: 'cancel-not-confirmed',
      code: Code.UNIMPLEMENTED,
      operation: { name, done: false },
      cause: reason,
      failure: { kind: 'call-failed', method: 'cancel', code: Code.UNIMPLEMENTED },
    });
    expect(error.message).toContain(name);
    expect(error.message).toContain('may still run');
    expect(error.message).toContain('no cancel here');
  });

  it('is asked for by one get when the cancel failed', () => {
    const { scripted } = run({
      get: [pending, { value: { name, metadata: { changed: 1 } } }],
      cancel: [unimplemented],
    });
    expect(scripted.times('get')).toHaveLength(2);
  });

  it('that does not come within `cancelTimeout` (30 s from the abort) ends the wait', () => {
    const { record, scheduler } = run({ get: [pending], cancel: [accepted] });
    expect(errorOf(record)).toMatchObject({
      kind: 'cancel-not-confirmed',
      code: Code.DEADLINE_EXCEEDED,
      cause: reason,
      failure: undefined,
    });
    expect((errorOf(record) as Error).message).toContain('30000 ms');
    expect(scheduler.now()).toBe(30_100);
    expect(scheduler.actions).toHaveLength(0);
  });

  it('is asked for once more just before `cancelTimeout` is over', () => {
    const { record, scripted } = run(
      { get: [pending, pending, cancelled], cancel: [accepted] },
      { cancelTimeout: 2_000, backoff: () => 1_500 },
    );
    expect(record.ends).toEqual(['complete']);
    expect(scripted.calls.map(({ method, time }) => [method, time])).toEqual([
      ['get', 0],
      ['cancel', 100],
      ['get', 1_600],
      ['get', 2_000],
    ]);
  });

  it('is asked for by the last call before `cancelTimeout`, in place of one more cancel', () => {
    const { record, scripted } = run(
      { get: [pending, done], cancel: [unavailable] },
      { cancelTimeout: 2_000, retry: { startingDelay: 1_500, timeMultiple: 1, jitter: 'none' } },
    );
    expect(record.values.at(-1)).toEqual(done.value);
    expect(record.ends).toEqual(['complete']);
    expect(scripted.calls.map(({ method, time }) => [method, time])).toEqual([
      ['get', 0],
      ['cancel', 100],
      ['cancel', 1_600],
      ['get', 2_000],
    ]);
  });

  it('that the last call before `cancelTimeout` does not give leaves the failure of the cancel', () => {
    const { record } = run(
      { get: [pending], cancel: [unavailable] },
      { cancelTimeout: 2_000, retry: { startingDelay: 1_500, timeMultiple: 1, jitter: 'none' } },
    );
    expect(errorOf(record)).toMatchObject({
      kind: 'cancel-not-confirmed',
      failure: { method: 'cancel', code: Code.UNAVAILABLE },
    });
  });

  it('that cannot be asked for, since the server is gone, names the failure', () => {
    const { record } = run({ get: [pending], cancel: [unavailable] }, { cancelTimeout: 1_000 });
    expect(errorOf(record)).toMatchObject({
      kind: 'cancel-not-confirmed',
      failure: { method: 'cancel', code: Code.UNAVAILABLE },
    });
  });

  it('that is refused by a failing get names the failure', () => {
    const denied = { error: { code: Code.PERMISSION_DENIED, message: 'not yours' } };
    const { record } = run({ get: [pending, denied], cancel: [accepted] });
    expect(errorOf(record)).toMatchObject({
      kind: 'cancel-not-confirmed',
      failure: { method: 'get', code: Code.PERMISSION_DENIED },
      cause: reason,
    });
  });

  it('is not waited for when a cancel hangs for longer than cancelTimeout', () => {
    const { record, scripted } = run(
      { get: [pending], cancel: ['hang'] },
      { cancelTimeout: 2_000 },
    );
    expect(errorOf(record)).toBeInstanceOf(CancelNotConfirmedError);
    expect(scripted.inFlight).toBe(0);
  });

  it('is waited for without end with a cancelTimeout of Infinity', () => {
    const late = Array.from({ length: 40 }, () => pending);
    const { record, scheduler } = run(
      { get: [...late, cancelled], cancel: [accepted] },
      { cancelTimeout: Infinity },
    );
    expect(record.values.at(-1)).toEqual(cancelled.value);
    expect(scheduler.now()).toBeGreaterThan(30_100);
  });

  it("passes on what the caller's `retry` throws, as it is", () => {
    const fault = new Error('mine');
    const throwing = {
      retry: (): boolean => {
        throw fault;
      },
    };
    const { record } = run({ get: [pending], cancel: [unavailable] }, { retry: throwing });
    expect(errorOf(record)).toBe(fault);
  });
});

describe('an abort at an odd moment', () => {
  it('is remembered when it comes before the name is known [pain 24]', () => {
    const scheduler = new VirtualTimeScheduler();
    const scripted = new ScriptedClient(scheduler, { get: [cancelled], cancel: [accepted] });
    const start = new Subject<{ name: string }>();
    const controller = new AbortController();
    const { values } = observe(
      poll(scripted.client, start, { scheduler, signal: controller.signal }),
    );
    controller.abort(reason);
    expect(scripted.calls).toEqual([]);
    start.next({ name });
    expect(scripted.calls.map((call) => call.method)).toEqual(['cancel']);
    scheduler.flush();
    expect(values).toEqual([{ name, done: false }, cancelled.value]);
  });

  it('names the operation that a start call gave when nothing comes of the cancel', () => {
    const scheduler = new VirtualTimeScheduler();
    const scripted = new ScriptedClient(scheduler, { get: ['hang'], cancel: ['hang'] });
    const options = { scheduler, signal: AbortSignal.abort(reason) };
    const record = observe(poll(scripted.client, of(name), options));
    scheduler.flush();
    expect(errorOf(record)).toMatchObject({
      kind: 'cancel-not-confirmed',
      operation: { name, done: false },
    });
    expect(scripted.calls[0]).toMatchObject({ method: 'cancel', name });
  });

  it('is remembered when the start call answers with a name', () => {
    const scheduler = new VirtualTimeScheduler();
    const scripted = new ScriptedClient(scheduler, { get: [cancelled], cancel: [accepted] });
    const { values } = observe(
      poll(scripted.client, of(name), { scheduler, signal: AbortSignal.abort() }),
    );
    scheduler.flush();
    expect(scripted.calls.map((call) => call.method)).toEqual(['cancel', 'get']);
    expect(values).toEqual([cancelled.value]);
  });

  it('before a start call that never answers ends after cancelTimeout', () => {
    const scheduler = new VirtualTimeScheduler();
    const { client } = new ScriptedClient(scheduler, { get: [done] });
    const record = observe(poll(client, NEVER, { scheduler, signal: AbortSignal.abort(reason) }));
    scheduler.flush();
    expect(errorOf(record)).toMatchObject({
      kind: 'cancel-not-confirmed',
      operation: undefined,
      cause: reason,
    });
    expect(scheduler.now()).toBe(30_000);
  });

  it('changes nothing about a snapshot that is done', () => {
    const scheduler = new VirtualTimeScheduler();
    const scripted = new ScriptedClient(scheduler, { get: [done], cancel: [accepted] });
    for (const onAbort of ['cancel', 'detach'] as const) {
      const { values, ends } = observe(
        poll(scripted.client, done.value, { scheduler, signal: AbortSignal.abort(), onAbort }),
      );
      expect(values).toEqual([done.value]);
      expect(ends).toEqual(['complete']);
    }
    expect(scripted.calls).toEqual([]);
  });

  it('within `next` sends one cancel, and the snapshot is not emitted twice', () => {
    const scheduler = new VirtualTimeScheduler();
    const scripted = new ScriptedClient(scheduler, {
      get: [pending, cancelled],
      cancel: [accepted],
    });
    const controller = new AbortController();
    const seen: boolean[] = [];
    poll(scripted.client, name, { scheduler, signal: controller.signal }).subscribe((operation) => {
      seen.push(operation.done);
      controller.abort(reason);
    });
    scheduler.flush();
    expect(scripted.calls.map((call) => call.method)).toEqual(['get', 'cancel', 'get']);
    expect(seen).toEqual([false, true]);
  });

  it('within `next` sends a cancel that is left alone until it is answered', () => {
    const scheduler = new VirtualTimeScheduler();
    const scripted = new ScriptedClient(scheduler, {
      get: [pending, cancelled],
      cancel: [{ value: {}, latency: 5_000 }],
    });
    const controller = new AbortController();
    const seen: boolean[] = [];
    poll(scripted.client, name, { scheduler, signal: controller.signal }).subscribe((operation) => {
      seen.push(operation.done);
      controller.abort(reason);
    });
    scheduler.flush();
    expect(scripted.calls).toMatchObject([
      { method: 'get', name, time: 0 },
      { method: 'cancel', name, time: 0, end: 'answered' },
      { method: 'get', name, time: 5_275 },
    ]);
    expect(seen).toEqual([false, true]);
  });

  it('within `next` of the final snapshot changes nothing', () => {
    const scheduler = new VirtualTimeScheduler();
    const scripted = new ScriptedClient(scheduler, { get: [done], cancel: [accepted] });
    const controller = new AbortController();
    const ends: string[] = [];
    poll(scripted.client, name, { scheduler, signal: controller.signal }).subscribe({
      next: () => controller.abort(reason),
      complete: () => ends.push('complete'),
      error: () => ends.push('error'),
    });
    scheduler.flush();
    expect(ends).toEqual(['complete']);
    expect(scripted.calls).toHaveLength(1);
  });

  it('within an event listener is heard too', () => {
    for (const type of ['call', 'answer', 'delay', 'failure', 'retry'] as const) {
      const scheduler = new VirtualTimeScheduler();
      const scripted = new ScriptedClient(scheduler, {
        get: [unavailable, pending, cancelled],
        cancel: [accepted],
      });
      const controller = new AbortController();
      const onEvent = (event: OperationEvent): void => {
        if (event.type === type) controller.abort(reason);
      };
      const { values, ends } = observe(
        poll(scripted.client, name, { scheduler, signal: controller.signal, onEvent, retry }),
      );
      scheduler.flush();
      expect(scripted.times('cancel')).toHaveLength(1);
      expect(values.at(-1)).toEqual(cancelled.value);
      expect(ends).toEqual(['complete']);
      expect(scripted.mostInFlight).toBeLessThanOrEqual(1);
    }
  });

  it('and then an unsubscribe leaves nothing, and sends nothing more', () => {
    const scheduler = new VirtualTimeScheduler();
    const scripted = new ScriptedClient(scheduler, { get: [pending], cancel: ['hang'] });
    const controller = new AbortController();
    const { subscription } = observe(
      poll(scripted.client, name, { scheduler, signal: controller.signal }),
    );
    controller.abort(reason);
    expect(scripted.inFlight).toBe(1);
    subscription.unsubscribe();
    expect(scripted.inFlight).toBe(0);
    expect(scheduler.actions).toHaveLength(0);
  });

  it('after the end does nothing', () => {
    const scheduler = new VirtualTimeScheduler();
    const scripted = new ScriptedClient(scheduler, { get: [done], cancel: [accepted] });
    const controller = new AbortController();
    observe(poll(scripted.client, name, { scheduler, signal: controller.signal }));
    controller.abort(reason);
    scheduler.flush();
    expect(scripted.calls).toHaveLength(1);
  });

  it('reaches every wait of the signal, in order', () => {
    const scheduler = new VirtualTimeScheduler();
    const scripted = new ScriptedClient(scheduler, { get: [pending] });
    const controller = new AbortController();
    const options = { scheduler, signal: controller.signal, onAbort: 'detach' } as const;
    const ends: string[] = [];
    poll(scripted.client, name, options).subscribe({ error: () => ends.push('first') });
    poll(scripted.client, name, options).subscribe({ error: () => ends.push('second') });
    controller.abort(reason);
    expect(ends).toEqual(['first', 'second']);
  });
});

describe('each waiter', () => {
  it('has a signal of its own: one that detaches leaves the others waiting [pain 13]', () => {
    const scheduler = new VirtualTimeScheduler();
    const { client } = new ScriptedClient(scheduler, { get: [pending, pending, pending, done] });
    const first = new AbortController();
    const second = new AbortController();
    const operation = { name };
    const left = observe(
      poll(client, operation, { scheduler, signal: first.signal, onAbort: 'detach' }),
    );
    const stayed = observe(
      poll(client, operation, { scheduler, signal: second.signal, onAbort: 'detach' }),
    );
    first.abort(reason);
    scheduler.flush();
    expect(errorOf(left)).toBe(reason);
    expect(stayed.values.at(-1)).toEqual(done.value);
  });

  it('can wait again after an abort: nothing is spoilt', () => {
    const scheduler = new VirtualTimeScheduler();
    const { client } = new ScriptedClient(scheduler, { get: [pending, done] });
    const controller = new AbortController();
    observe(poll(client, name, { scheduler, signal: controller.signal, onAbort: 'detach' }));
    controller.abort();
    const { values } = observe(poll(client, name, { scheduler }));
    expect(values).toEqual([done.value]);
  });

  it("of a promise learns the server's own CANCELLED", async () => {
    const scheduler = new VirtualTimeScheduler();
    const { client } = new ScriptedClient(scheduler, { get: [cancelled], cancel: [accepted] });
    const result = waitForDone(client, name, { scheduler, signal: AbortSignal.abort() });
    const settled = result.catch((error: unknown) => error);
    scheduler.flush();
    const error = await settled;
    expect(error).toBeInstanceOf(OperationFailedError);
    expect(error).toMatchObject({ code: Code.CANCELLED, status: { message: 'Cancelled by you.' } });
  });
});
