import { describe, expect, it } from 'vitest';
import { Code, ProtocolError, type Operation } from 'rx-lro';
import { convertOperation } from '../../src/core/answer/convert.js';
import { decodeOperation, isErrorEnvelope } from '../../src/core/answer/decode.js';

const name = 'operations/1';

function problemOf(answer: unknown, requestedName?: string): ProtocolError {
  try {
    decodeOperation(answer, requestedName);
  } catch (error) {
    if (error instanceof ProtocolError) return error;
    throw error;
  }
  throw new Error('It was taken.');
}

function thrower(): never {
  throw new Error('a getter threw');
}

describe('decodeOperation', () => {
  it('takes a name alone for an operation that is not done [fact 3] [fact 7]', () => {
    expect(decodeOperation({ name })).toStrictEqual({ name, done: false });
  });

  it('takes null for what is not set [fact 7] [fact 46]', () => {
    const answer = { name, done: null, metadata: null, error: null, response: null };
    expect(decodeOperation(answer)).toStrictEqual({ name, done: false });
    expect(decodeOperation({ ...answer, done: true })).toStrictEqual({ name, done: true });
  });

  it('leaves out everything that is no field of an operation', () => {
    const answer = { name, done: true, response: 1, kind: 'x', status: 'DONE' };
    expect(decodeOperation(answer)).toStrictEqual({ name, done: true, response: 1 });
  });

  it('keeps copies of metadata and response as they came [fact 7] [fact 45] [fact 48]', () => {
    const metadata = { '@type': 'type.googleapis.com/google.protobuf.Empty', value: {} };
    const response = { '@type': 'type.googleapis.com/google.protobuf.Empty' };
    const operation = decodeOperation({ name, done: true, metadata, response });
    expect(operation).toStrictEqual({ name, done: true, metadata, response });
    expect(operation.metadata).not.toBe(metadata);
    expect(operation.response).not.toBe(response);
  });

  it.each([0, '', false])('keeps %j, which is a response and metadata like any other', (value) => {
    const operation = decodeOperation({ name, done: true, metadata: value, response: value });
    expect(operation).toStrictEqual({ name, done: true, metadata: value, response: value });
  });

  it('leaves out a response and an error that come before it is done [fact 2]', () => {
    const answer = { name, response: { a: 1 }, error: { code: 5, message: 'x' }, metadata: 1 };
    expect(decodeOperation(answer)).toStrictEqual({ name, done: false, metadata: 1 });
    expect(decodeOperation({ ...answer, done: false })).toStrictEqual({
      name,
      done: false,
      metadata: 1,
    });
  });

  it('takes neither response nor error for success without a response [fact 1] [pain 2] [pain 21]', () => {
    expect(decodeOperation({ name, done: true })).toStrictEqual({ name, done: true });
  });

  it('lets an error go before a response [fact 4] [pain 27]', () => {
    const answer = { name, done: true, error: { code: 5, message: 'Gone.' }, response: { a: 1 } };
    expect(decodeOperation(answer)).toStrictEqual({
      name,
      done: true,
      error: { code: 5, message: 'Gone.', details: [] },
    });
  });

  it.each<[unknown, number, string]>([
    [{}, Code.UNKNOWN, ''],
    [{ code: 0 }, Code.UNKNOWN, ''],
    [{ code: 0, message: 'x' }, Code.UNKNOWN, 'x'],
    ['it broke', Code.UNKNOWN, 'it broke'],
    [{ code: 10, message: 'Preempted.' }, Code.ABORTED, 'Preempted.'],
    [{ code: 99, message: 'New.' }, 99, 'New.'],
    [{ code: 404, message: 'New.' }, 5, 'New.'],
    [{ code: 99, message: 'New.' }, 99, 'New.'],
  ])(
    'reads an error %j as a failure with code %i [fact 4] [fact 10] [fact 42]',
    (error, code, message) => {
      expect(decodeOperation({ name, done: true, error })).toStrictEqual({
        name,
        done: true,
        error: { code, message, details: [] },
      });
    },
  );

  it.each([
    {},
    { code: 0 },
    { code: '0' },
    { code: 0, message: '', details: [] },
    { code: null },
    '',
  ])('does not count an empty error, %j, beside a response [fact 4]', (error) => {
    expect(decodeOperation({ name, done: true, error, response: 1 })).toStrictEqual({
      name,
      done: true,
      response: 1,
    });
  });

  it.each<[object, number]>([
    [{ code: 2 }, 2],
    [{ code: 'NOT_FOUND' }, 5],
    [{ status: 'NOT_FOUND' }, 5],
    [{ code: 'nonsense' }, 2],
    [{ message: 'x' }, 2],
    [{ details: [1] }, 2],
    [{ code: 0, details: [1] }, 2],
  ])('counts an error that says something, %j, beside a response', (error, code) => {
    const operation = decodeOperation({ name, done: true, error, response: 1 });
    expect(operation.error?.code).toBe(code);
    expect(operation).not.toHaveProperty('response');
  });

  it('keeps the details and the metadata of a failure [pain 14] [pain 20]', () => {
    const details = [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'R' }];
    const answer = {
      name,
      done: true,
      metadata: { a: 1 },
      error: { code: 9, message: 'm', details },
    };
    expect(decodeOperation(answer)).toStrictEqual({ ...answer });
  });

  it('cannot be changed, and neither can its error', () => {
    const operation = decodeOperation({ name, done: true, error: { code: 5 } });
    expect(Object.isFrozen(operation)).toBe(true);
    expect(Object.isFrozen(operation.error)).toBe(true);
    expect(Object.isFrozen(decodeOperation({ name, done: true, error: {} }).error)).toBe(true);
  });

  it.each(['8443841777443483934', 'operations/projects/p/operations/1', 'operations/a.b:c-d', 'x'])(
    'takes %s for a name, as any form occurs [fact 5]',
    (odd) => {
      expect(decodeOperation({ name: odd }, 'operations/other').name).toBe(odd);
    },
  );

  it('has the name that was asked about where the answer has none [fact 6]', () => {
    expect(decodeOperation({ done: true }, name)).toStrictEqual({ name, done: true });
    expect(decodeOperation({ name: '', done: true }, name)).toStrictEqual({ name, done: true });
    expect(decodeOperation({ name: null, metadata: {} }, name).name).toBe(name);
    expect(decodeOperation({ name: '' }, name)).toStrictEqual({ name, done: false });
  });

  it('may have no name once it is done [fact 6] [pain 26]', () => {
    expect(decodeOperation({ done: true })).toStrictEqual({ name: '', done: true });
    expect(decodeOperation({ name: '', done: true })).toStrictEqual({ name: '', done: true });
  });

  it('may say no more than `done` or metadata [answer 2]', () => {
    expect(decodeOperation({ metadata: 0 })).toStrictEqual({ name: '', done: false, metadata: 0 });
    expect(decodeOperation({ done: false }, name)).toStrictEqual({ name, done: false });
    expect(decodeOperation({ name: null, done: false }, name).name).toBe(name);
  });

  it.each<[unknown, string]>([
    [undefined, 'is not an operation'],
    [null, 'is not an operation'],
    ['text', 'is not an operation'],
    [5, 'is not an operation'],
    [true, 'is not an operation'],
    [[], 'is not an operation'],
    [[{ name }], 'is not an operation'],
    [() => ({ name }), 'is not an operation'],
    [{ kind: 'x' }, 'is not an operation: it has no `name`, `done` or `metadata`'],
    [
      { name: null, done: null, metadata: null },
      'is not an operation: it has no `name`, `done` or `metadata`',
    ],
    [{}, 'is not an operation: it has no `name`, `done` or `metadata`'],
    [{ name: 5 }, 'is not an operation: `name` is not a string'],
    [{ name: { a: 1 }, done: true }, 'is not an operation: `name` is not a string'],
    [{ name, done: 'true' }, 'is not an operation: `done` is not a boolean'],
    [{ name, done: 1 }, 'is not an operation: `done` is not a boolean'],
    [{ name, done: {} }, 'is not an operation: `done` is not a boolean'],
  ])('refuses %o with a ProtocolError: %s', (answer, problem) => {
    const error = problemOf(answer, name);
    expect(error.problem).toBe(problem);
    expect(error.answer).toBe(answer);
    expect(error.code).toBe(Code.INTERNAL);
    expect(error.message).toContain(`Operation ${name}: the answer ${problem}`);
  });

  it('tells who passes on an HTTP response what to do', () => {
    expect(problemOf(new Response('{}'), name).problem).toBe(
      'is an HTTP response that was not read: return `response.json()` from the client',
    );
    expect(decodeOperation({ name, status: 200 }).name).toBe(name);
    expect(decodeOperation({ name, json: () => 1 }).name).toBe(name);
  });

  it.each<[string, object]>([
    [
      'a getter that throws',
      {
        name,
        get done(): boolean {
          return thrower();
        },
      },
    ],
    [
      'metadata that throws',
      {
        name,
        get metadata(): unknown {
          return thrower();
        },
      },
    ],
    [
      'a response that throws',
      {
        name,
        done: true,
        get response(): unknown {
          return thrower();
        },
      },
    ],
    ['a proxy that throws', new Proxy({}, { get: thrower })],
  ])('refuses %s with a ProtocolError', (_, answer) => {
    const error = problemOf(answer, name);
    expect(error.problem).toBe('cannot be read');
    expect(error.cause).toEqual(new Error('a getter threw'));
    expect(error.message).toMatch(/cannot be read\. The client may .* It begins: .*\[unreadable\]/);
  });

  it('refuses a proxy that was revoked with a ProtocolError', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(problemOf(proxy, name).problem).toBe('cannot be read');
  });

  it('reads a snapshot again as it is: that is how a process resumes [pain 17] [pain 25]', () => {
    const snapshots: Operation[] = [
      { name, done: false, metadata: { a: [1, null] } },
      { name, done: true, response: { b: 2 } },
      { name, done: true, error: { code: 99, message: 'm', details: [{ '@type': 'x/y' }] } },
    ];
    for (const snapshot of snapshots) {
      expect(decodeOperation(JSON.parse(JSON.stringify(snapshot)))).toStrictEqual(snapshot);
    }
  });
});

