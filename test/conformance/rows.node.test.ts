import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import {
  conformanceScenarios,
  conformanceTable,
  runScenario,
  type ConformanceResult,
  type ConformanceSubject,
} from 'rx-lro/testing';
import { afterAll, describe, expect, test } from 'vitest';

import { allSubjects } from './all-subjects.js';

const subjects: readonly ConformanceSubject[] = await allSubjects();
const results = new Map<string, ConformanceResult[]>(subjects.map(({ name }) => [name, []]));
const table = (): string =>
  conformanceTable([...results].map(([subject, those]) => ({ subject, results: those })));

afterAll(() => console.log(table()));

test('every kind of client has a name of its own', () => {
  expect(results.size).toBe(subjects.length);
  expect(subjects.length).toBeGreaterThan(2);
});

// Side by side, as most of them wait most of the time.
describe.concurrent.each(subjects)('$name', (subject) => {
  test.for(conformanceScenarios)('$title', async (scenario) => {
    const { id } = scenario;
    const reason = subject.notApplicable?.[id];
    const expected =
      reason === undefined ? { outcome: 'passed' } : { outcome: 'not applicable', reason };
    const result = await runScenario(subject, scenario);
    results.get(subject.name)?.push(result);
    expect(result).toEqual({ id, ...expected });
  });
});

test('the guide of clients shows this table; to write it there: npm run conformance', () => {
  const path = fileURLToPath(new URL('../../src/clients/README.md', import.meta.url));
  const guide = readFileSync(path, 'utf8');
  const [, shown] = /<!-- conformance -->\n\n([^]*?)\n\n<!-- \/conformance -->/.exec(guide) ?? [];
  expect(shown).toBe(table());
  // No cell is empty but the first of all.
  expect(table().replace(/^\|.*/, '')).not.toMatch(/✗|not run|\| *\|/);
});
