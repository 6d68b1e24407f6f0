import { expect, test } from 'vitest';

import { flawOfProgress, jobState, missingIn, type JobRules } from '../../src/cli/job.js';

const rules: JobRules = {
  doneWhen: [
    { text: '/state=ok', pointer: ['state'], value: 'ok' },
    { text: '/finished=true', pointer: ['finished'], value: 'true' },
    { text: '/left=0', pointer: ['left'], value: '0' },
    { text: '/result', pointer: ['result'], value: undefined },
  ],
  failedWhen: [{ text: '/error', pointer: ['error'], value: undefined }],
  progress: ['pct'],
};

test.each([
  { state: 'ok' },
  { finished: true },
  { finished: 'true' },
  { left: 0 },
  { result: { file: 'a' } },
  { result: false },
])('%j has succeeded, and is its own response', (job) => {
  expect(jobState(job, rules)).toEqual({ done: true, response: job });
});

test.each([{ state: 'OK' }, { state: ['ok'] }, { finished: 1 }, { result: null }, {}, null, 'ok'])(
  '%j goes on',
  (job) => {
    expect(jobState(job, rules)).toEqual({ done: false });
  },
);

test('what says failure counts, whatever else says success', () => {
  const job = { state: 'ok', error: 'no disk', pct: 40 };
  expect(jobState(job, rules)).toEqual({
    done: true,
    response: job,
    error: 'The answer has /error.',
    metadata: { progressPercent: 40 },
  });
});

test.each([{ pct: '40%' }, { pct: '4 of 10' }, { pct: {} }, { pct: true }])(
  'of %j it is said that the progress is not a number',
  (job) => {
    expect(flawOfProgress(job, rules)).toMatch(/--progress points at is not a number/);
  },
);

test.each([{ pct: 40 }, { pct: '40' }, { pct: null }, {}, 'text'])(
  'of %j nothing is said about the progress',
  (job) => {
    expect(flawOfProgress(job, rules)).toBeUndefined();
    expect(flawOfProgress({ pct: 'a' }, { ...rules, progress: undefined })).toBeUndefined();
  },
);

test.each([
  [{ status: 'ok' }, '/state or /finished or /left or /result or /error'],
  [{ state: 'running' }, undefined],
  [{ error: null }, undefined],
])('of %j nothing is found at %s', (job, places) => {
  expect(missingIn(job, rules)).toBe(places);
});
