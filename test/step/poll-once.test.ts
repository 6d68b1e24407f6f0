import fc from 'fast-check';
import { delay as delayBy, of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  CallFailedError,
  CancelNotConfirmedError,
  Code,
  OperationFailedError,
  ProtocolError,
  WaitTimeoutError,
  errorFromJson,
  type OperationsClient,
} from 'rx-lro';
import { VirtualTime } from 'rx-lro/testing';
import {
  newWait,
  pollOnce,
  responseOf,
  withCancel,
  type PollOnceOptions,
  type PollStep,
  type Verdict,
  type WaitState,
} from 'rx-lro/step';
import { repeats } from '../support/repeats.js';

const name = 'operations/1';
const epoch = 1_764_000_000_000;
const json = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** Answers one call after the other; the last answer for ever. A function may throw. */
function answering(...answers: readonly (object | (() => object))[]): OperationsClient & {
  readonly calls: string[];
} {
  const calls: string[] = [];
  const answer = (method: string): Promise<never> => {
    const next = answers[Math.min(calls.length, answers.length - 1)];
    calls.push(method);
    return new Promise((resolve) => {
      resolve((typeof next === 'function' ? (next as () => never)() : next) as never);
    });
  };
  return { calls, get: () => answer('get'), cancel: () => answer('cancel') };
}

function failing(code: number, details: readonly unknown[] = []): () => never {
  return () => {
    throw { code, message: 'It said so.', details };
  };
}

const running = { name, metadata: { stage: 'running' } };
const done = { name, done: true, response: { url: 'made' } };
const plain: PollOnceOptions = { retry: { jitter: 'none' }, backoff: { startingDelay: 1_000 } };

async function stateOf(step: Promise<PollStep>): Promise<WaitState> {
  const { state } = await step;
  if (state === undefined) throw new Error('It has ended.');
  return state;
}

async function errorOf(step: Promise<PollStep>): Promise<unknown> {
  return (await step).verdict?.error;
}

describe('newWait', () => {
  it('makes a small state of a name, without a call', () => {
    expect(newWait(name, epoch)).toEqual({ version: 1, name, begun: epoch });
  });

  it('keeps no more of a snapshot than its name, and that there was one', () => {
    expect(newWait(running, epoch)).toEqual({ version: 1, name, begun: epoch, isFresh: true });
  });

  it('begins now if it is not said when', () => {
    const before = Date.now();
    const { begun } = newWait(name);
    expect(begun).toBeGreaterThanOrEqual(before);
    expect(begun).toBeLessThanOrEqual(Date.now());
  });

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'operation'],
    ['an empty name', '', 'must not be empty'],
    ['a snapshot without a name', { done: true, response: 1 }, 'has no name'],
    ['a promise', Promise.resolve(name), 'await the start call'],
    ['a list', [], 'operation'],
  ])('refuses %s', (_, operation, why) => {
    expect(() => newWait(operation as string)).toThrow(why);
  });

  it.each([Number.NaN, Infinity, '0'])('refuses %s as the time of its beginning', (begun) => {
    expect(() => newWait(name, begun as number)).toThrow(TypeError);
  });
});

describe('withCancel', () => {
  it('notes the wish and its reason, once', () => {
    const state = withCancel(newWait(name, epoch), 'no longer wanted');
    expect(state).toEqual({ ...newWait(name, epoch), cancel: { reason: 'no longer wanted' } });
    expect(withCancel(state, 'another')).toBe(state);
    expect(withCancel(newWait(name, epoch))).toEqual({ ...newWait(name, epoch), cancel: {} });
  });

  it('keeps 200 characters of a reason', () => {
    const { cancel } = withCancel(newWait(name), 'x'.repeat(300));
    expect(cancel?.reason).toBe('x'.repeat(200));
  });

  it('does not change the state that it is given', () => {
    const state = newWait(name, epoch);
    withCancel(state, 'why');
    expect(state).not.toHaveProperty('cancel');
  });
});

