import { describe, expect, it } from 'vitest';
import { poll } from 'rx-lro';
import { fleetClient, type FleetEvent, type FleetOptions } from 'rx-lro/fleet';
import { backoffOf } from '../support/backoff-of.js';
import { HOUR, refused, world } from '../support/fleet-world.js';
import { ListedService } from '../support/listed-service.js';
import { SimulatedTime } from '../support/simulated-time.js';

describe('sweeps', () => {
  const sweep = { parent: 'projects/p', pageSize: 100 };

  it('answers many names with one list, from their first call on [polling 25]', () => {
    const { time, service, watchMany, ended, eventsOf } = world({ callsPerSecond: 5, sweep });
    const names = watchMany(1000, 60_000);
    time.run(HOUR);
    expect(ended.size).toBe(1000);
    expect(service.counts.get).toBe(0);
    for (const name of names) expect(ended.get(name)! - 60_000).toBeLessThan(4200);
    expect(eventsOf('fallback')).toEqual([]);
    expect(eventsOf('sweep')[0]).toMatchObject({ outcome: 'complete', pages: 10, shown: 1000 });
  });

  it('asks about a few by Get, and about more by sweeps', () => {
    const few = world({ sweep });
    few.watchMany(1, 10_000);
    few.time.run(HOUR);
    expect(few.service.counts.list).toBe(0);
    const more = world({ sweep });
    more.watchMany(3, 10_000);
    more.time.run(HOUR);
    expect(more.service.counts.get).toBe(0);
  });

  it('makes no more calls than Gets would have made, for news that comes sooner', () => {
    const durations = Array.from({ length: 40 }, (_, index) => 10_000 + 7919 * index);
    const run = (options: FleetOptions) => {
      const each = world({ callsPerSecond: 100, callsInFlight: 100, ...options });
      for (const duration of durations) each.watch(each.service.start(duration));
      each.time.run(HOUR);
      const late = [...each.ended].map(([name, time]) => time - each.service.endOf(name));
      const { get, list } = each.service.counts;
      return { calls: get + list, delay: late.reduce((a, b) => a + b) / late.length };
    };
    const gets = run({});
    const sweeps = run({ sweep });
    expect(sweeps.calls).toBeLessThan(gets.calls);
    expect(sweeps.delay).toBeLessThan(gets.delay / 4);
  });

  it.each([2, 3, 5, 20])('pays for %i names that last equally long', (count) => {
    const run = (options: FleetOptions) => {
      const { time, service, watchMany, ended } = world(options);
      watchMany(count, 600_000);
      time.run(HOUR);
      const { get, list } = service.counts;
      expect(ended.size).toBe(count);
      return get + list;
    };
    const gets = run({ backoff: backoffOf({ jitter: 'none' }) });
    const sweeps = run({ backoff: backoffOf({ jitter: 'none' }), sweep });
    expect(sweeps).toBeLessThanOrEqual(1.02 * gets);
  });

  it('tells a backoff of a first attempt once, and tells of every sweep', () => {
    const attempts: number[] = [];
    const { time, service, watchMany, eventsOf } = world({
      sweep,
      backoff: ({ attempt }) => {
        attempts.push(attempt);
        return 20_000;
      },
    });
    watchMany(100, 120_000);
    time.run(HOUR);
    expect(attempts.filter((attempt) => attempt === 1)).toHaveLength(100);
    expect(attempts.length).toBeGreaterThan(1000);
    expect(eventsOf('sweep')).toHaveLength(service.counts.list);
  });

  it('shows progress by sweeps', () => {
    const { time, service, client } = world({ sweep }, { hasProgress: true });
    const seen: unknown[] = [];
    for (let each = 0; each < 50; each += 1) {
      const name = service.start(100_000);
      poll(client, name, { scheduler: time }).subscribe(({ metadata }) => {
        if (each === 0) seen.push(metadata);
      });
    }
    time.run(HOUR);
    expect(service.counts.get).toBe(0);
    expect(seen.length).toBeGreaterThan(50);
  });

  it.each([400, 403, 404, 405, 501])('asks by Get for good where a list is HTTP %i', (code) => {
    const { time, service, eventsOf, watchMany, ended } = world({ callsPerSecond: 50, sweep });
    service.fault = ({ method }) => (method === 'list' ? refused(code) : undefined);
    watchMany(200, 60_000);
    time.run(HOUR);
    expect(service.counts.list).toBe(1);
    expect(ended.size).toBe(200);
    expect(eventsOf('fallback')).toMatchObject([{ parent: 'projects/p', until: Infinity }]);
  });

  it('asks by Get for good where the client has no list', () => {
    const time = new SimulatedTime();
    const service = new ListedService({ scheduler: time });
    const { get } = service.client;
    const fallbacks: FleetEvent[] = [];
    const client = fleetClient(
      { get },
      {
        scheduler: time,
        sweep,
        onEvent: (event) => {
          if (event.type === 'fallback') fallbacks.push(event);
        },
      },
    );
    let done = 0;
    for (let each = 0; each < 20; each += 1) {
      poll(client, service.start(10_000), { scheduler: time }).subscribe({
        complete: () => (done += 1),
      });
    }
    time.run(HOUR);
    expect(done).toBe(20);
    expect(fallbacks).toHaveLength(1);
  });

  it('asks by Get for a while where the credentials have run out, and sweeps again', () => {
    const { time, service, watchMany, ended } = world({ callsPerSecond: 50, sweep });
    watchMany(200, 600_000);
    time.run(10_000);
    service.fault = ({ method }) => (method === 'list' ? refused(401) : undefined);
    time.run(100_000);
    expect(service.counts.get).toBeGreaterThan(150);
    service.fault = () => undefined;
    time.run(300_000);
    const { get } = service.counts;
    time.run(HOUR);
    expect(service.counts.get - get).toBeLessThan(5);
    expect(ended.size).toBe(200);
  });

  it('tries a page again that fails in passing', () => {
    const { time, service, watchMany, ended, eventsOf } = world({ callsPerSecond: 50, sweep });
    watchMany(500, 60_000);
    let calls = 0;
    service.fault = ({ method }) => {
      if (method === 'list') calls += 1;
      return calls % 3 === 2 ? refused(503) : undefined;
    };
    time.run(HOUR);
    expect(service.counts.get).toBe(0);
    expect(ended.size).toBe(500);
    expect(eventsOf('sweep').every(({ outcome }) => outcome === 'complete')).toBe(true);
  });

  it('asks by Get about what a list does not show, and goes on with sweeps for the others', () => {
    const { time, service, watchMany, ended, eventsOf } = world({ callsPerSecond: 50, sweep });
    const names = watchMany(300, 60_000);
    const hidden = names.slice(100, 110);
    for (const name of hidden) service.unlisted.add(name);
    const calls = service.record();
    time.run(HOUR);
    expect(ended.size).toBe(300);
    const got = new Set(calls.filter((call) => call.method === 'get').map((call) => call.name));
    expect(got).toEqual(new Set(hidden));
    expect(eventsOf('fallback')).toEqual([]);
  });

  it('takes up again what a list shows late', () => {
    const { time, service, watchMany } = world({ callsPerSecond: 50, sweep });
    const names = watchMany(300, HOUR);
    for (const name of names.slice(0, 10)) service.unlisted.add(name);
    time.run(60_000);
    expect(service.counts.get).toBeGreaterThan(10);
    service.unlisted.clear();
    time.run(120_000);
    const { get } = service.counts;
    time.run(600_000);
    expect(service.counts.get).toBe(get);
  });

  it('asks at once about what a filter has taken from the list', () => {
    const filtered = { ...sweep, filter: 'done=false' };
    const { time, service, watch, watchMany, ended } = world({
      callsPerSecond: 5,
      sweep: filtered,
    });
    watchMany(500, HOUR);
    const name = service.start(60_000);
    watch(name);
    time.run(70_000);
    expect(ended.get(name)! - 60_000).toBeLessThan(5000);
    expect(service.counts.get).toBe(1);
  });

  it('does not sweep a list that shows none of what is watched', () => {
    const { time, service, watchMany, eventsOf } = world({ callsPerSecond: 50, sweep });
    for (const name of watchMany(300, 100 * HOUR)) service.unlisted.add(name);
    time.run(HOUR);
    // Less and less often: after 2 s, 4 s, and so on up to ten minutes.
    expect(service.counts.list).toBeLessThan(60);
    const [first, second] = eventsOf('fallback');
    expect(second!.until - second!.time).toBeGreaterThan(first!.until - first!.time);
  });

  it('ends a sweep at a page token that comes again', () => {
    const { time, service, watchMany, ended, eventsOf } = world({
      callsPerSecond: 50,
      sweep: { parent: 'projects/p', pageSize: 10 },
    });
    const { list } = service.client;
    service.client.list = (request, options) =>
      list!(
        { ...request, pageToken: request.pageToken === '10' ? undefined : request.pageToken },
        options,
      );
    const names = watchMany(100, 60_000);
    time.run(HOUR);
    expect(ended.size).toBe(names.length);
    expect(eventsOf('sweep').map(({ outcome }) => outcome)).toContain('circle');
    expect(Math.max(...eventsOf('sweep').map(({ pages }) => pages))).toBeLessThan(4);
  });

  it('gives up a sweep that has more pages than there are names to look at', () => {
    const { time, service, watchMany, ended, eventsOf } = world({
      callsPerSecond: 50,
      sweep: { parent: 'projects/p', pageSize: 10 },
    });
    for (let other = 0; other < 5000; other += 1) service.start(HOUR);
    watchMany(30, 60_000);
    time.run(HOUR);
    expect(ended.size).toBe(30);
    const sweeps = eventsOf('sweep');
    expect(new Set(sweeps.map(({ outcome }) => outcome))).toEqual(new Set(['too-long']));
    expect(Math.max(...sweeps.map(({ pages }) => pages))).toBeLessThanOrEqual(30);
  });

  it('does not answer one who asks during a sweep with a page that was asked for before', () => {
    const { time, service, watchMany, asked } = world({ callsPerSecond: 5, sweep });
    const names = watchMany(100, HOUR);
    time.run(20);
    expect(service.counts.list).toBe(1);
    // The page under way shows this name too.
    const late = asked('get', names[50]!);
    time.run(60);
    expect(late.answers).toEqual([]);
    time.run(2000);
    expect(late.answers).toHaveLength(1);
  });

  it('sweeps each parent for its own names', () => {
    const parents = ['a', 'b'].map((parent) => ({
      parent,
      pageSize: 100,
      covers: (name: string) => Number(name.split('/').at(-1)) % 2 === (parent === 'a' ? 0 : 1),
    }));
    const { time, service, watchMany, ended } = world({ callsPerSecond: 20, sweep: parents });
    const calls = service.record();
    watchMany(100, 60_000);
    time.run(HOUR);
    expect(ended.size).toBe(100);
    expect(new Set(calls.map(({ method, name }) => `${method} ${name}`))).toEqual(
      new Set(['list a', 'list b']),
    );
  });
});
