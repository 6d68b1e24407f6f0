import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { poll } from 'rx-lro';
import { fleetClient, type FleetEvent } from 'rx-lro/fleet';

const kinds = ['answer', 'call', 'failure', 'fallback', 'rate', 'sweep'];
const epoch = Date.UTC(2026, 0, 1);
const refused = Object.assign(new Error('refused'), { status: 429 });

beforeEach(() => {
  vi.useFakeTimers({ now: epoch });
});

afterEach(() => {
  vi.useRealTimers();
});

it('the time of every event of a fleet is milliseconds since the epoch [report 9]', async () => {
  const told: (readonly [event: FleetEvent, now: number])[] = [];
  let lists = 0;
  const client = fleetClient(
    {
      get: async ({ name }) => ({ name }),
      list: async () => {
        lists += 1;
        if (lists === 1) throw refused;
        return {};
      },
    },
    {
      sweep: { parent: 'operations', pageSize: 10 },
      onEvent: (event) => told.push([event, Date.now()]),
    },
  );
  const waits = Array.from({ length: 5 }, (_, index) =>
    poll(client, `operations/${index}`).subscribe(),
  );
  await vi.advanceTimersByTimeAsync(60_000);
  for (const wait of waits) wait.unsubscribe();
  expect([...new Set(told.map(([{ type }]) => type))].toSorted()).toEqual(kinds);
  expect(told.map(([{ time }]) => time)).toEqual(told.map(([, now]) => now));
  for (const [event, now] of told) {
    if (event.type !== 'fallback') continue;
    expect(event.until).toBeGreaterThan(now);
    expect(event.until).toBeLessThan(now + 86_400_000);
  }
});
