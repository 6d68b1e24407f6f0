import { beforeEach, describe, expect, it, vi } from 'vitest';
import { poll, type OperationEvent } from 'rx-lro';
import type * as FleetLibrary from 'rx-lro/fleet';
import { FakeOperations, VirtualTime } from 'rx-lro/testing';

// Needs Node: a browser loads a module once.
describe('a fleet of another copy of the package', () => {
  let other: typeof FleetLibrary;

  beforeEach(async () => {
    vi.resetModules();
    other = await import('rx-lro/fleet');
  });

  it('is taken as one of its own: it holds calls, and answers each wait once', async () => {
    const scheduler = new VirtualTime();
    const fake = new FakeOperations({ scheduler });
    const fleet = other.fleetClient(fake.client, { callsPerSecond: 0.01, scheduler });
    const events: OperationEvent[] = [];
    const onEvent = (event: OperationEvent): void => void events.push(event);
    const ended: string[] = [];
    for (const duration of [90_000, 100_000, 110_000]) {
      const { name } = fake.start({ duration });
      poll(fleet, name, { scheduler, onEvent }).subscribe({ complete: () => ended.push(name) });
    }
    await scheduler.advance(1_200_000);
    expect(ended).toHaveLength(3);
    expect(events.filter(({ type }) => type === 'failure')).toEqual([]);
    expect(fake.inFlight).toBe(0);
  });
});