describe('a step', () => {
  it('makes one call, and gives the next state and when to come back', async () => {
    const client = answering(running);
    const step = await pollOnce(client, newWait(name), plain);
    expect(client.calls).toEqual(['get']);
    expect(step).toMatchObject({ delay: 1_000, operation: { name, done: false } });
    expect(step).not.toHaveProperty('verdict');
  });

  it('tells a snapshot only when it says something new', async () => {
    const client = answering(running, running, { name, metadata: { stage: 'uploading' } });
    const first = await stateOf(pollOnce(client, newWait(name), plain));
    const second = await pollOnce(client, json(first), plain);
    expect(second).not.toHaveProperty('operation');
    const third = await pollOnce(client, json(second.state) as WaitState, plain);
    expect(third.operation?.metadata).toEqual({ stage: 'uploading' });
  });

  it('ends with the final snapshot, of success or of failure', async () => {
    const { verdict, operation } = await pollOnce(answering(done), newWait(name));
    expect(verdict).toEqual({ operation: { name, done: true, response: { url: 'made' } } });
    expect(operation).toBe(verdict?.operation);
    const failed = { name, done: true, error: { code: 9, message: 'no', details: [] } };
    expect((await pollOnce(answering(failed), newWait(name))).verdict).toEqual({
      operation: failed,
    });
  });

  it('does not change the state that it is given', async () => {
    const client = answering(running, failing(Code.UNAVAILABLE));
    const state = await stateOf(pollOnce(client, newWait(name), plain));
    const before = json(state);
    await pollOnce(client, state, plain);
    expect(state).toEqual(before);
  });

  it('leaves a retry to a step of its own', async () => {
    const client = answering(failing(Code.UNAVAILABLE), running);
    const step = await pollOnce(client, newWait(name), plain);
    expect(client.calls).toEqual(['get']);
    expect(step.delay).toBe(500);
    expect(step).not.toHaveProperty('operation');
    await pollOnce(client, json(step.state) as WaitState, plain);
    expect(client.calls).toEqual(['get', 'get']);
  });

  it('counts the tries of a call over all steps', async () => {
    const client = answering(failing(Code.UNAVAILABLE));
    let state: WaitState | undefined = newWait(name);
    let verdict: Verdict | undefined;
    while (state !== undefined) {
      ({ state, verdict } = await pollOnce(client, json(state), {
        retry: { numOfAttempts: 4 },
      }));
    }
    expect(client.calls).toHaveLength(4);
    expect(verdict?.error).toMatchObject({ code: Code.UNAVAILABLE, attempts: 4, method: 'get' });
  });

  it('asks no more for a snapshot that is done', async () => {
    const client = answering(running);
    const { verdict } = await pollOnce(client, newWait(done), { latest: done });
    expect(verdict?.operation).toEqual(done);
    expect(client.calls).toEqual([]);
  });

  it('sleeps first where the start call gave a snapshot', async () => {
    const client = answering(running);
    const step = await pollOnce(client, newWait(running), { ...plain, latest: running });
    expect(step).toMatchObject({ delay: 1_000, operation: running });
    expect(client.calls).toEqual([]);
  });

  it('survives NOT_FOUND of what was just started, as `poll` does', async () => {
    const client = answering(failing(Code.NOT_FOUND), running);
    const first = await stateOf(pollOnce(client, newWait(running), { ...plain, latest: running }));
    const second = await pollOnce(client, json(first), plain);
    expect(second.delay).toBe(500);
    await expect(errorOf(pollOnce(client, newWait(name), plain))).resolves.toBe(undefined);
    const other = answering(failing(Code.NOT_FOUND));
    await expect(errorOf(pollOnce(other, newWait(name), plain))).resolves.toBeInstanceOf(
      CallFailedError,
    );
  });

  it('comes back after the `pollAfter` of an answer', async () => {
    const { delay } = await pollOnce(answering({ ...running, pollAfter: 7_000 }), newWait(name));
    expect(delay).toBe(7_000);
  });

  it('never asks the server to hold a call', async () => {
    const client = { ...answering(running), wait: () => Promise.reject(new Error('held')) };
    const step = await pollOnce(client, newWait(name), plain);
    await pollOnce(client, json(step.state) as WaitState, plain);
    expect(client.calls).toEqual(['get', 'get']);
  });

  it('gives a decoder what came, and tells what it made', async () => {
    const { verdict } = await pollOnce(answering(done), newWait(name), {
      response: (value) => (value as { url: string }).url,
    });
    expect(verdict?.operation?.response).toBe('made');
  });

  it('tells `onEvent` of its calls and delays', async () => {
    const events: string[] = [];
    const onEvent = ({ type }: { readonly type: string }): void => void events.push(type);
    const state = await stateOf(pollOnce(answering(running), newWait(name), { ...plain, onEvent }));
    await pollOnce(answering(failing(14)), withCancel(json(state), 'x'), { ...plain, onEvent });
    expect(events).toEqual(['call', 'answer', 'delay', 'cancel', 'call', 'failure', 'retry']);
  });

  it('counts time from the beginning of the wait, and never backwards', async () => {
    const elapsed: number[] = [];
    const begun = Date.now() + 3_600_000;
    await pollOnce(answering(running), newWait(name, begun), {
      backoff: (context) => {
        elapsed.push(context.elapsed);
        return 5;
      },
    });
    expect(elapsed).toEqual([0]);
  });
});

