import { describe, expect, it } from 'vitest';
import {
  Code,
  WaitTimeoutError,
  getOperation,
  poll,
  waitForDone,
  waitForOperation,
  type OperationEvent,
  type PollOptions,
} from 'rx-lro';
import { FakeOperations, VirtualTime } from 'rx-lro/testing';
import {
  Observable,
  Subject,
  firstValueFrom,
  from,
  type SchedulerLike,
  type Subscription,
} from 'rxjs';
import { failureOf } from '../support/failure-of.js';
import { ScriptedClient, type ScriptedAnswer } from '../support/scripted-client.js';

const name = 'operations/1';
const running = { value: { name } };
const done = { value: { name, done: true } };
const everyMinute = { startingDelay: 60_000, jitter: 'none' } as const;

type Script = ConstructorParameters<typeof ScriptedClient>[1];

/** A wait on a clock that is set by hand, with a notifier. */
class World {
  readonly time = new VirtualTime();
  readonly notifier = new Subject<unknown>();
  readonly events: OperationEvent[] = [];
  readonly scripted: ScriptedClient;
  readonly subscription: Subscription;
  isDone = false;
  failure: unknown;

  constructor(script: Script | readonly ScriptedAnswer[], options: PollOptions = {}) {
    const byMethod = Array.isArray(script) ? { get: script as readonly ScriptedAnswer[] } : script;
    this.scripted = new ScriptedClient(this.time, byMethod as Script);
    const stream = poll(this.scripted.client, name, {
      scheduler: this.time,
      backoff: everyMinute,
      notifier: this.notifier,
      onEvent: (event) => this.events.push(event),
      ...options,
    });
    this.subscription = stream.subscribe({
      complete: () => (this.isDone = true),
      error: (error: unknown) => (this.failure = error),
    });
  }

  /** Has the notifier emit at these times, and lets time pass up to the last one. */
  async notify(...times: readonly number[]): Promise<this> {
    for (const at of times) {
      await this.until(at);
      this.notifier.next(undefined);
    }
    return this;
  }

  async until(time: number): Promise<this> {
    await this.time.advance(time - this.time.now());
    return this;
  }

  get calls(): readonly (readonly [string, number])[] {
    return this.scripted.calls.map((call) => [call.method, call.time]);
  }

  get times(): readonly number[] {
    return this.scripted.calls.map((call) => call.time);
  }
}

