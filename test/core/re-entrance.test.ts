import { NEVER, Observable, Subject, VirtualTimeScheduler, of, type Subscription } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { poll, waitForDone, type AbortSignalLike, type OperationsClient } from 'rx-lro';
import { observe } from '../support/observe.js';

const name = 'operations/1';

describe('at the moment of a cancel', () => {
  it('nothing begins once a client has left as its call was given up', () => {
    const scheduler = new VirtualTimeScheduler();
    const calls: string[] = [];
    const leaving = new Observable<never>(() => {
      calls.push('get');
      return () => {
        calls.push('given up');
        subscription.unsubscribe();
      };
    });
    const client: OperationsClient = {
      get: () => leaving,
      cancel: () => {
        calls.push('cancel');
        return of({});
      },
    };
    const controller = new AbortController();
    const options = { scheduler, signal: controller.signal, timeout: 60_000 };
    const subscription: Subscription = poll(client, name, options).subscribe();
    controller.abort();
    scheduler.flush();
    expect(calls).toEqual(['get', 'given up']);
    // Each of its timers was ended: time has not passed.
    expect(scheduler.now()).toBe(0);
  });

  it('an answer that comes too late for the call that was given up is not heard', () => {
    const scheduler = new VirtualTimeScheduler();
    const calls: string[] = [];
    const answers = new Subject<object>();
    const client: OperationsClient = {
      get: () => {
        calls.push('get');
        return answers;
      },
      cancel: () => {
        calls.push('cancel');
        return NEVER;
      },
    };
    const controller = new AbortController();
    const record = observe(
      poll(client, name, {
        scheduler,
        signal: controller.signal,
        onEvent: ({ type }) => {
          if (type === 'cancel') answers.next({ name });
        },
      }),
    );
    controller.abort();
    expect(calls).toEqual(['get', 'cancel']);
    expect(record.values).toEqual([]);
    record.subscription.unsubscribe();
  });
});

describe('a signal that throws when it is listened to', () => {
  const signal: AbortSignalLike = {
    aborted: false,
    addEventListener: () => {
      throw new Error('no listeners here');
    },
    removeEventListener: () => undefined,
  };

  it.each([
    ['poll', (options: object) => observe(poll({ get: () => NEVER }, name, options)).ends],
    ['waitForDone', (options: object) => [waitForDone({ get: () => NEVER }, name, options)]],
  ])('ends %s with what it threw, and leaves no timer', async (_, wait) => {
    const scheduler = new VirtualTimeScheduler();
    const [end] = wait({ scheduler, signal, timeout: 1_000 });
    if (end instanceof Promise) await expect(end).rejects.toThrow('no listeners here');
    else expect(end).toMatchObject({ error: { message: 'no listeners here' } });
    scheduler.flush();
    expect(scheduler.now()).toBe(0);
  });
});
