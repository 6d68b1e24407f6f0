import { lastValueFrom, toArray } from 'rxjs';
import { CallFailedError, Code, OperationFailedError, WaitTimeoutError } from 'rx-lro';
import { responseOf } from 'rx-lro/step';
import { expect, test } from 'vitest';

import { until } from '../../support/durable/until.js';
import { onEngines } from './on-engines.js';
import { outcomeOf, quick } from './world.js';

onEngines('waiting', (stage) => {
  test('the handler runs once, with the context and the response, and who waits gets it too', async () => {
    const world = stage.world();
    const response = { big: 12n, bytes: new Uint8Array([1, 2]), list: [null, 'a'] };
    const { name } = world.fake.start({ duration: 400, response });
    const waits = world.waits();
    world.worker();
    await waits.add(name, { kind: 'any', context: { user: 7, bytes: new Uint8Array([9]) } });
    expect(await waits.waitForDone(name)).toEqual(response);
    await until(() => world.done.length > 0, { within: 5_000, what: 'it is handled' });
    const [wait] = world.done;
    expect(wait).toMatchObject({
      name,
      kind: 'any',
      context: { user: 7, bytes: new Uint8Array([9]) },
      attempt: 1,
    });
    expect(responseOf(wait!.verdict)).toEqual(response);
    await until(async () => (await waits.get(name))?.isHandled === true, {
      within: 5_000,
      what: 'it is known to be handled',
    });
    expect(await waits.waitForDone(name)).toEqual(response);
    expect(await waits.waitForOperation(name)).toMatchObject({ name, done: true, response });
    expect(world.done).toHaveLength(1);
    expect(world.mostAtOnce()).toBe(1);
  });

  test('a watcher sees changes, as `poll` shows them, and the last one once', async () => {
    const world = stage.world();
    const { name } = world.fake.start({ duration: 3_000, progress: true, response: 'made' });
    const waits = world.waits();
    world.worker();
    await waits.add(name, { kind: 'any' });
    const seen = await lastValueFrom(waits.poll(name).pipe(toArray()));
    const percents = seen.map(
      ({ metadata }) => (metadata as { progressPercent: number }).progressPercent,
    );
    expect(percents.length).toBeGreaterThan(5);
    expect(percents).toEqual([...new Set(percents)].toSorted((a, b) => a - b));
    expect(percents.at(-1)).toBe(100);
    expect(seen.filter(({ done }) => done)).toEqual([seen.at(-1)]);
  });

  test('a snapshot is known before the first call, which keeps the first delay', async () => {
    const world = stage.world();
    const operation = world.fake.start({ metadata: { step: 'begun' }, duration: 60_000 });
    const waits = world.waits();
    const before = Date.now();
    await waits.add(operation, { kind: 'any' });
    expect(await waits.get(operation.name)).toMatchObject({ kind: 'any', operation });
    world.worker({ kinds: { any: { client: world.client, backoff: { startingDelay: 500 } } } });
    await until(() => world.calls.length > 0, { within: 5_000, what: 'a call' });
    expect(world.calls[0]!.time - before).toBeGreaterThanOrEqual(500);
  });

  test('an operation that fails is the verdict, with its class, in the handler and to who waits', async () => {
    const world = stage.world();
    const error = { code: Code.ABORTED, message: 'no', details: [{ '@type': 't', a: 1 }] };
    const { name } = world.fake.start({ duration: 100, error });
    const waits = world.waits();
    world.worker();
    await waits.add(name, { kind: 'any' });
    const failure = await waits.waitForDone(name).catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(OperationFailedError);
    expect(failure).toMatchObject({ status: error });
    await world.handled();
    expect(world.done.map(outcomeOf)).toEqual(['ABORTED']);
  });

  test.each([
    ['a call that fails for good', CallFailedError, { code: Code.NOT_FOUND, method: 'get' }, {}],
    ['the timeout of its kind', WaitTimeoutError, { kind: 'wait-timeout' }, { timeout: 300 }],
  ] as const)('%s ends the wait with its class', async (_, expected, fields, options) => {
    const world = stage.world();
    const { name } = world.fake.start();
    const waits = world.waits();
    world.worker({ kinds: { any: { client: world.client, backoff: quick, ...options } } });
    if (!('timeout' in options)) {
      world.fake.fail({ method: 'get', status: { code: Code.NOT_FOUND }, times: Infinity });
    }
    await waits.add(name, { kind: 'any' });
    const failure = await waits.waitForDone(name).catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(expected);
    expect(failure).toMatchObject(fields);
    await world.handled();
    expect(world.done.map(outcomeOf)).toEqual([expected.name]);
    const known = await waits.get(name);
    expect(known?.verdict?.error).toBeInstanceOf(expected);
  });

  test('the timeout of who waits ends only that', async () => {
    const world = stage.world();
    const { name } = world.fake.start({ duration: 1_500, response: 'made' });
    const waits = world.waits();
    world.worker();
    await waits.add(name, { kind: 'any' });
    const failure = await waits
      .waitForDone(name, { timeout: 300 })
      .catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(WaitTimeoutError);
    expect(await waits.waitForDone(name)).toBe('made');
  });

  test('decoders run where a result is read', async () => {
    const world = stage.world();
    const { name } = world.fake.start({ duration: 100, metadata: { n: 1 }, response: { n: 2 } });
    const waits = world.waits();
    world.worker();
    await waits.add(name, { kind: 'any' });
    const numberIn = (value: unknown): number => (value as { n: number }).n;
    const operation = await waits.waitForOperation(name, {
      response: numberIn,
      metadata: numberIn,
    });
    expect(operation).toMatchObject({ metadata: 1, response: 2 });
    const refuse = (): never => {
      throw new Error('not mine');
    };
    await expect(waits.waitForDone(name, { response: refuse })).rejects.toThrow('not mine');
    await world.handled();
    expect(responseOf(world.done[0]!.verdict)).toEqual({ n: 2 });
  });

  test('many may wait for the same operation, in several processes', async () => {
    const world = stage.world();
    const { name } = world.fake.start({ duration: 500, response: 'made' });
    const processes = [world.waits(), world.waits()];
    world.worker();
    await processes[0]!.add(name, { kind: 'any' });
    const all = Array.from({ length: 40 }, (_, index) => processes[index % 2]!.waitForDone(name));
    expect(new Set(await Promise.all(all))).toEqual(new Set(['made']));
    await world.handled();
    expect(world.done).toHaveLength(1);
  });

  test('the same name added at any time, by two processes at once, is one wait', async () => {
    const world = stage.world();
    const { name } = world.fake.start({ duration: 1_000, response: 'made' });
    const [one, other] = [world.waits(), world.waits()];
    const add = (): Promise<boolean[]> =>
      Promise.all([one, other].map((waits) => waits.add(name, { kind: 'any' })));
    expect(await add()).toContain(true);
    expect(await add()).toEqual([false, false]);
    expect(await one.get(name)).toMatchObject({ isHandled: false });
    world.worker();
    world.worker();
    const result = one.waitForDone(name);
    while (world.done.length === 0) {
      await add();
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    expect(await add()).toEqual([false, false]);
    expect(await result).toBe('made');
    const { length } = world.calls;
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(world.calls).toHaveLength(length);
    expect(world.mostAtOnce()).toBe(1);
    await world.handled();
    expect(world.done).toHaveLength(1);
  });

  test('what is not waited for is said so, with what to do', async () => {
    const world = stage.world();
    const waits = world.waits();
    world.worker();
    for (const failing of [
      () => waits.waitForDone('operations/nobody'),
      () => waits.waitForOperation('operations/nobody'),
      () => waits.cancel('operations/nobody'),
    ]) {
      const failure = await failing().catch((thrown: unknown) => thrown);
      expect(failure).toBeInstanceOf(CallFailedError);
      expect(failure).toMatchObject({ code: Code.NOT_FOUND });
      expect(String(failure)).toContain('begin with add(name, { kind })');
    }
    expect(await waits.get('operations/nobody')).toBeUndefined();
    expect(await waits.remove('operations/nobody')).toBe(false);
  });

  test('a name is waited for anew once it is removed', async () => {
    const world = stage.world();
    const { name } = world.fake.start({ duration: 100, response: 'made' });
    const waits = world.waits();
    world.worker();
    await waits.add(name, { kind: 'any' });
    await waits.waitForDone(name);
    await until(async () => (await world.job(name)).finishedOn !== undefined, {
      within: 5_000,
      what: 'it ends',
    });
    expect(await waits.remove(name)).toBe(true);
    expect(await waits.get(name)).toBeUndefined();
    await waits.add(name, { kind: 'any' });
    expect(await waits.waitForDone(name)).toBe('made');
    await until(() => world.done.length === 2, { within: 5_000, what: 'it is handled again' });
    expect(world.done[0]!.key).not.toBe(world.done[1]!.key);
  });

  test('names of every kind have jobs of their own', async () => {
    const world = stage.world();
    const names = [
      '42',
      'a:b',
      'ä/ö %',
      `projects/${'long/'.repeat(100)}1`,
      `projects/${'long/'.repeat(100)}2`,
    ];
    for (const name of names) world.fake.start({ name, duration: 0, response: name });
    const waits = world.waits();
    world.worker();
    await Promise.all(names.map((name) => waits.add(name, { kind: 'any' })));
    expect(await Promise.all(names.map((name) => waits.waitForDone(name)))).toEqual(names);
  });

  test('a closed process ends what it waits for, and the wait goes on', async () => {
    const world = stage.world();
    const { name } = world.fake.start({ duration: 1_000, response: 'made' });
    const [one, other] = [world.waits(), world.waits()];
    world.worker();
    await one.add(name, { kind: 'any' });
    const result = one.waitForDone(name).catch((thrown: unknown) => thrown);
    await until(() => world.calls.length > 0, { within: 5_000, what: 'a call' });
    await one.close();
    expect(String(await result)).toContain('closed in this process');
    expect(await other.waitForDone(name)).toBe('made');
  });

  test('boards see how far an operation is', async () => {
    const world = stage.world();
    const { name } = world.fake.start({ duration: 2_000, progress: true, response: 'made' });
    const waits = world.waits();
    world.worker();
    await waits.add(name, { kind: 'any' });
    const percentOf = async (): Promise<number> =>
      ((await world.job(name)).progress as { percent?: number }).percent ?? 0;
    await until(async () => (await percentOf()) >= 30, { within: 5_000, what: 'progress' });
    await waits.waitForDone(name);
    await until(async () => (await world.job(name)).finishedOn !== undefined, {
      within: 5_000,
      what: 'it ends',
    });
    expect(await percentOf()).toBe(100);
    expect((await world.job(name)).returnvalue).toMatchObject({
      verdict: { operation: { response: 'made' } },
    });
  });
});
