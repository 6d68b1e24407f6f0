import { waitForDone } from 'rx-lro';
import { fleetClient } from 'rx-lro/fleet';
import { durationHistory } from 'rx-lro/learned';
import { FakeOperations, VirtualTime } from 'rx-lro/testing';
import { describe, expect, test } from 'vitest';

import { allSubjects } from '../conformance/all-subjects.js';
import { holders } from '../support/holders.js';

const subjects = (await allSubjects()).map((subject) => [subject.name, subject] as const);

describe.each(subjects)('the client of %s', (_, subject) => {
  test('answers behind a Proxy, in Vue, and as a prototype', async () => {
    const fake = new FakeOperations();
    const { client, close } = await subject.connect(fake);
    try {
      for (const [holder, hold] of holders) {
        const { name } = fake.start({ response: 'made' });
        const response = await waitForDone(hold(client), name);
        expect([holder, await (subject.response ?? String)(response)]).toEqual([holder, 'made']);
      }
    } finally {
      await close?.();
    }
  });
});

test.each(holders)('a fleet behind %s shares its calls', async (_, hold) => {
  const scheduler = new VirtualTime();
  const fake = new FakeOperations({ scheduler });
  const itself = fleetClient(hold(fake.client), { scheduler });
  const { name } = fake.start({ duration: 30_000, response: 'made' });
  const waits = Promise.all([
    waitForDone(hold(itself), name, { scheduler }),
    waitForDone(itself, name, { scheduler }),
  ]);
  expect(await scheduler.runUntil(waits)).toEqual(['made', 'made']);
  const times = fake.calls.map(({ time }) => time);
  expect(new Set(times).size).toBe(times.length);
});

test.each(holders)('a history of durations learns behind %s', async (_, hold) => {
  const scheduler = new VirtualTime();
  const fake = new FakeOperations({ scheduler });
  const itself = durationHistory();
  const held = hold(itself);
  held.record('', 30_000);
  for (let index = 0; index < 5; index += 1) {
    const operation = fake.start({ duration: 30_000, response: 'made' });
    const { backoff, onEvent } = held;
    const wait = waitForDone(fake.client, operation, { scheduler, backoff, onEvent });
    expect(await scheduler.runUntil(wait)).toBe('made');
  }
  expect(held.toJSON()).toEqual(itself.toJSON());
  expect(JSON.stringify(held)).toBe(JSON.stringify(itself));
  expect(durationHistory(hold(itself.toJSON())).toJSON()).toEqual(itself.toJSON());
});
