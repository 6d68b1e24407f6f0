import { findDetail, statusFrom, StatusError, type Method } from 'rx-lro';
import { FakeOperations, VirtualTime, type Fault } from 'rx-lro/testing';
import { describe, expect, test } from 'vitest';

const name = 'operations/1';

function setUp(latency = 0): { time: VirtualTime; fake: FakeOperations } {
  const time = new VirtualTime();
  const fake = new FakeOperations({ scheduler: time, latency, wait: true });
  fake.start({ duration: 1_000 });
  return { time, fake };
}

async function codeOf(call: Promise<unknown>): Promise<number | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    return error instanceof StatusError ? error.code : Number.NaN;
  }
}

describe('calls', () => {
  test('are logged in order, with their time', async () => {
    const { time, fake } = setUp();
    await fake.client.get({ name });
    await time.advance(50);
    await fake.client.list({ name: '' });
    await fake.client.cancel({ name });
    await fake.client.delete({ name });
    await codeOf(fake.client.wait!({ name }));
    expect(fake.calls.map((call) => [call.method, call.name, call.time, call.aborted])).toEqual([
      ['get', name, 0, false],
      ['list', '', 50, false],
      ['cancel', name, 50, false],
      ['delete', name, 50, false],
      ['wait', name, 50, false],
    ]);
    expect(fake.inFlight).toBe(0);
  });

  test('are answered in a microtask, without the scheduler', async () => {
    const { time, fake } = setUp();
    const call = fake.client.get({ name });
    expect(fake.inFlight).toBe(1);
    expect(time.pending).toBe(0);
    await call;
    expect(fake.inFlight).toBe(0);
  });

  test('with latency tell of the moment at which they were made', async () => {
    const { time, fake } = setUp(300);
    await time.advance(800);
    const call = fake.client.get({ name });
    expect(fake.inFlight).toBe(1);
    expect(await time.runUntil(call)).toEqual({ name, done: false });
    expect(time.now()).toBe(1_100);
    expect(fake.inFlight).toBe(0);
  });

  test('that fail take as long as the others', async () => {
    const { time, fake } = setUp(300);
    expect(await time.runUntil(codeOf(fake.client.get({ name: 'operations/9' })))).toBe(5);
    expect(time.now()).toBe(300);
  });

  test.each(['get', 'wait', 'cancel'] as const)(
    'that are aborted end at once and leave nothing: %s',
    async (method) => {
      const { time, fake } = setUp(300);
      const controller = new AbortController();
      const reason = { why: 'enough' };
      const call = fake.client[method]!({ name }, { signal: controller.signal });
      await time.advance(100);
      controller.abort(reason);
      expect(fake.inFlight).toBe(0);
      expect(time.pending).toBe(0);
      expect(fake.calls[0]?.aborted).toBe(true);
      await expect(call).rejects.toBe(reason);
    },
  );

  test('that are aborted in the same tick have their effect and no answer', async () => {
    const { fake } = setUp();
    const controller = new AbortController();
    const call = fake.client.cancel({ name }, { signal: controller.signal });
    controller.abort();
    await expect(call).rejects.toHaveProperty('name', 'AbortError');
    expect(fake.calls[0]?.aborted).toBe(true);
    expect(await fake.client.get({ name })).toMatchObject({ done: true });
  });

  test('that were aborted beforehand are logged and have no effect', async () => {
    const { fake } = setUp();
    const signal = AbortSignal.abort('before');
    await expect(fake.client.cancel({ name }, { signal })).rejects.toBe('before');
    expect(fake.calls).toEqual([{ method: 'cancel', name, time: 0, aborted: true }]);
    expect(await fake.client.get({ name })).toMatchObject({ done: false });
  });

  test('that were answered are not aborted any more, and leave no listener', async () => {
    const { fake } = setUp();
    let listeners = 0;
    const controller = new AbortController();
    const signal = {
      aborted: false,
      addEventListener: () => (listeners += 1),
      removeEventListener: () => (listeners -= 1),
    } as unknown as AbortSignal;
    const call = fake.client.get({ name }, { signal });
    expect(listeners).toBe(1);
    await call;
    expect(listeners).toBe(0);
    await fake.client.get({ name }, { signal: controller.signal });
    controller.abort();
    expect(fake.calls.some(({ aborted }) => aborted)).toBe(false);
  });
});

