import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  Code,
  waitForDone,
  type BackoffContext,
  type Operation,
  type OperationEvent,
} from 'rx-lro';
import { durationHistory, learnedBackoff, type DurationHistory } from 'rx-lro/learned';
import { FakeOperations, VirtualTime } from 'rx-lro/testing';
import { backoffOf } from '../support/backoff-of.js';
import { logNormal, meanOf, plain, randomNumbers, watch, watchAll } from './simulation.js';

const minutes = [118_000, 95_000, 171_000, 122_000, 140_000, 88_000];

type DoneEvent = Extract<OperationEvent, { type: 'done' }>;

const done = (event: Partial<DoneEvent> = {}): DoneEvent => ({
  type: 'done',
  name: 'operations/1',
  operation: { name: 'operations/1', done: true },
  elapsed: 60_000,
  within: 2_000,
  started: true,
  time: 0,
  ...event,
});

const doneWith = (metadata: unknown, event: Partial<DoneEvent> = {}): DoneEvent =>
  done({ operation: { name: 'operations/1', done: true, metadata }, ...event });

const contextOf = (metadata?: unknown): BackoffContext => ({
  attempt: 1,
  elapsed: 50,
  delay: 0,
  operation: { name: 'operations/1', done: false, metadata },
  memory: {},
});

const durationsOf = (history: DurationHistory, key: string = ''): unknown =>
  history.toJSON().kinds.find((kind) => kind.key === key)?.durations;

describe('a history', () => {
  it('is plain backoff until it knows 5 of a kind, and then what they let expect', () => {
    const history = durationHistory();
    for (const [index, duration] of minutes.entries()) {
      const delay = history.backoff(contextOf({ '@type': 'Film' }));
      if (index < 5) expect(delay).toBe(275);
      else expect(delay).toBe(learnedBackoff(minutes.slice(0, 5))(contextOf()));
      history.record('Film', duration);
    }
    expect(history.backoff(contextOf({ '@type': 'Book' }))).toBe(275);
    expect(history.backoff(contextOf())).toBe(275);
  });

  it.each([
    { '@type': 'type.googleapis.com/films.v1.Film', progressPercent: 5 },
    { type_url: 'type.googleapis.com/films.v1.Film', value: new Uint8Array(2) },
    { typeUrl: '/films.v1.Film', $typeName: 'google.protobuf.Any' },
    { $typeName: 'films.v1.Film' },
  ])('knows a kind by the type of its metadata: %j', (metadata) => {
    const history = durationHistory();
    history.onEvent(doneWith(metadata));
    expect(durationsOf(history, 'films.v1.Film')).toEqual([[60_000, 2_000]]);
  });

  it('has one kind for all that have no type', () => {
    const history = durationHistory();
    for (const metadata of [
      undefined,
      null,
      'Film',
      ['Film'],
      {},
      { '@type': '' },
      { '@type': 5 },
    ]) {
      history.onEvent(doneWith(metadata));
    }
    expect(durationsOf(history)).toHaveLength(7);
  });

  it('asks `keyOf`, which may leave some out', () => {
    const keyOf = ({ name }: Operation): string | undefined => /^films/.exec(name)?.[0];
    const history = durationHistory(undefined, { keyOf });
    for (const duration of minutes) history.record('films', duration);
    const delayOf = (name: string): number =>
      history.backoff({ ...contextOf(), operation: { name, done: false } });
    expect(delayOf('films/7')).toBeGreaterThan(60_000);
    expect(delayOf('books/7')).toBe(275);
    history.onEvent(done({ operation: { name: 'books/7', done: true } }));
    expect(history.toJSON().kinds).toHaveLength(1);
  });

  it('keeps so many of a kind and so many kinds, those seen last', () => {
    const history = durationHistory(undefined, { perKey: 5, keys: 2 });
    for (let duration = 101; duration <= 107; duration += 1) history.record('a', duration);
    history.record('b', 1);
    history.record('a', 108);
    history.record('c', 1);
    expect(history.toJSON().kinds).toEqual([
      { key: 'a', durations: [104, 105, 106, 107, 108] },
      { key: 'c', durations: [1] },
    ]);
  });
});

