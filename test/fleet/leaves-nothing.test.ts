import fc from 'fast-check';
import { NEVER, type Observable, type SchedulerLike, type Subscription } from 'rxjs';
import { expect, it } from 'vitest';
import { poll, type CallOptions } from 'rx-lro';
import { fleetClient } from 'rx-lro/fleet';
import { HOUR, world } from '../support/fleet-world.js';
import { ListedService } from '../support/listed-service.js';
import { SimulatedTime } from '../support/simulated-time.js';
import { repeats } from '../support/repeats.js';

const steps = fc.array(
  fc.record({
    after: fc.nat(3000),
    join: fc.nat(30),
    leave: fc.nat(30),
    fault: fc.constantFrom(undefined, undefined, undefined, 429, 503, 404, 501, 401),
    duration: fc.integer({ min: 1, max: 20_000 }),
  }),
  { minLength: 1, maxLength: 12 },
);

it('leaves no timer, no call and no listener when the last one leaves, at any moment', () => {
  fc.assert(
    fc.property(steps, fc.boolean(), fc.integer({ min: 1, max: 5 }), (all, isSwept, inFlight) => {
      const time = new SimulatedTime();
      const service = new ListedService({ scheduler: time });
      const client = fleetClient(service.client, {
        scheduler: time,
        callsInFlight: inFlight,
        ...(isSwept ? { sweep: { parent: service.parent, pageSize: 10 } } : {}),
      });
      const watched: Subscription[] = [];
      for (const { after, join, leave, fault, duration } of all) {
        time.run(time.now() + after);
        service.fault = () => (fault === undefined ? undefined : { error: { code: fault } });
        for (let each = 0; each < join; each += 1) {
          const name = service.start(duration * (each + 1));
          const subscription = poll(client, name, { scheduler: time }).subscribe({
            // Some leave, and others come, while somebody is told.
            next: () => each % 7 === 0 && watched.shift()?.unsubscribe(),
            error: () => undefined,
          });
          watched.push(subscription);
        }
        for (const each of watched.splice(0, leave)) each.unsubscribe();
        expect(service.inFlight).toBeLessThanOrEqual(inFlight);
      }
      for (const each of watched) each.unsubscribe();
      expect(service.inFlight).toBe(0);
      expect(time.pending).toBe(0);
      const { get, list } = service.counts;
      time.run(Infinity);
      expect(service.counts).toMatchObject({ get, list });
    }),
    { numRuns: repeats(200) },
  );
});

const later = {
  code: 14,
  details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '90000s' }],
};

/** What may go wrong with lists alone. */
const listFaults = fc.array(fc.constantFrom(undefined, 'hangs', 'empty', 401, 404, 503, 'later'), {
  minLength: 12,
  maxLength: 12,
});

it('tells everybody how it ended, and before long, whatever goes on', () => {
  fc.assert(
    fc.property(steps, listFaults, fc.boolean(), (all, faults, isSwept) => {
      const time = new SimulatedTime();
      const service = new ListedService({ scheduler: time });
      let listFault: (typeof faults)[number];
      const { list } = service.client;
      service.client.list = (request, options) => {
        if (listFault === 'hangs') return NEVER;
        if (listFault === 'empty') return [{ operations: [] }];
        return list!(request, options);
      };
      const client = fleetClient(service.client, {
        scheduler: time,
        callsPerSecond: 50,
        ...(isSwept ? { sweep: { parent: service.parent, pageSize: 10 } } : {}),
      });
      const open = new Set<string>();
      let faultsEnd = Number.MAX_VALUE;
      let latest = 0;
      for (const [index, { after, join, leave, duration, fault }] of all.entries()) {
        time.run(time.now() + after);
        listFault = faults[index];
        service.fault = ({ method }) => {
          if (method === 'list' && listFault === 'later') return later;
          if (method === 'list' && typeof listFault === 'number') return { code: listFault };
          // What passes by itself does no harm.
          return fault === 429 || fault === 503 ? { error: { code: fault } } : undefined;
        };
        for (let each = 0; each < join; each += 1) {
          const name = service.start(duration * (each + 1));
          open.add(name);
          const subscription = poll(client, name, { scheduler: time }).subscribe({
            complete: () => {
              open.delete(name);
              latest = Math.max(latest, time.now() - Math.max(service.endOf(name), faultsEnd));
            },
          });
          if (each >= leave) continue;
          subscription.unsubscribe();
          open.delete(name);
        }
      }
      service.fault = ({ method }) =>
        method === 'list' && listFault === 'later' ? later : undefined;
      faultsEnd = time.now();
      time.run(10_000_000);
      // The longest delay, after a list that hung for as long as a call may take.
      expect(latest).toBeLessThan(100_000);
      expect(open).toEqual(new Set());
      expect(time.pending).toBe(0);
    }),
    { numRuns: repeats(100) },
  );
});

it('keeps a request for 100 ms after the last wait has timed out, and then gives it up', () => {
  const { time, service, asked } = world({}, { latency: 3000 });
  const { errors } = asked('wait', service.start(HOUR), 1000);
  time.run(1099);
  expect(errors).toHaveLength(1);
  expect(service.inFlight).toBe(1);
  time.run(1101);
  expect(service.inFlight).toBe(0);
  expect(time.pending).toBe(0);
});

it('answers a wait by its deadline though the clock is set back', () => {
  const real = new SimulatedTime();
  let offset = 0;
  const scheduler: SchedulerLike = {
    now: () => real.now() + offset,
    schedule: real.schedule.bind(real),
  };
  const service = new ListedService({ scheduler: real });
  const client = fleetClient(service.client, { scheduler, backoff: () => 2 * HOUR });
  const answeredAt: number[] = [];
  const wait = client.wait!({ name: service.start(HOUR), timeout: 5000 }, {} as CallOptions);
  (wait as Observable<unknown>).subscribe({ error: () => answeredAt.push(real.now()) });
  real.run(1000);
  // Each has the fleet read the clock: before it is set back, and after.
  const get = client.get({ name: service.start(HOUR) }, {} as CallOptions) as Observable<unknown>;
  get.subscribe();
  offset = -HOUR;
  get.subscribe();
  real.run(2 * HOUR);
  expect(answeredAt).toHaveLength(1);
  expect(answeredAt[0]).toBeLessThan(5002);
});
