import { conformanceScenarios, runScenario, type ConformanceSubject } from 'rx-lro/testing';
import { describe, expect, test } from 'vitest';

import { allSubjects } from './all-subjects.js';

const subjects: readonly ConformanceSubject[] = await allSubjects();

test('every kind of client has a name of its own', () => {
  const names = subjects.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThan(2);
});

describe.each(subjects)('$name', (subject) => {
  test.concurrent.for(conformanceScenarios)('$title', { timeout: 15_000 }, async (scenario) => {
    const { id } = scenario;
    const reason = subject.notApplicable?.[id];
    const expected =
      reason === undefined ? { outcome: 'passed' } : { outcome: 'not applicable', reason };
    expect(await runScenario(subject, scenario)).toEqual({ id, ...expected });
  });
});
