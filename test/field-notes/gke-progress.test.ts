import { progressOf } from 'rx-lro';
import { operationFromCompute } from 'rx-lro/compute';
import { describe, expect, it } from 'vitest';

const progressIn = (progress: unknown, status = 'RUNNING'): number | undefined =>
  progressOf(operationFromCompute({ status, progress }));
const nodes = (done: unknown, total: unknown): object => ({
  metrics: [
    { name: 'nodes done', intValue: done },
    { name: 'nodes total', intValue: total },
  ],
});

describe('the metrics of GKE are progress', () => {
  it.each<[string, unknown, number | undefined]>([
    ['a pair', nodes('15', '32'), 15 / 32],
    ['a pair of numbers', nodes(8, 32), 0.25],
    ['a pair without the zero', nodes(undefined, '32'), 0],
    ['a pair that is beyond its total', nodes('40', '32'), 1],
    [
      'a pair of constants',
      {
        metrics: [
          { name: 'NODES_TOTAL', intValue: '4' },
          { name: 'NODES_DONE', intValue: '1' },
          { name: 'NODES_FAILED', intValue: '1' },
        ],
      },
      0.25,
    ],
    [
      'a scale',
      {
        metrics: [
          { name: 'progress', doubleValue: 0.56 },
          { name: 'progress scale', doubleValue: 1 },
        ],
      },
      0.56,
    ],
    [
      'two pairs',
      {
        metrics: [
          { name: 'a done', intValue: 1 },
          { name: 'a total', intValue: 2 },
          { name: 'b done', intValue: 0 },
          { name: 'b total', intValue: 2 },
        ],
      },
      0.25,
    ],
    [
      'stages',
      {
        stages: [
          { name: 'x', status: 'DONE' },
          { name: 'y', status: 'RUNNING', ...nodes('1', '2') },
          { status: 'PENDING' },
          { status: 'PENDING' },
        ],
      },
      1.5 / 4,
    ],
    ['stages in a stage', { stages: [{ stages: [nodes('1', '2')] }] }, 0.5],
    ['metrics before stages', { ...nodes('1', '4'), stages: [{ status: 'DONE' }] }, 0.25],
    ['stages that do not say', { stages: [{ status: 'RUNNING' }] }, undefined],
    ['no total', { metrics: [{ name: 'nodes done', intValue: '3' }] }, undefined],
    ['a total of zero', nodes('0', '0'), undefined],
    ['no number', nodes('many', '32'), undefined],
    ['nothing', {}, undefined],
    ['parts that are not objects', { metrics: [null, 7], stages: 'x' }, undefined],
    ['percent, as in Compute Engine', 40, 0.4],
  ])('%s [report 29]', (_, progress, expected) => {
    const found = progressIn(progress);
    if (expected === undefined) expect(found).toBeUndefined();
    else expect(found).toBeCloseTo(expected, 12);
  });

  it('an operation that is done is all done, and its response is the body [report 29]', () => {
    const body = { status: 'DONE', progress: nodes('15', '32') };
    expect(progressIn(body.progress, 'DONE')).toBe(1);
    expect(operationFromCompute(body).response).toBe(body);
    expect(operationFromCompute(body).metadata).toEqual({ ...body, progressPercent: 46.875 });
  });
});
