import { Worker, type ConnectionOptions, type Processor, type WorkerOptions } from 'bullmq';

import type { EngineAddress } from '../../support/durable/engine.js';
import { connectionOf } from '../../support/durable/engines.js';

/** A worker of BullMQ alone. By default it ends jobs and does nothing for them. */
export function workerOf(
  engine: EngineAddress,
  queue: string,
  process: Processor = () => Promise.resolve(),
  more: Partial<WorkerOptions> = {},
): Worker {
  const { connection, backend } = connectionOf(engine);
  const options = { ...more, connection: connection as ConnectionOptions };
  const bare =
    backend === undefined
      ? new Worker(queue, process, options)
      : (new Worker(queue, process, options, backend) as unknown as Worker);
  bare.on('error', () => undefined);
  return bare;
}
