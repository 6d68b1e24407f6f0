// Measures what a process costs that watches a fleet, in a process of its own, and prints the figures as JSON.
// fleet.ts starts it; by hand: node --expose-gc test/bench/fleet/measure.mjs 100000

import { setTimeout as sleep } from 'node:timers/promises';

import { waitForDone } from 'rx-lro';
import { fleetClient } from 'rx-lro/fleet';

const PAGE_SIZE = 1000;
const CALLS_PER_SECOND = 5;
// In milliseconds.
const LATENCY = 50;

const operations = Number(process.argv[2] ?? 100_000);
if (globalThis.gc === undefined) throw new Error('Run it with node --expose-gc');

const parent = 'projects/p';
const names = Array.from({ length: operations }, (_, index) => `${parent}/operations/${index}`);
const swept = { count: 0 };

const service = {
  get: async ({ name }) => {
    await sleep(LATENCY);
    return { name, done: false };
  },
  list: async ({ pageToken = '0' }) => {
    await sleep(LATENCY);
    const from = Number(pageToken);
    const to = Math.min(from + PAGE_SIZE, operations);
    if (to === operations) swept.count += 1;
    // Fresh objects and names each time, as whatever comes over a wire is.
    const page = names.slice(from, to).map((name) => ({ name, done: false }));
    const body = JSON.stringify({
      operations: page,
      nextPageToken: to < operations ? `${to}` : '',
    });
    return JSON.parse(body);
  },
};
const options = { callsPerSecond: CALLS_PER_SECOND, sweep: { parent, pageSize: PAGE_SIZE } };
const sweepTime = (1000 * operations) / PAGE_SIZE / CALLS_PER_SECOND;

const fleet = await fleetAlone();
const before = heapUsed();
const client = fleetClient(service, options);
const stop = new AbortController();
for (const name of names) {
  waitForDone(client, name, { signal: stop.signal, onAbort: 'detach' }).catch(() => undefined);
}
await untilSwept(2);
const { user: userBefore, system: systemBefore } = process.cpuUsage();
const begun = performance.now();
await untilSwept(1);
const { user, system } = process.cpuUsage();
const cores = (user + system - userBefore - systemBefore) / 1000 / (performance.now() - begun);
const heap = heapUsed();
stop.abort();
console.log(JSON.stringify({ operations, heap, before, fleet, cores }));

/** What the fleet itself holds for each operation: the same with a listener that holds nothing. */
async function fleetAlone() {
  const waits = names.map(() => undefined);
  const empty = heapUsed();
  const alone = fleetClient(service, options);
  const wait = (name) => {
    // As the core listens to it: with nothing of RxJS in between.
    const answer = alone.wait({ name });
    const index = Number(name.slice(name.lastIndexOf('/') + 1));
    waits[index] = answer[Symbol.for('rx-lro.listenToAnswer')](listener);
  };
  const listener = { next: ({ name }) => wait(name), complete: () => undefined };
  for (const name of names) wait(name);
  await untilSwept(2);
  const waiting = heapUsed() - empty;
  for (const each of waits) each.unsubscribe();
  return waiting / operations;
}

async function untilSwept(times) {
  const wanted = swept.count + times;
  while (swept.count < wanted) await sleep(Math.min(1000, sweepTime / 10));
}

function heapUsed() {
  for (let round = 0; round < 3; round += 1) globalThis.gc();
  return process.memoryUsage().heapUsed;
}
