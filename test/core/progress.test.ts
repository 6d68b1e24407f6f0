import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { progressOf } from 'rx-lro';
import { repeats } from '../support/repeats.js';

const name = 'operations/1';

function progressWith(metadata: unknown): number | undefined {
  return progressOf({ name, metadata });
}

describe('the shapes of metadata that services use', () => {
  it.each<[string, object, number]>([
    ['progressPercent', { progressPercent: 40 }, 0.4],
    ['progress_percent', { progress_percent: 40 }, 0.4],
    ['progressPercent of 0', { progressPercent: 0 }, 0],
    ['progressPercent as text', { progressPercent: '40' }, 0.4],
    ['progressPercent as a bigint', { progressPercent: 40n }, 0.4],
    ['progressPercentage', { progressPercentage: 12.5 }, 0.125],
    ['progress_percentage', { progress_percentage: 12.5 }, 0.125],
    ['percentComplete', { percentComplete: 75 }, 0.75],
    ['percent_complete', { percent_complete: 75 }, 0.75],
    ['progress as a number', { progress: 30 }, 0.3],
    ['progress.percentDone', { progress: { percentDone: 60, state: 'IN_PROGRESS' } }, 0.6],
    ['progress.percent_done', { progress: { percent_done: 60 } }, 0.6],
    ['progress.progressPercent', { progress: { progressPercent: 35, startTime: 'x' } }, 0.35],
    ['progress.progress_percent', { progress: { progress_percent: 35 } }, 0.35],
    [
      'a list in progress',
      { progress: [{ progressPercent: 100 }, { progressPercent: 20 }, {}] },
      0.4,
    ],
    [
      'annotationProgress',
      { annotationProgress: [{ progressPercent: 50 }, { progressPercent: 100 }] },
      0.75,
    ],
    ['annotation_progress', { annotation_progress: [{ progress_percent: 50 }] }, 0.5],
    [
      'annotationProgress, not begun',
      { annotationProgress: [{ inputUri: 'x' }, { progressPercent: 10 }] },
      0.05,
    ],
    ['progressBytes', { progressBytes: { estimatedWork: '2000', completedWork: '500' } }, 0.25],
    ['progress_bytes', { progress_bytes: { estimated_work: '2000', completed_work: '500' } }, 0.25],
    [
      'progressBytes of protobuf',
      { progressBytes: { estimatedWork: { toNumber: () => 8 }, completedWork: 2n } },
      0.25,
    ],
    ['progressDocuments', { progressDocuments: { estimatedWork: '10', completedWork: '9' } }, 0.9],
    ['progress_documents', { progress_documents: { estimated_work: 10, completed_work: 9 } }, 0.9],
    ['progressDocuments, not begun', { progressDocuments: { estimatedWork: '10' } }, 0],
    [
      'progressDocuments beside empty bytes',
      { progressBytes: {}, progressDocuments: { estimatedWork: 4, completedWork: 1 } },
      0.25,
    ],
    [
      'stages',
      { stages: [{ completeWorkUnits: 5, totalWorkUnits: 10 }, { totalWorkUnits: 4 }] },
      0.25,
    ],
    [
      'stages, some without units',
      { stages: [{ completeWorkUnits: '10', totalWorkUnits: '10' }, { displayName: 'x' }] },
      0.5,
    ],
  ])('are read: %s [pain 22]', (_, metadata, progress) => {
    expect(progressWith(metadata)).toBeCloseTo(progress, 12);
  });

  it('are looked at one after the other until one tells something', () => {
    expect(progressWith({ progressPercent: 10, percentComplete: 20 })).toBe(0.1);
    expect(progressWith({ progressPercent: null, progress_percent: 30 })).toBe(0.3);
    expect(progressWith({ progressPercent: 'soon', percentComplete: 20 })).toBe(0.2);
    expect(progressWith({ progressPercentage: 15, percentComplete: 20 })).toBe(0.15);
    expect(progressWith({ percentComplete: 20, progress: 30 })).toBe(0.2);
    expect(progressWith({ progress: 30, stages: [{ totalWorkUnits: 4 }] })).toBe(0.3);
    expect(
      progressWith({
        progressBytes: { estimatedWork: 4, completedWork: 1 },
        progressDocuments: { estimatedWork: 4, completedWork: 2 },
      }),
    ).toBe(0.25);
  });
});

