import { describe, expect, it } from 'vitest';
import { cancelOperation, listPages, poll } from 'rx-lro';
import { HOUR, refused, world } from '../support/fleet-world.js';

describe('who waits', () => {
  it('shares one call among all who wait for a name', () => {
    const { time, service, watch, ended } = world();
    const name = service.start(10_000);
    for (let watcher = 0; watcher < 100; watcher += 1) watch(name);
    const alone = world();
    alone.watch(alone.service.start(10_000));
    time.run(HOUR);
    alone.time.run(HOUR);
    expect(ended.get(name)).toBe(alone.ended.values().next().value);
    expect(service.counts.get).toBe(alone.service.counts.get);
  });

  it('answers a get with a look that begins after it was asked', () => {
    const { time, service, asked } = world();
    const name = service.start(1000);
    const early = asked('get', name);
    // The look for the first one is under way, and was made halfway: before the second one asks.
    time.run(30);
    const late = asked('get', name);
    time.run(55);
    expect(early.answers).toHaveLength(1);
    expect(late.answers).toHaveLength(0);
    time.run(200);
    expect(late.answers).toHaveLength(1);
    expect(service.counts.get).toBe(2);
  });

  it('holds a wait with no traffic but its own until there is news, and wakes all at once', () => {
    const { time, service, asked } = world({ backoff: () => 10_000 });
    const name = service.start(5000);
    const waits = Array.from({ length: 5 }, () => asked('wait', name));
    time.run(9999);
    expect(service.counts.get).toBe(0);
    // Somebody else asks, and brings the news to all.
    asked('get', name);
    time.run(10_100);
    expect(waits.map(({ answers }) => answers)).toEqual(
      waits.map(() => [{ name, done: true, response: 'made' }]),
    );
    expect(service.counts.get).toBe(1);
  });

  it('shows progress to one who was given what was known before, and only what is new', () => {
    const { time, service, client } = world({}, { hasProgress: true });
    const name = service.start(20_000);
    const seen: unknown[] = [];
    poll(client, name, { scheduler: time }).subscribe(({ metadata }) => seen.push(metadata));
    time.run(HOUR);
    expect(seen.length).toBeGreaterThan(8);
    expect(new Set(seen.map((each) => JSON.stringify(each))).size).toBe(seen.length);
    expect(service.counts.get).toBeGreaterThanOrEqual(seen.length);
  });

  it('answers a wait whose time is up with what is known', () => {
    const { time, service, asked } = world();
    const name = service.start(HOUR);
    asked('get', name);
    time.run(100);
    const wait = asked('wait', name, 100);
    time.run(199);
    expect(wait.answers).toEqual([]);
    time.run(200);
    expect(wait.answers).toEqual([{ name, done: false }]);
  });

  it('makes nothing up for a wait whose operation has yet to be looked at', () => {
    const { time, service, asked } = world({ backoff: () => 10_000 });
    const wait = asked('wait', service.start(HOUR), 100);
    time.run(100);
    expect(wait.answers).toEqual([]);
    expect(wait.errors).toMatchObject([{ kind: 'call-failed', codeName: 'DEADLINE_EXCEEDED' }]);
  });

  it('fails with what the backoff function throws', () => {
    const fault = new Error('my own');
    const { time, service, watch, asked } = world({
      backoff: ({ attempt }) => {
        if (attempt > 1) throw fault;
        return 100;
      },
    });
    const name = service.start(HOUR);
    watch(name);
    const wait = asked('wait', name);
    time.run(1000);
    expect([...wait.errors, ...wait.answers]).toHaveLength(1);
  });
});