describe('a step that is given up', () => {
  it('rejects with the reason of the signal, aborts its call, and leaves no listener', async () => {
    const controller = new AbortController();
    let given: AbortSignal | undefined;
    const client: OperationsClient = {
      get: (_, { signal }) => {
        given = signal;
        return new Promise(() => undefined);
      },
    };
    const step = pollOnce(client, newWait(name), { signal: controller.signal });
    controller.abort('closing');
    await expect(step).rejects.toBe('closing');
    expect(given?.aborted).toBe(true);
  });

  it('makes no call with a signal that was aborted before', async () => {
    const client = answering(running);
    const step = pollOnce(client, newWait(name), { signal: AbortSignal.abort('closing') });
    await expect(step).rejects.toBe('closing');
    expect(client.calls).toEqual([]);
  });

  it('cancels nothing on the server', async () => {
    const client = answering(running);
    const state = await stateOf(pollOnce(client, newWait(name), plain));
    const step = pollOnce(client, state, { signal: AbortSignal.abort() });
    await expect(step).rejects.toMatchObject({ name: 'AbortError' });
    expect(client.calls).toEqual(['get']);
  });
});

describe('what code of users throws', () => {
  const fault = new Error('a fault of the new release');
  const throwing = (): never => {
    throw fault;
  };

  it.each<[string, PollOnceOptions, OperationsClient]>([
    ['backoff', { backoff: throwing }, answering(running)],
    ['retry', { retry: { retry: throwing } }, answering(failing(14))],
    ['retry, later', { retry: { retry: () => Promise.reject(fault) } }, answering(failing(14))],
    ['backoff, by another call', { backoff: throwing }, answering(running)],
  ])('rejects the step, and does not end the wait: %s', async (_, options, client) => {
    await expect(pollOnce(client, newWait(name), options)).rejects.toBe(fault);
  });

  it('rejects the step where a backoff gives no delay', async () => {
    const step = pollOnce(answering(running), newWait(name), { backoff: () => Number.NaN });
    await expect(step).rejects.toThrow('Option `backoff` must return milliseconds');
  });

  it('is a ProtocolError where a decoder refuses the response, as of `poll`', async () => {
    const { verdict } = await pollOnce(answering(done), newWait(name), { response: throwing });
    expect(verdict?.error).toBeInstanceOf(ProtocolError);
    expect(verdict?.error?.operation).toEqual(done);
  });
});