describe('what is learned of an operation that is done', () => {
  const learned = (event: DoneEvent): unknown => {
    const history = durationHistory();
    history.onEvent(event);
    return durationsOf(history);
  };

  it.each([
    [{ createTime: '2026-11-25T10:00:00Z', endTime: '2026-11-25T12:00:30.5+01:30' }, 1_830_500],
    [{ startTime: '2026-11-25T10:00:00Z', endTime: '2026-11-25T10:00:01Z' }, 1_000],
    [
      {
        createTime: '2026-11-25T09:59:00z',
        startTime: '2026-11-25T10:00:00Z',
        endTime: '2026-11-25t10:00:01Z',
      },
      61_000,
    ],
    [
      { create_time: '2026-01-01T00:00:00Z', end_time: '2026-01-01T00:00:00.123456789Z' },
      123.456789,
    ],
    [{ createTime: { seconds: 5, nanos: 5e8 }, endTime: { seconds: '7' } }, 1_500],
    [{ createTime: new Date(5), endTime: new Date(8) }, 3],
  ])('is the time of the server, where it is told: %j', (metadata, duration) => {
    const [seen] = learned(doneWith(metadata, { started: false })) as [number];
    expect(seen).toBeCloseTo(duration, 3);
  });

  it.each([
    {},
    { createTime: '2026-11-25T10:00:00Z' },
    { createTime: '2026-11-25T10:00:00Z', endTime: '2026-11-25T09:00:00Z' },
    { createTime: '2026-11-25', endTime: '2026-11-26' },
    { createTime: 'yesterday', endTime: 5 },
    { createTime: { seconds: 'x' }, endTime: { seconds: 5 } },
    { createTime: '2026-13-25T10:00:00Z', endTime: new Date(Number.NaN) },
    { createTime: { seconds: 0 }, endTime: { seconds: 1e13 } },
    { createTime: { seconds: 0 }, endTime: { seconds: 1e308 } },
    { createTime: { seconds: -1e308 }, endTime: { seconds: 1e308 } },
  ])('is the time of the wait otherwise, between two calls: %j', (metadata) => {
    expect(learned(doneWith(metadata))).toEqual([[60_000, 2_000]]);
  });

  it('is the time of the wait where the metadata cannot be read', () => {
    const unreadable = new Proxy(
      {},
      {
        get: () => {
          throw new Error('This message has no such field.');
        },
      },
    );
    expect(learned(doneWith(unreadable))).toEqual([[60_000, 2_000]]);
  });

  it('is all the time of the wait when the first call said "done", and exact when it was told', () => {
    expect(learned(done({ within: undefined }))).toEqual([[60_000, 60_000]]);
    expect(learned(done({ within: 0 }))).toEqual([60_000]);
  });

  it('is nothing where it was begun before, or was over at once', () => {
    expect(learned(done({ started: false }))).toBeUndefined();
    expect(learned(done({ elapsed: 0, within: undefined }))).toBeUndefined();
  });

  it.each([1e16, Infinity, Number.NaN])('is nothing by a clock that says %d', (elapsed) => {
    expect(learned(done({ elapsed }))).toBeUndefined();
  });

  it('is nothing when it was cancelled, but something when it failed', () => {
    const failed = (code: number): DoneEvent => {
      const error = { code, message: 'no', details: [] };
      return done({ operation: { name: 'operations/1', done: true, error } });
    };
    expect(learned(failed(Code.CANCELLED))).toBeUndefined();
    expect(learned(failed(Code.INTERNAL))).toHaveLength(1);
  });
});