describe('a fault', () => {
  test('meets the next call, once, with UNAVAILABLE', async () => {
    const { fake } = setUp();
    fake.fail();
    expect(await codeOf(fake.client.get({ name }))).toBe(14);
    expect(await codeOf(fake.client.get({ name }))).toBeUndefined();
  });

  test('meets as many calls as it is told, after those that it lets through', async () => {
    const { fake } = setUp();
    fake.fail({ times: 2, skip: 1, status: { code: 8 } });
    const codes: unknown[] = [];
    for (let call = 0; call < 5; call += 1) codes.push(await codeOf(fake.client.get({ name })));
    expect(codes).toEqual([undefined, 8, 8, undefined, undefined]);
  });

  test('meets only the calls that it chooses', async () => {
    const { fake } = setUp();
    fake.start();
    fake.fail({ method: 'get', name: 'operations/2', times: Infinity });
    const code = (method: Method, of: string): Promise<number | undefined> =>
      codeOf(fake.client[method]!({ name: of }));
    expect(await code('get', name)).toBeUndefined();
    expect(await code('cancel', 'operations/2')).toBeUndefined();
    expect(await code('get', 'operations/2')).toBe(14);
    expect(await code('get', 'operations/2')).toBe(14);
  });

  test('is an outage between two times, the first in and the last out', async () => {
    const { time, fake } = setUp();
    fake.fail({ from: 10, until: 30 });
    const codes: unknown[] = [];
    for (const at of [9, 10, 20, 29, 30]) {
      await time.advance(at - time.now());
      codes.push(await codeOf(fake.client.get({ name })));
    }
    expect(codes).toEqual([undefined, 14, 14, 14, undefined]);
  });

  test('goes before those that were set later, until it is taken away', async () => {
    const { fake } = setUp();
    const takeAway = fake.fail({ times: Infinity, status: { code: 1 } });
    fake.fail({ status: { code: 2 } });
    expect(await codeOf(fake.client.get({ name }))).toBe(1);
    takeAway();
    takeAway();
    expect(await codeOf(fake.client.get({ name }))).toBe(2);
    expect(await codeOf(fake.client.get({ name }))).toBeUndefined();
  });

  test('keeps the call from its effect', async () => {
    const { fake } = setUp();
    fake.fail({ method: 'cancel' });
    expect(await codeOf(fake.client.cancel({ name }))).toBe(14);
    expect(await fake.client.get({ name })).toMatchObject({ done: false });
  });

  test('after the effect loses only the answer', async () => {
    const { time, fake } = setUp(100);
    fake.fail({ method: 'cancel', afterEffect: true });
    expect(await time.runUntil(codeOf(fake.client.cancel({ name })))).toBe(14);
    expect(await time.runUntil(fake.client.get({ name }))).toMatchObject({ done: true });
  });

  test('after the effect of a wait comes when the wait ends', async () => {
    const { time, fake } = setUp();
    fake.fail({ afterEffect: true, network: true });
    await expect(time.runUntil(fake.client.wait!({ name }))).rejects.toThrow(TypeError);
    expect(time.now()).toBe(1_000);
  });

  test('tells how long to wait before another try', async () => {
    const { fake } = setUp();
    fake.fail({ retryAfter: 1_500, status: { code: 8, message: 'full', details: ['one'] } });
    const error: unknown = await fake.client.get({ name }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ status: { code: 8, message: 'full' } });
    const status = statusFrom(error);
    expect(status.details[0]).toBe('one');
    expect(findDetail(status, 'google.rpc.RetryInfo')?.retryDelay).toBe('1.5s');
  });

  test('that hangs is never answered, and ends when it is aborted', async () => {
    const { time, fake } = setUp(100);
    fake.fail({ hang: true });
    const controller = new AbortController();
    const call = fake.client.get({ name }, { signal: controller.signal });
    await time.advance(1e6);
    expect([fake.inFlight, time.pending]).toEqual([1, 0]);
    controller.abort('enough');
    expect(fake.inFlight).toBe(0);
    await expect(call).rejects.toBe('enough');
  });

  test('that hangs after the effect has it', async () => {
    const { fake } = setUp();
    fake.fail({ method: 'cancel', hang: true, afterEffect: true });
    void fake.client.cancel({ name });
    expect(await fake.client.get({ name })).toMatchObject({ done: true });
    expect(fake.inFlight).toBe(1);
  });

  test('of the network rejects as fetch does', async () => {
    const { fake } = setUp();
    fake.fail({ network: true, times: 2 });
    for (const call of [fake.client.get({ name }), fake.fetch(`http://a.test/v1/${name}`)]) {
      const error: unknown = await call.catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(TypeError);
      expect(error).toMatchObject({ message: 'fetch failed', cause: { code: 'ECONNRESET' } });
    }
  });

  test('answers with whatever it is told', async () => {
    const { fake } = setUp();
    fake.fail({ answer: 'nonsense' });
    fake.fail({ answer: null });
    expect(await fake.client.get({ name })).toBe('nonsense');
    expect(await fake.client.get({ name })).toBeNull();
  });

  test('by its HTTP status alone fails with the code that it stands for', async () => {
    const { fake } = setUp();
    fake.fail({ httpStatus: 403 });
    fake.fail({ httpStatus: 502, answer: '<html>', retryAfter: 1_000 });
    expect(await codeOf(fake.client.get({ name }))).toBe(7);
    const error: unknown = await fake.client.get({ name }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 13, status: { message: '<html>' } });
    expect(findDetail(statusFrom(error), 'google.rpc.RetryInfo')?.retryDelay).toBe('1s');
  });
});

