import fc from 'fast-check';
import { expect, test } from 'vitest';

import { waitIdOf, wakeIdOf } from '../../src/engines/bullmq/job-id.js';

test('a job has an id that people can read', () => {
  expect(waitIdOf('projects/p/operations/42')).toBe('wait-projects/p/operations/42');
  expect(wakeIdOf('a:b c')).toBe('wake-a%003ab%0020c');
});

test('BullMQ and an index of PostgreSQL take every id, and two names have two', () => {
  const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 600 });
  fc.assert(
    fc.property(name, name, (one, other) => {
      for (const id of [waitIdOf(one), wakeIdOf(one)]) {
        expect(id).not.toContain(':');
        expect(String(Number.parseInt(id, 10))).not.toBe(id);
        expect(id.length).toBeLessThanOrEqual(205);
      }
      expect(waitIdOf(one)).not.toBe(wakeIdOf(one));
      if (one !== other) expect(waitIdOf(one)).not.toBe(waitIdOf(other));
    }),
  );
});

test('names that differ in an escape, or far behind, have ids that differ', () => {
  const pairs = [
    ['\u0001f', '\u001f'],
    ['a%003a', 'a:'],
    [`${'x'.repeat(500)}1`, `${'x'.repeat(500)}2`],
    ['\ud800', '\ud801'],
  ] as const;
  for (const [one, other] of pairs) expect(waitIdOf(one)).not.toBe(waitIdOf(other));
});