describe('isErrorEnvelope', () => {
  it.each<[unknown]>([
    [{ error: { code: 503 } }],
    [{ error: { code: 404, message: 'm', status: 'NOT_FOUND' } }],
    [{ error: { status: 'NOT_FOUND' } }],
    [{ error: { code: 0 }, metadata: {} }],
    [{ error: { code: 5 }, name: null, done: null }],
    [[{ error: { code: 503 } }]],
    [{ error: 'invalid_grant', error_description: 'Expired.' }],
    [{ code: 14, message: 'try later' }],
    [{ code: 14, message: '', details: [] }],
  ])('knows the error of an HTTP API: %j [fact 9] [fact 39]', (answer) => {
    expect(isErrorEnvelope(answer)).toBe(true);
  });

  it.each<[unknown]>([
    [{ name, error: { code: 503 } }],
    [{ done: true, error: { code: 503 } }],
    [{ done: false, error: { code: 503 } }],
    [{ name: '', error: { code: 503 } }],
    [{ name, code: 5, message: 'm' }],
    [{ done: true, code: 5, message: 'm' }],
    [{ error: {} }],
    [{ error: { message: 'x' } }],
    [{ error: '' }],
    [{ error: null }],
    [{ error: 5, code: '5', message: 'm' }],
    [{ code: 5 }],
    [{ message: 'm' }],
    [{ operations: [] }],
    [[]],
    [[{ error: { code: 503 } }, {}]],
    [{}],
    [null],
    ['text'],
  ])('takes no other answer for one: %j', (answer) => {
    expect(isErrorEnvelope(answer)).toBe(false);
  });
});