describe('limits', () => {
  it('keeps to the calls per second and in flight, also with thousands who ask at once', () => {
    const { time, service, watchMany } = world(
      { callsPerSecond: 20, burst: 7, callsInFlight: 3 },
      { latency: 400 },
    );
    const calls = service.record();
    watchMany(2000, HOUR);
    time.run(60_000);
    expect(service.mostInFlight).toBe(3);
    // Three at a time, 400 ms each.
    expect(calls.length).toBeGreaterThan(440);
    const over = calls.filter(({ time: from }, first) => {
      const inWindow = calls.slice(first).filter((call) => call.time <= from + 1000).length;
      return inWindow > 7 + 20;
    });
    expect(over).toEqual([]);
  });

  it('stretches all delays alike when more is due than may be called', () => {
    const delays = [1000, 2000, 4000, 8000];
    const delayOf = (name: string): number => delays[Number(name.split('/').at(-1)) % 4]!;
    const { time, service, watchMany } = world({
      callsPerSecond: 5,
      backoff: ({ operation }) => delayOf(operation.name),
    });
    const calls = service.record();
    const names = watchMany(200, 100 * HOUR);
    time.run(HOUR);
    // 50 of each delay ask for 93.75 calls per second, of which there are 5.
    const stretch = 93.75 / 5;
    for (const name of names.slice(0, 8)) {
      const times = calls.filter((call) => call.name === name).map((call) => call.time);
      const settled = times.slice(Math.floor(times.length / 4));
      const mean = (settled.at(-1)! - settled[0]!) / (settled.length - 1);
      expect(mean / delayOf(name) / stretch).toBeGreaterThan(0.93);
      expect(mean / delayOf(name) / stretch).toBeLessThan(1.07);
    }
  });

  it('stretches nothing while the limits allow for what is due', () => {
    const { time, service, watch } = world({ callsPerSecond: 5, backoff: () => 1000 });
    const calls = service.record();
    const name = service.start(HOUR);
    watch(name);
    time.run(60_000);
    const gaps = calls.slice(2).map((call, index) => call.time - calls[index + 1]!.time);
    expect(new Set(gaps.map(Math.round))).toEqual(new Set([1050]));
  });

  it('starves none, though new ones keep coming', () => {
    const { time, service, watch, watchMany } = world({ callsPerSecond: 5 });
    watchMany(100, 10 * HOUR);
    // 4 a second, each of which is over by its first look.
    const more = (): void => {
      watch(service.start(1));
      if (time.now() < HOUR) time.schedule(more, 250);
    };
    more();
    time.run(HOUR);
    expect(service.longestGap).toBeLessThan(600_000);
  });

  it('loses nobody whose turn comes long after the time of a call', () => {
    const { time, service, watchMany, ended, failed } = world({ callsPerSecond: 1, burst: 1 });
    const names = watchMany(200, 1);
    time.run(HOUR);
    expect(failed.size).toBe(0);
    expect(ended.size).toBe(names.length);
    expect(service.counts.get).toBeLessThanOrEqual(names.length + 10);
  });

  it('keeps the turn of those who give up and come again', () => {
    const { time, service, watchMany } = world({ callsPerSecond: 1, burst: 1 });
    const calls = service.record();
    const names = watchMany(2000, 100 * HOUR);
    // A turn comes after two thousand seconds, and a get gives up after sixty, for ten at the most.
    time.run(2_400_000);
    const first = new Map<string, number>();
    for (const call of calls) if (!first.has(call.name)) first.set(call.name, call.time);
    expect(first.size).toBe(names.length);
  });

  it('has a cancel go before all else, and looks at the operation soon after', () => {
    const { time, service, client, watchMany, ended } = world({ callsPerSecond: 2, burst: 1 });
    const [first] = watchMany(5000, HOUR);
    time.run(60_000);
    const calls = service.record();
    void cancelOperation(client, first!, { scheduler: time });
    time.run(62_000);
    expect(calls[0]).toMatchObject({ method: 'cancel', name: first });
    expect(ended.get(first!)).toBeLessThan(62_000);
  });

  it('lets a list of somebody take turns with its own calls', () => {
    const { time, service, client, watchMany } = world({ callsPerSecond: 2, burst: 1 });
    watchMany(500, HOUR);
    time.run(10_000);
    const calls = service.record();
    let pages = 0;
    const list = listPages(client, { name: service.parent, pageSize: 10 }, { scheduler: time });
    list.subscribe(() => (pages += 1));
    time.run(30_000);
    expect(pages).toBeGreaterThanOrEqual(18);
    expect(calls.filter(({ method }) => method === 'get').length).toBeGreaterThanOrEqual(18);
  });
});

describe('when the server has enough', () => {
  it('goes slower as a whole on RESOURCE_EXHAUSTED, and comes back', () => {
    const { time, service, eventsOf, watchMany, failed } = world({
      callsPerSecond: 20,
      backoff: () => 1000,
    });
    watchMany(100, 10 * HOUR);
    time.run(60_000);
    service.fault = () => refused(429);
    const before = service.counts.get;
    time.run(70_000);
    // Without a limit it would be 200.
    expect(service.counts.get - before).toBeLessThan(40);
    service.fault = () => undefined;
    time.run(200_000);
    const rates = eventsOf('rate').map((event) => event.callsPerSecond);
    expect(Math.min(...rates)).toBeLessThan(2);
    expect(Math.min(...rates)).toBeGreaterThanOrEqual(0.2);
    expect(rates.at(-1)).toBe(20);
    const recovered = service.counts.get;
    time.run(210_000);
    expect(service.counts.get - recovered).toBeGreaterThan(190);
    expect(failed.size).toBe(0);
  });

  it('makes no call before the server wants one again', () => {
    const { time, service, watchMany } = world({ callsPerSecond: 20 });
    const retryInfo = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '30s' };
    watchMany(100, HOUR);
    time.run(10_000);
    service.fault = () => ({ code: 8, message: 'enough', details: [retryInfo] });
    time.run(11_000);
    const calls = service.record();
    time.run(39_000);
    expect(calls).toEqual([]);
    time.run(42_000);
    expect(calls.length).toBeGreaterThan(0);
  });
});

describe('failures', () => {
  it('tells a get at once, and a wait after three in a row', () => {
    const { time, service, asked } = world();
    const name = service.start(HOUR);
    service.fault = () => refused(503);
    const wait = asked('wait', name);
    time.run(500);
    const get = asked('get', name);
    time.run(600);
    expect(get.errors).toEqual([refused(503)]);
    expect(wait.errors).toEqual([]);
    time.run(10_000);
    expect(wait.errors).toEqual([refused(503)]);
  });

  it('tells of what does not pass by way of a get, so that wait is still of use', () => {
    const { time, service, watch, failed } = world();
    const name = service.start(HOUR);
    const other = service.start(10_000);
    watch(name);
    watch(other);
    time.run(2000);
    service.fault = (call) => (call.name === name ? refused(404) : undefined);
    time.run(60_000);
    expect(failed.get(name)).toMatchObject({ codeName: 'NOT_FOUND', method: 'get' });
    const before = service.counts.get;
    watch(service.start(HOUR));
    time.run(70_000);
    expect(service.counts.get - before).toBeGreaterThan(3);
  });
});
