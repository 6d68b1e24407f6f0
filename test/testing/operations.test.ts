import { CallFailedError, Code, type Operation } from 'rx-lro';
import { FakeOperations, VirtualTime, type OperationScript } from 'rx-lro/testing';
import { Subscription } from 'rxjs';
import { describe, expect, test } from 'vitest';

async function lifeOf(
  script: OperationScript,
  times: readonly number[],
): Promise<readonly Operation[]> {
  const time = new VirtualTime(1_000);
  const fake = new FakeOperations({ scheduler: time, wait: true });
  const { name } = fake.start(script);
  const life: Operation[] = [];
  for (const at of times) {
    await time.advance(1_000 + at - time.now());
    life.push(await fake.client.get({ name }));
  }
  expect(time.pending).toBe(0);
  return life;
}

function refused(method: string, code: number): object {
  return expect.objectContaining({ name: 'CallFailedError', method, code }) as object;
}

const name = 'operations/1';

describe('names', () => {
  test('are given in order, beneath the parent', () => {
    const fake = new FakeOperations();
    expect([fake.start().name, fake.start().name]).toEqual(['operations/1', 'operations/2']);
    const placed = new FakeOperations({ parent: 'projects/p/locations/l' });
    expect(placed.start().name).toBe('projects/p/locations/l/operations/1');
  });

  test('that the script gives are passed over', () => {
    const fake = new FakeOperations();
    fake.start({ name });
    expect(fake.start().name).toBe('operations/2');
    expect(() => fake.start({ name })).toThrow(
      new RangeError('Option `name` must be new: there is an operation "operations/1".'),
    );
  });
});

describe('a script', () => {
  test('that says nothing never ends', async () => {
    expect(await lifeOf({}, [0, 1e9])).toEqual([
      { name, done: false },
      { name, done: false },
    ]);
  });

  test('with only a response or an error is done from the start', () => {
    const fake = new FakeOperations();
    expect(fake.start({ response: 'made' })).toEqual({ name, done: true, response: 'made' });
    expect(fake.start({ error: { message: 'no' } })).toEqual({
      name: 'operations/2',
      done: true,
      error: { code: Code.UNKNOWN, message: 'no', details: [] },
    });
  });

  test('takes a part of an error for the whole', () => {
    const error = { code: 3, message: '', details: [] };
    expect(new FakeOperations().start({ error: { code: 3 } })).toMatchObject({ error });
  });

  test('begins at its beginning when the clock is set back', async () => {
    let now = 1_000;
    const fake = new FakeOperations({
      scheduler: { now: () => now, schedule: () => new Subscription() },
    });
    fake.start({ duration: 10 });
    now = 0;
    expect(await fake.client.list({ name: '' })).toEqual({ operations: [{ name, done: false }] });
  });

  test('with a duration is done exactly then, with or without a response', async () => {
    const metadata = { kind: 'build' };
    expect(await lifeOf({ duration: 50, metadata, response: 'made' }, [49, 50, 51])).toEqual([
      { name, done: false, metadata },
      { name, done: true, metadata, response: 'made' },
      { name, done: true, metadata, response: 'made' },
    ]);
    expect(await lifeOf({ duration: 50 }, [50])).toEqual([{ name, done: true }]);
  });

  test.each([7, 3, 1, 100, 86_400_000])(
    'with progress over %d ms grows in ten even steps and ends in time',
    async (duration) => {
      const script = { duration, progress: true, metadata: { kind: 'build' }, response: 'made' };
      const times = [0, 0.05, 0.15, 0.95, 1].map((part) => part * duration);
      const life = await lifeOf(script, times);
      const percent = [0, 0, 10, 90, 100];
      expect(life.map(({ metadata }) => metadata)).toEqual(
        percent.map((progressPercent) => ({ kind: 'build', progressPercent })),
      );
      expect(life.map(({ done }) => done)).toEqual([false, false, false, false, true]);
    },
  );

  test('with steps follows them; metadata stays until it changes', async () => {
    const steps = [
      { after: 10, metadata: 'b' },
      { after: 20 },
      { after: 30, error: { code: 8, message: 'full', details: ['d'] } },
    ];
    const error = { code: 8, message: 'full', details: ['d'] };
    expect(await lifeOf({ metadata: 'a', steps }, [9, 10, 30, 59, 60])).toEqual([
      { name, done: false, metadata: 'a' },
      { name, done: false, metadata: 'b' },
      { name, done: false, metadata: 'b' },
      { name, done: false, metadata: 'b' },
      { name, done: true, metadata: 'b', error },
    ]);
    expect(await lifeOf({ steps: [{ after: 5, done: true }] }, [5])).toEqual([
      { name, done: true },
    ]);
  });

  test('may hide the operation for a while, from every method', async () => {
    const time = new VirtualTime();
    const fake = new FakeOperations({ scheduler: time, wait: true });
    fake.start({ hiddenFor: 100, duration: 50 });
    await time.advance(99);
    for (const method of ['get', 'cancel', 'delete', 'wait'] as const) {
      await expect(fake.client[method]!({ name })).rejects.toEqual(refused(method, Code.NOT_FOUND));
    }
    expect(await fake.client.list({ name: '' })).toEqual({ operations: [] });
    await time.advance(1);
    expect(await fake.client.get({ name })).toEqual({ name, done: true });
  });

  test('gives each caller a snapshot of its own', async () => {
    const fake = new FakeOperations();
    fake.start();
    const [first, second] = [await fake.client.get({ name }), await fake.client.get({ name })];
    expect(first).toEqual(second);
    expect(first).not.toBe(second);
  });
});