describe('nothing is known, which is not 0,', () => {
  it.each<[string, unknown]>([
    ['without metadata', undefined],
    ['of null', null],
    ['of a text', 'progressPercent'],
    ['of a number', 40],
    ['of a list', [{ progressPercent: 40 }]],
    ['of an empty message', { '@type': 'type.googleapis.com/google.protobuf.Empty', value: {} }],
    ['of times and targets', { createTime: '2030-01-01T00:00:00Z', target: 't', verb: 'create' }],
    ['of text that is no number', { progressPercent: 'half' }],
    ['of empty text', { progressPercent: '' }],
    ['of blank text', { progressPercent: '  ' }],
    ['of true', { progressPercent: true }],
    ['of NaN', { progressPercent: Number.NaN }],
    ['of Infinity', { progressPercent: Infinity }],
    ['of the text NaN', { progressPercent: 'NaN' }],
    ['of a list of a number', { progressPercent: [40] }],
    ['of an empty progress', { progress: {} }],
    ['of an empty list', { progress: [] }],
    ['of a list that tells nothing', { progress: [{}, null, 40] }],
    ['of work counters that are zero', { progressDocuments: {}, progressBytes: {} }],
    ['of work that is none', { progressDocuments: { estimatedWork: '0', completedWork: '0' } }],
    ['of work that is negative', { progressBytes: { estimatedWork: -5, completedWork: -1 } }],
    ['of work without an estimate', { progressBytes: { completedWork: '5' } }],
    ['of work that is no number', { progressBytes: { estimatedWork: '5', completedWork: 'x' } }],
    ['of work that is no message', { progressBytes: 5 }],
    ['of stages without units', { stages: [{ displayName: 'a' }, { description: 'b' }] }],
    ['of stages that are none', { stages: [null, 5, 'x'] }],
    ['of stages that are no list', { stages: { totalWorkUnits: 5, completeWorkUnits: 1 } }],
    ['of parts that are no list', { annotationProgress: { progressPercent: 5 } }],
    ['of a progress message', { progressMessage: '40 %' }],
  ])('%s [pain 22]', (_, metadata) => {
    expect(progressWith(metadata)).toBeUndefined();
  });

  it('of metadata that is the resource itself, with percentages of its own [fact 7] [pain 22]', () => {
    const service = {
      '@type': 'type.googleapis.com/google.cloud.run.v2.Service',
      template: { scaling: { maxInstanceCount: 100 } },
      traffic: [{ type: 1, percent: 100 }],
      status: { progressPercent: 80 },
      genericMetadata: { progressPercent: 70 },
      percent: 60,
    };
    expect(progressWith(service)).toBeUndefined();
  });

  it('of progress that stands deeper than the shapes have it', () => {
    fc.assert(
      fc.property(
        fc.string().filter((key) => !/progress|stages|percent/i.test(key) && key !== '__proto__'),
        (key) => {
          expect(progressWith({ [key]: { progressPercent: 40, progress: 40 } })).toBeUndefined();
        },
      ),
    );
  });

  it('of metadata that throws', () => {
    const metadata = {
      get progressPercent(): number {
        throw new Error('no');
      },
    };
    expect(progressWith(metadata)).toBeUndefined();
  });
});

describe('progress', () => {
  it('is 1 for an operation that is done without an error, whatever its metadata says', () => {
    expect(progressOf({ name, done: true })).toBe(1);
    expect(progressOf({ name, done: true, error: null })).toBe(1);
    expect(progressOf({ name, done: true, metadata: { progressPercent: 40 } })).toBe(1);
  });

  it('is that of the metadata for one that failed or is not done', () => {
    const metadata = { progressPercent: 40 };
    expect(progressOf({ name, done: true, error: { code: 5 }, metadata })).toBe(0.4);
    expect(progressOf({ name, done: true, error: { code: 5 } })).toBeUndefined();
    expect(progressOf({ name, done: false, metadata })).toBe(0.4);
    expect(progressOf({ name, done: null, metadata })).toBe(0.4);
    expect(progressOf({ metadata })).toBe(0.4);
  });

  it.each<[object, number]>([
    [{ progressPercent: 150 }, 1],
    [{ progressPercent: -5 }, 0],
    [{ progressBytes: { estimatedWork: 1, completedWork: 5 } }, 1],
    [{ progressBytes: { estimatedWork: 1, completedWork: -5 } }, 0],
    [{ progressBytes: { estimatedWork: 1e-300, completedWork: 1e300 } }, 1],
    [{ progress: [{ progressPercent: 300 }, { progressPercent: 0 }] }, 0.5],
    [{ progress: [{ progressPercent: -300 }, { progressPercent: 100 }] }, 0.5],
    [{ stages: [{ completeWorkUnits: 9, totalWorkUnits: 3 }, { totalWorkUnits: 3 }] }, 0.5],
  ])('stays from 0 to 1: %j', (metadata, progress) => {
    expect(progressWith(metadata)).toBe(progress);
  });

  it('is undefined or from 0 to 1 for any JSON', () => {
    const key = fc.constantFrom(
      ...['progressPercent', 'progressPercentage', 'percentComplete', 'progress', 'percentDone'],
      ...['annotationProgress', 'progressBytes', 'progressDocuments', 'stages'],
      ...['estimatedWork', 'completedWork', 'completeWorkUnits', 'totalWorkUnits'],
    );
    const { metadata } = fc.letrec<{ metadata: unknown }>((tie) => ({
      metadata: fc.oneof(
        { maxDepth: 4 },
        fc.double(),
        fc.jsonValue(),
        fc.array(tie('metadata'), { maxLength: 3 }),
        fc.dictionary(key, tie('metadata'), { maxKeys: 5 }),
      ),
    }));
    let known = 0;
    fc.assert(
      fc.property(metadata, (value) => {
        const progress = progressWith(value);
        if (progress === undefined) return;
        known += 1;
        expect(progress).toBeGreaterThanOrEqual(0);
        expect(progress).toBeLessThanOrEqual(1);
      }),
      { numRuns: repeats(2000) },
    );
    expect(known).toBeGreaterThan(repeats(10));
  });
});
