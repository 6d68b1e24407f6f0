import { Subject, VirtualTimeScheduler, from, of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { poll, type Operation } from 'rx-lro';
import { IterableObservable } from '../../src/core/platform/iterable-observable.js';
import { observe } from '../support/observe.js';
import { ScriptedClient } from '../support/scripted-client.js';

const name = 'operations/1';

function iterable<T>(): { source: Subject<T>; stream: IterableObservable<T> } {
  const source = new Subject<T>();
  return {
    source,
    stream: new IterableObservable<T>((subscriber) => source.subscribe(subscriber)),
  };
}

describe('a stream that is iterated', () => {
  it('gives every value and ends', async () => {
    const client = { get: () => of({ name, done: true }) };
    const seen: Operation[] = [];
    for await (const operation of poll(client, { name }, { backoff: () => 0 })) {
      seen.push(operation);
    }
    expect(seen.map(({ done }) => done)).toEqual([false, true]);
  });

  it('subscribes with the first question, not before', () => {
    const { source, stream } = iterable<number>();
    const iterator = stream[Symbol.asyncIterator]();
    expect(source.observed).toBe(false);
    void iterator.next();
    expect(source.observed).toBe(true);
  });

  it('keeps what is emitted faster than it is taken', async () => {
    const { source, stream } = iterable<number>();
    const iterator = stream[Symbol.asyncIterator]();
    const first = iterator.next();
    for (const value of [1, 2, 3]) source.next(value);
    source.complete();
    await expect(first).resolves.toEqual({ done: false, value: 1 });
    await expect(iterator.next()).resolves.toEqual({ done: false, value: 2 });
    await expect(iterator.next()).resolves.toEqual({ done: false, value: 3 });
    await expect(iterator.next()).resolves.toEqual({ done: true, value: undefined });
  });

  it('answers questions that come before their values, in order', async () => {
    const { source, stream } = iterable<number>();
    const iterator = stream[Symbol.asyncIterator]();
    const questions = [iterator.next(), iterator.next(), iterator.next()];
    source.next(1);
    source.next(2);
    source.complete();
    await expect(Promise.all(questions)).resolves.toEqual([
      { done: false, value: 1 },
      { done: false, value: 2 },
      { done: true, value: undefined },
    ]);
  });

  it('throws what the stream errors with, after the values before it, once', async () => {
    const { source, stream } = iterable<number>();
    const iterator = stream[Symbol.asyncIterator]();
    const first = iterator.next();
    const fault = new Error('mine');
    source.next(1);
    source.error(fault);
    await first;
    await expect(iterator.next()).rejects.toBe(fault);
    await expect(iterator.next()).resolves.toEqual({ done: true, value: undefined });
  });

  it('throws to the one who is waiting, and ends for the others', async () => {
    const { source, stream } = iterable<number>();
    const iterator = stream[Symbol.asyncIterator]();
    const first = iterator.next().catch((error: unknown) => error);
    const second = iterator.next();
    const fault = new Error('mine');
    source.error(fault);
    await expect(first).resolves.toBe(fault);
    await expect(second).resolves.toEqual({ done: true, value: undefined });
  });

  it('unsubscribes in the same tick when the loop is left, and drops what was kept', async () => {
    const { source, stream } = iterable<number>();
    const iterator = stream[Symbol.asyncIterator]();
    const first = iterator.next();
    source.next(1);
    source.next(2);
    await first;
    const left = iterator.return!();
    expect(source.observed).toBe(false);
    await expect(left).resolves.toEqual({ done: true, value: undefined });
    await expect(iterator.next()).resolves.toEqual({ done: true, value: undefined });
  });

  it('ends for one who is waiting when the loop is left', async () => {
    const { stream } = iterable<number>();
    const iterator = stream[Symbol.asyncIterator]();
    const waiting = iterator.next();
    await iterator.return!();
    await expect(waiting).resolves.toEqual({ done: true, value: undefined });
  });

  it('may be left before it was begun', async () => {
    const { source, stream } = iterable<number>();
    await expect(stream[Symbol.asyncIterator]().return!()).resolves.toMatchObject({ done: true });
    expect(source.observed).toBe(false);
  });

  it('cancels nothing on the server when the loop is left', async () => {
    const scheduler = new VirtualTimeScheduler();
    const scripted = new ScriptedClient(scheduler, {
      get: [{ value: { name } }],
      cancel: [{ value: {} }],
    });
    for await (const operation of poll(scripted.client, name, { scheduler })) {
      expect(operation.done).toBe(false);
      break;
    }
    expect(scripted.times('cancel')).toEqual([]);
    expect(scheduler.actions).toHaveLength(0);
  });

  it('is still an Observable of RxJS for `from`', () => {
    const client = { get: () => of({ name, done: true }) };
    expect(observe(from(poll(client, name))).ends).toEqual(['complete']);
  });
});
