import { NEVER, VirtualTimeScheduler, forkJoin, throwError } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { listOperations, listPages, poll, type OperationsClient } from 'rx-lro';

const failed = throwError(() => new Error('failed before'));

describe('a subscriber that is closed already, as one of forkJoin may be', () => {
  it.each([
    [
      'poll',
      (client: OperationsClient, scheduler: VirtualTimeScheduler) =>
        poll(client, 'operations/1', { scheduler, timeout: 3_600_000 }),
    ],
    [
      'poll of a start call',
      (client: OperationsClient, scheduler: VirtualTimeScheduler) =>
        poll(client, Promise.reject(new Error('not started')), { scheduler, timeout: 1_000 }),
    ],
    [
      'listOperations',
      (client: OperationsClient, scheduler: VirtualTimeScheduler) =>
        listOperations(client, { name: 'projects/p' }, { scheduler }),
    ],
    [
      'listPages',
      (client: OperationsClient, scheduler: VirtualTimeScheduler) =>
        listPages(client, { name: 'projects/p' }, { scheduler }),
    ],
  ])('has %s make no call and leave no timer and no listener', async (_, open) => {
    const scheduler = new VirtualTimeScheduler();
    const get = vi.fn(() => NEVER);
    const list = vi.fn(() => NEVER);
    const errors: unknown[] = [];
    forkJoin([failed, open({ get, list }, scheduler)]).subscribe({
      error: (error: Error) => errors.push(error.message),
    });
    await Promise.resolve();
    expect(errors).toEqual(['failed before']);
    expect([get.mock.calls, list.mock.calls]).toEqual([[], []]);
    expect(scheduler.actions).toEqual([]);
  });
});

it('a closed subscriber has none of the code of the user run, and no lazy start call begun', async () => {
  const ran = vi.fn();
  const client: OperationsClient = { get: () => NEVER };
  const options = { onEvent: ran, response: ran };
  // oxlint-disable-next-line unicorn/no-thenable -- as queries of some database libraries are
  const lazy = { then: ran } as unknown as PromiseLike<string>;
  const done = poll(client, { name: 'operations/1', done: true }, options);
  forkJoin([failed, done]).subscribe({ error: () => undefined });
  forkJoin([failed, poll(client, lazy, options)]).subscribe({ error: () => undefined });
  await Promise.resolve();
  expect(ran).not.toHaveBeenCalled();
});

it('a client that leaves while its call is ended for a cancel is not called again', () => {
  const scheduler = new VirtualTimeScheduler();
  const stop = new AbortController();
  const calls: string[] = [];
  const client: OperationsClient = {
    get: (_, { signal }) => {
      calls.push('get');
      signal.addEventListener('abort', () => {
        calls.push('left');
        wait.unsubscribe();
      });
      return NEVER;
    },
    cancel: () => {
      calls.push('cancel');
      return NEVER;
    },
  };
  const wait = poll(client, 'operations/1', { scheduler, signal: stop.signal }).subscribe();
  stop.abort();
  expect(calls).toEqual(['get', 'left']);
  expect(scheduler.actions).toEqual([]);
});
