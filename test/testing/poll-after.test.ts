import { waitForDone } from 'rx-lro';
import { restClient } from 'rx-lro/rest';
import { FakeOperations, VirtualTime, type OperationScript } from 'rx-lro/testing';
import { describe, expect, test } from 'vitest';

const name = 'operations/1';
const url = `https://operations.test/v1/${name}`;

function setUp(script: OperationScript): { time: VirtualTime; fake: FakeOperations } {
  const time = new VirtualTime();
  const fake = new FakeOperations({ scheduler: time, wait: true });
  expect(fake.start(script)).not.toHaveProperty('pollAfter');
  return { time, fake };
}

describe('`pollAfter` of a script', () => {
  test('is part of the answers to Get and Wait until the operation is done', async () => {
    const { time, fake } = setUp({ duration: 5_000, pollAfter: 1_500 });
    const running = { name, done: false, pollAfter: 1_500 };
    expect(await fake.client.get({ name })).toEqual(running);
    expect(await fake.client.wait!({ name, timeout: 0 })).toEqual(running);
    expect(await fake.client.list({ name: '' })).toEqual({ operations: [{ name, done: false }] });
    await time.advance(5_000);
    expect(await fake.client.get({ name })).toEqual({ name, done: true });
  });

  test('is the header `Retry-After` over HTTP, rounded up to seconds', async () => {
    const { time, fake } = setUp({ duration: 5_000, pollAfter: 1_500 });
    const answer = await fake.fetch(url);
    expect(answer.headers.get('retry-after')).toBe('2');
    expect(await answer.json()).toEqual({ name });
    await time.advance(5_000);
    expect((await fake.fetch(url)).headers.has('retry-after')).toBe(false);
  });

  test.each(['20', 'Thu, 01 Jan 1970 00:00:07 GMT', 'soon'])(
    'may be text: %s',
    async (pollAfter) => {
      const { fake } = setUp({ pollAfter });
      expect(await fake.client.get({ name })).toMatchObject({ pollAfter });
      expect((await fake.fetch(url)).headers.get('retry-after')).toBe(pollAfter);
    },
  );

  test('holds from a step on, until another step changes it', async () => {
    const { time, fake } = setUp({
      steps: [
        { after: 10, pollAfter: 100 },
        { after: 10, metadata: 1 },
        { after: 10, pollAfter: 0 },
        { after: 10, done: true },
      ],
    });
    const seen: unknown[] = [];
    for (let step = 0; step < 5; step += 1) {
      seen.push((await fake.client.get({ name })).pollAfter);
      await time.advance(10);
    }
    expect(seen).toEqual([undefined, 100, 100, 0, undefined]);
  });

  test('ends with a cancel', async () => {
    const { fake } = setUp({ pollAfter: 100 });
    await fake.client.cancel({ name });
    expect(await fake.client.get({ name })).not.toHaveProperty('pollAfter');
  });

  test('is when the next call comes [fake 4]', async () => {
    const { time, fake } = setUp({ duration: 25_000, pollAfter: 10_000, response: 'film' });
    const client = { get: fake.client.get };
    expect(await time.runUntil(waitForDone(client, name, { scheduler: time }))).toBe('film');
    expect(fake.calls.map((call) => call.time)).toEqual([0, 10_000, 20_000, 30_000]);
  });

  test.each([-1, Number.NaN, {}, true])('is refused when it is %o', (pollAfter) => {
    const fake = new FakeOperations();
    const step = { after: 0, pollAfter: pollAfter as number };
    expect(() => fake.start(step)).toThrow('`pollAfter` must be');
    expect(() => fake.start({ steps: [step] })).toThrow('`steps[0].pollAfter` must be');
  });
});

test('the `retryAfter` of a fault that answers is the `pollAfter` of its answer', async () => {
  const { fake } = setUp({});
  fake.fail({ answer: { name }, retryAfter: 3_000 });
  fake.fail({ answer: 'text', retryAfter: 3_000 });
  fake.fail({ method: 'cancel', answer: {}, retryAfter: 3_000 });
  expect(await fake.client.get({ name })).toEqual({ name, pollAfter: 3_000 });
  expect(await fake.client.get({ name })).toBe('text');
  expect(await fake.client.cancel({ name })).toEqual({});
});

test('a token that is refused once is a fault with the code UNAUTHENTICATED [fake 4]', async () => {
  const { time, fake } = setUp({ response: 'film' });
  let token = 'old';
  const client = restClient({
    baseUrl: 'https://operations.test',
    fetch: fake.fetch,
    headers: ({ refused }) => {
      if (refused) token = 'new';
      return { authorization: `Bearer ${token}` };
    },
  });
  fake.fail({ status: { code: 16, message: 'The token has expired.' } });
  expect((await fake.fetch(url)).status).toBe(401);
  fake.fail({ httpStatus: 401 });
  const wait = waitForDone(client, name, { scheduler: time });
  expect(await time.runUntil(wait)).toBe('film');
  expect(token).toBe('new');
});
