import type { Job, Queue } from 'bullmq';
import { codeName, type OperationsClient } from 'rx-lro';
import {
  operationWaits,
  operationWorker,
  type DoneWait,
  type OperationWaits,
  type OperationWaitsOptions,
  type OperationWorker,
  type OperationWorkerOptions,
  type WaitsEvent,
} from 'rx-lro/bullmq';
import { FakeOperations } from 'rx-lro/testing';

import { waitIdOf } from '../../../src/engines/bullmq/job-id.js';
import { connectionOf, queueOf } from '../../support/durable/engines.js';
import type { EngineAddress } from '../../support/durable/engine.js';
import { until } from '../../support/durable/until.js';

/** As BullMQ has it. */
type WaitJob = Job<
  {
    readonly state: { readonly name: string; readonly version?: number };
    readonly version?: number;
    readonly cancel?: unknown;
  },
  string
>;

/** A queue of one test, a service, and what both have seen. */
export interface World {
  readonly queue: string;
  readonly fake: FakeOperations;
  /** Calls the service, and counts. */
  readonly client: OperationsClient;
  readonly calls: { readonly method: string; readonly name: string; readonly time: number }[];
  /** How much longer each call takes, in milliseconds. */
  slowness: number;
  /** The most calls about one operation that were under way at once. */
  readonly mostAtOnce: () => number;
  /** The most calls of all that were under way at once. */
  readonly mostInFlight: () => number;
  readonly done: DoneWait[];
  /** Waits until the handler has run so often: who waits for the verdict may learn of it before. */
  readonly handled: (runs?: number) => Promise<void>;
  readonly events: WaitsEvent[];
  readonly waits: (options?: Partial<OperationWaitsOptions<unknown>>) => OperationWaits;
  /** A worker with the kind `any`, whose steps follow each other by 100 ms. */
  readonly worker: (options?: Partial<OperationWorkerOptions<unknown>>) => OperationWorker;
  /** BullMQ's own view of the queue. */
  readonly raw: Queue;
  readonly job: (name: string) => Promise<WaitJob>;
  readonly close: () => Promise<void>;
}

export const quick = { startingDelay: 100, timeMultiple: 1, maxDelay: 100 };

/** How long each call of the service takes, in milliseconds. */
const LATENCY = 20;

export function worldOf(engine: EngineAddress, queue: string): World {
  const fake = new FakeOperations({ latency: LATENCY });
  const calls: World['calls'] = [];
  const underWay = new Map<string, number>();
  let mostAtOnce = 0;
  let inFlight = 0;
  let mostInFlight = 0;
  const counted = async <Answer>(
    method: 'get' | 'cancel',
    name: string,
    call: () => PromiseLike<Answer>,
  ): Promise<Answer> => {
    calls.push({ method, name, time: Date.now() });
    inFlight += 1;
    mostInFlight = Math.max(mostInFlight, inFlight);
    const now = (underWay.get(name) ?? 0) + 1;
    underWay.set(name, now);
    mostAtOnce = Math.max(mostAtOnce, now);
    try {
      await new Promise((resolve) => setTimeout(resolve, world.slowness));
      return await call();
    } finally {
      inFlight -= 1;
      underWay.set(name, (underWay.get(name) ?? 1) - 1);
    }
  };
  const client: OperationsClient = {
    get: (request, options) =>
      counted('get', request.name, () => fake.client.get(request, options)),
    cancel: (request, options) =>
      counted('cancel', request.name, () => fake.client.cancel(request, options)),
  };
  const done: DoneWait[] = [];
  const events: WaitsEvent[] = [];
  const raw = queueOf(engine, queue);
  raw.on('error', () => undefined);
  const opened: { readonly close: () => Promise<void> }[] = [];
  const reached = { queue, ...(connectionOf(engine) as { readonly connection: unknown }) };
  const keep = <Opened extends { readonly close: () => Promise<void> }>(one: Opened): Opened => {
    opened.push(one);
    return one;
  };
  const world: World = {
    queue,
    fake,
    slowness: 0,
    client,
    calls,
    mostAtOnce: () => mostAtOnce,
    mostInFlight: () => mostInFlight,
    done,
    handled: (runs = 1) =>
      until(() => done.length >= runs, { within: 20_000, what: `${runs} runs of the handler` }),
    events,
    waits: (options = {}) =>
      keep(operationWaits({ onEvent: (event) => events.push(event), ...reached, ...options })),
    worker: (options = {}) =>
      keep(
        operationWorker({
          kinds: { any: { client, backoff: quick } },
          onDone: (wait) => done.push(wait),
          onEvent: (event) => events.push(event),
          ...reached,
          ...options,
        }),
      ),
    raw,
    job: async (name) => {
      const found = (await raw.getJob(waitIdOf(name))) as WaitJob | undefined;
      if (found === undefined) throw new Error(`No job for ${name}`);
      return found;
    },
    close: async () => {
      await Promise.all(opened.map((one) => one.close()));
      await raw.close();
    },
  };
  return world;
}

/** What a wait came to: `OK`, or the name of a code or of an error. */
export function outcomeOf({ verdict }: DoneWait): string {
  const { operation, error } = verdict;
  if (operation === undefined) return error.name;
  return codeName(operation.error?.code ?? 0);
}
