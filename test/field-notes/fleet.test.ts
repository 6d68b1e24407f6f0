import {
  poll,
  type CallOptions,
  type ListOperationsRequest,
  type Operation,
  type OperationsClient,
} from 'rx-lro';
import { fleetClient } from 'rx-lro/fleet';
import { of } from 'rxjs';
import { describe, expect, it } from 'vitest';

import { HOUR, world } from '../support/fleet-world.js';
import { ListedService } from '../support/listed-service.js';
import { SimulatedTime } from '../support/simulated-time.js';

const sweep = { parent: 'projects/p', pageSize: 100 };

describe('a list that shows operations as running for ever does not hold a fleet', () => {
  it('one Get decides about each that has not changed for an hour [report 27]', () => {
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

  it('and about all, when it shows none as it is [report 27]', () => {
    const { time, service, watchMany, ended } = world({ sweep });
    for (const name of watchMany(200, 60_000)) service.stale.add(name);
    time.run(1.5 * HOUR);
    expect(ended.size).toBe(200);
    expect(service.counts.get).toBe(200);
  });

  it('those Gets are a tenth of the calls at the most, and leave none out [report 27]', () => {
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

  it('what changes from list to list is not asked about by Get [report 27]', () => {
    const { time, service, watchMany, ended } = world({ sweep }, { hasProgress: true });
    watchMany(20, 3 * HOUR);
    time.run(4 * HOUR);
    expect(ended.size).toBe(20);
    expect(service.counts.get).toBe(0);
  });
});

describe('a project has an id and a number, and names have either', () => {
  const byId = { parent: 'projects/my-id', pageSize: 100 };

  it.each([
    ['projects/my-id', 'projects/123'],
    ['projects/123', 'projects/my-id'],
    ['projects/my-id/locations/-', 'projects/123/locations/l'],
  ])('a sweep of %s covers names under %s [report 28]', (parent, ofNames) => {
    const { time, service, watchMany, ended, eventsOf } = world(
      { sweep: { ...byId, parent } },
      { parent: ofNames },
    );
    watchMany(200, 600_000);
    time.run(HOUR);
    expect(ended.size).toBe(200);
    expect(service.counts.get).toBe(0);
    expect(eventsOf('fallback')).toEqual([]);
  });

  it.each([
    ['projects/my-id', 'projects/other-id'],
    ['projects/123', 'projects/124'],
    ['folders/my-id', 'folders/123'],
    ['projects/my-id/locations/l', 'projects/123/locations/k'],
  ])('but a sweep of %s covers none under %s [report 28]', (parent, ofNames) => {
    const { time, service, watchMany } = world({ sweep: { ...byId, parent } }, { parent: ofNames });
    watchMany(50, 600_000);
    time.run(HOUR);
    expect(service.counts.list).toBe(0);
  });

  it('a sweep of the very project of a name comes before one that may be of it [report 28]', () => {
    const sweeps = ['projects/my-id', 'projects/123'].map((parent) => ({ ...byId, parent }));
    const { time, service, watchMany } = world({ sweep: sweeps }, { parent: 'projects/123' });
    const calls = service.record();
    watchMany(200, 600_000);
    time.run(HOUR);
    expect(new Set(calls.map(({ name }) => name))).toEqual(new Set(['projects/123']));
  });

  /** A service that is asked by the id, and names its operations by the number. */
  const renaming = (
    list: (request: ListOperationsRequest, service: ListedService) => unknown,
  ): { time: SimulatedTime; service: ListedService; client: OperationsClient } => {
    const time = new SimulatedTime();
    const service = new ListedService({ scheduler: time, parent: 'projects/123' });
    const client = fleetClient(
      {
        get: ({ name }, options) =>
          service.client.get({ name: name.replace('my-id', '123') }, options),
        list: (request) => list(request, service) as never,
      },
      { scheduler: time, sweep: byId },
    );
    return { time, service, client };
  };

  it('names by the id are found in a list of names by the number, once a Get has told it [report 28]', () => {
    const unused = {} as CallOptions;
    const { time, service, client } = renaming((to, { client: { list } }) => list!(to, unused));
    let ended = 0;
    for (let count = 0; count < 200; count += 1) {
      const name = service.start(600_000).replace('123', 'my-id');
      poll(client, name, { scheduler: time }).subscribe({ complete: () => (ended += 1) });
    }
    time.run(HOUR);
    expect(ended).toBe(200);
    expect(service.counts.get).toBeLessThan(200);
    expect(service.counts.list).toBeGreaterThan(service.counts.get);
  });

  it('an operation of another project is never taken for one of the same id [report 28]', () => {
    const { time, service, client } = renaming((_, { parent }) =>
      of({
        operations: Array.from({ length: 50 }, (__, index) => ({
          name: `projects/${index % 2 === 0 ? 999 : 'your-id'}/operations/${index + 1}`,
          done: true,
          response: parent,
        })),
      }),
    );
    const shown: Operation[] = [];
    for (let count = 0; count < 50; count += 1) {
      const name = service.start(24 * HOUR).replace('123', 'my-id');
      poll(client, name, { scheduler: time }).subscribe((operation) => shown.push(operation));
    }
    time.run(HOUR);
    expect(shown.length).toBeGreaterThanOrEqual(50);
    expect(shown.filter(({ done }) => done)).toEqual([]);
  });
});
