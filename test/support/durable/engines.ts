import {
  createPostgresBackend,
  Queue,
  type ConnectionOptions,
  type PostgresConnectionOptions,
} from 'bullmq';

import type { Engine, EngineAddress, EngineKind } from './engine.js';
import { isPostgresAvailable, startPostgres } from './postgres-instance.js';
import { isRedisAvailable, startRedis } from './redis-instance.js';

interface EngineUnderTest {
  readonly kind: EngineKind;
  /** For the title of a test: says so where the engine is not on this machine. */
  readonly title: string;
  readonly isAvailable: boolean;
  readonly start: () => Promise<Engine>;
}

/** All engines that tests run on, the available ones and the others. */
export const engines: readonly EngineUnderTest[] = [
  { kind: 'redis' as const, isAvailable: isRedisAvailable(), start: startRedis },
  { kind: 'postgres' as const, isAvailable: isPostgresAvailable(), start: startPostgres },
].map((engine) => ({
  ...engine,
  title: engine.isAvailable ? engine.kind : `${engine.kind} (skipped: it is not on this machine)`,
}));

/** What BullMQ needs to reach an engine. */
export function connectionOf({ kind, port }: EngineAddress):
  | { readonly connection: ConnectionOptions; readonly backend?: undefined }
  | {
      readonly connection: PostgresConnectionOptions;
      readonly backend: typeof createPostgresBackend;
    } {
  const host = '127.0.0.1';
  if (kind === 'redis') return { connection: { host, port } };
  const connection = { host, port, user: 'postgres', database: 'postgres', migrate: true };
  return { connection, backend: createPostgresBackend };
}

/** BullMQ's own queue on an engine. */
export function queueOf(address: EngineAddress, name: string): Queue {
  const options = connectionOf(address);
  if (options.backend === undefined) return new Queue(name, options);
  const { connection, backend } = options;
  const queue = new Queue(name, { connection }, backend);
  return queue as unknown as Queue;
}
