import { Worker, type Processor, type WorkerOptions } from 'bullmq';

import type { EngineAddress } from '../../support/durable/engine.js';
import { connectionOf } from '../../support/durable/engines.js';

/** A worker of BullMQ alone. By default it ends jobs and does nothing for them. */
export function workerOf(
  engine: EngineAddress,
  queue: string,
  process: Processor = () => Promise.resolve(),
  more: Partial<WorkerOptions> = {},
): Worker {
  const options = connectionOf(engine);
  const worker: unknown =
    options.backend === undefined
      ? new Worker(queue, process, { ...more, connection: options.connection })
      : new Worker(queue, process, { ...more, connection: options.connection }, options.backend);
  const bare = worker as Worker;
  bare.on('error', () => undefined);
  return bare;
}