describe('a fault is refused', () => {
  test.each<[unknown, string]>([
    [null, '`fault` must be an object; it is null'],
    [{ method: 'start' }, '`method` must be'],
    [{ name: 5 }, '`name` must be a string; it is 5'],
    [{ times: 0 }, '`times` must be a whole number >= 1, or Infinity; it is 0'],
    [{ skip: -1 }, '`skip` must be a whole number >= 0; it is -1'],
    [{ from: '5' }, '`from` must be a number; it is "5"'],
    [{ until: -1 }, '`until` must be a number >= 0, or Infinity; it is -1'],
    [{ from: 5, until: 4 }, '`until` must be a number >= 5, or Infinity; it is 4'],
    [{ status: { code: 0 } }, '`status.code` must not be 0'],
    [{ retryAfter: -1 }, '`retryAfter` must be a finite number >= 0; it is -1'],
    [{ hang: 1 }, '`hang` must be a boolean; it is 1'],
    [{ httpStatus: 199 }, '`httpStatus` must be a whole number >= 200 and <= 599; it is 199'],
    [{ httpStatus: 600 }, '`httpStatus` must be a whole number >= 200 and <= 599; it is 600'],
    [{ hang: true, network: true }, 'Only one of the options `hang` and `network` may be given'],
    [{ status: {}, answer: 1 }, 'Only one of the options `status` and `answer` may be given'],
    [{ network: true, httpStatus: 503 }, '`httpStatus` must not be given with `network`'],
    [{ hang: true, retryAfter: 5 }, '`retryAfter` must not be given with `hang`'],
  ])('when it is %j', async (fault, message) => {
    const { fake } = setUp();
    expect(() => fake.fail(fault as Fault)).toThrow(message);
    expect(await codeOf(fake.client.get({ name }))).toBeUndefined();
  });
});
