import { describe, expect, it } from 'vitest';

import { HOUR, world } from '../support/fleet-world.js';

const sweep = { parent: 'projects/p', pageSize: 100 };

describe('a list that shows operations as running for ever does not hold a fleet', () => {
  it('one Get decides about each that has not changed for an hour [report 21]', () => {
    const { time, service, watchMany, ended } = world({ sweep });
    watchMany(20, 24 * HOUR);
    const [stale = ''] = watchMany(1, 60_000);
    service.stale.add(stale);
    time.run(HOUR);
    expect(ended.size).toBe(0);
    expect(service.counts.get).toBe(0);
    time.run(HOUR + 60_000);
    expect([...ended.keys()]).toEqual([stale]);
  });

  it('and about all, when it shows none as it is [report 21]', () => {
    const { time, service, watchMany, ended } = world({ sweep });
    for (const name of watchMany(200, 60_000)) service.stale.add(name);
    time.run(1.5 * HOUR);
    expect(ended.size).toBe(200);
    expect(service.counts.get).toBe(200);
  });

  it('those Gets are a tenth of the calls at the most, and leave none out [report 21]', () => {
    const { time, service, watchMany, eventsOf } = world({ callsPerSecond: 0.5, sweep });
    watchMany(100, 48 * HOUR);
    const calls = service.record();
    time.run(4 * HOUR);
    const { get } = service.counts;
    expect(get).toBeGreaterThan(200);
    expect(get).toBeLessThanOrEqual(calls.length / 10);
    const asked = calls.flatMap(({ method, name }) => (method === 'get' ? [name] : []));
    expect(new Set(asked).size).toBe(100);
    expect(eventsOf('fallback')).toEqual([]);
  });

  it('what changes from list to list is not asked about by Get [report 21]', () => {
    const { time, service, watchMany, ended } = world({ sweep }, { hasProgress: true });
    watchMany(20, 3 * HOUR);
    time.run(4 * HOUR);
    expect(ended.size).toBe(20);
    expect(service.counts.get).toBe(0);
  });
});
