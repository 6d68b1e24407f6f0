import { NEVER, Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { cancelOperation, poll } from 'rx-lro';
import { waitForAll, type WaitForAllError } from 'rx-lro/fleet';
import { HOUR, world } from '../support/fleet-world.js';

const sweep = { parent: 'projects/p', pageSize: 100 };
const retryInfo = (retryDelay: string): object => ({
  code: 14,
  message: 'later',
  details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay }],
});

describe('a list that goes wrong', () => {
  it.each(['from the first page on', 'later'])(
    'does not keep anybody from an answer when it hangs %s',
    (when) => {
      const { time, service, watchMany, ended } = world({ sweep });
      const { list } = service.client;
      const names = watchMany(20, 30_000);
      const hangsFrom = when === 'later' ? 10_000 : 0;
      service.client.list = (request, options) =>
        time.now() < hangsFrom ? list!(request, options) : NEVER;
      time.run(10 * HOUR);
      expect(ended.size).toBe(names.length);
      for (const at of ended.values()) expect(at).toBeLessThan(100_000);
    },
  );

  it('does not keep anybody from an answer when it is to be left alone for long', () => {
    const { time, service, watchMany, ended } = world({ sweep });
    const names = watchMany(20, 30_000);
    time.run(10_000);
    const { list } = service.counts;
    service.fault = ({ method }) => (method === 'list' ? retryInfo('86400s') : undefined);
    time.run(10 * HOUR);
    expect(ended.size).toBe(names.length);
    for (const at of ended.values()) expect(at).toBeLessThan(40_000);
    expect(service.counts.list - list).toBeLessThan(3);
  });

  it('sweeps again after an hour at the most, however long it was to be left alone', () => {
    const { time, service, watchMany } = world({ sweep });
    watchMany(200, 100 * HOUR);
    time.run(10_000);
    service.fault = ({ method }) => (method === 'list' ? retryInfo('864000s') : undefined);
    time.run(60_000);
    service.fault = () => undefined;
    const { list } = service.counts;
    time.run(2 * HOUR);
    expect(service.counts.list).toBeGreaterThan(list);
  });

  it('asks by Get while pages fail one after the other', () => {
    const { time, service, asked, watchMany } = world({ sweep });
    const names = watchMany(20, HOUR);
    time.run(10_000);
    service.fault = ({ method }) => (method === 'list' ? retryInfo('5s') : undefined);
    time.run(11_000);
    const get = asked('get', names[0]!);
    time.run(17_000);
    expect(get.answers).toHaveLength(1);
  });

  it('takes no longer over a list that shows little than over asking one by one', () => {
    const { time, service, watchMany, eventsOf } = world({ callsPerSecond: 5, sweep });
    // A place where everything is kept for years.
    for (let other = 0; other < 50_000; other += 1) service.start(1);
    time.run(1000);
    watchMany(1000, HOUR);
    time.run(HOUR);
    const sweeps = eventsOf('sweep');
    const pages = sweeps.reduce((sum, each) => sum + each.pages, 0);
    expect(pages).toBeLessThan(service.counts.get / 4);
    expect(service.longestGap).toBeLessThan(600_000);
  });

  it('goes on when `covers` throws, and takes that for a no', () => {
    const { time, service, watchMany, ended } = world({
      callsInFlight: 1,
      sweep: {
        ...sweep,
        covers: (name) => {
          if (name.endsWith('/7')) throw new TypeError('no');
          return true;
        },
      },
    });
    watchMany(20, 10_000);
    time.run(HOUR);
    expect(ended.size).toBe(20);
    expect(service.inFlight).toBe(0);
  });
});

describe('a look that comes late', () => {
  it('does not lose an operation whose Get was overtaken by a sweep', () => {
    const { time, service, watch, watchMany, ended } = world({ sweep });
    const slow = service.start(12_000);
    const { get } = service.client;
    let isFirst = true;
    service.client.get = (request, options) => {
      if (request.name !== slow || !isFirst) return get(request, options);
      isFirst = false;
      return new Observable((subscriber) =>
        time.schedule(() => {
          subscriber.next({ name: slow, done: false });
          subscriber.complete();
        }, 8000),
      );
    };
    watch(slow);
    time.run(1000);
    watchMany(20, 7000);
    time.run(HOUR);
    expect(ended.get(slow)).toBeLessThan(20_000);
  });

  it('tells a newcomer what is known, though another one never came back for more', () => {
    const { time, service, asked } = world({ backoff: () => 5000 });
    const name = service.start(HOUR);
    asked('wait', name);
    time.run(100);
    asked('wait', name);
    time.run(7000);
    const newcomer = asked('wait', name);
    time.run(13_000);
    expect(newcomer.answers).toEqual([{ name, done: false }]);
  });
});

describe('many cancels', () => {
  it('lets looks take turns with them', () => {
    const { time, service, client, watch, ended } = world({ callsPerSecond: 5 });
    const names = Array.from({ length: 1500 }, () => service.start(HOUR));
    for (const name of names) void cancelOperation(client, name, { scheduler: time });
    const name = service.start(5000);
    watch(name);
    time.run(100_000);
    expect(ended.get(name)).toBeLessThan(10_000);
  });

  it('confirms them while others wait to be sent', () => {
    const { time, service, client } = world({ callsPerSecond: 5, sweep });
    const controller = new AbortController();
    const confirmed: number[] = [];
    for (let each = 0; each < 2000; each += 1) {
      poll(client, service.start(100 * HOUR), {
        scheduler: time,
        signal: controller.signal,
        cancelTimeout: HOUR,
      }).subscribe({ complete: () => confirmed.push(time.now()) });
    }
    time.run(60_000);
    controller.abort();
    time.run(200_000);
    expect(confirmed.length).toBeGreaterThan(100);
    time.run(2 * HOUR);
    expect(confirmed).toHaveLength(2000);
    expect(service.counts.cancel).toBe(2000);
  });

  it('gives all that are waited for together the time that their cancels take', async () => {
    const { time, service, client } = world({ callsPerSecond: 5 });
    const controller = new AbortController();
    const names = Array.from({ length: 500 }, () => service.start(100 * HOUR));
    const all = waitForAll(client, names, { scheduler: time, signal: controller.signal });
    const error = all.then(
      () => undefined,
      (thrown: unknown) => thrown as WaitForAllError,
    );
    time.run(60_000);
    controller.abort();
    time.run(HOUR);
    expect(service.counts.cancel).toBe(500);
    const failures = (await error)?.failures ?? [];
    expect(failures).toEqual([]);
  });

  it('looks at a cancelled operation soon, also during a long sweep', () => {
    const { time, service, client, watchMany } = world({
      callsPerSecond: 5,
      sweep: { parent: 'projects/p', pageSize: 4 },
    });
    watchMany(1000, 100 * HOUR);
    time.run(300_000);
    const controller = new AbortController();
    let confirmedAt = Infinity;
    poll(client, service.start(100 * HOUR), {
      scheduler: time,
      signal: controller.signal,
    }).subscribe({ complete: () => (confirmedAt = time.now()) });
    time.run(301_000);
    controller.abort();
    time.run(400_000);
    expect(confirmedAt).toBeLessThan(304_000);
  });
});
