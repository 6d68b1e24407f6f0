import { setImmediate } from 'node:timers/promises';
import {
  NEVER,
  Observable,
  Subject,
  VirtualTimeScheduler,
  of,
  type SchedulerLike,
  type Subscriber,
  type Subscription,
} from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  Code,
  poll,
  waitForDone,
  type AbortSignalLike,
  type OperationEvent,
  type OperationsClient,
  type PollOptions,
} from 'rx-lro';
import { errorOf, observe } from '../support/observe.js';

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

describe('at the end of a call', () => {
  /** A client whose first get ends by what is given; its cancel takes 50 ms. */
  function world(first: (calls: string[]) => Observable<object>) {
    const scheduler = new VirtualTimeScheduler();
    const calls: string[] = [];
    let isCancelled = false;
    const client: OperationsClient = {
      get: () => {
        calls.push('get');
        if (calls.length === 1) return first(calls);
        const error = { code: 1, message: 'cancelled', details: [] };
        return of(isCancelled ? { name, done: true, error } : { name });
      },
      cancel: () =>
        new Observable((observer) => {
          calls.push('cancel');
          const answer = scheduler.schedule(() => {
            isCancelled = true;
            observer.next({});
          }, 50);
          return () => {
            if (!isCancelled) calls.push('cancel given up');
            answer.unsubscribe();
          };
        }),
    };
    return { scheduler, calls, client };
  }

  it.each([
    ['an answer', (observer: Subscriber<object>) => observer.next({ name })],
    ['a failure', (observer: Subscriber<object>) => observer.error({ code: 7, message: 'no' })],
    ['no answer in time', () => undefined],
  ])('a client that aborts as it is told of %s has the cancel sent, once', (_, end) => {
    const controller = new AbortController();
    const { scheduler, calls, client } = world(
      () =>
        new Observable((observer) => {
          const ending = scheduler.schedule(() => end(observer), 5);
          return () => {
            ending.unsubscribe();
            controller.abort();
          };
        }),
    );
    const options = { scheduler, signal: controller.signal, callTimeout: 100 };
    const record = observe(poll(client, name, options));
    scheduler.flush();
    expect(calls).toEqual(['get', 'cancel', 'get']);
    expect(record.values.at(-1)).toMatchObject({ done: true, error: { code: 1 } });
    expect(record.ends).toEqual(['complete']);
  });

  it('an answer that aborts as it is read is not taken for that of the cancel', () => {
    const controller = new AbortController();
    const { scheduler, calls, client } = world(() =>
      of({
        get name() {
          controller.abort();
          return name;
        },
      }),
    );
    const record = observe(poll(client, name, { scheduler, signal: controller.signal }));
    scheduler.flush();
    expect(calls).toEqual(['get', 'cancel', 'get']);
    expect(record.ends).toEqual(['complete']);
  });

  it('a client that leaves as it is told of the end is told of nothing more', () => {
    const events: string[] = [];
    const { scheduler, calls, client } = world(
      () =>
        new Observable((observer) => {
          scheduler.schedule(() => observer.next({ name }), 5);
          return () => subscription.unsubscribe();
        }),
    );
    const onEvent = ({ type }: OperationEvent): void => void events.push(type);
    const subscription = poll(client, name, { scheduler, onEvent }).subscribe();
    scheduler.flush();
    expect(events).toEqual(['call']);
    expect(calls).toEqual(['get']);
  });

  it('a listener that aborts as it is told of the end of an operation leaves nothing half known', () => {
    const scheduler = new VirtualTimeScheduler();
    const controller = new AbortController();
    let gets = 0;
    const get = (): Observable<object> => ((gets += 1) === 1 ? of({ name, done: true }) : NEVER);
    const onEvent = ({ type }: OperationEvent): void => {
      if (type === 'answer') controller.abort();
    };
    const options = { scheduler, signal: controller.signal, onEvent };
    const record = observe(poll({ get }, name, options));
    scheduler.flush();
    expect(errorOf(record)).toMatchObject({
      kind: 'cancel-not-confirmed',
      code: Code.UNIMPLEMENTED,
      operation: { done: false },
    });
  });
});

describe('a promise of users that is not waited for any more', () => {
  it.each<[string, (abort: () => void) => PollOptions]>([
    [
      'retry.retry',
      (abort) => ({
        retry: {
          startingDelay: 1,
          retry: async () => {
            abort();
            throw new Error('no verdict');
          },
        },
      }),
    ],
    [
      'a decoder',
      (abort) => ({
        response: async () => {
          abort();
          throw new Error('no result');
        },
      }),
    ],
  ])('of %s may reject: nobody hears of it', async (what, optionsOf) => {
    const unheard: unknown[] = [];
    const note = (error: unknown): void => void unheard.push(error);
    process.on('unhandledRejection', note);
    const controller = new AbortController();
    const reason = new Error('enough');
    let gets = 0;
    const get = async (): Promise<object> => {
      gets += 1;
      if (gets === 1 && what === 'retry.retry') {
        throw Object.assign(new Error('unavailable'), { status: 503 });
      }
      return { name, done: true };
    };
    const signal = controller.signal;
    const options = optionsOf(() => controller.abort(reason));
    const wait = waitForDone({ get }, name, { ...options, signal, onAbort: 'detach' });
    await expect(wait).rejects.toBe(reason);
    await setImmediate();
    process.off('unhandledRejection', note);
    expect(unheard).toEqual([]);
  });
});

describe('a scheduler that throws', () => {
  it('at the timer of a cancel ends the wait with what it threw', () => {
    const virtual = new VirtualTimeScheduler();
    let isBroken = false;
    const scheduler: SchedulerLike = {
      now: () => virtual.now(),
      schedule: (...work: Parameters<SchedulerLike['schedule']>) => {
        if (isBroken) throw new Error('no timer');
        return virtual.schedule(...work);
      },
    };
    const controller = new AbortController();
    const client: OperationsClient = { get: () => NEVER, cancel: () => of({}) };
    const record = observe(poll(client, name, { scheduler, signal: controller.signal }));
    isBroken = true;
    controller.abort();
    expect(errorOf(record)).toMatchObject({ message: 'no timer' });
  });

  it.each([1, 2, 3])('at its timer %i ends the wait with what it threw', (nth) => {
    const virtual = new VirtualTimeScheduler();
    let timers = 0;
    const scheduler: SchedulerLike = {
      now: () => virtual.now(),
      schedule: (...work: Parameters<SchedulerLike['schedule']>) => {
        timers += 1;
        if (timers === nth) throw new Error('no timer');
        return virtual.schedule(...work);
      },
    };
    const record = observe(poll({ get: () => of({ name }) }, name, { scheduler }));
    virtual.flush();
    expect(errorOf(record)).toMatchObject({ message: 'no timer' });
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
