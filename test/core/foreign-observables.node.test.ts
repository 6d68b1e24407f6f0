import { createRequire } from 'node:module';

import { poll, waitForDone, type OperationsClient } from 'rx-lro';
import { FakeOperations, VirtualTime } from 'rx-lro/testing';
import type * as rxjs from 'rxjs';
import { Observable, config, of, throwError } from 'rxjs';
import * as rx6 from 'rxjs-6';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

type Snapshot = Readonly<Record<string, unknown>>;
type Emit = (observer: Listener) => void;

interface Listener {
  next(value: unknown): void;
  error(error: unknown): void;
  complete(): void;
}

const running: Snapshot = { name: 'operations/1', done: false };
const done: Snapshot = { name: 'operations/1', done: true, response: 'made' };

/** An Observable of a library that makes objects with the observer as their prototype, as some do. */
function interop(emit: Emit, key: PropertyKey): object {
  const stream: Record<PropertyKey, unknown> = {
    subscribe: (observer: Listener) => {
      const own = Object.create(observer) as Listener;
      const started = setImmediate(() => emit(own));
      return { unsubscribe: () => clearImmediate(started) };
    },
    [key]: () => stream,
  };
  return stream;
}

const libraries: readonly (readonly [string, (emit: Emit) => object])[] = [
  ['RxJS 6, at once', (emit) => new rx6.Observable((subscriber) => emit(subscriber))],
  [
    'RxJS 6, later',
    (emit) =>
      new rx6.Observable((subscriber) => {
        const started = setImmediate(() => emit(subscriber));
        return () => clearImmediate(started);
      }),
  ],
  ['a library with `@@observable`', (emit) => interop(emit, '@@observable')],
  [
    'a library with `Symbol.observable`',
    (emit) => interop(emit, Symbol.observable ?? '@@observable'),
  ],
];

const emitting =
  (...values: readonly unknown[]): Emit =>
  (observer) => {
    for (const value of values) observer.next(value);
    observer.complete();
  };

describe.each(libraries)('an Observable of %s', (_, open) => {
  const responseOf = (emit: Emit): Promise<unknown> => waitForDone(open(emit) as Observable<never>);

  test('is waited for until its last snapshot', async () => {
    expect(await responseOf(emitting(running, done))).toBe('made');
  });

  test('need not complete', async () => {
    const emit: Emit = (observer) => {
      observer.next(running);
      observer.next(done);
    };
    expect(await responseOf(emit)).toBe('made');
  });

  test('hands over its error', async () => {
    const wrong = new Error('wrong');
    await expect(responseOf((observer) => observer.error(wrong))).rejects.toBe(wrong);
  });

  test('is told when it ends before the operation is done', async () => {
    await expect(responseOf(emitting(running))).rejects.toMatchObject({ kind: 'protocol' });
  });

  test('is the answer of a client', async () => {
    const answers = [running, running, done];
    const client = { get: () => open(emitting(answers.shift())) } as unknown as OperationsClient;
    const scheduler = new VirtualTime();
    const seen = poll(client, 'operations/1', { scheduler });
    expect(await scheduler.runUntil(waitForDone(seen))).toBe('made');
  });

  test('is the failure of a client', async () => {
    const refused = { code: 7, message: 'no' };
    const client = {
      get: () => open((observer) => observer.error(refused)),
    } as unknown as OperationsClient;
    await expect(waitForDone(client, 'operations/1')).rejects.toMatchObject({
      kind: 'call-failed',
      code: 7,
    });
  });

  test('is a start call', async () => {
    const scheduler = new VirtualTime();
    const fake = new FakeOperations({ scheduler });
    const operation = fake.start({ duration: 10_000, response: 'made' });
    const started = open(emitting(operation)) as Observable<typeof operation>;
    const wait = waitForDone(fake.client, started, { scheduler });
    expect(await scheduler.runUntil(wait)).toBe('made');
  });
});

test('an Observable of another copy of RxJS is left at its first value', async () => {
  const other = createRequire(import.meta.url)('rxjs-7.5') as typeof rxjs;
  expect(other.of(done)).not.toBeInstanceOf(Observable);
  let subscriptions = 0;
  const network = other.defer(() => {
    subscriptions += 1;
    return other.of(running);
  });
  const client: OperationsClient = { get: () => other.concat(other.of(done), network) as never };
  expect(await waitForDone(client, 'operations/1')).toBe('made');
  expect(subscriptions).toBe(0);
});

test('an answer is read whose library knows a `Symbol.observable` that came after RxJS', async () => {
  const late = Symbol('observable');
  const before = Symbol.observable as symbol | undefined;
  Reflect.defineProperty(Symbol, 'observable', { value: late, configurable: true });
  try {
    let ended = 0;
    const stream = {
      subscribe: (observer: Listener) => {
        setImmediate(() => observer.next(done));
        return { unsubscribe: () => (ended += 1) };
      },
    };
    const client = { get: () => ({ [late]: () => stream }) } as unknown as OperationsClient;
    expect(await waitForDone(client, 'operations/1')).toBe('made');
    expect(ended).toBe(1);
  } finally {
    if (before === undefined) Reflect.deleteProperty(Symbol, 'observable');
    else Reflect.defineProperty(Symbol, 'observable', { value: before, configurable: true });
  }
});

test('an answer that ends by a function is ended by it', async () => {
  let ended = 0;
  const answer = {
    [Symbol.observable ?? '@@observable']: () => ({
      subscribe: (observer: Listener) => {
        setImmediate(() => observer.next(done));
        return () => (ended += 1);
      },
    }),
  };
  const client = { get: () => answer } as unknown as OperationsClient;
  expect(await waitForDone(client, 'operations/1')).toBe('made');
  expect(ended).toBe(1);
});

test('a poll runs within a stream of RxJS 6', async () => {
  const scheduler = new VirtualTime();
  const fake = new FakeOperations({ scheduler });
  const { name } = fake.start({ duration: 10_000, response: 'made' });
  // The types of the two versions differ.
  const snapshots = rx6.defer(() => poll(fake.client, name, { scheduler }) as never);
  expect(await scheduler.runUntil(snapshots.toPromise())).toEqual({
    name,
    done: true,
    response: 'made',
  });
});

describe('where RxJS makes objects with the observer as their prototype [report 6]', () => {
  // Deprecated, and still there.
  const settings = config as { useDeprecatedNextContext: boolean };

  beforeEach(() => {
    settings.useDeprecatedNextContext = true;
  });

  afterEach(() => {
    settings.useDeprecatedNextContext = false;
  });

  test('a client may answer with an Observable', async () => {
    const scheduler = new VirtualTime();
    const answers = [running, done];
    const client = { get: () => of(answers.shift()) } as unknown as OperationsClient;
    const seen = poll(client, 'operations/1', { scheduler });
    expect(await scheduler.runUntil(waitForDone(seen))).toBe('made');
  });

  test('waitForDone takes an Observable', async () => {
    expect(await waitForDone(of(running, done) as Observable<never>)).toBe('made');
    const broken = waitForDone(throwError(() => 'broken'));
    await expect(broken).rejects.toBe('broken');
  });
});
