import { NEVER, Observable, type SchedulerLike, type Subscription } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { cancelOperation, poll, type CallOptions } from 'rx-lro';
import { fleetClient } from 'rx-lro/fleet';
import { HOUR, world } from '../support/fleet-world.js';
import { ListedService } from '../support/listed-service.js';
import { SimulatedTime } from '../support/simulated-time.js';

const unused = {} as CallOptions;

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

  it.each([1, 2, 10])(
    'does not keep its place when it hangs, with %i in flight',
    (callsInFlight) => {
      const { time, service, watch, watchMany, ended } = world({
        callsInFlight,
        callTimeout: Infinity,
        sweep: Array.from({ length: 10 }, (_, index) => ({
          parent: `list ${index}`,
          covers: (name: string) => Number(name.split('/').at(-1)) % 11 === index,
        })),
      });
      service.client.list = () => NEVER;
      watchMany(100, 10_000);
      // This one no sweep covers.
      const name = service.start(10_000);
      watch(name);
      time.run(HOUR);
      expect(ended.size).toBe(101);
      for (const at of ended.values()) expect(at).toBeLessThan(200_000);
      expect(service.inFlight).toBe(0);
    },
  );

  it('asks by sweeps again once a wave of many has gone', () => {
    const run = (isAfterWave: boolean) => {
      const { time, service, watch, watchMany } = world(
        { callsPerSecond: 100, sweep },
        { retention: 1000 },
      );
      if (isAfterWave) {
        const wave = Array.from({ length: 5000 }, () => watch(service.start(100_000)));
        time.run(10_000);
        for (const each of wave) each.unsubscribe();
      }
      time.run(200_000);
      const { get, list } = service.counts;
      watchMany(30, 600_000);
      time.run(HOUR);
      return { get: service.counts.get - get, list: service.counts.list - list };
    };
    const { get, list } = run(true);
    expect(get).toBeLessThanOrEqual(run(false).get + 5);
    expect(list).toBeLessThan(1.2 * run(false).list);
  });

  it('asks by sweeps again once a list shows again what it did not show for a while', () => {
    const { time, service, watchMany } = world({ callsPerSecond: 5, sweep });
    const names = watchMany(300, 20 * HOUR);
    time.run(60_000);
    for (const name of names) service.unlisted.add(name);
    time.run(460_000);
    service.unlisted.clear();
    time.run(HOUR / 2);
    const { get } = service.counts;
    service.longestGap = 0;
    time.run(HOUR);
    expect(service.counts.get).toBe(get);
    expect(service.longestGap).toBeLessThan(10_000);
  });

  it('goes on with lists no longer for what another list shows', () => {
    const run = (parents: number): number => {
      const { time, service, watchMany } = world({
        sweep: ['projects/p', 'projects/q'].slice(0, parents).map((parent, index) => ({
          parent,
          pageSize: 100,
          covers: (name: string) => Number(name.split('/').at(-1)) % 2 === index,
        })),
      });
      // Whichever is listed, it shows the names of the second one alone.
      for (const [index, name] of watchMany(200, HOUR).entries()) {
        if (index % 2 === 0) service.unlisted.add(name);
      }
      time.run(HOUR / 2);
      return service.counts.list;
    };
    expect(run(2)).toBeLessThan(1.1 * run(1) + 20);
  });

  it.each([-HOUR, HOUR])('is put off by no clock that is set by %i ms', (by) => {
    const real = new SimulatedTime();
    let offset = 0;
    const scheduler: SchedulerLike = {
      now: () => real.now() + offset,
      schedule: real.schedule.bind(real),
    };
    const service = new ListedService({ scheduler: real });
    service.fault = ({ method }) => (method === 'list' ? { code: 14 } : undefined);
    const client = fleetClient(service.client, { scheduler, sweep });
    const ended: number[] = [];
    for (let each = 0; each < 20; each += 1) {
      poll(client, service.start(60_000), { scheduler: real }).subscribe({
        complete: () => ended.push(real.now()),
      });
    }
    real.run(9_000);
    offset = by;
    let answered = Infinity;
    (client.get({ name: service.start(HOUR) }, unused) as Observable<unknown>).subscribe(
      () => (answered = real.now()),
    );
    real.run(10 * HOUR);
    expect(answered).toBeLessThan(16_000);
    expect(ended).toHaveLength(20);
    expect(Math.max(...ended)).toBeLessThan(140_000);
  });

  it('answers at once though the clock was set forth while it slept', () => {
    const real = new SimulatedTime();
    let offset = 0;
    const scheduler: SchedulerLike = {
      now: () => real.now() + offset,
      schedule: real.schedule.bind(real),
    };
    const service = new ListedService({ scheduler: real });
    const client = fleetClient(service.client, { scheduler, backoff: () => 600_000 });
    poll(client, service.start(HOUR), { scheduler: real }).subscribe();
    real.run(1000);
    offset = HOUR;
    let answered = Infinity;
    (client.get({ name: service.start(HOUR) }, unused) as Observable<unknown>).subscribe(
      () => (answered = real.now()),
    );
    real.run(HOUR);
    expect(answered).toBeLessThan(1100);
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

describe('the code of a caller', () => {
  it('may watch the same name while it is asked for its delay', () => {
    const { time, service, client } = world({
      backoff: () => {
        if (isFirst) {
          isFirst = false;
          const options = { scheduler: time };
          poll(client, { name, done: false }, options).subscribe({ complete: () => (inner += 1) });
        }
        return 1000;
      },
    });
    let isFirst = true;
    let inner = 0;
    const name = service.start(10_000);
    let outer = 0;
    poll(client, { name, done: false }, { scheduler: time }).subscribe({
      complete: () => (outer += 1),
    });
    time.run(HOUR);
    expect([outer, inner]).toEqual([1, 1]);
  });

  it('may leave while it is asked for its delay, and counts no more', () => {
    const run = (leaves: boolean): number => {
      const { time, service, watch, watchMany } = world({
        sweep,
        backoff: ({ operation }) => {
          if (!leaves || operation.name !== name || time.now() < 100_000) return 20_000;
          subscription.unsubscribe();
          return 1;
        },
      });
      watchMany(50, 10 * HOUR);
      const name = service.start(10 * HOUR);
      const subscription = watch(name);
      time.run(HOUR);
      return service.counts.list;
    };
    expect(run(true)).toBeLessThan(1.1 * run(false));
  });

  it('may be a method of a class that says how to sweep', () => {
    class Sweep {
      readonly #parent = 'projects/p';
      get parent(): string {
        return this.#parent;
      }
      covers(name: string): boolean {
        return name.startsWith(this.#parent);
      }
    }
    const { time, service, watchMany, ended } = world({ sweep: new Sweep() });
    watchMany(20, 10_000);
    time.run(HOUR);
    expect(ended.size).toBe(20);
    expect(service.counts.list).toBeGreaterThan(5);
  });
});

describe('a `covers` that changes its answer', () => {
  it('leaves nothing behind', () => {
    const { time, service, client } = world({
      sweep: { ...sweep, covers: (name) => open.has(name) },
    });
    const open = new Set<string>();
    for (let each = 0; each < 50; each += 1) {
      const name = service.start(10_000);
      open.add(name);
      poll(client, name, { scheduler: time }).subscribe(({ done }) => done && open.delete(name));
    }
    time.run(HOUR);
    expect(open.size).toBe(0);
    expect(time.pending).toBe(0);
  });

  it('loses no operation', () => {
    const covered = new Set<string>();
    const { time, service, watchMany, ended } = world({
      sweep: { ...sweep, covers: (name) => covered.has(name) },
    });
    const names = watchMany(20, 10_000);
    time.run(1000);
    for (const name of names) covered.add(name);
    time.run(HOUR);
    expect(ended.size).toBe(20);
    expect(service.counts.get).toBeLessThan(500);
  });
});

describe('those who wait for a short time', () => {
  it.each([undefined, sweep])(
    'have the news though a look takes longer, with sweep %j',
    (swept) => {
      const { time, service, client } = world({ sweep: swept }, { latency: 1200 });
      let ended = 0;
      for (let each = 0; each < 50; each += 1) {
        const options = { scheduler: time, holdTimeout: 1000 };
        poll(client, service.start(30_000), options).subscribe({ complete: () => (ended += 1) });
      }
      time.run(200_000);
      expect(ended).toBe(50);
      expect(time.pending).toBe(0);
    },
  );
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

  it('tells of an end though a sweep has overtaken it', () => {
    const { time, service, watch, watchMany, ended } = world({ sweep });
    const name = service.start(1500);
    const { get } = service.client;
    service.client.get = (request, options) =>
      request.name === name
        ? new Observable((subscriber) =>
            time.schedule(() => {
              subscriber.next({ name, done: true, response: 'made' });
              subscriber.complete();
            }, 3000),
          )
        : get(request, options);
    watch(name);
    time.run(500);
    watchMany(20, HOUR);
    time.run(1400);
    service.unlisted.add(name);
    time.run(4000);
    expect(ended.get(name)).toBeLessThan(3100);
  });

  it('looks at a cancelled operation soon, though a look was under way that knows nothing of it', () => {
    const { time, service, client, watchMany, ended } = world({ callsPerSecond: 5 });
    watchMany(2000, 100 * HOUR);
    time.run(60_000);
    const { get } = service.client;
    let slow: string | undefined;
    service.client.get = (request, options) => {
      if (slow !== undefined) return get(request, options);
      slow = request.name;
      return new Observable((subscriber) =>
        time.schedule(() => {
          subscriber.next({ name: request.name, done: false });
          subscriber.complete();
        }, 1500),
      );
    };
    time.run(60_300);
    void cancelOperation(client, slow!, { scheduler: time });
    time.run(HOUR);
    expect(ended.get(slow!)).toBeLessThan(63_000);
  });

  it('counts those no more who leave when they are told of the call', () => {
    const run = (leaves: boolean): number => {
      const watched = new Map<string, Subscription>();
      const { time, service, watch, watchMany } = world({
        sweep,
        onEvent: (event) => {
          if (leaves && event.type === 'answer' && event.method === 'get') {
            watched.get(event.name)?.unsubscribe();
          }
        },
      });
      for (let each = 0; each < 200; each += 1) {
        const name = service.start(HOUR);
        service.unlisted.add(name);
        watched.set(name, watch(name));
        time.run(time.now() + 1000);
        watched.get(name)?.unsubscribe();
      }
      watchMany(20, 10 * HOUR);
      time.run(300_000);
      const { list } = service.counts;
      time.run(HOUR);
      return service.counts.list - list;
    };
    expect(run(true)).toBeLessThan(1.1 * run(false));
  });

  it('tells a newcomer what is known, though another one never came back for more', () => {
    const { time, service, asked } = world({ backoff: () => 5000 });
    const name = service.start(HOUR);
    asked('wait', name);
    time.run(100);
    asked('wait', name);
    time.run(5500);
    const newcomer = asked('wait', name);
    time.run(12_000);
    expect(newcomer.answers).toEqual([{ name, done: false }]);
  });
});