describe('a cancel', () => {
  it('is sent by the next step, and the server has the last word', async () => {
    const cancelled = { name, done: true, error: { code: 1, message: 'stopped', details: [] } };
    const client = answering(running, {}, cancelled);
    const first = await stateOf(pollOnce(client, newWait(name), plain));
    const second = await pollOnce(client, withCancel(json(first), 'no'), plain);
    expect(client.calls).toEqual(['get', 'cancel']);
    const third = await pollOnce(client, json(second.state) as WaitState, plain);
    expect(third.verdict).toEqual({ operation: cancelled });
  });

  it('is sent before the first call, too', async () => {
    const client = answering({}, done);
    const first = await stateOf(pollOnce(client, withCancel(newWait(name)), plain));
    const second = await pollOnce(client, json(first), plain);
    expect(client.calls).toEqual(['cancel', 'get']);
    expect(second.verdict).toEqual({ operation: done });
  });

  it('that fails for good is followed by one more call in the same step', async () => {
    const client = answering(running, failing(Code.UNIMPLEMENTED), running);
    const first = await stateOf(pollOnce(client, newWait(name), plain));
    const error = await errorOf(pollOnce(client, withCancel(json(first), 'no'), plain));
    expect(client.calls).toEqual(['get', 'cancel', 'get']);
    expect(error).toBeInstanceOf(CancelNotConfirmedError);
    expect(error).toMatchObject({ code: Code.UNIMPLEMENTED, cause: 'no' });
  });

  it('may end in an error and tell a new snapshot at once', async () => {
    const client = answering(running, failing(Code.UNIMPLEMENTED), { name, metadata: { more: 1 } });
    const first = await stateOf(pollOnce(client, newWait(name), plain));
    const { verdict, operation } = await pollOnce(client, withCancel(json(first)), plain);
    expect(operation?.metadata).toEqual({ more: 1 });
    expect(verdict?.error?.operation).toEqual(operation);
  });

  it('keeps the error of the cancel while the last call is retried', async () => {
    const client = answering(running, failing(Code.PERMISSION_DENIED), failing(14), running);
    const first = await stateOf(pollOnce(client, newWait(name), plain));
    const second = await stateOf(pollOnce(client, withCancel(json(first)), plain));
    const error = await errorOf(pollOnce(client, json(second), plain));
    expect(error).toMatchObject({ code: Code.PERMISSION_DENIED, failure: { method: 'cancel' } });
  });
});