describe('a script is refused', () => {
  const steps = [{ after: 1 }];
  test.each<[unknown, string]>([
    [null, '`script` must be an object; it is null'],
    [{ name: 5 }, '`name` must be a string; it is 5'],
    [{ name: '' }, '`name` must not be empty'],
    [{ duration: -1 }, '`duration` must be a finite number >= 0; it is -1'],
    [{ cancelAfter: Infinity }, '`cancelAfter` must be a finite number >= 0; it is Infinity'],
    [{ hiddenFor: '5' }, '`hiddenFor` must be a number; it is "5"'],
    [{ progress: 1, duration: 5 }, '`progress` must be a boolean; it is 1'],
    [{ progress: true }, '`progress` needs a `duration`'],
    [{ progress: true, duration: 5, metadata: 'm' }, '`metadata` must be an object; it is "m"'],
    [{ onCancel: 'deny' }, "`onCancel` must be 'honour' or 'ignore' or 'refuse'; it is \"deny\""],
    [{ response: 1, error: {} }, '`error` must not be given with `response`'],
    [{ error: 'no' }, '`error` must be an object; it is "no"'],
    [{ error: { code: 0 } }, '`error.code` must not be 0: that means OK'],
    [{ error: { code: 1.5 } }, '`error.code` must be a whole number'],
    [{ error: { message: 5 } }, '`error.message` must be a string; it is 5'],
    [{ error: { details: {} } }, '`error.details` must be a list; it is an object'],
    [{ steps: 'none' }, '`steps` must be a list; it is "none"'],
    [{ steps, duration: 5 }, '`duration` must not be given with `steps`'],
    [{ steps: [{}] }, '`steps[0].after` must be a number; it is undefined'],
    [{ steps: [null] }, '`steps[0]` must be an object; it is null'],
    [{ steps: [{ after: 1, done: 'yes' }] }, '`steps[0].done` must be a boolean; it is "yes"'],
    [{ steps: [{ after: 1, done: false, response: 1 }] }, '`steps[0].done` must not be false'],
    [
      { steps: [{ after: 1, response: 1, error: {} }] },
      '`steps[0].error` must not be given with `steps[0].response`',
    ],
    [{ steps: [{ after: 1, done: true }, ...steps] }, '`steps[0]` must be the last step'],
  ])('when it is %j', async (script, message) => {
    const fake = new FakeOperations();
    expect(() => fake.start(script as OperationScript)).toThrow(message);
    expect(await fake.client.list({ name: '' })).toEqual({ operations: [] });
  });
});

