import fc from 'fast-check';
import {
  Observable,
  Subscription,
  type SchedulerAction,
  delay,
  interval,
  merge,
  of,
  take,
  timer,
  toArray,
} from 'rxjs';
import { describe, expect, test } from 'vitest';
import { VirtualTime } from 'rx-lro/testing';

async function chain(depth: number): Promise<void> {
  for (let index = 0; index < depth; index += 1) await Promise.resolve();
}

describe('the clock', () => {
  test('starts at 0 or where it is told to, and moves only when told', async () => {
    expect(new VirtualTime().now()).toBe(0);
    const time = new VirtualTime(1_700_000_000_000);
    time.schedule(() => {}, 5);
    await chain(10);
    expect(time.now()).toBe(1_700_000_000_000);
    await time.advance(2.5);
    expect(time.now()).toBe(1_700_000_000_002.5);
  });

  test('says the time at which an action is due while it runs', async () => {
    const time = new VirtualTime();
    const times: number[] = [];
    for (const due of [30, 10, 20]) time.schedule(() => times.push(time.now()), due);
    await time.advance(100);
    expect(times).toEqual([10, 20, 30]);
    expect(time.now()).toBe(100);
  });

  test.each([-1, Number.NaN, Infinity])('refuses to advance by %s', async (ms) => {
    await expect(new VirtualTime().advance(ms)).rejects.toThrow(
      new RangeError(`Option \`ms\` must be a finite number >= 0; it is ${ms}.`),
    );
  });

  test('refuses a wrong start and a wrong limit', async () => {
    expect(() => new VirtualTime(-1)).toThrow(RangeError);
    await expect(new VirtualTime().runUntil(() => true, { limit: -1 })).rejects.toThrow(RangeError);
  });
});

