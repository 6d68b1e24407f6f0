// Measures one thing of one subject in a process of its own, and prints the figure. overhead.ts starts
// it; by hand: node --expose-gc test/bench/overhead/measure.mjs rx-lro cpu

import { setImmediate as nextTurn } from 'node:timers/promises';

import { makeService } from './service.mjs';
import { subjects } from '../subjects.mjs';

const OPERATIONS = 20_000;
const CALLS_EACH = 20;
// Between two calls, in milliseconds: with so many operations some are due at any time.
const DELAY = 100;

const measures = {
  /** CPU time of a call, in microseconds. */
  cpu: async () => {
    const service = makeService(OPERATIONS, CALLS_EACH);
    globalThis.gc();
    const before = process.cpuUsage();
    await watchAll(service);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / (OPERATIONS * CALLS_EACH);
  },
  /** Heap of an operation that waits for its next call, in bytes. */
  delay: () => heap(makeService(OPERATIONS, Infinity)),
  /** Heap of an operation that waits for an answer, in bytes. */
  call: () => heap(makeService(OPERATIONS, Infinity, CALLS_EACH / 4)),
};

const [subject = '', measure = ''] = process.argv.slice(2);
if (!(subject in subjects) || !(measure in measures)) {
  const all = [subjects, measures].map((each) => Object.keys(each).join(', '));
  throw new Error(`Choose one of: ${all[0]}; and one of: ${all[1]}`);
}
if (globalThis.gc === undefined) throw new Error('Run it with node --expose-gc');

// For the compiler.
await watchAll(makeService(2_000, CALLS_EACH), 1);
console.log(await measures[measure]());
// Operations that are not done keep their timers.
process.exit();

async function heap(service) {
  const before = await heapUsed();
  const called = service.untilCalled(CALLS_EACH / 4);
  const ended = watchAll(service);
  await Promise.race([called, ended]);
  return ((await heapUsed()) - before) / OPERATIONS;
}

/** Watches all operations of the service at once. */
async function watchAll(service, delay = DELAY) {
  const watch = await subjects[subject](service, delay);
  await new Promise((resolve, reject) => {
    let ended = 0;
    const onEnd = () => {
      ended += 1;
      if (ended === service.names.length) resolve();
    };
    for (const name of service.names) watch(name).then(onEnd, reject);
  });
}

// In a turn of its own every promise has been settled: nothing is under way but delays and held calls.
async function heapUsed() {
  for (let round = 0; round < 3; round += 1) {
    await nextTurn();
    globalThis.gc();
  }
  return process.memoryUsage().heapUsed;
}