describe('a wake that comes late', () => {
  /** Takes the steps of a wait, each of them `lateBy` after its time. */
  async function drive(
    client: OperationsClient,
    options: PollOnceOptions,
    lateBy: number,
    wishAt = Infinity,
  ): Promise<{ readonly verdict: Verdict; readonly time: VirtualTime }> {
    const time = new VirtualTime(epoch);
    let state = newWait(name, epoch);
    for (;;) {
      const step = await pollOnce(client, json(state), { ...plain, ...options, scheduler: time });
      if (step.verdict !== undefined) return { verdict: step.verdict, time };
      await time.advance(step.delay + lateBy);
      state = time.now() - epoch >= wishAt ? withCancel(step.state, 'no') : step.state;
    }
  }

  it('asks once before it reports a timeout, and done wins', async () => {
    const client = answering(running, done);
    const { verdict } = await drive(client, { timeout: 10_000 }, 86_400_000);
    expect(verdict).toEqual({ operation: done });
    expect(client.calls).toEqual(['get', 'get']);
  });

  it('reports the timeout where that call says "not done", or fails', async () => {
    for (const last of [running, failing(Code.UNAVAILABLE)]) {
      const client = answering(running, last);
      const { verdict } = await drive(client, { timeout: 10_000 }, 86_400_000);
      expect(verdict.error).toBeInstanceOf(WaitTimeoutError);
      expect(verdict.error).toMatchObject({ timeout: 10_000 });
      expect(client.calls).toEqual(['get', 'get']);
    }
  });

  it('asks once with a delay before the first try, too', async () => {
    const client = answering(done);
    const retry = { delayFirstAttempt: true, jitter: 'none' } as const;
    const { verdict } = await drive(client, { timeout: 10_000, retry }, 86_400_000);
    expect(verdict).toEqual({ operation: done });
  });

  it.each([40, 60, 99, 100, 100.5, 101])(
    'by %s ms for the last call gives that call its whole time',
    async (lateBy) => {
      const time = new VirtualTime(epoch);
      const options = { ...plain, timeout: 10_000, scheduler: time };
      const slow = { get: () => of(done).pipe(delayBy(70, time)) };
      let step = await pollOnce(answering(running), newWait(name, epoch), {
        ...options,
        backoff: () => 9_900,
      });
      await time.advance((step.delay ?? 0) + lateBy);
      const asked = pollOnce(slow, json(step.state) as WaitState, options);
      await time.advance(1_000);
      step = await asked;
      expect(step.verdict).toEqual({ operation: done });
    },
  );

  it('for the last call waits for the end after it, without another call', async () => {
    const time = new VirtualTime(epoch);
    const options = { ...plain, timeout: 10_000, scheduler: time, backoff: () => 9_900 };
    const client = answering(running);
    const first = await pollOnce(client, newWait(name, epoch), options);
    await time.advance((first.delay ?? 0) + 50);
    const second = await pollOnce(client, json(first.state) as WaitState, options);
    expect(second.delay).toBe(50);
    await time.advance(50);
    const { verdict } = await pollOnce(client, json(second.state) as WaitState, options);
    expect(verdict?.error).toBeInstanceOf(WaitTimeoutError);
    expect(client.calls).toEqual(['get', 'get']);
  });

  it('asks once where there was no time at all, and takes a result that is there', async () => {
    const client = answering(done);
    const options = { timeout: 0, scheduler: new VirtualTime(epoch) };
    expect((await pollOnce(client, newWait(name, epoch), options)).verdict).toEqual({
      operation: done,
    });
    const fresh = await pollOnce(client, newWait(done, epoch), { ...options, latest: done });
    expect(fresh.verdict).toEqual({ operation: done });
    expect(client.calls).toEqual(['get']);
  });

  it('does not wait for ever for a call or a decoder that hangs', async () => {
    const hanging = (): Promise<never> => new Promise(() => undefined);
    const state = newWait(name, epoch);
    const clients: readonly OperationsClient[] = [
      { get: hanging, pacing: { holdsCalls: true } },
      answering(done),
    ];
    for (const client of clients) {
      const time = new VirtualTime(epoch + 86_400_000);
      const options = { timeout: 10_000, response: hanging, scheduler: time };
      const step = pollOnce(client, state, options);
      await time.advance(300_000);
      expect((await step).verdict?.error).toMatchObject({ kind: 'wait-timeout', timeout: 10_000 });
    }
  });

  it('makes no more than two calls, and keeps why a cancel did not get through', async () => {
    for (const last of [running, failing(Code.UNAVAILABLE)]) {
      const client = answering(running, failing(14), failing(14), last);
      const { verdict } = await drive(client, {}, 60_000, 0);
      expect(client.calls).toEqual(['get', 'cancel', 'cancel', 'get']);
      expect(verdict.error).toMatchObject({ kind: 'cancel-not-confirmed', failure: { code: 14 } });
    }
    const denied = answering(running, failing(14), failing(7), failing(14));
    await drive(denied, {}, 60_000, 0);
    expect(denied.calls).toEqual(['get', 'cancel', 'cancel', 'get']);
  });

  it('in time to the millisecond makes no call more than `poll`', async () => {
    const client = answering(running);
    const { time } = await drive(client, { timeout: 10_000 }, 0);
    expect(time.now()).toBe(epoch + 10_000);
    const calls = client.calls.length;
    const late = answering(running);
    await drive(late, { timeout: 10_000 }, 1);
    expect(late.calls.length).toBeLessThanOrEqual(calls + 1);
  });

  it('asks once before it says that a cancel was not confirmed', async () => {
    const client = answering(running, {}, done);
    const { verdict } = await drive(client, {}, 86_400_000, 0);
    expect(client.calls).toEqual(['get', 'cancel', 'get']);
    expect(verdict).toEqual({ operation: done });
  });

  it('sends a cancel of which it hears after the timeout, and waits for the outcome', async () => {
    const stopped = { name, done: true, error: { code: 1, message: '', details: [] } };
    const late = answering(running, {}, running, stopped);
    const end = await drive(late, { timeout: 500 }, 9_000, 500);
    expect(late.calls).toEqual(['get', 'cancel', 'get', 'get']);
    expect(end.verdict).toEqual({ operation: stopped });
  });

  it('sends a cancel that has not got through yet once more', async () => {
    const client = answering(running, failing(Code.UNAVAILABLE), {}, done);
    const { verdict } = await drive(client, {}, 60_000, 0);
    expect(client.calls).toEqual(['get', 'cancel', 'cancel', 'get']);
    expect(verdict).toEqual({ operation: done });
  });
});