describe('a value of `notifier`', () => {
  it('ends the delay under way, and asks now', async () => {
    const world = await new World([running, running, done]).notify(10_000, 30_000);
    await world.until(31_000);
    expect(world.times).toEqual([0, 10_000, 30_000]);
    expect(world.isDone).toBe(true);
  });

  it('is followed by polling as before', async () => {
    const world = await new World([running]).notify(10_000);
    await world.until(80_000);
    expect(world.times).toEqual([0, 10_000, 70_000]);
  });

  it('asks no sooner than 250 ms after the call before', async () => {
    const world = await new World([running]).notify(100);
    await world.until(1_000);
    expect(world.times).toEqual([0, 250]);
  });

  it('changes nothing where the delay ends sooner by itself', async () => {
    const backoff = { startingDelay: 200, timeMultiple: 1 };
    const world = await new World([running], { backoff }).notify(100);
    await world.until(700);
    expect(world.times).toEqual([0, 200, 400, 600]);
  });

  it('is merged with others of the same 250 ms, and the last one is not lost', async () => {
    const world = new World([running]);
    await world.notify(1_000, 1_001, 1_100, 1_249, 1_251, 1_499);
    await world.until(5_000);
    expect(world.times).toEqual([0, 1_000, 1_250, 1_500]);
  });

  it('that comes while a call is in flight is followed by one more call', async () => {
    const world = new World([{ ...running, latency: 400 }]);
    await world.notify(100, 200, 300);
    await world.until(5_000);
    expect(world.times).toEqual([0, 400]);
  });

  it('counts the 250 ms from the beginning of a call', async () => {
    const world = new World([{ ...running, latency: 100 }]);
    await world.notify(50);
    await world.until(5_000);
    expect(world.times).toEqual([0, 250]);
  });

  it('does not cut the delay of a retry, whose call answers it', async () => {
    const retry = { startingDelay: 5_000, jitter: 'none' } as const;
    const world = new World([running, { error: { code: 14, details: '' } }, running], { retry });
    await world.notify(10_000, 11_000);
    await world.until(60_000);
    expect(world.times).toEqual([0, 10_000, 15_000]);
  });

  it('does not cut what RetryInfo asks for', async () => {
    const RetryInfo = 'type.googleapis.com/google.rpc.RetryInfo';
    const details = [{ '@type': RetryInfo, retryDelay: '20s' }];
    const error = { code: Code.RESOURCE_EXHAUSTED, message: 'slow down', details };
    const world = await new World([running, { error }, running]).notify(10_000, 11_000, 12_000);
    await world.until(60_000);
    expect(world.times).toEqual([0, 10_000, 30_000]);
  });

  it('cuts what `pollAfter` asks for', async () => {
    const world = await new World([{ value: { name, pollAfter: 50_000 } }, done]).notify(10_000);
    await world.until(20_000);
    expect(world.times).toEqual([0, 10_000]);
  });

  it('does not make the delay of the backoff longer', async () => {
    const backoff = { startingDelay: 10_000, timeMultiple: 2, maxDelay: 60_000 } as const;
    const world = new World([{ ...running, latency: 300 }], { backoff });
    await world.notify(100);
    await world.until(40_000);
    // The second call follows the value, with no delay that the backoff has chosen.
    expect(world.times).toEqual([0, 300, 10_600, 30_900]);
  });

  it('that comes before the start call is answered asks at once', async () => {
    const time = new VirtualTime();
    const notifier = new Subject<void>();
    const { client, calls } = new ScriptedClient(time, { get: [done] });
    const start = new Subject<{ name: string }>();
    poll(client, start, { scheduler: time, notifier }).subscribe();
    notifier.next();
    start.next({ name });
    await time.advance(100);
    expect(calls.map((call) => call.time)).toEqual([0]);
  });

  it('asks by Get in place of a Wait that is held, at the earliest after 250 ms', async () => {
    const held = { ...running, latency: 30_000 };
    const world = new World({ get: [running, running, done], wait: [held] });
    await world.notify(100, 10_000);
    await world.until(20_000);
    expect(world.calls).toEqual([
      ['get', 0],
      ['wait', 0],
      ['get', 250],
      ['wait', 500],
      ['get', 10_000],
    ]);
    expect(world.scripted.mostInFlight).toBe(1);
  });

  it('asks by Get while Wait is not called', async () => {
    const quick = { ...running, latency: 10 };
    const world = new World({ get: [running, running], wait: [quick] });
    await world.notify(10_000);
    await world.until(20_000);
    expect(world.calls).toEqual([
      ['get', 0],
      ['wait', 0],
      ['get', 10_000],
    ]);
  });

  it('asks after a cancel too, for the verdict', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const script = { get: [running, running, done], cancel: [{ value: {}, latency: 100 }] };
    const world = await new World(script, { signal, backoff: everyMinute }).until(5_000);
    controller.abort();
    await world.notify(5_050, 8_000);
    await world.until(9_000);
    expect(world.calls).toEqual([
      ['get', 0],
      ['cancel', 5_000],
      ['get', 5_100],
      ['get', 8_000],
    ]);
    expect(world.isDone).toBe(true);
  });

  it('asks once what is shown has been read', async () => {
    const decoded = new Subject<number>();
    const metadata = async (): Promise<number> => firstValueFrom(decoded);
    const world = new World([{ value: { name, metadata: 1 } }, done], { metadata });
    await world.notify(500);
    await world.until(1_000);
    decoded.next(1);
    await world.until(3_000);
    expect(world.times).toEqual([0, 1_000]);
  });

  it('asks once more near the end, where nothing is under way', async () => {
    // So slow that no call fits any more.
    const get = [{ ...running, latency: 2_000 }, running, done];
    const world = new World({ get }, { timeout: 10_000, backoff: () => 60_000 });
    await world.notify(9_000);
    await world.until(11_000);
    expect(world.times).toEqual([0, 7_500, 9_000]);
  });

  it('leaves a Wait alone when there is no time for a Get', async () => {
    const wait = [{ ...running, latency: 100 }];
    const world = new World({ get: [{ ...running, latency: 700 }], wait }, { timeout: 1_000 });
    await world.notify(760);
    await world.until(2_000);
    expect(world.failure).toBeInstanceOf(WaitTimeoutError);
  });

  it.each(['answer', 'failure'])(
    'that is emitted by a listener of the %s of a Wait does not drop it',
    async (type) => {
      const time = new VirtualTime();
      const notifier = new Subject<void>();
      const RetryInfo = 'type.googleapis.com/google.rpc.RetryInfo';
      const details = [{ '@type': RetryInfo, retryDelay: '20s' }];
      const error = { code: Code.RESOURCE_EXHAUSTED, message: 'slow down', details };
      const wait = [{ ...(type === 'answer' ? done : { error }), latency: 3_000 }];
      const { client, calls } = new ScriptedClient(time, { get: [running, done], wait });
      const onEvent = (event: OperationEvent): void => {
        if (event.type === type) notifier.next();
      };
      poll(client, { name }, { scheduler: time, notifier, onEvent }).subscribe();
      await time.advance(60_000);
      const again = type === 'answer' ? [] : [['get', 23_000]];
      expect(calls.map((call) => [call.method, call.time]).slice(0, 2)).toEqual([
        ['wait', 0],
        ...again,
      ]);
    },
  );

  it('does not cut the delay that follows a failed Wait while `retry` decides', async () => {
    const time = new VirtualTime();
    const notifier = new Subject<void>();
    const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '20s' }];
    const error = { code: Code.RESOURCE_EXHAUSTED, message: 'slow down', details };
    const { client, calls } = new ScriptedClient(time, { get: [done], wait: [{ error }] });
    const decided = new Subject<boolean>();
    const retry = { retry: () => firstValueFrom(decided) };
    poll(client, { name }, { scheduler: time, notifier, retry }).subscribe();
    await time.advance(1_000);
    notifier.next();
    await time.advance(1_000);
    decided.next(true);
    await time.advance(60_000);
    expect(calls.map((call) => [call.method, call.time])).toEqual([
      ['wait', 0],
      ['get', 22_000],
    ]);
  });

  it('that is emitted by a backoff asks too', async () => {
    const time = new VirtualTime();
    const notifier = new Subject<void>();
    const { client, calls } = new ScriptedClient(time, { get: [running, running, done] });
    const backoff = ({ attempt }: { readonly attempt: number }): number => {
      notifier.next();
      return attempt === 1 ? 60_000 : 100;
    };
    poll(client, name, { scheduler: time, notifier, backoff }).subscribe();
    await time.advance(1_000);
    expect(calls.map((call) => call.time)).toEqual([0, 250, 350]);
  });

  it.each([3_600_000, -3_600_000])(
    'asks soon after the clock was set by %d ms, whatever the timers do',
    async (change) => {
      const time = new VirtualTime();
      const clock = { offset: 0 };
      const scheduler: SchedulerLike = {
        now: () => time.now() + clock.offset,
        schedule: time.schedule.bind(time),
      };
      const notifier = new Subject<void>();
      const { client, calls } = new ScriptedClient(time, { get: [running, done] });
      poll(client, name, { scheduler, notifier, backoff: everyMinute }).subscribe();
      await time.advance(10_000);
      clock.offset = change;
      notifier.next();
      await time.advance(250);
      expect(calls).toHaveLength(2);
    },
  );

  it('that is emitted by a listener asks too', async () => {
    const time = new VirtualTime();
    const notifier = new Subject<void>();
    const { client, calls } = new ScriptedClient(time, { get: [running, done] });
    const onEvent = ({ type }: OperationEvent): void => {
      if (type === 'delay') notifier.next();
    };
    poll(client, name, { scheduler: time, notifier, onEvent, backoff: everyMinute }).subscribe();
    await time.advance(1_000);
    expect(calls.map((call) => call.time)).toEqual([0, 250]);
  });
});