describe('actions', () => {
  test('due at the same time run in the order in which they were scheduled', async () => {
    const time = new VirtualTime();
    const order: string[] = [];
    time.schedule(() => time.schedule(() => order.push('third'), 5), 5);
    time.schedule(() => order.push('first'), 10);
    time.schedule(() => order.push('second'), 10);
    await time.advance(10);
    expect(order).toEqual(['first', 'second', 'third']);
  });

  test('run sorted by time and then by order, whatever is scheduled and unsubscribed', async () => {
    const step = fc.record({ delay: fc.nat(20), isUnsubscribed: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const time = new VirtualTime();
        const ran: number[] = [];
        const actions = steps.map((each, index) =>
          time.schedule(() => ran.push(index), each.delay),
        );
        steps.forEach((each, index) => each.isUnsubscribed && actions[index]?.unsubscribe());
        const expected = steps
          .map((each, index) => ({ ...each, index }))
          .filter((each) => !each.isUnsubscribed)
          .sort((a, b) => a.delay - b.delay || a.index - b.index)
          .map(({ index }) => index);
        expect(time.pending).toBe(expected.length);
        await time.advance(20);
        expect(ran).toEqual(expected);
        expect(time.pending).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  test('scheduled on the way run within the same advance', async () => {
    const time = new VirtualTime();
    const times: number[] = [];
    time.schedule(() => {
      void chain(5).then(() => time.schedule(() => times.push(time.now()), 40));
    }, 10);
    await time.advance(50);
    expect(times).toEqual([50]);
  });

  test('scheduled by a promise before the advance count', async () => {
    const time = new VirtualTime();
    let hasRun = false;
    void chain(50).then(() =>
      time.schedule(() => {
        hasRun = true;
      }, 10),
    );
    await time.advance(10);
    expect(hasRun).toBe(true);
  });

  test('schedule themselves again with a new state, under the one subscription', async () => {
    const time = new VirtualTime();
    const states: [number, number | undefined][] = [];
    const subscription = time.schedule<number>(
      function again(this: SchedulerAction<number>, state) {
        states.push([time.now(), state]);
        this.schedule((state ?? 0) + 1, 10);
      },
      5,
      7,
    );
    await time.advance(30);
    expect(states).toEqual([
      [5, 7],
      [15, 8],
      [25, 9],
    ]);
    expect(time.pending).toBe(1);
    subscription.unsubscribe();
    expect(time.pending).toBe(0);
    await time.advance(100);
    expect(states).toHaveLength(3);
  });

  test('scheduled again before they ran run once, at the newer time', async () => {
    const time = new VirtualTime();
    const times: number[] = [];
    const action = time.schedule(() => times.push(time.now()), 10) as SchedulerAction<unknown>;
    action.schedule(undefined, 30);
    expect(time.pending).toBe(1);
    await time.advance(50);
    expect(times).toEqual([30]);
  });

  test('may be scheduled again after they ran, and not once unsubscribed', async () => {
    const time = new VirtualTime();
    let runs = 0;
    const action = time.schedule(() => (runs += 1)) as SchedulerAction<unknown>;
    await time.advance(0);
    action.schedule();
    await time.advance(0);
    expect(runs).toBe(2);
    action.unsubscribe();
    action.schedule();
    expect(time.pending).toBe(0);
  });

  test('unsubscribed by another action at the same time do not run', async () => {
    const time = new VirtualTime();
    let hasRun = false;
    const both = new Subscription();
    time.schedule(() => both.unsubscribe(), 10);
    both.add(
      time.schedule(() => {
        hasRun = true;
      }, 10),
    );
    await time.advance(20);
    expect(hasRun).toBe(false);
    expect(time.pending).toBe(0);
  });

  test('unsubscribed by their own work do not run again', async () => {
    const time = new VirtualTime();
    let runs = 0;
    time.schedule(function once(this: SchedulerAction<unknown>) {
      runs += 1;
      this.schedule(undefined, 10);
      this.unsubscribe();
    }, 10);
    await time.advance(100);
    expect(runs).toBe(1);
  });

  test('with a negative delay run now, with an endless one never', async () => {
    const time = new VirtualTime();
    let runs = 0;
    time.schedule(() => (runs += 1), -5);
    time.schedule(() => (runs += 1), Number.NaN);
    time.schedule(() => (runs += 1), Infinity);
    expect(time.pending).toBe(2);
    await time.advance(0);
    expect(runs).toBe(2);
  });

  test('are separated by promise chains of any depth [polling 25]', async () => {
    const time = new VirtualTime();
    const order: string[] = [];
    time.schedule(() => void chain(50).then(() => order.push('chain')), 10);
    time.schedule(() => order.push('action'), 10);
    await time.advance(10);
    expect(order).toEqual(['chain', 'action']);
  });

  test('are separated by the reading of a body', async () => {
    const time = new VirtualTime();
    const order: string[] = [];
    const read = async (): Promise<void> => {
      order.push(await new Response('body').text());
    };
    time.schedule(() => void read(), 10);
    time.schedule(() => order.push('action'), 10);
    await time.advance(10);
    expect(order).toEqual(['body', 'action']);
  });

  test('that throw reject the advance and leave the rest as it is', async () => {
    const time = new VirtualTime();
    let hasRun = false;
    const failing = time.schedule(() => {
      throw new Error('broken');
    }, 10);
    time.schedule(() => {
      hasRun = true;
    }, 20);
    await expect(time.advance(100)).rejects.toThrow('broken');
    expect(failing.closed).toBe(true);
    expect(time.now()).toBe(10);
    expect(time.pending).toBe(1);
    await time.advance(10);
    expect(hasRun).toBe(true);
  });
});

describe('operators of RxJS', () => {
  test('timer and interval take it', async () => {
    const time = new VirtualTime();
    const seen: [number, string][] = [];
    const subscription = merge(
      timer(25, time).pipe(delay(5, time)),
      interval(10, time).pipe(take(3)),
      timer(0, 20, time).pipe(take(2)),
    ).subscribe((value) => seen.push([time.now(), `${value}`]));
    await time.advance(100);
    expect(seen).toEqual([
      [0, '0'],
      [10, '0'],
      [20, '1'],
      [20, '1'],
      [30, '2'],
      [30, '0'],
    ]);
    expect(time.pending).toBe(0);
    expect(subscription.closed).toBe(true);
  });

  test('leave nothing pending when they are unsubscribed', async () => {
    const time = new VirtualTime();
    const subscription = interval(10, time).subscribe();
    expect(time.pending).toBe(1);
    await time.advance(35);
    expect(time.pending).toBe(1);
    subscription.unsubscribe();
    expect(time.pending).toBe(0);
  });
});

describe('runUntil', () => {
  test.each([5, undefined, null, {}, new Observable()])(
    'refuses %s, and says why',
    async (wrong) => {
      const run = new VirtualTime().runUntil(wrong as Promise<unknown>);
      await expect(run).rejects.toThrow(TypeError);
      await expect(run).rejects.toThrow(/`runUntil` takes a promise or a function/);
    },
  );

  test('gives what the promise resolves to, at the time it does', async () => {
    const time = new VirtualTime();
    const promise = new Promise<string>((resolve) => {
      of('late')
        .pipe(delay(5_000, time), toArray())
        .subscribe(([value]) => resolve(value ?? ''));
    });
    time.schedule(() => {}, 9_000);
    await expect(time.runUntil(promise)).resolves.toBe('late');
    expect(time.now()).toBe(5_000);
    expect(time.pending).toBe(1);
  });

  test('gives what the promise rejects with', async () => {
    const time = new VirtualTime();
    const reason = new Error('lost');
    const promise = new Promise((_, reject) => time.schedule(() => reject(reason), 10));
    await expect(time.runUntil(promise)).rejects.toBe(reason);
  });

  test('stops as soon as a condition holds', async () => {
    const time = new VirtualTime();
    let count = 0;
    const subscription = interval(10, time).subscribe(() => (count += 1));
    await expect(time.runUntil(() => count === 3)).resolves.toBeUndefined();
    expect(time.now()).toBe(30);
    await time.runUntil(() => true);
    expect(time.now()).toBe(30);
    subscription.unsubscribe();
  });

  test('fails when nothing is scheduled any more', async () => {
    const time = new VirtualTime();
    time.schedule(() => {}, 10);
    await expect(time.runUntil(new Promise(() => {}))).rejects.toThrow(
      new Error('The promise has not settled at 10 ms, and nothing is scheduled any more.'),
    );
    await expect(time.runUntil(() => false)).rejects.toThrow(
      new Error('The condition does not hold at 10 ms, and nothing is scheduled any more.'),
    );
  });

  test('fails when the limit is passed, counted from now', async () => {
    const time = new VirtualTime();
    await time.advance(50);
    const subscription = interval(10, time).subscribe();
    await expect(time.runUntil(() => false, { limit: 25 })).rejects.toThrow(
      new Error(
        'The condition does not hold after 25 ms of virtual time; the next action is due at 80 ms.',
      ),
    );
    expect(time.now()).toBe(70);
    subscription.unsubscribe();
  });

  test('goes on for ever with an endless limit, and for a day without one', async () => {
    const time = new VirtualTime();
    const twoDays = 2 * 86_400_000;
    time.schedule(() => {}, twoDays);
    await expect(time.runUntil(() => time.now() === twoDays)).rejects.toThrow('86400000 ms');
    await time.runUntil(() => time.now() === twoDays, { limit: Infinity });
    expect(time.now()).toBe(twoDays);
  });

  test('gives what the work throws, and leaves the rest as it is', async () => {
    const time = new VirtualTime();
    time.schedule(() => {
      throw new Error('broken');
    }, 10);
    time.schedule(() => {}, 20);
    await expect(time.runUntil(() => false)).rejects.toThrow('broken');
    expect(time.pending).toBe(1);
  });

  test('does not run beside another run', async () => {
    const time = new VirtualTime();
    const first = time.advance(10);
    await expect(time.advance(10)).rejects.toThrow('Virtual time is running already');
    await expect(time.runUntil(() => true)).rejects.toThrow('Virtual time is running already');
    await first;
    expect(time.now()).toBe(10);
    await time.advance(10);
    expect(time.now()).toBe(20);
  });
});
