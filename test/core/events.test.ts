import { VirtualTimeScheduler, map, timer } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { Code, poll, type OperationEvent } from 'rx-lro';
import { observe } from '../support/observe.js';
import { ScriptedClient, type ScriptedAnswer } from '../support/scripted-client.js';

const name = 'operations/1';
const script = {
  get: [
    { error: { code: Code.UNAVAILABLE }, latency: 20 },
    { value: { name }, latency: 5 },
    { value: { name, done: true, error: { code: 1 } } },
  ],
  cancel: [{ value: {} }],
};

describe('events', () => {
  it('tell of every call, retry, delay and cancel, in order, with the clock of the scheduler', () => {
    const scheduler = new VirtualTimeScheduler();
    const { client } = new ScriptedClient(scheduler, script);
    const events: OperationEvent[] = [];
    const controller = new AbortController();
    observe(
      poll(client, name, {
        scheduler,
        signal: controller.signal,
        retry: { startingDelay: 10, jitter: 'none' },
        backoff: { startingDelay: 100 },
        onEvent: (event) => events.push(event),
      }),
    );
    scheduler.schedule(() => controller.abort('why'), 50);
    scheduler.flush();
    const call = { name, method: 'get', attempt: 1 };
    expect(events).toEqual([
      { type: 'call', ...call, time: 0 },
      {
        type: 'failure',
        ...call,
        time: 20,
        duration: 20,
        error: expect.objectContaining({ code: 14 }) as Error,
      },
      { type: 'retry', ...call, attempt: 2, delay: 10, time: 20 },
      { type: 'call', ...call, attempt: 2, time: 30 },
      { type: 'answer', ...call, attempt: 2, time: 35, duration: 5 },
      { type: 'delay', name, attempt: 1, delay: 100, time: 35 },
      { type: 'cancel', name, reason: 'why', time: 50 },
      { type: 'call', ...call, method: 'cancel', time: 50 },
      { type: 'answer', ...call, method: 'cancel', time: 50, duration: 0 },
      { type: 'delay', name, attempt: 1, delay: 100, time: 50 },
      { type: 'call', ...call, time: 150 },
      { type: 'answer', ...call, time: 150, duration: 0 },
      {
        type: 'done',
        name,
        operation: { name, done: true, error: { code: 1, message: '', details: [] } },
        elapsed: 150,
        within: 120,
        started: false,
        time: 150,
      },
    ]);
  });

  it('tell once that it is done, and within which time it ended', () => {
    const dones = (source: string | object, get: readonly ScriptedAnswer[]): OperationEvent[] => {
      const scheduler = new VirtualTimeScheduler();
      const { client } = new ScriptedClient(scheduler, { get });
      const events: OperationEvent[] = [];
      const onEvent = (event: OperationEvent): number => events.push(event);
      observe(poll(client, source, { scheduler, backoff: { startingDelay: 100 }, onEvent }));
      scheduler.flush();
      return events.filter((event) => event.type === 'done');
    };
    const operation = { name, done: true };
    const done = { type: 'done', name, operation, started: false };
    // The first look tells nothing of when; later ones reach back to the start of the one before.
    expect(dones(name, [{ value: operation }])).toEqual([
      { ...done, elapsed: 0, within: undefined, time: 0 },
    ]);
    expect(dones(name, [{ value: { name }, latency: 10 }, { value: operation }])).toEqual([
      { ...done, elapsed: 110, within: 110, time: 110 },
    ]);
    expect(dones({ name }, [{ value: operation }])).toEqual([
      { ...done, started: true, elapsed: 100, within: undefined, time: 100 },
    ]);
    expect(dones({ name, done: true }, [])).toEqual([
      { ...done, elapsed: 0, within: undefined, time: 0 },
    ]);
  });

  it('measure how long a call took, whatever the clock says', () => {
    const scheduler = new VirtualTimeScheduler();
    const answer = { value: { name, done: true }, latency: 40 };
    const failing = { error: { code: Code.UNAVAILABLE }, latency: 30 };
    const { client } = new ScriptedClient(scheduler, { get: [failing, answer] });
    const durations: number[] = [];
    const onEvent = (event: OperationEvent): void => {
      if ('duration' in event) durations.push(event.duration);
    };
    scheduler.schedule(() => void observe(poll(client, name, { scheduler, onEvent })), 9_000);
    scheduler.flush();
    expect(durations).toEqual([30, 40]);
  });

  it('change nothing when their listener throws', () => {
    const play = (onEvent: () => void) => {
      const scheduler = new VirtualTimeScheduler();
      const { client, calls } = new ScriptedClient(scheduler, script);
      const { values, ends } = observe(
        poll(client, name, { scheduler, onEvent, retry: { jitter: 'none' } }),
      );
      scheduler.flush();
      return { values, ends, calls };
    };
    const fault = (): never => {
      throw new Error('a fault in the log');
    };
    expect(play(fault)).toEqual(play(() => undefined));
    expect(play(fault).ends).toEqual(['complete']);
  });

  it.each(['call', 'answer', 'failure', 'retry', 'delay', 'cancel'] as const)(
    'may unsubscribe at a %s: nothing is left and nothing more is told',
    (type) => {
      const scheduler = new VirtualTimeScheduler();
      const scripted = new ScriptedClient(scheduler, script);
      const controller = new AbortController();
      const later: string[] = [];
      let left = false;
      // Everything happens after the subscription is there to be left.
      const start = timer(1, scheduler).pipe(map(() => name));
      const subscription = poll(scripted.client, start, {
        scheduler,
        signal: controller.signal,
        retry: { jitter: 'none' },
        onEvent: (event) => {
          if (left) later.push(event.type);
          if (event.type !== type) return;
          subscription.unsubscribe();
          left = true;
        },
      }).subscribe();
      if (type === 'cancel') scheduler.schedule(() => controller.abort(), 10);
      scheduler.flush();
      expect(left).toBe(true);
      expect(later).toEqual([]);
      expect(scripted.inFlight).toBe(0);
      expect(scheduler.actions).toHaveLength(0);
    },
  );
});