describe('JSON', () => {
  const seen = fc.oneof(
    fc.double({ min: 0, max: 1e9, noNaN: true }),
    fc
      .tuple(fc.integer({ min: 1, max: 1_000_000 }), fc.double({ min: 0, max: 1, noNaN: true }))
      .map(([duration, part]) => ({ duration, within: Math.floor(part * duration) })),
  );

  test('brings back the same history, whatever its kinds are called', () => {
    const kinds = fc.array(fc.tuple(fc.string(), fc.array(seen, { minLength: 1, maxLength: 9 })));
    fc.assert(
      fc.property(kinds, (entries) => {
        const history = durationHistory();
        for (const [key, durations] of [...entries, ['__proto__', minutes] as const]) {
          for (const duration of durations) history.record(key, duration);
        }
        const text = JSON.stringify(history);
        const revived = durationHistory(JSON.parse(text));
        expect(JSON.stringify(revived)).toBe(text);
        const context = contextOf({ '@type': '__proto__' });
        expect(revived.backoff(context)).toBeCloseTo(history.backoff(context), 0);
      }),
      { numRuns: 30 },
    );
  });

  it('brings back the same delays where a duration is below a microsecond', () => {
    const history = durationHistory();
    for (const duration of [5e-324, ...minutes]) history.record('films', duration);
    const revived = durationHistory(JSON.parse(JSON.stringify(history)));
    const context = contextOf({ '@type': 'films' });
    expect(revived.backoff(context)).toBe(history.backoff(context));
  });

  it('holds no name and nothing of an operation', () => {
    const history = durationHistory();
    const operation = {
      name: 'operations/secret',
      done: true,
      metadata: { '@type': 'x/Film', title: 'secret' },
      response: 'secret',
    };
    history.onEvent(done({ name: operation.name, operation }));
    expect(JSON.stringify(history)).toBe(
      '{"version":1,"kinds":[{"key":"Film","durations":[[60000,2000]]}]}',
    );
  });

  it('is cut to the limits of the history that it is given to', () => {
    const kinds = ['a', 'b'].map((key) => ({ key, durations: minutes }));
    const history = durationHistory({ version: 1, kinds }, { perKey: 5, keys: 1 });
    expect(history.toJSON().kinds).toEqual([{ key: 'b', durations: minutes.slice(1) }]);
  });

  test.each([
    ['{"version":1}', 'JSON.parse'],
    [null, 'not an object'],
    [[], 'not an object'],
    [{}, 'version undefined'],
    [{ version: 2, kinds: [] }, 'version 2'],
    [{ version: 1 }, '`kinds`'],
    [{ version: 1, kinds: [5] }, 'saved.kinds[0]'],
    [{ version: 1, kinds: [{ key: 5, durations: [] }] }, 'saved.kinds[0]'],
    [{ version: 1, kinds: [{ key: 'a', durations: ['5'] }] }, 'saved.kinds[0].durations[0]'],
    [{ version: 1, kinds: [{ key: 'a', durations: [1, -5] }] }, 'saved.kinds[0].durations[1]'],
    [{ version: 1, kinds: [{ key: 'a', durations: [1e308] }] }, 'saved.kinds[0].durations[0]'],
    [{ version: 1, kinds: [{ key: 'a', durations: [[5, 6]] }] }, 'saved.kinds[0].durations[0]'],
    [{ version: 1, kinds: [{ key: 'a', durations: [[5]] }] }, 'saved.kinds[0].durations[0]'],
  ])('that makes no sense is refused before any wait: %j', (saved, why) => {
    expect(() => durationHistory(saved)).toThrow(why);
  });

  test('of any kind is taken or refused with an error that says why', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (saved) => {
        try {
          durationHistory({ version: 1, kinds: saved }).backoff(contextOf());
        } catch (error) {
          expect(String(error)).toMatch(/^(TypeError|RangeError): (The saved|Option `saved)/);
        }
      }),
    );
  });
});

test.each([
  [{ perKey: 4 }, 'options.perKey'],
  [{ keys: 0 }, 'options.keys'],
  [{ keyOf: 'name' }, 'options.keyOf'],
  [{ maxDelay: -1 }, 'options.maxDelay'],
])('%j is refused by its name', (options, name) => {
  expect(() => durationHistory(undefined, options as object)).toThrow(`\`${name}\``);
});

test('a duration that is none is refused when it is recorded', () => {
  const history = durationHistory();
  expect(() => history.record('a', -1)).toThrow('`duration`');
  expect(() => history.record('a', 1e308)).toThrow(
    'Option `duration` must be a finite number >= 0 and <= 1000000000000000; it is 1e+308.',
  );
  expect(() => history.record(5 as unknown as string, 1)).toThrow('`key`');
});

describe('when times have changed', () => {
  /** Waits for operations of log-normal durations, one after another; true while plain. */
  function waitFor(history: DurationHistory, durations: readonly number[]) {
    return durations.map((duration) => {
      const isPlain = history.backoff(contextOf()) === 275;
      const onEnd = (end: { elapsed: number; within: number | undefined }): void =>
        history.onEvent(done(end));
      const { calls, delay } = watch(duration, history.backoff, onEnd);
      return { calls, delay, isPlain };
    });
  }

  it.each([0.1, 10])(
    'by a factor of %d it goes back to plain backoff and learns again',
    (factor) => {
      const draw = randomNumbers(11);
      const history = durationHistory();
      for (const duration of logNormal(draw, 50, 120_000, 0.5)) history.record('', duration);
      const durations = logNormal(draw, 40, factor * 120_000, 0.5);
      const outcomes = waitFor(history, durations);
      const forgotten = outcomes.findIndex(({ isPlain }) => isPlain);
      expect(forgotten).toBeGreaterThan(0);
      expect(forgotten).toBeLessThan(15);
      expect(outcomes.slice(-15).some(({ isPlain }) => isPlain)).toBe(false);
      const later = meanOf(outcomes.slice(-15));
      const asEver = watchAll(durations.slice(-15), plain);
      expect(later.calls).toBeLessThan(0.6 * asEver.calls);
      expect(later.delay).toBeLessThan(1.2 * asEver.delay);
    },
  );

  it('by chance alone it rarely does, and learns from its own calls as well as from exact times', () => {
    const draw = randomNumbers(12);
    const durations = logNormal(draw, 400, 120_000, 0.5);
    const outcomes = waitFor(durationHistory(), durations).slice(10);
    const asEver = watchAll(durations.slice(10), plain);
    expect(outcomes.filter(({ isPlain }) => isPlain).length).toBeLessThan(20);
    expect(meanOf(outcomes).delay).toBeLessThan(1.1 * asEver.delay);
    expect(meanOf(outcomes).calls).toBeLessThan(0.25 * asEver.calls);
  });
});

test('waits that are given a history learn by themselves', async () => {
  const scheduler = new VirtualTime();
  const fake = new FakeOperations({ scheduler, latency: 25 });
  const { backoff, onEvent, toJSON } = durationHistory();
  const callsOf = async (duration: number): Promise<number> => {
    const before = fake.calls.length;
    const operation = fake.start({ duration, response: 'film' });
    await scheduler.runUntil(waitForDone(fake.client, operation, { scheduler, backoff, onEvent }));
    return fake.calls.length - before;
  };
  const calls: number[] = [];
  for (const duration of [...minutes, ...minutes]) calls.push(await callsOf(duration));
  expect(Math.min(...calls.slice(0, 5))).toBeGreaterThan(15);
  expect(Math.max(...calls.slice(6))).toBeLessThan(8);
  expect(toJSON().kinds).toHaveLength(1);
  expect(backoffOf({})(contextOf())).toBe(275);
});