describe('the options are refused', () => {
  test.each<[object | null, string]>([
    [null, '`options` must be an object; it is null'],
    [{ scheduler: {} }, '`scheduler` must have a method `now`'],
    [{ parent: 5 }, '`parent` must be a string; it is 5'],
    [
      { parent: 'projects/p/' },
      '`parent` must be a name with no `/` at its ends; it is "projects/p/"',
    ],
    [{ parent: '/p' }, '`parent` must be a name'],
    [{ parent: '' }, '`parent` must be a name'],
    [{ latency: -1 }, '`latency` must be a finite number >= 0; it is -1'],
    [{ pageSize: 0 }, '`pageSize` must be a whole number >= 1 and <= 1000; it is 0'],
    [{ pageSize: 1001 }, '`pageSize` must be a whole number >= 1 and <= 1000; it is 1001'],
    [{ emptyPages: 0.5 }, '`emptyPages` must be a whole number >= 0; it is 0.5'],
    [{ wait: 1 }, '`wait` must be true or false; it is 1'],
    [{ maxWait: Number.NaN }, '`maxWait` must be a finite number >= 0; it is NaN'],
    [{ unreachable: 'l' }, '`unreachable` must be a list; it is "l"'],
  ])('when they are %j', (options, message) => {
    expect(() => new FakeOperations(options as object)).toThrow(message);
  });
});

describe('cancel', () => {
  const cancelled = { code: Code.CANCELLED, message: 'The operation was cancelled.', details: [] };

  test('ends the operation with CANCELLED, and keeps its metadata', async () => {
    const fake = new FakeOperations({ scheduler: new VirtualTime() });
    fake.start({ metadata: 'm', duration: 50 });
    expect(await fake.client.cancel({ name })).toEqual({});
    expect(await fake.client.get({ name })).toEqual({
      name,
      done: true,
      metadata: 'm',
      error: cancelled,
    });
  });

  test('takes effect after a while, with the steps before it', async () => {
    const time = new VirtualTime();
    const fake = new FakeOperations({ scheduler: time });
    fake.start({ duration: 100, progress: true, cancelAfter: 25 });
    await fake.client.cancel({ name });
    await time.advance(24);
    expect(await fake.client.get({ name })).toMatchObject({ metadata: { progressPercent: 20 } });
    await fake.client.cancel({ name });
    await time.advance(1);
    expect(await fake.client.get({ name })).toMatchObject({ done: true, error: cancelled });
    await time.advance(100);
    expect(await fake.client.get({ name })).toMatchObject({ metadata: { progressPercent: 20 } });
  });

  test('that takes effect too late changes nothing', async () => {
    const time = new VirtualTime();
    const fake = new FakeOperations({ scheduler: time });
    fake.start({ duration: 10, response: 'made', cancelAfter: 20 });
    await fake.client.cancel({ name });
    await time.advance(30);
    expect(await fake.client.get({ name })).toEqual({ name, done: true, response: 'made' });
  });

  test('of an operation that is done answers OK and changes nothing', async () => {
    const fake = new FakeOperations();
    fake.start({ response: 'made' });
    expect(await fake.client.cancel({ name })).toEqual({});
    expect(await fake.client.get({ name })).toEqual({ name, done: true, response: 'made' });
  });

  test('may be ignored or refused', async () => {
    const fake = new FakeOperations();
    fake.start({ onCancel: 'ignore' });
    fake.start({ onCancel: 'refuse' });
    expect(await fake.client.cancel({ name })).toEqual({});
    expect(await fake.client.get({ name })).toEqual({ name, done: false });
    await expect(fake.client.cancel({ name: 'operations/2' })).rejects.toEqual(
      refused('cancel', Code.UNIMPLEMENTED),
    );
  });
});

