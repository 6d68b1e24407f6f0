import type { Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { cancelOperation, poll, type CallOptions } from 'rx-lro';
import { waitForAll, type WaitForAllError } from 'rx-lro/fleet';
import { HOUR, world } from '../support/fleet-world.js';

const sweep = { parent: 'projects/p', pageSize: 100 };
const unused = {} as CallOptions;

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

  it.each([2.5, 4])('keeps none from its turn when %d of them come each second', (perSecond) => {
    const { time, service, client, watchMany, ended } = world({ callsPerSecond: 5 });
    watchMany(5, 10_000);
    const more = (): void => {
      const controller = new AbortController();
      const name = service.start(HOUR);
      poll(client, name, { scheduler: time, signal: controller.signal }).subscribe({
        error: () => undefined,
      });
      controller.abort();
      if (time.now() < 600_000) time.schedule(more, 1000 / perSecond);
    };
    more();
    let page: unknown;
    time.schedule(() => {
      (client.list!({ name: 'projects/p' }, unused) as Observable<unknown>).subscribe(
        (answer) => (page = answer),
      );
    }, 60_000);
    time.run(62_000);
    expect(ended.size).toBe(5);
    for (const at of ended.values()) expect(at).toBeLessThan(20_000);
    expect(page).toBeDefined();
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

  it('gives them that time also where much else is due', async () => {
    const { time, service, client, watchMany } = world({ callsPerSecond: 5 });
    watchMany(3000, 100 * HOUR);
    const controller = new AbortController();
    const names = Array.from({ length: 300 }, () => service.start(100 * HOUR));
    const all = waitForAll(client, names, { scheduler: time, signal: controller.signal });
    time.run(700_000);
    controller.abort();
    time.run(HOUR);
    expect(service.counts.cancel).toBe(300);
    await expect(all).resolves.toHaveLength(300);
  });

  it('looks again soon when the look that is to confirm one fails', () => {
    const { time, service, client, watchMany } = world({ callsPerSecond: 5 });
    const names = watchMany(3000, 100 * HOUR);
    time.run(60_000);
    const controller = new AbortController();
    let confirmedAt = Infinity;
    const options = { scheduler: time, signal: controller.signal };
    poll(client, names[7]!, options).subscribe({ complete: () => (confirmedAt = time.now()) });
    time.run(61_000);
    let faults = 0;
    service.fault = ({ method, name }) => {
      if (method !== 'get' || name !== names[7] || faults === 2) return undefined;
      faults += 1;
      return { code: 14 };
    };
    controller.abort();
    time.run(100_000);
    expect(faults).toBe(2);
    expect(confirmedAt).toBeLessThan(66_000);
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
