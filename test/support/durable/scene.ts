import { operationWaits, type OperationWaits } from 'rx-lro/bullmq';

import type { Engine, EngineAddress } from './engine.js';
import { connectionOf, queueOf } from './engines.js';
import { startService, type FakeService } from './fake-service.js';
import type { WorkerOptions, WorkerReport } from './worker-options.js';
import { startWorkers, type StartedWorker } from './workers.js';

/** A queue, the workers at it, a service, and the waits as this process sees them. */
export interface Scene {
  readonly queue: string;
  readonly service: FakeService;
  readonly waits: OperationWaits;
  /** Those that are to be closed in the end. A test that kills one takes it out. */
  readonly workers: StartedWorker[];
  /** Starts one more worker. */
  readonly addWorker: () => Promise<void>;
  /** Adds waits of one kind, `usual` or `steady`. */
  readonly addAll: (names: readonly string[], kind?: string) => Promise<void>;
  /** Closes everything but the engine. */
  readonly close: () => Promise<SceneEnd>;
}

/** What is left of a scene. */
interface SceneEnd {
  readonly workers: readonly (WorkerReport & { readonly exit: number | 'it did not end' })[];
  /** How many jobs are under way, with no worker that could be at them. */
  readonly active: number;
}

// As many as a caller would have under way at once.
const CHUNK = 500;

/** Sets a scene up, with so many workers. */
export async function setScene(
  engine: Engine,
  queue: string,
  count: number,
  options: Omit<WorkerOptions, 'engine' | 'service' | 'queue'> = {},
): Promise<Scene> {
  const address: EngineAddress = { kind: engine.kind, port: engine.port };
  const service = await startService();
  const settings = { engine: address, service: service.url, queue, ...options };
  const workers = await startWorkers(count, settings);
  const waits = operationWaits({ queue, ...connectionOf(address) });
  return {
    queue,
    service,
    waits,
    workers,
    addWorker: async () => {
      workers.push(...(await startWorkers(1, settings)));
    },
    addAll: async (names, kind = 'usual') => {
      for (let start = 0; start < names.length; start += CHUNK) {
        const chunk = names.slice(start, start + CHUNK);
        await Promise.all(chunk.map((name) => waits.add(name, { kind })));
      }
    },
    close: async () => {
      const ends = await Promise.all(workers.map((worker) => worker.close()));
      await waits.close();
      const raw = queueOf(address, queue);
      const active = await raw.getActiveCount();
      await raw.close();
      await service.stop();
      return { workers: ends, active };
    },
  };
}
