import { Subject, type Subscription } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { poll } from 'rx-lro';
import type { FleetOptions } from 'rx-lro/fleet';
import { HOUR, world } from '../support/fleet-world.js';

const sweep = { parent: 'projects/p', pageSize: 100 };

/** A fleet whose waits may have a notifier. */
function notified(options: FleetOptions = {}) {
  const all = world(options);
  const { time, service, client } = all;
  const watchBy = (name: string, notifier: Subject<void>): Subscription =>
    poll(client, name, { scheduler: time, notifier }).subscribe(({ done }) => {
      if (done) all.ended.set(name, time.now());
    });
  /** Emits so many milliseconds from now. */
  const notifyIn = (delay: number, notifier: Subject<void>): void =>
    void time.schedule(() => notifier.next(), delay);
  const delayOf = (name: string): number => (all.ended.get(name) ?? NaN) - service.endOf(name);
  return { ...all, watchBy, notifyIn, delayOf };
}

describe('a notifier of a wait on a fleet', () => {
  it('has a Get made at once in place of the held wait', () => {
    const { time, service, watchBy, notifyIn, delayOf } = notified({ backoff: () => HOUR });
    const name = service.start(10_000);
    const notifier = new Subject<void>();
    watchBy(name, notifier);
    notifyIn(5_000, notifier);
    notifyIn(10_100, notifier);
    time.run(HOUR / 2);
    expect(delayOf(name)).toBeLessThan(200);
    expect(service.counts.get).toBe(3);
  });

  it('answers all others who wait for the operation, by the same call', () => {
    const { time, service, watch, watchBy, notifyIn, ended } = notified({ backoff: () => HOUR });
    const name = service.start(10_000);
    const ends: number[] = [];
    for (let each = 0; each < 10; each += 1) watch(name).add(() => ends.push(time.now()));
    const notifier = new Subject<void>();
    watchBy(name, notifier);
    notifyIn(10_100, notifier);
    time.run(HOUR / 2);
    expect(new Set(ends)).toEqual(new Set([ended.get(name)]));
    expect(ends).toHaveLength(10);
    expect(ended.get(name)).toBeLessThan(10_200);
    expect(service.counts.get).toBe(2);
  });

  it.each([
    ['one by one', {}, 3_000],
    ['by lists', { sweep }, 3_000],
    ['by lists that take a minute', { sweep }, 30_000],
  ])('is answered soon while many others are asked about %s', (_, options, count) => {
    const { time, service, watchMany, watchBy, notifyIn, delayOf } = notified({
      callsPerSecond: 5,
      ...options,
    });
    watchMany(count, 20 * HOUR);
    const names = Array.from({ length: 5 }, (__, index) => {
      const name = service.start(HOUR / 4 + index * 61_300);
      const notifier = new Subject<void>();
      watchBy(name, notifier);
      notifyIn(service.endOf(name) - time.now() + 10, notifier);
      return name;
    });
    time.run(HOUR);
    for (const name of names) expect(delayOf(name)).toBeLessThan(600);
  });

  it('does not keep others from their calls, nor go beyond the budget, however often it emits', () => {
    const callsPerSecond = 5;
    const { time, service, watchMany, watchBy, ended } = notified({ callsPerSecond });
    const notifier = new Subject<void>();
    for (let each = 0; each < 100; each += 1) watchBy(service.start(20 * HOUR), notifier);
    const emit = (): void => {
      notifier.next();
      time.schedule(emit, 1_000);
    };
    emit();
    time.run(60_000);
    const begun = service.counts.get;
    watchMany(5, 10_000);
    time.run(160_000);
    expect(service.counts.get - begun).toBeLessThanOrEqual(100 * callsPerSecond + 1);
    expect(ended.size).toBe(5);
  });

  it('of all waits at once has a list answer them where there is one', () => {
    const { time, service, watchBy, notifyIn, delayOf } = notified({ callsPerSecond: 5, sweep });
    const notifier = new Subject<void>();
    const names = Array.from({ length: 300 }, () => service.start(HOUR / 4));
    for (const name of names) watchBy(name, notifier);
    time.run(HOUR / 4 - 5_000);
    const { get } = service.counts;
    notifyIn(5_010, notifier);
    time.run(HOUR);
    for (const name of names) expect(delayOf(name)).toBeLessThan(3_000);
    expect(service.counts.get - get).toBeLessThan(20);
  });

  it('leaves nothing when its wait ends before the Get is made', () => {
    const { time, service, watch, watchBy, notifyIn } = notified({
      callsPerSecond: 1,
      burst: 1,
      backoff: () => HOUR,
    });
    const name = service.start(HOUR);
    const notifier = new Subject<void>();
    const subscription = watchBy(name, notifier);
    time.run(10_000);
    watch(service.start(HOUR));
    notifyIn(0, notifier);
    time.run(10_010);
    const { get } = service.counts;
    subscription.unsubscribe();
    time.run(60_000);
    expect(service.counts.get).toBe(get);
  });
});