it('a wait whose steps all come late by any time makes one call after its end, and done wins', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 200_000 }),
      fc.integer({ min: 1_000, max: 100_000 }),
      fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 100_000_000 })), {
        minLength: 1,
        maxLength: 8,
      }),
      async (duration, timeout, lateness) => {
        const time = new VirtualTime(epoch);
        const calls: number[] = [];
        const client: OperationsClient = {
          get: () => {
            calls.push(time.now() - epoch);
            return of(time.now() - epoch >= duration ? done : running);
          },
        };
        let state = newWait(name, epoch);
        let verdict: Verdict | undefined;
        for (let count = 0; verdict === undefined; count += 1) {
          const step = await pollOnce(client, json(state), { timeout, scheduler: time });
          ({ verdict } = step);
          if (step.state === undefined) break;
          await time.advance(step.delay + (lateness[count % lateness.length] ?? 0));
          ({ state } = step);
        }
        expect(calls.filter((at) => at >= timeout).length).toBeLessThanOrEqual(1);
        if (verdict?.error === undefined) return;
        expect(verdict.error).toBeInstanceOf(WaitTimeoutError);
        expect(calls.at(-1)).toBeLessThan(duration);
        if (time.now() - epoch > timeout) expect(calls.at(-1)).toBeGreaterThanOrEqual(timeout);
      },
    ),
    { numRuns: repeats(500) },
  );
});

it('a step that comes early or twice makes one more call and comes to the same', async () => {
  const time = new VirtualTime(epoch);
  const client = answering(running);
  const options = { ...plain, scheduler: time };
  const first = await stateOf(pollOnce(client, newWait(name, epoch), options));
  const twice = await Promise.all([1, 2].map(() => pollOnce(client, json(first), options)));
  expect(client.calls).toHaveLength(3);
  expect(twice[0]).toEqual(twice[1]);
});

it('a state is strictly JSON, whatever happens', async () => {
  const moving = { name, metadata: { progressPercent: 10 } };
  const client = answering(running, moving, failing(14), {}, running);
  let state = newWait(name);
  for (let step = 0; step < 5; step += 1) {
    state = await stateOf(pollOnce(client, step === 3 ? withCancel(state) : state, plain));
    expect(state).toStrictEqual(json(state));
  }
});

describe('withCancel of something odd', () => {
  it('takes null for no reason, and a cancel that is null for none', () => {
    expect(withCancel(newWait(name, epoch), null as never).cancel).toEqual({});
    const stored = { ...newWait(name, epoch), cancel: null } as never;
    expect(withCancel(stored, 'why').cancel).toEqual({ reason: 'why' });
  });

  it('names what it does not take', () => {
    expect(() => withCancel(undefined as never)).toThrow('Option `state` must be an object');
    expect(() => withCancel(newWait(name), new Error('x') as never)).toThrow(
      '`reason` must be a text',
    );
  });
});

