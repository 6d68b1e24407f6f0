import { asyncScheduler } from 'rxjs';
import { waitForDone } from 'rx-lro';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { clientsOf } from './clients.mjs';
import { startServer } from './server.mjs';

const TRIES = 3;

// What each client makes of each failure. Where a page comes with 200, clients that take any text for an answer
// give one that is not an operation.
const limit = 'retried: RESOURCE_EXHAUSTED, not before 20000 ms';
const unreachable = 'retried: UNAVAILABLE';
const late = 'retried: DEADLINE_EXCEEDED';
const internal = 'retried: INTERNAL';
const unreadable = 'final: UNKNOWN';
const senseless = 'final: INTERNAL, ProtocolError';
const usual = {
  'limit 429': limit,
  'limit 403': limit,
  503: unreachable,
  'page 502': internal,
  reset: unreachable,
  timeout: late,
  'page 200': unreadable,
  cut: unreachable,
  'cut JSON': unreachable,
  empty: unreachable,
  401: 'final: UNAUTHENTICATED',
  404: 'final: NOT_FOUND',
};
const expected = {
  fetch: usual,
  axios: { ...usual, timeout: unreachable, 'page 200': senseless },
  got: usual,
  ky: usual,
  // It gives `null` for a body that is empty.
  Angular: { ...usual, empty: senseless },
  // Its own timeout is an abort.
  gaxios: { ...usual, timeout: 'retried: CANCELLED', 'page 200': senseless },
  // It has the HTTP status 500 for whatever `fetch` throws.
  octokit: { ...usual, reset: internal, timeout: internal, 'page 200': senseless },
  openai: { ...usual, 'page 200': senseless },
  anthropic: { ...usual, 'page 200': senseless },
  // It gives an answer without fields for a body that is empty.
  AWS: {
    ...usual,
    reset: late,
    empty: senseless,
    'throttling 400': 'retried: RESOURCE_EXHAUSTED',
  },
  Azure: { ...usual, timeout: 'retried: CANCELLED' },
};

const rows = Object.entries(expected).flatMap(([client, outcomes]) =>
  Object.entries(outcomes).map(([failure, outcome]) => ({ client, failure, outcome })),
);
const found = new Map();
let server;
let clients;

beforeAll(async () => {
  server = await startServer();
  clients = clientsOf(server.url);
});

afterAll(async () => {
  await server.stop();
  const width = (key) => Math.max(...rows.map((row) => row[key].length)) + 2;
  const lines = rows.map(
    ({ client, failure }) =>
      `${client.padEnd(width('client'))}${failure.padEnd(width('failure'))}${found.get(client + failure)}`,
  );
  console.log(lines.join('\n'));
});

describe('what an SDK throws, with its own retries turned off, is read for what it is', () => {
  it('has a row for every client', () => {
    expect(Object.keys(clients)).toEqual(Object.keys(expected));
  });

  it.concurrent.each(rows)('$client: $failure: $outcome', async ({ client, failure, outcome }) => {
    const delays = [];
    const wait = waitForDone({ get: clients[client] }, failure, {
      // No delay takes any time.
      scheduler: {
        now: () => performance.now(),
        schedule: (work, _, state) => asyncScheduler.schedule(work, 0, state),
      },
      callTimeout: Infinity,
      retry: { numOfAttempts: TRIES, startingDelay: 0 },
      onEvent: (event) => event.type === 'retry' && delays.push(event.delay),
    });
    const error = await wait.catch((reason) => reason);
    found.set(client + failure, told(error, delays));
    expect(told(error, delays)).toBe(outcome);
  });
});

/** How a wait ended, in words. */
function told({ name, codeName, attempts }, delays) {
  const kind = name === 'CallFailedError' ? '' : `, ${name}`;
  if (delays.length === 0) return `final: ${codeName}${kind}`;
  const least = Math.min(...delays);
  const floor = least === 0 ? '' : `, not before ${least} ms`;
  const end = attempts === TRIES ? '' : `, but ${attempts} times`;
  return `retried: ${codeName}${kind}${floor}${end}`;
}
