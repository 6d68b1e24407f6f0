import { describe, expect, it } from 'vitest';
import { poll, type OperationEvent, type OperationLike, type PollOptions } from 'rx-lro';
import { VirtualTime } from 'rx-lro/testing';
import { ScriptedClient, type ScriptedAnswer } from '../support/scripted-client.js';

const name = 'operations/1';

/** When `get` is called, given what it answers with one after the other. */
async function callTimes(
  answers: readonly OperationLike[],
  { source = name, ...options }: PollOptions & { readonly source?: string | OperationLike } = {},
): Promise<readonly number[]> {
  const time = new VirtualTime();
  const script = answers.map((value): ScriptedAnswer => ({ value }));
  const { client, calls } = new ScriptedClient(time, { get: script });
  poll(client, source, { scheduler: time, ...options }).subscribe({ error: () => undefined });
  await time.advance(10_000_000);
  return calls.map((call) => call.time);
}

const running = (pollAfter: OperationLike['pollAfter']): OperationLike => ({ name, pollAfter });
const done: OperationLike = { name, done: true };

describe('`pollAfter` of an answer', async () => {
  it('replaces the delay of the default backoff, be it longer or shorter [report 16]', async () => {
    expect(await callTimes([running(20_000), running(100), done])).toEqual([0, 20_000, 20_100]);
  });

  it('holds for the delay that follows, and for no other', async () => {
    expect(await callTimes([running(5_000), { name }, done])).toEqual([0, 5_000, 5_334.125]);
  });

  it.each([
    ['numbers', { startingDelay: 1_000, jitter: 'none' } as const],
    ['a function', () => 1_000],
  ])('is the least delay of a backoff that the caller gave: %s', async (_, backoff) => {
    expect(await callTimes([running(20_000), done], { backoff })).toEqual([0, 20_000]);
    expect(await callTimes([running(100), done], { backoff })).toEqual([0, 1_000]);
  });

  it('is no more than an hour', async () => {
    expect(await callTimes([running(1e12), done])).toEqual([0, 3_600_000]);
  });

  it.each([
    ['seconds', '20', 20_000],
    ['a date', 'Thu, 01 Jan 1970 00:00:07 GMT', 7_000],
  ])('may be the text of a Retry-After header: %s', async (_, pollAfter, delay) => {
    expect(await callTimes([running(pollAfter), done])).toEqual([0, delay]);
  });

  it.each([null, undefined, 0, -1, Number.NaN, '', '0', 'soon', '-5', {} as number, true as never])(
    'counts as absent when it is %s',
    async (pollAfter) => {
      expect(await callTimes([running(pollAfter), done])).toEqual([0, 275]);
    },
  );

  it('counts as absent when it cannot be read', async () => {
    const answer = {
      name,
      get pollAfter(): number {
        throw new Error('gone');
      },
    };
    expect(await callTimes([answer, done])).toEqual([0, 275]);
  });

  it('counts where a snapshot is given to wait for', async () => {
    expect(await callTimes([done], { source: running(5_000) })).toEqual([5_000]);
    expect(await callTimes([done], { source: running('5') })).toEqual([5_000]);
  });

  it('counts where the start call answers with it', async () => {
    const time = new VirtualTime();
    const { client, calls } = new ScriptedClient(time, {
      get: [{ value: done }],
      list: [{ value: running(5_000) }],
    });
    const start = client.list?.({ name }, { signal: new AbortController().signal });
    poll(client, start as never, { scheduler: time }).subscribe();
    await time.advance(100_000);
    expect(calls.map((call) => call.time)).toEqual([0, 5_000]);
  });

  it('is cut short by `timeout` for one last call', async () => {
    const [, last] = await callTimes([running(60_000), done], { timeout: 10_000 });
    expect(last).toBeGreaterThan(8_000);
    expect(last).toBeLessThan(10_000);
  });

  it('is not part of a snapshot, and a change of it is not emitted', async () => {
    const time = new VirtualTime();
    const { client } = new ScriptedClient(time, {
      get: [running(100), running(200), done].map((value) => ({ value })),
    });
    const seen: unknown[] = [];
    poll(client, name, { scheduler: time }).subscribe((operation) => seen.push(operation));
    await time.advance(10_000);
    expect(seen).toEqual([
      { name, done: false },
      { name, done: true },
    ]);
  });

  it('paces a server that holds calls', async () => {
    const time = new VirtualTime();
    const { client, calls } = new ScriptedClient(time, {
      get: [{ value: running(undefined) }],
      wait: [
        { value: running(undefined), latency: 10_000 },
        { value: running(15_000), latency: 10_000 },
        { value: done, latency: 10_000 },
      ],
    });
    poll(client, name, { scheduler: time }).subscribe();
    await time.advance(100_000);
    expect(calls.map((call) => call.time)).toEqual([0, 0, 10_000, 35_000]);
  });

  it('is forgotten once the operation is cancelled', async () => {
    const time = new VirtualTime();
    const { client, calls } = new ScriptedClient(time, {
      get: [running(60_000), running(undefined), done].map((value) => ({ value })),
      cancel: [{ value: {} }],
    });
    const controller = new AbortController();
    poll(client, name, { scheduler: time, signal: controller.signal }).subscribe();
    await time.advance(1_000);
    controller.abort();
    await time.advance(100_000);
    expect(calls.map((call) => [call.method, call.time])).toEqual([
      ['get', 0],
      ['cancel', 1_000],
      ['get', 1_275],
      ['get', 1_609.125],
    ]);
  });

  it('is the delay that the event says', async () => {
    const delays: number[] = [];
    const onEvent = (event: OperationEvent): void => {
      if (event.type === 'delay') delays.push(event.delay);
    };
    await callTimes([running(7_000), done], { onEvent });
    expect(delays).toEqual([7_000]);
  });
});
