import { describe, expect, it } from 'vitest';
import { Code, progressOf, statusFrom, type CodeName, type Operation } from 'rx-lro';
import { decodeOperation } from '../../src/core/answer/decode.js';

// Payloads of the shapes that services of Google answer with. The texts are made up, the shapes are not.

const type = (name: string): { readonly '@type': string } => ({
  '@type': `type.googleapis.com/${name}`,
});

const time = '2031-07-09T08:15:30.123456789Z';

interface Shape {
  readonly payload: object;
  readonly name: string;
  readonly progress?: number;
}

const pending: Readonly<Record<string, Shape>> = {
  'the usual metadata, and an explicit done: false [fact 3]': {
    name: 'projects/zoo/locations/eu/operations/op-7',
    payload: {
      done: false,
      metadata: {
        ...type('zoo.v1.OperationMetadata'),
        ...{ createTime: time, target: 'projects/zoo/cages/7', verb: 'create', apiVersion: 'v1' },
        requestedCancellation: false,
      },
      name: 'projects/zoo/locations/eu/operations/op-7',
    },
  },
  'no done at all [fact 3]': {
    name: 'projects/zoo/instances/i/operations/_auto_9',
    payload: {
      metadata: { ...type('db.v1.CreateMetadata'), instance: { nodeCount: 3 }, startTime: time },
      name: 'projects/zoo/instances/i/operations/_auto_9',
    },
  },
  'nothing but a name [fact 7]': {
    name: 'operations/acf.p2-5',
    payload: { name: 'operations/acf.p2-5' },
  },
  'a bare number for a name [fact 5]': { name: '7700112233', payload: { name: '7700112233' } },
  'a name with operations/ in front and many segments behind [fact 5]': {
    name: 'operations/projects/zoo/instances/i/tables/t/locations/eu-a/operations/5',
    payload: {
      metadata: { ...type('table.v2.CreateMetadata'), requestTime: time },
      name: 'operations/projects/zoo/instances/i/tables/t/locations/eu-a/operations/5',
    },
  },
  'a name that ends in base64, and a whole build in the metadata': {
    name: 'operations/build/zoo/YWJjZGVm',
    payload: {
      name: 'operations/build/zoo/YWJjZGVm',
      metadata: {
        ...type('build.v1.BuildOperationMetadata'),
        build: { id: 'abcdef', status: 'QUEUED', steps: [{ args: ['-x=1'] }], timeout: '1800s' },
      },
    },
  },
  'a response before it is done [fact 2]': {
    name: 'projects/zoo/databases/d/operations/QW',
    payload: {
      metadata: type('docs.v1.CreateDatabaseMetadata'),
      name: 'projects/zoo/databases/d/operations/QW',
      response: { ...type('docs.v1.Database'), etag: 'abc', uid: 'u' },
    },
  },
  'a response before it is done, and no metadata [fact 2]': {
    name: 'projects/zoo/desks/d/operations/1',
    payload: { name: 'projects/zoo/desks/d/operations/1', response: type('desk.v1.Desk') },
  },
  'the resource for metadata, enums as numbers [fact 7] [fact 44]': {
    name: 'projects/zoo/locations/eu/operations/55',
    payload: {
      metadata: {
        ...type('serve.v2.Service'),
        name: 'projects/zoo/locations/eu/services/s',
        ingress: 1,
        template: { scaling: { maxInstanceCount: 100 } },
        terminalCondition: { state: 1, type: 'Ready' },
        traffic: [{ percent: 100, type: 1 }],
      },
      name: 'projects/zoo/locations/eu/operations/55',
    },
  },
  'generic metadata one level down': {
    name: 'projects/5/locations/eu/endpoints/6/operations/7',
    payload: {
      name: 'projects/5/locations/eu/endpoints/6/operations/7',
      metadata: {
        ...type('ml.v1.CreateEndpointMetadata'),
        genericMetadata: { createTime: time, updateTime: time, partialFailures: [{ code: 5 }] },
      },
    },
  },
  'a state, and a history of states': {
    name: 'projects/zoo/regions/eu/operations/0-1-2',
    payload: {
      metadata: {
        ...type('herd.v1.HerdMetadata'),
        status: { innerState: 'RUNNING', state: 'RUNNING', stateStartTime: time },
        statusHistory: [{ state: 'PENDING' }],
        warnings: ['No disk.'],
        childOperationIds: ['3'],
      },
      name: 'projects/zoo/regions/eu/operations/0-1-2',
    },
  },
  'progressPercent [pain 22]': {
    name: '9911',
    progress: 0.5,
    payload: {
      name: '9911',
      metadata: { ...type('talk.v1.TalkMetadata'), progressPercent: 50, startTime: time },
    },
  },
  'progress.percentDone [pain 22]': {
    name: 'organizations/zoo/operations/u-u',
    progress: 0.2,
    payload: {
      metadata: {
        ...type('gate.v1.GateMetadata'),
        progress: { description: 'Digging.', percentDone: 20 },
        state: 'IN_PROGRESS',
      },
      name: 'organizations/zoo/operations/u-u',
    },
  },
  'counters of documents and bytes as text [fact 46] [pain 22]': {
    name: 'projects/zoo/databases/d/operations/EX',
    progress: 0.25,
    payload: {
      name: 'projects/zoo/databases/d/operations/EX',
      metadata: {
        ...type('docs.v1.ExportMetadata'),
        progressBytes: { completedWork: '2500000000', estimatedWork: '10000000000' },
        progressDocuments: { completedWork: '1', estimatedWork: '2' },
      },
    },
  },
  'counters that are zero, as empty messages [fact 46] [pain 22]': {
    name: 'projects/zoo/databases/d/operations/IX',
    payload: {
      name: 'projects/zoo/databases/d/operations/IX',
      metadata: { ...type('docs.v1.IndexMetadata'), progressDocuments: {}, state: 'INITIALIZING' },
    },
  },
  'a list of progress, one for each input [pain 22]': {
    name: 'projects/5/locations/eu/operations/12',
    progress: 0.75,
    payload: {
      name: 'projects/5/locations/eu/operations/12',
      metadata: {
        ...type('film.v1.AnnotateProgress'),
        annotationProgress: [
          { inputUri: '/b/one', progressPercent: 100, updateTime: time },
          { inputUri: '/b/two', progressPercent: 50 },
        ],
      },
    },
  },
  'a list of progress, one for each statement [pain 22]': {
    name: 'projects/zoo/instances/i/databases/d/operations/ddl',
    progress: 0.5,
    payload: {
      name: 'projects/zoo/instances/i/databases/d/operations/ddl',
      metadata: {
        ...type('db.v1.DdlMetadata'),
        statements: ['CREATE', 'DROP'],
        progress: [{ progressPercent: 100, startTime: time, endTime: time }, { startTime: time }],
      },
    },
  },
  'stages without units of work [pain 22]': {
    name: 'projects/zoo/operations/EE',
    payload: {
      name: 'projects/zoo/operations/EE',
      metadata: {
        ...type('earth.v1.OperationMetadata'),
        priority: 100,
        stages: [{ displayName: 'Listing' }, { displayName: 'Writing' }],
      },
      done: false,
    },
  },
  'stages with units of work [pain 22]': {
    name: 'projects/zoo/operations/EF',
    progress: 0.5,
    payload: {
      name: 'projects/zoo/operations/EF',
      metadata: {
        ...type('earth.v1.OperationMetadata'),
        stages: [{ completeWorkUnits: 8, totalWorkUnits: '8' }, { totalWorkUnits: 30 }],
      },
    },
  },
};