describe('convertOperation', () => {
  const succeeded: Operation = { name, done: true, metadata: 'm', response: 'r' };
  const never = (): never => {
    throw new Error('It was told of a mismatch.');
  };

  it('gives the very snapshot when there is no decoder', () => {
    expect(convertOperation(succeeded, {}, never)).toBe(succeeded);
    expect(convertOperation(succeeded, { response: undefined, metadata: undefined }, never)).toBe(
      succeeded,
    );
  });

  it('puts what the decoders make in the place of what came', () => {
    const decoders = {
      response: (value: unknown) => [value],
      metadata: (value: unknown) => ({ value }),
    };
    const converted = convertOperation(succeeded, decoders, never);
    expect(converted).toStrictEqual({
      name,
      done: true,
      metadata: { value: 'm' },
      response: ['r'],
    });
    expect(Object.isFrozen(converted)).toBe(true);
  });

  it('asks about a response that is missing, but not about metadata that is', () => {
    const asked: unknown[] = [];
    const decoders = {
      response: (value: unknown) => asked.push(['response', value]),
      metadata: never,
    };
    expect(convertOperation({ name, done: true }, decoders, never)).toMatchObject({ response: 1 });
    expect(asked).toEqual([['response', undefined]]);
  });

  it('does not ask about the response of an operation that failed or goes on', () => {
    const failed: Operation = { name, done: true, error: { code: 5, message: '', details: [] } };
    const running: Operation = { name, done: false };
    expect(convertOperation(failed, { response: never }, never)).toBe(failed);
    expect(convertOperation(running, { response: never }, never)).toBe(running);
  });

  it.each<[string, () => unknown]>([
    ['throws', thrower],
    ['rejects', () => Promise.reject(new Error('a getter threw'))],
  ])('leaves out metadata that its decoder %s for', async (_, metadata) => {
    const told: unknown[] = [];
    const converted = await convertOperation(succeeded, { metadata }, (error) => told.push(error));
    expect(converted).toStrictEqual({ name, done: true, response: 'r' });
    expect(Object.isFrozen(converted)).toBe(true);
    expect(told).toEqual([new Error('a getter threw')]);
  });

  it.each<[string, unknown, string]>([
    ['an error', new Error('no good'), 'no good'],
    ['a text', 'no good', 'no good'],
    ['an object', { message: 'no good' }, 'no good'],
    ['an object without a prototype', Object.create(null), 'it does not say why'],
  ])(
    'refuses a response when its decoder throws %s, and keeps it [fact 48]',
    async (_, cause, why) => {
      const refused = {
        name: 'ProtocolError',
        problem: `says that it succeeded, but its response is not what \`response\` takes (${why}); it is in the error's \`operation\``,
        answer: 'r',
        operation: succeeded,
        cause,
      };
      const throwing = (): never => {
        throw cause;
      };
      const convert = (): unknown => convertOperation(succeeded, { response: throwing }, never);
      expect(convert).toThrow(expect.objectContaining(refused));
      const rejecting = async (): Promise<never> => throwing();
      await expect(
        convertOperation(succeeded, { response: rejecting }, never),
      ).rejects.toMatchObject(refused);
    },
  );

  it('waits for decoders that answer with promises, the metadata first', async () => {
    const order: string[] = [];
    const decoder = (which: string) => (value: unknown) => {
      order.push(which);
      return Promise.resolve([value]);
    };
    const decoders = { response: decoder('response'), metadata: decoder('metadata') };
    expect(await convertOperation(succeeded, decoders, never)).toStrictEqual({
      name,
      done: true,
      metadata: ['m'],
      response: ['r'],
    });
    expect(order).toEqual(['metadata', 'response']);
  });

  it('keeps the metadata as it came on the error about a response', async () => {
    const decoders = { metadata: () => Promise.resolve('changed'), response: thrower };
    await expect(convertOperation(succeeded, decoders, never)).rejects.toMatchObject({
      operation: succeeded,
    });
  });
});
