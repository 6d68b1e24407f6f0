// Measures the CPU of a call over a protocol, bare and by this library, in a process of its own, and prints it as
// JSON: for each subject the microseconds of each round. wire.ts starts it; by hand:
// node test/bench/wire/measure.mjs http

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { waitForDone } from 'rx-lro';

// How many wait at once, how often each asks, and how long after an answer, in milliseconds.
const WAITS = 60;
const CALLS_EACH = 15;
const DELAY = 20;
// How many turns each subject has in a round. The machine's own speed changes from second to second, so a round
// of many short turns tells more than one of long ones.
const TURNS = 4;
// Of one call, in milliseconds.
const TIMEOUT = 60_000;

const backoff = { startingDelay: DELAY, timeMultiple: 1 };

/** For each protocol what makes its subjects; the first of them is bare. */
const protocols = {
  http: async (port) => {
    const { restClient } = await import('rx-lro/rest');
    const baseUrl = `http://127.0.0.1:${port}`;
    const ask = async (name, signal) => {
      const response = await fetch(`${baseUrl}/v1/${name}`, { signal });
      if (!response.ok) throw response;
      return response.json();
    };
    const bare = { get: ({ name }, { signal }) => ask(name, signal) };
    const rest = restClient({ baseUrl });
    return {
      'bare `fetch`': (name) => loop(() => ask(name, AbortSignal.timeout(TIMEOUT))),
      '`waitForDone` with `{ get }`': (name) => waitForDone(bare, name, { backoff }),
      '`waitForDone` with `restClient`': (name) => waitForDone(rest, name, { backoff }),
    };
  },
  grpc: async (port) => {
    const { credentials } = await import('@grpc/grpc-js');
    const { grpcClient } = await import('rx-lro/grpc');
    const { operations } = await import('./operations.mjs');
    const Operations = operations();
    const stub = new Operations(`127.0.0.1:${port}`, credentials.createInsecure());
    const ask = (name) =>
      new Promise((resolve, reject) => {
        const options = { deadline: Date.now() + TIMEOUT };
        stub.getOperation({ name }, options, (error, answer) =>
          error ? reject(error) : resolve(answer),
        );
      });
    const grpc = grpcClient(stub);
    return {
      'bare stub': (name) => loop(() => ask(name)),
      '`waitForDone` with `grpcClient`': (name) => waitForDone(grpc, name, { backoff }),
    };
  },
};

const [protocol = '', rounds = '21'] = process.argv.slice(2);
if (!(protocol in protocols)) {
  throw new Error(`Choose one of: ${Object.keys(protocols).join(', ')}`);
}

const server = fork(fileURLToPath(new URL('server.mjs', import.meta.url)), [protocol, CALLS_EACH]);
const [port] = await once(server, 'message');
const subjects = Object.entries(await protocols[protocol](port));
// For the compiler, and for the connections.
for (let round = 0; round < 2; round += 1) {
  for (const [, wait] of subjects) await costOf(wait, `warm-${round}`);
}
const figures = Object.fromEntries(subjects.map(([name]) => [name, []]));
for (let round = 0; round < Number(rounds); round += 1) {
  const sums = new Map();
  for (let turn = 0; turn < TURNS; turn += 1) {
    // Another one begins each time, so that none always comes after the same.
    const first = (round + turn) % subjects.length;
    for (const [name, wait] of [...subjects.slice(first), ...subjects.slice(0, first)]) {
      const cost = await costOf(wait, `round-${round}-${turn}`);
      sums.set(name, (sums.get(name) ?? 0) + cost);
    }
  }
  for (const [name, sum] of sums) figures[name].push(sum / TURNS);
}
console.log(JSON.stringify(figures));
server.kill();
// The connections would keep it for a while.
process.exit();

/**
 * CPU time of a call, in microseconds. No collection is forced before: the code would run cold after it, and that
 * costs more than what is measured.
 */
async function costOf(wait, run) {
  const names = Array.from({ length: WAITS }, (_, index) => `operations/${run}-${index}`);
  const before = process.cpuUsage();
  await Promise.all(names.map(wait));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / (WAITS * CALLS_EACH);
}

/** What one writes by hand. */
async function loop(ask) {
  for (;;) {
    const operation = await ask();
    if (operation.done) return operation.response;
    await sleep(DELAY);
  }
}