describe('a payload of an operation that goes on', () => {
  it.each(Object.entries(pending))('is read right: %s', (_, { payload, name, progress }) => {
    const { metadata } = payload as Operation;
    const operation = decodeOperation(payload);
    expect(operation).toStrictEqual({
      name,
      done: false,
      ...(metadata === undefined ? {} : { metadata }),
    });
    expect(progressOf(operation)).toBe(progress);
    expect(progressOf(payload)).toBe(progress);
  });
});

const succeeded: Readonly<Record<string, object>> = {
  'metadata and a response [fact 8]': {
    done: true,
    metadata: {
      ...type('zoo.v1.OperationMetadata'),
      createTime: time,
      endTime: time,
      verb: 'create',
    },
    name: 'projects/zoo/locations/eu/operations/op-7',
    response: { ...type('zoo.v1.Cage'), backupWindow: '3600s', startTimes: [{ hours: 23 }] },
  },
  'a response that is only a type [fact 7] [fact 45]': {
    done: true,
    metadata: type('zoo.v1.DeleteMetadata'),
    name: 'operations/cages/c/delete/5',
    response: type('google.protobuf.Empty'),
  },
  'empty metadata with the value that it should not have [fact 7] [fact 45]': {
    done: true,
    metadata: { ...type('google.protobuf.Empty'), value: {} },
    name: 'operations/acf.p2-6',
    response: { ...type('usage.v1.EnableResponse'), service: { name: 'x', state: 'ENABLED' } },
  },
  'neither response nor error nor metadata [fact 1] [pain 2]': {
    done: true,
    name: 'projects/5/locations/global/collections/c/operations/delete-1',
  },
  'neither response nor error [fact 1] [pain 21]': {
    done: true,
    metadata: { ...type('zoo.v1.OperationMetadata'), endTime: time, verb: 'update' },
    name: 'projects/zoo/locations/eu/jobs/j/operations/1',
  },
  'a response of another type than the documented one [fact 48]': {
    done: true,
    metadata: { ...type('db.v1.DdlMetadata'), statements: ['CREATE'] },
    name: 'projects/zoo/instances/i/databases/d/operations/_auto_1',
    response: { ...type('db.v1.Database'), state: 'READY' },
  },
  'a type of no public proto, and much base64 [fact 47]': {
    name: 'projects/zoo/locations/eu/publishers/p/models/film/operations/u',
    done: true,
    response: { ...type('internal.models.FilmResponse'), films: [{ bytes: 'AAAA'.repeat(1000) }] },
  },
  'a refusal inside a success': {
    name: 'models/film-3/operations/abc',
    done: true,
    response: { ...type('film.v1.Response'), reasons: ['The sound was left out.'] },
  },
  'a colon in the name, a time that is none [fact 27]': {
    name: 'operations/configs.zoo.example:0-1',
    metadata: { ...type('service.v1.OperationMetadata'), startTime: '2016-07-29r10T23:59:21.081Z' },
    done: true,
    response: { ...type('service.v1.SubmitResponse'), serviceConfig: { name: 'zoo' } },
  },
  'partial results, with an empty Status each, in the metadata [fact 9]': {
    name: 'projects/5/locations/eu/operations/31',
    metadata: {
      ...type('paper.v1.BatchMetadata'),
      state: 'SUCCEEDED',
      individualProcessStatuses: [{ status: {} }, { status: { code: 3, message: 'Too big.' } }],
    },
    done: true,
    response: type('paper.v1.BatchResponse'),
  },
};

