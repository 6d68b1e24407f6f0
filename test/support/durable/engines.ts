import {
  createPostgresBackend,
  Queue,
  type BackendFactory,
  type IQueueBackend,
  type PostgresConnectionOptions,
} from 'bullmq';

import type { Engine, EngineAddress, EngineKind } from './engine.js';
import { isPostgresAvailable, startPostgres } from './postgres-instance.js';
import { isRedisAvailable, startRedis } from './redis-instance.js';

const host = '127.0.0.1';

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
  { kind: 'postgres' as const, isAvailable: isPostgresAvailable(), start: () => startPostgres() },
].map((engine) => ({
  ...engine,
  title: engine.isAvailable ? engine.kind : `${engine.kind} (skipped: it is not on this machine)`,
}));

/** Where an engine is, as the library and BullMQ take it. */
interface Reached {
  readonly connection: unknown;
  readonly backend?: BackendFactory<IQueueBackend, unknown>;
}

/** What BullMQ needs to reach an engine. */
export function connectionOf({ kind, port }: EngineAddress): Reached {
  if (kind === 'redis') return { connection: { host, port } };
  const backend = createPostgresBackend as BackendFactory<IQueueBackend, unknown>;
  return { connection: postgresConnection(port), backend };
}

/** BullMQ's own queue on an engine. */
export function queueOf({ kind, port }: EngineAddress, name: string): Queue {
  if (kind === 'redis') return new Queue(name, { connection: { host, port } });
  const queue = new Queue(name, { connection: postgresConnection(port) }, createPostgresBackend);
  return queue as unknown as Queue;
}

function postgresConnection(port: number): PostgresConnectionOptions {
  return { host, port, user: 'postgres', database: 'postgres', migrate: true };
}
