// A worker of BullMQ alone: a job calls the service once by `fetch`, and delays itself until the operation is done.
// It ends with the process that started it.

import { DelayedError, Worker, type ConnectionOptions } from 'bullmq';

import { countRoundTrips } from './count-round-trips.js';
import { connectionOf } from './engines.js';
import { ownCosts } from './own-costs.js';
import type { WorkerOptions } from './worker-options.js';

const {
  engine,
  queue,
  service,
  callsInFlight = 50,
  backoff,
} = JSON.parse(process.env['WORKER'] ?? '') as WorkerOptions;
const delay = Number(backoff?.startingDelay);

const roundTrips = countRoundTrips();
const { connection, backend } = connectionOf(engine);
const options = { connection: connection as ConnectionOptions, concurrency: callsInFlight };

async function run(
  job: {
    readonly data: { readonly name: string };
    moveToDelayed(at: number, token?: string): Promise<void>;
  },
  token?: string,
): Promise<unknown> {
  const response = await fetch(`${service}/v1/${job.data.name}`);
  const operation = (await response.json()) as { readonly done: boolean };
  if (operation.done) return operation;
  await job.moveToDelayed(Date.now() + delay, token);
  throw new DelayedError();
}

const worker =
  backend === undefined
    ? new Worker(queue, run, options)
    : new Worker(queue, run, options, backend);
worker.on('error', () => undefined);

process.on('message', () => {
  process.send?.({ kind: 'report', report: { events: {}, ...ownCosts(roundTrips()) } });
});
process.once('disconnect', () => process.exit(0));
process.send?.({ kind: 'ready' });