describe('a payload of an operation that succeeded', () => {
  it.each(Object.entries(succeeded))('is read right: %s', (_, payload) => {
    const operation = decodeOperation(payload);
    expect(operation).toStrictEqual(payload);
    expect(progressOf(operation)).toBe(1);
  });

  it('is read right: null for metadata [fact 7]', () => {
    const name = 'operations/null-metadata';
    expect(decodeOperation({ done: true, metadata: null, name })).toStrictEqual({
      name,
      done: true,
    });
  });
});

describe('a payload of an operation that failed', () => {
  it('is read right: a decorated message and no details [fact 43]', () => {
    const name = 'operations/rctk.9';
    const message = "<eye3 title='ALREADY_EXISTS'/> generic::ALREADY_EXISTS: A tag 'env' is there.";
    const metadata = type('tags.v3.CreateTagMetadata');
    const operation = decodeOperation({ done: true, error: { code: 6, message }, metadata, name });
    expect(operation).toStrictEqual({
      name,
      done: true,
      metadata,
      error: { code: Code.ALREADY_EXISTS, message, details: [] },
    });
    expect(progressOf(operation)).toBeUndefined();
  });

  it('is read right: a machine that was taken away [fact 10]', () => {
    const metadata = { ...type('life.v2.Metadata'), events: [], labels: { task: 'align' } };
    const error = { code: 10, message: 'The worker was taken away.' };
    expect(decodeOperation({ done: true, error, metadata, name: 'run-5' })).toStrictEqual({
      name: 'run-5',
      done: true,
      metadata,
      error: { ...error, details: [] },
    });
  });

  it('is read right: an empty error and nothing else [fact 4] [fact 6]', () => {
    expect(decodeOperation({ done: true, error: {} })).toStrictEqual({
      name: '',
      done: true,
      error: { code: Code.UNKNOWN, message: '', details: [] },
    });
  });
});

