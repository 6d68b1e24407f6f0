import fc from 'fast-check';
import { VirtualTimeScheduler, firstValueFrom, of, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  getOperation,
  listOperations,
  listPages,
  poll,
  waitForDone,
  type Operation,
  type OperationsClient,
  type StatusError,
} from 'rx-lro';
import { jobClient } from 'rx-lro/job';
import { observe } from '../support/observe.js';

const name = 'operations/1';

/** An answer that changes in place: one object for all calls. */
interface LiveAnswer {
  done: boolean;
  metadata: unknown;
  response?: unknown;
  error?: object;
}

/**
 * Polls a client that always answers with the same object and changes it before each call but the first;
 * the last change ends the operation.
 */
function pollLive(live: object, changes: readonly (() => void)[]): readonly Operation[] {
  const scheduler = new VirtualTimeScheduler();
  const left = [() => undefined, ...changes];
  const client: OperationsClient = {
    get: () => {
      left.shift()?.();
      return of(live);
    },
  };
  const { values, ends } = observe(poll(client, name, { scheduler }));
  scheduler.flush();
  expect(ends).toEqual(['complete']);
  return values;
}

function objectsIn(value: unknown, found = new Set<object>()): readonly object[] {
  if (typeof value === 'object' && value !== null && !found.has(value)) {
    found.add(value);
    const parts =
      value instanceof Map || value instanceof Set ? value.values() : Object.values(value);
    for (const part of parts) objectsIn(part, found);
  }
  return [...found];
}

/** Changes an object so that it differs from all that it was before. */
function changeOf(target: object, index: number, part: unknown): void {
  if (target instanceof Uint8Array) target[0] = target[0]! + 1;
  else if (target instanceof Date) target.setTime(1e9 + index);
  else if (target instanceof Map) target.set(`added ${index}`, part);
  else if (target instanceof Set) target.add({ index, part });
  else if (Array.isArray(target)) target.push(part);
  else Reflect.set(target, `added ${index}`, part);
}

