import { NEVER } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { poll, type OperationEvent, type OperationsClient } from 'rx-lro';
import { fleetClient, waitForAll } from 'rx-lro/fleet';
import { FakeOperations, VirtualTime } from 'rx-lro/testing';

const HOUR = 3_600_000;

/** What `poll` of this copy tells of two operations that a slow fleet watches. */
async function eventsOver(client: OperationsClient, scheduler: VirtualTime, names: string[]) {
  const events: OperationEvent[] = [];
  const onEvent = (event: OperationEvent): void => void events.push(event);
  const waits = names.map((name) => poll(client, name, { scheduler, onEvent }).subscribe());
  await scheduler.advance(600_000);
  for (const wait of waits) wait.unsubscribe();
  return events;
}

describe('the pace of a client', () => {
  it('is told by a fleet, whose calls wait for their turn for as long as it takes', async () => {
    const scheduler = new VirtualTime();
    const fake = new FakeOperations({ scheduler });
    const names = [1, 2, 3].map(() => fake.start({ duration: HOUR }).name);
    const slow = { callsPerSecond: 0.01, scheduler };
    const fleet = fleetClient(fake.client, slow);
    expect(fleet.pacing).toEqual({ holdsCalls: true, callsPerSecond: 0.01 });
    const events = await eventsOver(fleet, scheduler, names);
    expect(events.filter(({ type }) => type === 'answer').length).toBeGreaterThanOrEqual(3);
    expect(events.filter(({ type }) => type === 'failure')).toEqual([]);
    // The same calls without it are given up after a minute.
    const untold = { ...fleetClient(fake.client, slow), pacing: undefined };
    const others = await eventsOver(untold, scheduler, names);
    expect(others.filter(({ type }) => type === 'failure')).not.toEqual([]);
  });

  it('passes with a client that is spread', async () => {
    const scheduler = new VirtualTime();
    const fake = new FakeOperations({ scheduler });
    const names = [1, 2, 3].map(() => fake.start({ duration: HOUR }).name);
    const wrapped = { ...fleetClient(fake.client, { callsPerSecond: 0.01, scheduler }) };
    const events = await eventsOver(wrapped, scheduler, names);
    expect(events.filter(({ type }) => type === 'failure')).toEqual([]);
  });

  it('of anybody leaves a call without a limit of its own, unless one is given', async () => {
    const scheduler = new VirtualTime();
    const timeouts: (number | undefined)[] = [];
    const client: OperationsClient = {
      get: (_, { timeout }) => {
        timeouts.push(timeout);
        return NEVER;
      },
      pacing: { holdsCalls: true },
    };
    const waits = [undefined, 5_000].map((callTimeout) =>
      poll(client, 'operations/1', { scheduler, callTimeout }).subscribe(),
    );
    for (const wait of waits) wait.unsubscribe();
    expect(timeouts).toEqual([undefined, 5_000]);
  });

  it('gives the cancels of waitForAll the time that they take', async () => {
    const scheduler = new VirtualTime();
    const names = Array.from({ length: 100 }, (_, index) => `operations/${index}`);
    const stop = new AbortController();
    const timeToGiveUp = async (pacing: OperationsClient['pacing']): Promise<number> => {
      const client: OperationsClient = { get: () => NEVER, cancel: () => NEVER, pacing };
      const begun = scheduler.now();
      const all = waitForAll(client, names, { scheduler, signal: stop.signal });
      stop.abort();
      await scheduler.runUntil(all.catch(() => undefined));
      return scheduler.now() - begun;
    };
    expect(await timeToGiveUp(undefined)).toBe(30_000);
    // Four calls for each operation.
    expect(await timeToGiveUp({ callsPerSecond: 4 })).toBe(130_000);
  });

  it.each([
    [5, TypeError, /client\.pacing/],
    [{ callsPerSecond: 0 }, RangeError, /client\.pacing\.callsPerSecond/],
    [{ callsPerSecond: 'ten' }, TypeError, /client\.pacing\.callsPerSecond/],
  ])('that makes no sense is refused before any call: %o', (pacing, type, message) => {
    const get = vi.fn<OperationsClient['get']>();
    const client = { get, pacing } as unknown as OperationsClient;
    expect(() => poll(client, 'operations/1')).toThrow(type);
    expect(() => poll(client, 'operations/1')).toThrow(message);
    expect(get).not.toHaveBeenCalled();
  });
});