describe('an operation of another make', () => {
  // Only `done` decides: such an API needs a client that translates.
  it.each<[string, { readonly name: string; readonly [field: string]: unknown }]>([
    [
      'of Compute, running',
      { name: 'operation-5', kind: 'compute#operation', status: 'RUNNING', progress: 40 },
    ],
    [
      'of Compute, which failed',
      {
        name: 'operation-6',
        kind: 'compute#operation',
        status: 'DONE',
        httpErrorStatusCode: 400,
        error: { errors: [{ code: 'RESOURCE_IN_USE', message: 'It is in use.' }] },
      },
    ],
    ['of SQL', { name: 'u-u', kind: 'sql#operation', status: 'DONE', operationType: 'CREATE' }],
    [
      'of a cluster',
      {
        name: 'operation-7',
        status: 'RUNNING',
        progress: { metrics: [{ intValue: '8', name: 'X' }] },
      },
    ],
  ])('is not done as long as it does not say so: %s [fact 49]', (_, payload) => {
    const operation = decodeOperation(payload);
    expect(operation).toStrictEqual({ name: payload.name, done: false });
    expect(progressOf(operation)).toBeUndefined();
  });
});

describe('a payload of an error', () => {
  const info = {
    ...type('google.rpc.ErrorInfo'),
    reason: 'FULL',
    domain: 'zoo.example',
    metadata: { zone: 'eu-a' },
  };
  const notFound = { domain: 'global', message: 'No such cage.', reason: 'notFound' };

  it.each<[string, object, number, CodeName, string, readonly unknown[]]>([
    [
      'the envelope of today',
      { error: { code: 404, message: 'Not here.', status: 'NOT_FOUND' } },
      ...([404, 'NOT_FOUND', 'Not here.', []] as const),
    ],
    [
      'the envelope of today, with details [fact 40]',
      { error: { code: 429, message: 'Full.', status: 'RESOURCE_EXHAUSTED', details: [info] } },
      ...([429, 'RESOURCE_EXHAUSTED', 'Full.', [info]] as const),
    ],
    [
      'the envelope of yore, without a status',
      { error: { code: 404, errors: [notFound], message: 'No such cage.' } },
      ...([404, 'NOT_FOUND', 'No such cage.', [notFound]] as const),
    ],
    [
      'the envelope that is both',
      { error: { code: 404, errors: [notFound], message: 'No such cage.', status: 'NOT_FOUND' } },
      ...([404, 'NOT_FOUND', 'No such cage.', [notFound]] as const),
    ],
    [
      'the envelope with only a code and a message',
      { error: { code: 400, message: 'A lion is no tier.' } },
      ...([400, 'INVALID_ARGUMENT', 'A lion is no tier.', []] as const),
    ],
    [
      'a bare Status',
      { code: 5, details: [], message: 'cage "7" not found' },
      ...([404, 'NOT_FOUND', 'cage "7" not found', []] as const),
    ],
  ])('is read right: %s [fact 39]', (_, payload, http, code, message, details) => {
    const status = { code: Code[code], message, details };
    expect(statusFrom(payload)).toStrictEqual(status);
    expect(statusFrom(payload, http)).toStrictEqual(status);
  });
});