describe('a failure in the state', () => {
  it('is cut, and the wait goes on', async () => {
    const details = [
      { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'R' },
      { '@type': 'x/y', much: 'ä€😀"\\'.repeat(10_000) },
    ];
    const client: OperationsClient = {
      get: () =>
        Promise.reject({
          code: 14,
          message: 'ä€😀"\\'.repeat(10_000),
          details,
          config: { url: `https://api.example.com/${'long/'.repeat(1_000)}` },
        }),
    };
    const state = await stateOf(pollOnce(client, newWait(name), plain));
    const bytes = new TextEncoder().encode(JSON.stringify(state)).length;
    expect(bytes).toBeLessThanOrEqual(name.length + 250 + 600);
    const error = await errorOf(
      pollOnce(client, json(state), { ...plain, retry: { numOfAttempts: 1 } }),
    );
    expect(error).toMatchObject({ details, attempts: 2 });
  });

  it('comes back as the cause of a timeout', async () => {
    const time = new VirtualTime(epoch);
    const options = { ...plain, timeout: 600, scheduler: time };
    const client = answering(failing(14, [{ '@type': 'a/b', c: 1 }]));
    const state = await stateOf(pollOnce(client, newWait(name, epoch), options));
    await time.advance(600);
    const error = (await errorOf(pollOnce(client, json(state), options))) as WaitTimeoutError;
    expect(error.cause).toBeInstanceOf(CallFailedError);
    expect(error.cause).toMatchObject({ code: 14, method: 'get', details: [{ c: 1 }] });
  });
});

describe('a state that cannot be read', () => {
  const good = newWait(name, epoch);
  const client = answering(running);

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'it is not an object'],
    ['a later number', { ...good, begun: 1e300 }, '`begun` is not a time'],
    ['a hash that is none', { ...good, shown: 5 }, '`shown` is not a text'],
    ['a flag that is none', { ...good, isFresh: 'yes' }, '`isFresh` is not a boolean'],
    ['a reason that is none', { ...good, cancel: { reason: 5 } }, '`cancel.reason` is not a text'],
    ['less than no tries', { ...good, facts: { tries: -100 } }, '`facts.tries`'],
    ['half a try', { ...good, facts: { tries: 1.5 } }, '`facts.tries`'],
    [
      'a failure without a code',
      { ...good, facts: { failure: { kind: 'call-failed' } } },
      'a failure in it',
    ],
    [
      'a history that is none',
      { ...good, facts: { memory: { progressBackoff: {} } } },
      '`facts.memory`',
    ],
    ['an empty object', {}, 'its `version` is not known'],
    ['no name', { ...good, name: undefined }, 'it has no `name`'],
    ['an empty name', { ...good, name: '' }, 'it has no `name`'],
    ['no beginning', { ...good, begun: null }, '`begun` is not a time'],
    ['a wish that is none', { ...good, cancel: 'yes' }, '`cancel` is not an object'],
    ['facts that are none', { ...good, facts: [] }, '`facts` is not an object'],
    ['a number that is none', { ...good, facts: { attempt: '1' } }, '`facts.attempt`'],
    ['a number that JSON lost', { ...good, facts: { delay: null } }, '`facts.delay`'],
    ['a call of another kind', { ...good, facts: { call: 'list' } }, '`facts.call`'],
    [
      'a cancel without a time',
      { ...good, facts: { cancel: { stage: 'sent' } } },
      '`facts.cancel`',
    ],
    [
      'a cancel of another stage',
      { ...good, facts: { cancel: { at: 1, stage: 'x' } } },
      '`facts.cancel`',
    ],
    ['a memory that is none', { ...good, facts: { memory: 1 } }, '`facts.memory`'],
    ['a failure that is none', { ...good, facts: { failure: { kind: 'x' } } }, 'a failure in it'],
  ])('is named, with what to do, before any call: %s', async (_, state, why) => {
    const step = pollOnce(client, state as WaitState);
    await expect(step).rejects.toThrow(TypeError);
    await expect(pollOnce(client, state as WaitState)).rejects.toThrow(why);
    await expect(pollOnce(client, state as WaitState)).rejects.toThrow('newWait(name)');
    expect(client.calls).toEqual([]);
  });

  it('of another version is named, with what to do', async () => {
    const state = { ...good, version: 2 } as unknown as WaitState;
    await expect(pollOnce(client, state)).rejects.toThrow(RangeError);
    await expect(pollOnce(client, state)).rejects.toThrow(
      'version 2, and this package reads version 1',
    );
    expect(client.calls).toEqual([]);
  });
});

