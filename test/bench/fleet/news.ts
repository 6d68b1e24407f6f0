import { poll } from 'rx-lro';
import { fleetClient } from 'rx-lro/fleet';
import { ListedService } from '../../support/listed-service.js';
import { SimulatedTime } from '../../support/simulated-time.js';

const MINUTE = 60_000;

/** What is watched, and for how long. */
export interface FleetScene {
  /** How many operations run at every moment: when one is known to be done, another one starts. */
  readonly operations: number;
  /** How many operations a page of the list has; none to ask about each by Get. */
  readonly pageSize?: number;
  readonly callsPerSecond: number;
  /** Milliseconds. */
  readonly latency: number;
  /** Log-uniform between these, in milliseconds. */
  readonly durations: readonly [least: number, most: number];
  /** Those count that end by then, in milliseconds; it goes on until they are all known to have. */
  readonly time: number;
  readonly seed: number;
}

/** What came of it. Times in milliseconds. */
export interface FleetNews {
  /** How many operations ended by then. */
  readonly ended: number;
  /** How long after its end an operation was known to be done, in the mean. */
  readonly delay: number;
  readonly p99: number;
  readonly longest: number;
  /** The longest time between two looks at a running operation. */
  readonly gap: number;
  readonly calls: number;
  /** How many were told of a failure. */
  readonly failed: number;
}

/** Watches a fleet in simulated time, by `poll` and `fleetClient` as they are. */
export function measureFleetNews(scene: FleetScene): FleetNews {
  const time = new SimulatedTime();
  const { latency, callsPerSecond, pageSize } = scene;
  const service = new ListedService({ scheduler: time, latency, retention: 10 * MINUTE });
  const client = fleetClient(service.client, {
    scheduler: time,
    callsPerSecond,
    ...(pageSize === undefined ? {} : { sweep: { parent: service.parent, pageSize } }),
  });
  const random = randomOf(scene.seed);
  const [least, most] = scene.durations;
  const delays: number[] = [];
  let failed = 0;
  let open = 0;
  const watchAnother = (): void => {
    const name = service.start(least * (most / least) ** random());
    const end = service.endOf(name);
    const counts = end <= scene.time;
    if (counts) open += 1;
    poll(client, name, { scheduler: time }).subscribe({
      error: () => (failed += 1),
      complete: () => {
        if (counts) {
          open -= 1;
          delays.push(time.now() - end);
        }
        watchAnother();
      },
    });
  };
  for (let count = 0; count < scene.operations; count += 1) watchAnother();
  time.run(scene.time);
  time.run(Infinity, () => open > failed);
  delays.sort((a, b) => a - b);
  const { get, list } = service.counts;
  return {
    ended: delays.length,
    delay: delays.reduce((sum, delay) => sum + delay, 0) / delays.length,
    p99: delays[Math.floor(0.99 * delays.length)] ?? Number.NaN,
    longest: delays.at(-1) ?? Number.NaN,
    gap: service.longestGap,
    calls: get + list,
    failed,
  };
}

// Mulberry32.
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