describe('delete', () => {
  test('makes the service forget the operation, running or not', async () => {
    const fake = new FakeOperations();
    fake.start();
    expect(await fake.client.delete({ name })).toEqual({});
    const error = await fake.client.get({ name }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CallFailedError);
    expect(error).toMatchObject({
      method: 'get',
      status: { code: Code.NOT_FOUND, message: 'There is no operation "operations/1".' },
    });
    expect(fake.start({ name })).toEqual({ name, done: false });
  });
});

describe('wait', () => {
  test('answers once the operation is done', async () => {
    const time = new VirtualTime();
    const fake = new FakeOperations({ scheduler: time, wait: true });
    fake.start({ duration: 5_000, response: 'made' });
    const wait = fake.client.wait!({ name, timeout: 60_000 });
    expect(await time.runUntil(wait)).toEqual({ name, done: true, response: 'made' });
    expect(time.now()).toBe(5_000);
    expect(time.pending).toBe(0);
  });

  test('sees the end at its time, be it a fraction', async () => {
    const time = new VirtualTime(1_000);
    const fake = new FakeOperations({ scheduler: time, wait: true });
    fake.start({ duration: 0.3 });
    expect(await time.runUntil(fake.client.wait!({ name }))).toEqual({ name, done: true });
    expect(time.now()).toBe(1_000.3);
  });

  test('answers with the latest state when its time is up', async () => {
    const time = new VirtualTime();
    const fake = new FakeOperations({ scheduler: time, wait: true, maxWait: 1_000 });
    fake.start({ duration: 10_000, progress: true });
    expect(await time.runUntil(fake.client.wait!({ name, timeout: 500 }))).toMatchObject({
      done: false,
    });
    expect(time.now()).toBe(500);
    await time.runUntil(fake.client.wait!({ name, timeout: 5_000 }));
    expect(time.now()).toBe(1_500);
    expect(await time.runUntil(fake.client.wait!({ name }))).toMatchObject({
      metadata: { progressPercent: 20 },
    });
    expect(time.now()).toBe(2_500);
    await fake.client.wait!({ name, timeout: 0 });
  });

  test('waits for a minute unless it is told otherwise', async () => {
    const time = new VirtualTime();
    const fake = new FakeOperations({ scheduler: time, wait: true });
    fake.start();
    await time.runUntil(fake.client.wait!({ name }));
    expect(time.now()).toBe(60_000);
  });

  test('waits longer than a timer can', async () => {
    const time = new VirtualTime();
    const duration = 2 ** 32;
    const fake = new FakeOperations({ scheduler: time, wait: true, maxWait: 2 ** 33 });
    fake.start({ duration });
    await time.runUntil(fake.client.wait!({ name }), { limit: Infinity });
    expect(time.now()).toBe(duration);
  });

  test('learns of a cancel and of a delete', async () => {
    const time = new VirtualTime();
    const fake = new FakeOperations({ scheduler: time, wait: true });
    fake.start({ cancelAfter: 100 });
    fake.start();
    time.schedule(() => void fake.client.cancel({ name }), 200);
    time.schedule(() => void fake.client.delete({ name: 'operations/2' }), 1_000);
    const deleted = fake.client.wait!({ name: 'operations/2' });
    expect(await time.runUntil(fake.client.wait!({ name }))).toMatchObject({ error: { code: 1 } });
    expect(time.now()).toBe(300);
    await expect(time.runUntil(deleted)).rejects.toEqual(refused('wait', Code.NOT_FOUND));
    expect(time.now()).toBe(1_000);
    expect(time.pending).toBe(0);
  });

  test('refuses a negative time', async () => {
    const fake = new FakeOperations({ wait: true });
    fake.start();
    await expect(fake.client.wait!({ name, timeout: -1 })).rejects.toEqual(
      refused('wait', Code.INVALID_ARGUMENT),
    );
  });
});

