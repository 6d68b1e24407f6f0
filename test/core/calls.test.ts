import { EMPTY, VirtualTimeScheduler, defer, of, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  Code,
  cancelOperation,
  deleteOperation,
  getOperation,
  type CallOptions,
  type OperationEvent,
} from 'rx-lro';
import { ScriptedClient } from '../support/scripted-client.js';
import { signalMakes } from '../support/signals.js';

const name = 'operations/1';
const unavailable = { error: { code: Code.UNAVAILABLE } };
const retry = { startingDelay: 10, jitter: 'none' } as const;

const oneShots = [
  ['get', getOperation, { name, done: true, response: 1 }],
  ['cancel', cancelOperation, {}],
  ['delete', deleteOperation, {}],
] as const;

describe.each(oneShots)('one %s', (method, shoot, answer) => {
  const answered = method === 'get' ? answer : undefined;

  it('is answered [pain 17]', async () => {
    const scripted = new ScriptedClient(new VirtualTimeScheduler(), {
      [method]: [{ value: answer }],
    });
    await expect(shoot(scripted.client, name)).resolves.toEqual(answered);
    expect(scripted.calls).toMatchObject([{ method, name }]);
  });

  it('is put off with `delayFirstAttempt`', async () => {
    const scheduler = new VirtualTimeScheduler();
    const scripted = new ScriptedClient(scheduler, { [method]: [{ value: answer }] });
    const delayed = { ...retry, delayFirstAttempt: true };
    const result = shoot(scripted.client, name, { scheduler, retry: delayed });
    expect(scripted.calls).toEqual([]);
    scheduler.flush();
    await expect(result).resolves.toEqual(answered);
    expect(scripted.times(method)).toEqual([10]);
  });

  it('is tried again', async () => {
    const scheduler = new VirtualTimeScheduler();
    const scripted = new ScriptedClient(scheduler, {
      [method]: [unavailable, unavailable, { value: answer }],
    });
    const result = shoot(scripted.client, name, { scheduler, retry });
    scheduler.flush();
    await expect(result).resolves.toEqual(answered);
    expect(scripted.times(method)).toEqual([0, 10, 30]);
  });

  it.each([
    [60_000, {}],
    [1_500, { callTimeout: 1_500 }],
    [undefined, { callTimeout: Infinity }],
  ])('is told that it may take %s ms', async (timeout, options) => {
    const given: CallOptions[] = [];
    const call = async (_request: object, callOptions: CallOptions): Promise<object> => {
      given.push(callOptions);
      return answer;
    };
    await shoot({ get: call, [method]: call }, name, options);
    expect(given).toMatchObject([{ timeout }]);
  });

  it('rejects with a StatusError that names the call', async () => {
    const details = [{ '@type': 'a/b' }];
    const failure = { error: { code: Code.PERMISSION_DENIED, message: 'not yours', details } };
    const { client } = new ScriptedClient(new VirtualTimeScheduler(), { [method]: [failure] });
    const error: unknown = await shoot(client, name).catch((e: unknown) => e);
    expect(error).toMatchObject({
      kind: 'call-failed',
      method,
      code: 7,
      details,
      cause: failure.error,
    });
    expect((error as Error).message).toBe(
      `Operation operations/1: the ${method} call failed: PERMISSION_DENIED (7): not yours. With other credentials, its name is enough to resume.`,
    );
  });

  it.each(signalMakes)(
    'is given up by %s, with its own reason, and nothing is left [pain 12]',
    async (_, make) => {
      const scheduler = new VirtualTimeScheduler();
      const scripted = new ScriptedClient(scheduler, { [method]: [unavailable] });
      const { signal, abort, listeners, hasReason } = make();
      const result = shoot(scripted.client, name, { scheduler, signal }).catch((e: unknown) => e);
      expect(listeners()).toBe(1);
      const reason = new Error('enough');
      abort(reason);
      expect([scheduler.actions.length, scripted.inFlight, listeners()]).toEqual([0, 0, 0]);
      const error = await result;
      if (hasReason) expect(error).toBe(reason);
      else expect(error).toMatchObject({ name: 'AbortError' });
    },
  );

  it('is not made for a signal that was aborted before [pain 15]', async () => {
    const scripted = new ScriptedClient(new VirtualTimeScheduler(), { [method]: ['hang'] });
    const reason = new Error('enough');
    await expect(shoot(scripted.client, name, { signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
    expect(scripted.calls).toEqual([]);
  });

  it('leaves no listener once it is answered', async () => {
    const scripted = new ScriptedClient(new VirtualTimeScheduler(), {
      [method]: [{ value: answer }],
    });
    const { signal, listeners } = signalMakes[0]![1]();
    await shoot(scripted.client, name, { signal });
    expect(listeners()).toBe(0);
  });

  it('tells what happens', async () => {
    const scheduler = new VirtualTimeScheduler();
    const scripted = new ScriptedClient(scheduler, { [method]: [unavailable, { value: answer }] });
    const events: OperationEvent[] = [];
    const onEvent = (event: OperationEvent): void => void events.push(event);
    const result = shoot(scripted.client, name, { scheduler, retry, onEvent });
    scheduler.flush();
    await result;
    expect(events.map(({ type }) => type)).toEqual(['call', 'failure', 'retry', 'call', 'answer']);
    expect(events.every((event) => 'method' in event && event.method === method)).toBe(true);
  });
});

describe('a method that the client does not have', () => {
  it.each([
    ['cancel', cancelOperation],
    ['delete', deleteOperation],
  ] as const)('%s means UNIMPLEMENTED [fact 15]', async (method, shoot) => {
    const { client } = new ScriptedClient(new VirtualTimeScheduler(), {});
    const error: unknown = await shoot(client, name).catch((e: unknown) => e);
    expect(error).toMatchObject({
      kind: 'call-failed',
      code: Code.UNIMPLEMENTED,
      method,
      attempts: 1,
    });
    expect((error as Error).message).toContain(`no method \`${method}\``);
  });
});

describe('an answer whose content does not matter', () => {
  it.each([
    ['nothing at all', () => EMPTY],
    ['no answer at all', () => undefined as never],
    ['undefined', () => of(undefined)],
    ['a promise of null', async () => null],
    ['a text', () => of('deleted')],
  ])('may be %s', async (_, answer) => {
    const client = { get: () => EMPTY, delete: answer, cancel: answer };
    await expect(deleteOperation(client, name)).resolves.toBeUndefined();
    await expect(cancelOperation(client, name)).resolves.toBeUndefined();
  });

  it('is a failure all the same when it is an error envelope', async () => {
    const answer = () => of({ error: { code: 501, status: 'UNIMPLEMENTED', message: 'no' } });
    const client = { get: () => EMPTY, delete: answer };
    await expect(deleteOperation(client, name)).rejects.toMatchObject({ code: Code.UNIMPLEMENTED });
  });
});

describe('deleteOperation', () => {
  it('forgets the operation and does not cancel it [fact 17]', async () => {
    const answer = [{ value: {} }];
    const scripted = new ScriptedClient(new VirtualTimeScheduler(), {
      get: answer,
      cancel: answer,
      delete: answer,
    });
    await deleteOperation(scripted.client, name);
    expect(scripted.calls.map((call) => call.method)).toEqual(['delete']);
  });
});

describe('getOperation', () => {
  it('takes the name asked for where the answer has none', async () => {
    await expect(getOperation({ get: () => of({ done: true }) }, name)).resolves.toEqual({
      name,
      done: true,
    });
  });

  it('calls an answer that is no operation a ProtocolError, and does not try again', async () => {
    let calls = 0;
    const client = {
      get: () => {
        calls += 1;
        return of<unknown>('<html>') as never;
      },
    };
    const error: unknown = await getOperation(client, name).catch((e: unknown) => e);
    expect(error).toMatchObject({ kind: 'protocol', answer: '<html>' });
    expect((error as Error).message).toBe(
      'Operation operations/1: the answer is not an operation. The client may call a wrong address, or misread the answer. It begins: <html>',
    );
    expect(calls).toBe(1);
  });

  it('has the caller check and type what it holds', async () => {
    const client = { get: () => of({ name, done: true, metadata: '3', response: '4' }) };
    const operation = await getOperation(client, name, { response: Number, metadata: Number });
    expect(operation).toEqual({ name, done: true, metadata: 3, response: 4 });
  });

  it('leaves out metadata that the caller does not take, and tells so', async () => {
    const client = { get: () => of({ name, metadata: 'x' }) };
    const events: OperationEvent[] = [];
    const refuse = (): never => {
      throw new Error('not mine');
    };
    const onEvent = (event: OperationEvent): void => void events.push(event);
    await expect(getOperation(client, name, { metadata: refuse, onEvent })).resolves.toEqual({
      name,
      done: false,
    });
    expect(events.at(-1)).toMatchObject({
      type: 'metadata-mismatch',
      operation: { metadata: 'x' },
    });
  });

  it('takes an answer of any kind that can be awaited', async () => {
    const answer = {};
    const settle = (take: (operation: object) => void): void => take({ name, done: true });
    Reflect.set(answer, 'then', settle);
    const client = { get: () => answer as never };
    await expect(getOperation(client, name)).resolves.toEqual({ name, done: true });
  });

  it('does not begin what it is answered with once it was given up', async () => {
    let begun = 0;
    const controller = new AbortController();
    const client = {
      get: () => {
        controller.abort(new Error('enough'));
        return defer(() => of({ name, done: (begun += 1) > 0 }));
      },
    };
    const call = getOperation(client, name, { signal: controller.signal });
    await expect(call).rejects.toThrow('enough');
    expect(begun).toBe(0);
  });

  it('keeps what the client threw as the cause', async () => {
    const cause = new Error('deep');
    const client = { get: () => throwError(() => cause) };
    await expect(getOperation(client, name)).rejects.toMatchObject({ cause });
  });
});
