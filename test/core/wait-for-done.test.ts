import {
  BehaviorSubject,
  EMPTY,
  type Observable,
  Subject,
  VirtualTimeScheduler,
  of,
  throwError,
} from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  CallFailedError,
  Code,
  OperationFailedError,
  ProtocolError,
  WaitTimeoutError,
  poll,
  waitForDone,
  type Operation,
} from 'rx-lro';
import { ScriptedClient } from '../support/scripted-client.js';

const name = 'operations/1';
const client = (answer: object) => ({ get: () => of({ name, ...answer }) });

describe('waitForDone', () => {
  it('resolves to the response', async () => {
    await expect(waitForDone(client({ done: true, response: { a: 1 } }), name)).resolves.toEqual({
      a: 1,
    });
  });

  it('resolves to undefined when there is none [pain 2] [fact 1]', async () => {
    await expect(waitForDone(client({ done: true }), name)).resolves.toBeUndefined();
  });

  it('throws the Status of an operation that failed, details and metadata kept [pain 20]', async () => {
    const details = [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'NO_ROOM' }];
    const error = { code: 8, message: 'No room.', details };
    const answer = { done: true, metadata: { step: 3 }, error };
    const thrown: unknown = await waitForDone(client(answer), name).catch((e: unknown) => e);
    expect(thrown).toBeInstanceOf(OperationFailedError);
    expect(thrown).toMatchObject({
      kind: 'operation-failed',
      code: Code.RESOURCE_EXHAUSTED,
      codeName: 'RESOURCE_EXHAUSTED',
      details,
      status: error,
      operation: { name, done: true, metadata: { step: 3 }, error },
    });
    expect((thrown as Error).message).toBe(
      'Operation operations/1 failed: RESOURCE_EXHAUSTED (8): No room. It has ended; fix the cause, then start it again.',
    );
  });

  it('tells its caller to start a preempted operation again [fact 10]', async () => {
    const thrown: unknown = await waitForDone(
      client({ done: true, error: { code: 10 } }),
      name,
    ).catch((e: unknown) => e);
    expect((thrown as Error).message).toContain('start it again if it is still wanted');
  });

  it('makes no call for an operation that is done, and leaves no promise behind [pain 1]', async () => {
    const never = { get: () => new Promise<never>(() => undefined) };
    await expect(waitForDone(never, { name, done: true, response: 1 })).resolves.toBe(1);
  });

  it('waits for an operation that is yet to be started', async () => {
    const start = async () => ({ name, done: true, response: 'at once' });
    await expect(waitForDone(client({}), start())).resolves.toBe('at once');
  });

  it('rejects as the stream errors: a timeout here is no failure there [pain 4] [polling 11]', async () => {
    const scheduler = new VirtualTimeScheduler();
    const scripted = new ScriptedClient(scheduler, { get: [{ value: { name } }] });
    const result = waitForDone(scripted.client, name, { scheduler, timeout: 5_000 }).catch(
      (e: unknown) => e,
    );
    scheduler.flush();
    const error = await result;
    expect(error).toBeInstanceOf(WaitTimeoutError);
    expect((error as Error).message).toMatch(/operations\/1.*5000 ms/);
  });

  it("rejects with a CallFailedError that is told from the operation's own failure [pain 6]", async () => {
    const denied = { get: () => throwError(() => ({ code: 7, message: 'not yours' })) };
    const error: unknown = await waitForDone(denied, name).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(CallFailedError);
    expect(error).not.toBeInstanceOf(OperationFailedError);
  });
});

describe('waitForDone of what poll gave', () => {
  it('resolves to the response, and subscribes once', async () => {
    let calls = 0;
    const counting = {
      get: () => {
        calls += 1;
        return of({ name, done: true, response: 7 });
      },
    };
    await expect(waitForDone(poll(counting, name))).resolves.toBe(7);
    expect(calls).toBe(1);
  });

  it('rejects with the Status of an operation that failed', async () => {
    const operation$ = poll(client({ done: true, error: { code: 5, message: 'gone' } }), name);
    await expect(waitForDone(operation$)).rejects.toMatchObject({
      kind: 'operation-failed',
      code: 5,
    });
  });

  it('rejects with what the stream errors with, by identity', async () => {
    const fault = new Error('mine');
    await expect(waitForDone(throwError(() => fault))).rejects.toBe(fault);
  });

  it('rejects with a ProtocolError when the stream ends too early', async () => {
    const early: Observable<Operation> = of({ name, done: false });
    await expect(waitForDone(early)).rejects.toBeInstanceOf(ProtocolError);
    await expect(waitForDone(early)).rejects.toMatchObject({ operation: { name } });
    await expect(waitForDone(EMPTY as Observable<Operation>)).rejects.toBeInstanceOf(ProtocolError);
  });

  it('resolves at the final snapshot of a stream that does not complete, and leaves it', async () => {
    const subject = new BehaviorSubject<Operation>({ name, done: false });
    const result = waitForDone(subject);
    subject.next({ name, done: true, response: 1 });
    expect(subject.observed).toBe(false);
    await expect(result).resolves.toBe(1);
  });

  it('takes one that is done at its first value', async () => {
    const subject = new BehaviorSubject<Operation>({ name, done: true, response: 1 });
    await expect(waitForDone(subject)).resolves.toBe(1);
    expect(subject.observed).toBe(false);
  });

  it('is pending for as long as the stream is', async () => {
    const subject = new Subject<Operation>();
    const state = await Promise.race([waitForDone(subject), Promise.resolve('pending')]);
    expect(state).toBe('pending');
  });
});