describe('the notifier', () => {
  it('may complete: polling goes on', async () => {
    const world = new World([running, done]);
    world.notifier.complete();
    await world.until(60_000);
    expect(world.times).toEqual([0, 60_000]);
  });

  it('may fail: a listener is told, and polling goes on', async () => {
    const world = new World([running, done]);
    await world.until(1_000);
    const error = new Error('socket closed');
    world.notifier.error(error);
    await world.until(60_000);
    expect(world.times).toEqual([0, 60_000]);
    const told = world.events.filter(({ type }) => type === 'notifier-error');
    expect(told).toEqual([{ type: 'notifier-error', name, error, time: 1_000 }]);
  });

  it('may be a promise, an iterable or an async iterable', async () => {
    async function* twice(time: VirtualTime): AsyncGenerator<number> {
      await Promise.resolve();
      yield time.now();
    }
    for (const make of [
      async () => Promise.resolve(1),
      (time: VirtualTime) => twice(time),
      () => [1, 2],
    ]) {
      const time = new VirtualTime();
      const { client, calls } = new ScriptedClient(time, {
        get: [{ ...running, latency: 1_000 }, done],
      });
      const notifier = make(time);
      poll(client, name, { scheduler: time, notifier, backoff: everyMinute }).subscribe();
      await time.advance(2_000);
      // What an iterable gives at once comes before the first call, which answers it.
      expect(calls.length).toBe(Array.isArray(notifier) ? 1 : 2);
    }
  });

  it('is subscribed with the wait, and left in the tick in which it ends', async () => {
    const world = new World([running, done]);
    expect(world.notifier.observed).toBe(true);
    await world.notify(10_000);
    await world.until(10_001);
    expect(world.isDone).toBe(true);
    expect(world.notifier.observed).toBe(false);
  });

  it('is left with the subscription', async () => {
    const world = await new World([running]).until(10);
    world.subscription.unsubscribe();
    expect(world.notifier.observed).toBe(false);
    world.notifier.next(undefined);
    await world.until(100_000);
    expect(world.times).toEqual([0]);
  });

  it('is left where the wait ends while it is subscribed to', async () => {
    let left = 0;
    const time = new VirtualTime();
    const controller = new AbortController();
    const notifier = new Observable<number>(() => {
      controller.abort(new Error('enough'));
      return () => (left += 1);
    });
    const { client, calls } = new ScriptedClient(time, { get: [running] });
    const { signal } = controller;
    const options = { scheduler: time, notifier, signal, onAbort: 'detach' } as const;
    expect(String(await failureOf(waitForDone(client, name, options)))).toBe('Error: enough');
    expect([left, calls.length]).toEqual([1, 0]);
  });

  it('is not subscribed to where there is nothing to wait for', async () => {
    let subscriptions = 0;
    const notifier = new Observable<never>(() => void (subscriptions += 1));
    const client = { get: () => from([]) };
    await waitForOperation(client, { name, done: true }, { notifier });
    const controller = new AbortController();
    controller.abort('no');
    const { signal } = controller;
    const options = { notifier, signal, onAbort: 'detach' } as const;
    expect(await failureOf(waitForDone(client, name, options))).toBe('no');
    expect(subscriptions).toBe(0);
  });

  it('that throws when it is left ends nothing else', async () => {
    const notifier = new Observable<never>(() => () => {
      throw new Error('left');
    });
    const world = new World([running, done], { notifier });
    await world.until(60_000);
    expect(world.isDone).toBe(true);
  });

  it('is not subscribed to by one call', async () => {
    let subscriptions = 0;
    const notifier = new Observable<never>(() => void (subscriptions += 1));
    const options: PollOptions = { notifier };
    const client = { get: () => from([{ name }]) };
    expect(await getOperation(client, name, options)).toMatchObject({ name });
    expect(subscriptions).toBe(0);
  });

  it.each([1, 'text', {}, () => 1, true])('cannot be %s', async (notifier) => {
    const client = { get: () => expect.unreachable() };
    const failure = await failureOf(waitForDone(client, name, { notifier: notifier as never }));
    expect(failure).toBeInstanceOf(TypeError);
    expect(String(failure)).toContain('Option `notifier`');
  });

  it('finds a result soon for one call more', async () => {
    const scheduler = new VirtualTime();
    const fake = new FakeOperations({ scheduler });
    const { name: started } = fake.start({ duration: 100_000, response: 1 });
    const notifier = new Subject<void>();
    scheduler.schedule(() => notifier.next(), 100_500);
    let calls = 0;
    const onEvent = ({ type }: OperationEvent): void => {
      if (type === 'call') calls += 1;
    };
    const options = { scheduler, notifier, onEvent, backoff: everyMinute };
    await scheduler.runUntil(waitForDone(fake.client, started, options));
    expect([scheduler.now(), calls]).toEqual([100_500, 3]);
  });
});