describe('an answer that changes in place', () => {
  it('is emitted with each change, and no snapshot changes [answer 1]', () => {
    const stage = { name: 'build', percent: 0 };
    const live: LiveAnswer = { done: false, metadata: { stages: [stage] } };
    const snapshots = pollLive(live, [
      () => (stage.percent = 50),
      () => undefined,
      () => (stage.name = 'push'),
      () => (live.done = true),
    ]);
    expect(snapshots).toEqual([
      { name, done: false, metadata: { stages: [{ name: 'build', percent: 0 }] } },
      { name, done: false, metadata: { stages: [{ name: 'build', percent: 50 }] } },
      { name, done: false, metadata: { stages: [{ name: 'push', percent: 50 }] } },
      { name, done: true, metadata: { stages: [{ name: 'push', percent: 50 }] } },
    ]);
  });

  it('is emitted as it was at each call, whatever changes in it', () => {
    const data = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 3 },
        fc.jsonValue({ maxDepth: 1 }) as fc.Arbitrary<unknown>,
        fc.date(),
        fc.uint8Array({ minLength: 1, maxLength: 4 }),
        fc.array(tie('any'), { maxLength: 3 }),
        fc.dictionary(fc.string(), tie('any'), { maxKeys: 3, noNullPrototype: true }),
        fc
          .array(fc.tuple(fc.string(), tie('any')), { maxLength: 3 })
          .map((entries) => new Map(entries)),
        fc.array(tie('any'), { maxLength: 3 }).map((items) => new Set(items)),
      ),
    })).any;
    const picks = fc.array(fc.tuple(fc.nat(), fc.nat(), fc.boolean()), { maxLength: 5 });
    fc.assert(
      fc.property(data, picks, (metadata, choices) => {
        const live: LiveAnswer = { done: false, metadata: structuredClone({ metadata }) };
        const expected: unknown[] = [structuredClone(live.metadata)];
        const changes = choices.map(([at, to, isObject], index) => () => {
          const objects = objectsIn(live.metadata);
          const target = objects[at % objects.length]!;
          const part = isObject ? structuredClone(objects[to % objects.length]) : index;
          changeOf(target, index, part);
          expected.push(structuredClone(live.metadata));
        });
        const snapshots = pollLive(live, [...changes, () => (live.done = true)]);
        expect(snapshots.slice(0, -1).map((each) => each.metadata)).toStrictEqual(expected);
        expect(snapshots.at(-1)).toStrictEqual({ name, done: true, metadata: expected.at(-1) });
      }),
    );
  });

  it('is kept once where it says the same again', () => {
    const scheduler = new VirtualTimeScheduler();
    const get = (): unknown => of({ done: false, metadata: { percent: 0 } });
    const { values, ends } = observe(
      poll({ get } as OperationsClient, name, { scheduler, timeout: 60_000 }),
    );
    scheduler.flush();
    expect(values).toHaveLength(1);
    expect((ends[0] as { error: StatusError }).error.operation).toBe(values[0]);
  });

  class Build {
    percent = 0;
  }

  it.each<[string, unknown, (metadata: never) => void]>([
    ['a map', new Map([['a', 1]]), (map: Map<string, number>) => map.set('a', 2)],
    ['a set', new Set([1]), (set: Set<number>) => set.add(2)],
    ['a date', new Date(1), (date: Date) => date.setTime(2)],
    ['bytes', new Uint8Array([1]), (bytes: Uint8Array) => bytes.fill(2)],
    ['a list', [1], (list: number[]) => list.push(2)],
    ['an object of a class', new Build(), (build: Build) => (build.percent = 50)],
  ])('is noticed within %s', (_, metadata, change) => {
    const before = structuredClone(metadata);
    const live: LiveAnswer = { done: false, metadata: { metadata } };
    const snapshots = pollLive(live, [
      () => change(metadata as never),
      () => undefined,
      () => (live.done = true),
    ]);
    expect(snapshots).toHaveLength(3);
    expect(snapshots[0]).toEqual({ name, done: false, metadata: { metadata: before } });
    expect(snapshots[1]).toEqual({ name, done: false, metadata: { metadata } });
    expect(snapshots[0]).not.toEqual(snapshots[1]);
  });

  it('may be a job with getters, whose state `toOperation` passes on [answer 1]', async () => {
    class Job {
      readonly progress = { percent: 0 };
      readonly files: string[] = [];
      #runs = 0;

      get isDone(): boolean {
        return this.#runs >= 3;
      }

      refresh(): this {
        this.#runs += 1;
        this.progress.percent += 25;
        this.files.push(`${this.#runs}.log`);
        return this;
      }
    }
    const job = new Job();
    const jobs = jobClient({
      get: async () => job.refresh(),
      toOperation: ({ isDone, progress, files }) => ({
        done: isDone,
        metadata: progress,
        response: files,
      }),
    });
    const snapshots = await firstValueFrom(
      poll(jobs, 'job-1', { backoff: () => 0 }).pipe(toArray()),
    );
    job.refresh();
    expect(snapshots).toEqual([
      { name: 'job-1', done: false, metadata: { percent: 25 } },
      { name: 'job-1', done: false, metadata: { percent: 50 } },
      {
        name: 'job-1',
        done: true,
        metadata: { percent: 75 },
        response: ['1.log', '2.log', '3.log'],
      },
    ]);
  });

  it('changes neither a response nor an error that was given out', async () => {
    const response = { files: ['a'] };
    const succeeded: LiveAnswer = { done: true, metadata: undefined, response };
    const result = await waitForDone({ get: async () => succeeded }, name);
    response.files.push('b');
    expect(result).toEqual({ files: ['a'] });

    const detail = { '@type': 'x/y', reason: 'A' };
    const error = { code: 5, message: 'm', details: [detail] };
    const failed = await getOperation({ get: async () => ({ done: true, error }) }, name);
    detail.reason = 'B';
    error.details.push(detail);
    expect(failed.error?.details).toEqual([{ '@type': 'x/y', reason: 'A' }]);
  });

  it('changes no page of a list that was given out', async () => {
    const operation = { name, done: false, metadata: { percent: 0 } };
    const page = { operations: [operation], unreachable: ['a'] };
    const client: OperationsClient = { get: () => of({}), list: async () => page };
    const pages = await firstValueFrom(listPages(client, { name: 'p' }).pipe(toArray()));
    const listed = await firstValueFrom(listOperations(client, { name: 'p' }).pipe(toArray()));
    operation.metadata.percent = 50;
    page.unreachable.push('b');
    const snapshot = { name, done: false, metadata: { percent: 0 } };
    expect(pages).toEqual([{ operations: [snapshot], unreachable: ['a'] }]);
    expect(listed).toEqual([snapshot]);
  });

  it('may be the snapshot that was given to wait for', () => {
    const scheduler = new VirtualTimeScheduler();
    const live: LiveAnswer & { name: string } = { name, done: false, metadata: { percent: 0 } };
    const metadata = live.metadata as { percent: number };
    const get = (): unknown => {
      metadata.percent += 50;
      live.done = metadata.percent === 100;
      return of(live);
    };
    const { values } = observe(poll({ get } as OperationsClient, live, { scheduler }));
    scheduler.flush();
    expect(values.map((each) => each.metadata)).toEqual([
      { percent: 0 },
      { percent: 50 },
      { percent: 100 },
    ]);
  });
});