describe('what a later release may store', () => {
  it.each<[string, object]>([
    ['isOnce', { isOnce: true }],
    ['isDone', { isDone: true }],
    ['hold', { hold: null }],
    ['notices', { notices: null }],
    ['begun', { begun: 0 }],
    ['name', { name: 'operations/2' }],
  ])('does not reach the rules: %s', async (_, facts) => {
    const client = answering({ ...running, name: undefined });
    const step = await pollOnce(
      client,
      { ...newWait(name, Date.now()), facts } as WaitState,
      plain,
    );
    expect(step).toMatchObject({ delay: 1_000, operation: { name, done: false } });
    expect(client.calls).toEqual(['get']);
  });
});

describe('the latest snapshot', () => {
  it('of another operation is refused before any call', async () => {
    const client = answering(running);
    const latest = { ...done, name: 'operations/2' };
    const step = pollOnce(client, withCancel(newWait(running)), { latest });
    await expect(step).rejects.toThrow(RangeError);
    await expect(pollOnce(client, newWait(running), { latest })).rejects.toThrow('operations/2');
    expect(client.calls).toEqual([]);
  });

  it('may leave out its name', async () => {
    const latest = { done: true, response: 1 };
    const { verdict } = await pollOnce(answering(running), newWait(done), { latest });
    expect(verdict?.operation).toEqual({ name, done: true, response: 1 });
  });

  it.each([5, [], 'text'])('is not %s', async (latest) => {
    const step = pollOnce(answering(running), newWait(name), { latest: latest as never });
    await expect(step).rejects.toThrow('Option `latest` must be an object');
  });

  it('is not made up where the wait began with a snapshot that was not kept', async () => {
    const step = await pollOnce(answering(running), newWait(running), plain);
    expect(step.delay).toBe(1_000);
    expect(step).not.toHaveProperty('operation');
  });

  it('need not be kept for the backoff to see the progress of an answer', async () => {
    const seen: unknown[] = [];
    const backoff: PollOnceOptions['backoff'] = ({ operation }) => seen.push(operation.metadata);
    const client = answering(running);
    const first = await stateOf(pollOnce(client, newWait(name), { backoff }));
    await pollOnce(client, json(first), { backoff });
    expect(seen).toEqual([running.metadata, running.metadata]);
  });
});

describe('responseOf', () => {
  const failed = { name, done: true, error: { code: 9, message: 'no', details: [] } };

  it('gives the response', () => {
    expect(responseOf({ operation: done })).toEqual({ url: 'made' });
    expect(responseOf({ operation: { name, done: true } })).toBeUndefined();
  });

  it('throws what `waitForDone` rejects with, through JSON too', () => {
    const timeout = new WaitTimeoutError({ timeout: 5, operation: running as never });
    expect(() => responseOf({ operation: failed })).toThrow(OperationFailedError);
    expect(() => responseOf({ error: timeout })).toThrow(timeout);
    const verdict: Verdict = json({ error: timeout });
    expect(() => responseOf(verdict)).toThrow(WaitTimeoutError);
    expect(JSON.stringify(errorFromJson(verdict.error))).toBe(JSON.stringify(timeout));
  });

  it.each([null, 5, {}, { operation: null }, { operation: 5 }, { operation: { name } }])(
    'refuses what is not a verdict: %j',
    (verdict) => {
      expect(() => responseOf(verdict as Verdict)).toThrow(TypeError);
    },
  );
});