describe('what the service hands out', () => {
  test('is a copy each time: no caller can change the operation [answer 1]', async () => {
    const fake = new FakeOperations();
    const script = { metadata: { stages: [1] }, response: { files: ['a'] }, duration: 0 };
    const error = { code: 5, details: [{ reason: 'A' }] };
    const started = fake.start(script);
    fake.start({ error });
    script.metadata.stages.push(2);
    script.response.files.push('b');
    error.details[0]!.reason = 'B';
    const read = async (): Promise<unknown> => [
      await fake.client.get({ name: started.name }),
      await fake.client.list({ name: '' }),
    ];
    const first = {
      name: started.name,
      done: true,
      metadata: { stages: [1] },
      response: { files: ['a'] },
    };
    const status = { code: 5, message: '', details: [{ reason: 'A' }] };
    const second = { name: 'operations/2', done: true, error: status };
    const expected = [first, { operations: [first, second] }];
    expect(started).toEqual(first);
    changeAll(started);
    const answers = await read();
    expect(answers).toEqual(expected);
    changeAll(answers);
    expect(await read()).toEqual(expected);
  });

  test('is a copy of what a fault answers, as it was when the fault was set [answer 1]', async () => {
    const fake = new FakeOperations();
    const answer = { name: 'a', metadata: { stages: [1] } };
    fake.fail({ answer, times: 2 });
    const details = [{ reason: 'A' }];
    fake.fail({ status: { details }, times: 2 });
    changeAll(answer);
    changeAll(details);
    const expected = { name: 'a', metadata: { stages: [1] } };
    for (const _ of [1, 2]) {
      const answered = await fake.client.get({ name: 'a' });
      expect(answered).toEqual(expected);
      changeAll(answered);
    }
    for (const _ of [1, 2]) {
      const error: unknown = await fake.client.get({ name: 'a' }).catch((e: unknown) => e);
      expect(error).toMatchObject({ details: [{ reason: 'A' }] });
      changeAll((error as { details: unknown }).details);
    }
  });

  test('is a copy over every transport [answer 1]', async () => {
    const any = { typeUrl: 'type.googleapis.com/a.B', value: new Uint8Array([1, 2]) };
    const fake = new FakeOperations({ wait: true, unreachable: ['far'] });
    const request = { name: fake.start({ metadata: any, response: { files: ['a'] } }).name };
    const service = fake.connect(() => new Error('not called'));
    const signal = new AbortController().signal;
    const read = (): Promise<readonly unknown[]> =>
      Promise.all<unknown>([
        fake.client.wait!(request),
        fake.client.list({ name: '', returnPartialSuccess: true }),
        fake.fetch(`https://a.test/v1/${request.name}`).then((response) => response.json()),
        service.getOperation(request, { signal }),
        new Promise((resolve) => {
          const call = { request, metadata: {}, on: () => undefined };
          fake.grpc.getOperation(call, (_, answer) => resolve(answer));
        }),
      ]);
    const answers = await read();
    const before = JSON.stringify(answers);
    any.value.fill(9);
    expect(JSON.stringify(await read())).toBe(before);
    expect(JSON.stringify(answers)).toBe(before);
    changeAll(answers);
    expect(JSON.stringify(await read())).toBe(before);
  });

  test('is a copy of the log of calls', async () => {
    const fake = new FakeOperations();
    fake.fail({ hang: true });
    const controller = new AbortController();
    const call = fake.client.get({ name: 'a' }, { signal: controller.signal });
    const before = fake.calls;
    controller.abort();
    await expect(call).rejects.toThrow();
    await fake.client.list({ name: '' });
    expect(before).toEqual([
      { method: 'get', name: 'a', time: expect.any(Number) as number, aborted: false },
    ]);
    changeAll(before);
    expect(fake.calls.map(({ method, aborted }) => [method, aborted])).toEqual([
      ['get', true],
      ['list', false],
    ]);
  });

  /** Adds a part to all objects and lists that are not frozen. */
  function changeAll(value: unknown): void {
    if (typeof value !== 'object' || value === null) return;
    for (const part of Object.values(value)) changeAll(part);
    if (Object.isFrozen(value)) return;
    if (value instanceof Uint8Array) value.fill(7);
    else if (Array.isArray(value)) value.push('changed');
    else Object.assign(value, { changed: true });
  }
});
