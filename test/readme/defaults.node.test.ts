import { readFileSync } from 'node:fs';

import { cancelOperation, isStatusError, waitForDone, type OperationEvent } from 'rx-lro';
import { FakeOperations, VirtualTime } from 'rx-lro/testing';
import { backoffOf } from '../support/backoff-of.js';
import { describe, expect, it } from 'vitest';

import { root } from './blocks.js';

const rows = readFileSync(`${root}README.md`, 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()));

// The first number of a cell, such as 60,000.
function told(option: string, column: number): number {
  const row = rows.find(([, first]) => new RegExp(`^\`${option}\``).test(first ?? ''));
  const [text] = /[\d.,]*\d/.exec(row?.[column] ?? '') ?? [];
  return Number(text?.replaceAll(',', ''));
}

describe('README.md tells the default of', () => {
  it('backoff', () => {
    const backoff = backoffOf({});
    const operation = { name: 'operations/1', done: false };
    const delayOf = (attempt: number): number =>
      backoff({ attempt, elapsed: 0, delay: 0, operation, memory: {} });
    expect(told('startingDelay', 2)).toBe(delayOf(1));
    expect(told('timeMultiple', 2)).toBe(delayOf(2) / delayOf(1));
    expect(told('maxDelay', 2)).toBe(delayOf(1_000));
  });

  it('retry', async () => {
    const retries = await eventsOf((fake) => fake.fail({ times: Infinity }));
    const delays = retries.flatMap((event) => (event.type === 'retry' ? [event.delay] : []));
    expect(told('numOfAttempts', 3)).toBe(delays.length + 1);
    // A random part of each.
    expect(delays[0]).toBeLessThanOrEqual(told('startingDelay', 3));
    expect(delays[1]).toBeLessThanOrEqual(told('startingDelay', 3) * told('timeMultiple', 3));
    const longest = Math.max(...delays);
    expect(longest).toBeLessThanOrEqual(told('maxDelay', 3));
    expect(longest).toBeGreaterThan(told('maxDelay', 3) / 2);
  });

  it('callTimeout', async () => {
    const events = await eventsOf((fake) => fake.fail({ hang: true }));
    const failure = events.find((event) => event.type === 'failure');
    expect(failure?.duration).toBe(told('callTimeout', 4));
  });

  it('cancelTimeout', async () => {
    const scheduler = new VirtualTime();
    const fake = new FakeOperations({ scheduler });
    const { name } = fake.start({ onCancel: 'ignore' });
    const wait = waitForDone(fake.client, name, { scheduler, signal: AbortSignal.abort() });
    const error: unknown = await scheduler.runUntil(wait).catch((reason: unknown) => reason);
    expect(isStatusError(error) && error.kind).toBe('cancel-not-confirmed');
    expect(scheduler.now()).toBe(told('cancelTimeout', 4));
  });
});

async function eventsOf(disturb: (fake: FakeOperations) => void): Promise<OperationEvent[]> {
  const scheduler = new VirtualTime();
  const fake = new FakeOperations({ scheduler });
  const { name } = fake.start();
  disturb(fake);
  const events: OperationEvent[] = [];
  const call = cancelOperation(fake.client, name, {
    scheduler,
    onEvent: (event) => events.push(event),
  });
  await scheduler.runUntil(call.catch(() => undefined));
  return events;
}
