import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { waitForDone, type OperationEvent, type OperationsClient, type PollOptions } from 'rx-lro';
import { VirtualTime } from 'rx-lro/testing';

const name = 'operations/1';
const epoch = Date.UTC(2026, 0, 1);

/** A client whose every answer takes 10 ms, by the clock of a test. */
function clientOf(answers: (object | Error)[], sleep: (ms: number) => Promise<unknown>) {
  const answer = async (): Promise<object> => {
    await sleep(10);
    const next = answers.shift()!;
    if (next instanceof Error) throw next;
    return next;
  };
  return { get: answer, list: answer, cancel: answer } satisfies OperationsClient;
}

const refused = Object.assign(new Error('refused'), { status: 429 });
const running = { name, done: false, metadata: 'odd' };
const done = { name, done: true };

const options = {
  metadata: () => {
    throw new TypeError('odd');
  },
  retry: { startingDelay: 100, jitter: 'none' },
  backoff: { startingDelay: 1_000, jitter: 'none' },
} satisfies PollOptions;

const kinds = [
  'answer',
  'call',
  'cancel',
  'delay',
  'done',
  'failure',
  'metadata-mismatch',
  'retry',
] as const satisfies OperationEvent['type'][];

type Told<Event> = readonly [event: Event, now: number];

async function eventsOf(
  settings: PollOptions,
  sleep: (ms: number) => Promise<unknown>,
  now: () => number,
): Promise<Told<OperationEvent>[]> {
  const told: Told<OperationEvent>[] = [];
  const controller = new AbortController();
  const client = clientOf([refused, running, {}, done], sleep);
  await waitForDone(client, name, {
    ...options,
    ...settings,
    signal: controller.signal,
    onEvent: (event) => {
      told.push([event, now()]);
      if (event.type === 'delay') controller.abort();
    },
  });
  return told;
}

function timesOf(told: readonly Told<{ time: number }>[]): number[] {
  return told.map(([{ time }]) => time);
}

describe('without a `scheduler`', () => {
  const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

  beforeEach(() => {
    vi.useFakeTimers({ now: epoch });
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('the time of every event is milliseconds since the epoch [report 9]', async () => {
    const events = eventsOf({}, sleep, () => Date.now());
    await vi.runAllTimersAsync();
    const told = await events;
    expect([...new Set(told.map(([{ type }]) => type))].toSorted()).toEqual(kinds);
    expect(timesOf(told)).toEqual(told.map(([, now]) => now));
    expect(Math.min(...timesOf(told))).toBe(epoch);
  });

  it('a date that is set back changes times, and no duration [report 9]', async () => {
    const events: OperationEvent[] = [];
    const client = clientOf([running, done], sleep);
    const wait = waitForDone(client, name, { ...options, onEvent: (event) => events.push(event) });
    await vi.advanceTimersByTimeAsync(5);
    vi.setSystemTime(0);
    await vi.runAllTimersAsync();
    await wait;
    expect(events.filter(({ type }) => type !== 'metadata-mismatch')).toMatchObject([
      { type: 'call', time: epoch },
      { type: 'answer', time: 5, duration: 10 },
      { type: 'delay', time: 5, delay: 1_000 },
      { type: 'call', time: 1_005 },
      { type: 'answer', time: 1_015, duration: 10 },
      { type: 'done', time: 1_015, elapsed: 1_020 },
    ]);
  });
});

describe('with a `scheduler`', () => {
  it('the time of every event is of its clock [report 9]', async () => {
    const scheduler = new VirtualTime(50);
    const sleep = (ms: number): Promise<void> =>
      new Promise((resolve) => scheduler.schedule(() => resolve(), ms));
    const told = await scheduler.runUntil(eventsOf({ scheduler }, sleep, () => scheduler.now()));
    expect([...new Set(told.map(([{ type }]) => type))].toSorted()).toEqual(kinds);
    expect(timesOf(told)).toEqual(told.map(([, now]) => now));
    expect(Math.min(...timesOf(told))).toBe(50);
  });
});