describe('a snapshot', () => {
  it('shows a decoder an object of the class that came, with its methods', async () => {
    class Money {
      readonly #cents = 150;

      format(): string {
        return `${this.#cents / 100} EUR`;
      }
    }
    class Invoice {
      readonly total = new Money();
    }
    const client: OperationsClient = { get: async () => ({ done: true, response: new Invoice() }) };
    const response = (value: unknown): string => {
      if (!(value instanceof Invoice)) throw new Error('It is not an Invoice.');
      return value.total.format();
    };
    await expect(waitForDone(client, name, { response })).resolves.toBe('1.5 EUR');
  });

  it('holds an object of a class with methods as it is: its state is its own affair', async () => {
    class Job {
      state = 'done';

      restart(): void {
        this.state = 'running';
      }
    }
    const job = new Job();
    const client: OperationsClient = { get: async () => ({ done: true, response: job }) };
    await expect(waitForDone(client, name)).resolves.toBe(job);
  });

  it('does not freeze what the client or the user owns', async () => {
    const metadata = { stages: [{ percent: 0 }] };
    const operation = await getOperation({ get: async () => ({ name, metadata }) }, name);
    expect(Object.isFrozen(operation)).toBe(true);
    for (const each of [metadata, operation.metadata as typeof metadata]) {
      expect(Object.isFrozen(each)).toBe(false);
      expect(Object.isFrozen(each.stages)).toBe(false);
    }
  });
});

describe('an answer without a name', () => {
  it('that says it is not done is polled on, by the name that was asked about [answer 2]', () => {
    const asked: string[] = [];
    const scheduler = new VirtualTimeScheduler();
    const client: OperationsClient = {
      get: (request) => {
        asked.push(request.name);
        return of({ done: asked.length === 3 });
      },
    };
    const { values, ends } = observe(poll(client, name, { scheduler }));
    scheduler.flush();
    expect(values).toEqual([
      { name, done: false },
      { name, done: true },
    ]);
    expect(ends).toEqual(['complete']);
    expect(asked).toEqual([name, name, name]);
  });

  it('of a start call is the result if it is done [answer 2]', async () => {
    const client: OperationsClient = { get: () => of() };
    const started = Promise.resolve({ done: true, response: 'ok' });
    await expect(waitForDone(client, started)).resolves.toBe('ok');
  });

  it('and without `done` and metadata says nothing of an operation, and is refused', () => {
    const { ends } = observe(poll({ get: () => of({}) }, name));
    expect(ends).toMatchObject([{ error: { kind: 'protocol' } }]);
  });
});
