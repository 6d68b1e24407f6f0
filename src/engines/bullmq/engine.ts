import {
  Queue,
  QueueEvents,
  type BackendFactory,
  type ConnectionOptions,
  type IQueueBackend,
  type Processor,
  type WorkerOptions,
  Worker,
} from 'bullmq';
import { checkFunction, wrongType } from '../../core/values/check.js';
import { isObject } from '../../core/values/record.js';

/**
 * Where the waits are kept.
 *
 * @typeParam Connection - What reaches the engine.
 */
export interface EngineOptions<Connection = ConnectionOptions> {
  /** The name of the queue, without `:`. It is BullMQ's own queue: use it for nothing else. */
  readonly queue: string;
  /**
   * What reaches the engine, as BullMQ takes it: the options of ioredis, or an instance of it (made with
   * `maxRetriesPerRequest: null`), which is not closed. For PostgreSQL the options of `pg`, or a pool.
   */
  readonly connection: Connection;
  /** BullMQ's `createPostgresBackend`, for PostgreSQL. Default: Redis. */
  readonly backend?: BackendFactory<IQueueBackend, Connection> | undefined;
  /** What the keys in Redis begin with; `{operations}` for a cluster. Default: BullMQ's own, `bull`. */
  readonly prefix?: string | undefined;
}

/** How BullMQ is given an engine: its types know Redis alone where the classes are not told. */
export interface Engine {
  readonly queue: string;
  readonly options: { readonly connection: ConnectionOptions; readonly prefix?: string };
  readonly backend: BackendFactory | undefined;
}

/**
 * Checks where the waits are kept.
 *
 * @throws TypeError or RangeError that names the option.
 */
export function checkEngine<Connection>(options: EngineOptions<Connection>): Engine {
  const { queue, connection, backend, prefix } = options;
  if (typeof queue !== 'string') throw wrongType('queue', queue, 'a text');
  if (queue === '' || queue.includes(':')) {
    throw new RangeError(`Option \`queue\` must not be empty nor contain ":"; it is "${queue}".`);
  }
  // BullMQ would take no notice of a text, and reach for Redis on this machine.
  if (!isObject(connection) && (typeof connection !== 'string' || backend == null)) {
    throw wrongType('connection', connection, 'an object, such as `{ url }`, or a client');
  }
  const { options: made } = connection as { readonly options?: { maxRetriesPerRequest?: unknown } };
  if (backend == null && isObject(made) && made.maxRetriesPerRequest !== null) {
    throw new RangeError(
      'Option `connection` must be an ioredis client with `maxRetriesPerRequest: null`: BullMQ needs it.',
    );
  }
  if (backend != null) checkFunction('backend', backend);
  if (prefix != null && typeof prefix !== 'string') throw wrongType('prefix', prefix, 'a text');
  return {
    queue,
    options: {
      connection,
      ...(prefix == null ? {} : { prefix }),
    },
    backend: (backend ?? undefined) as BackendFactory | undefined,
  };
}

/** Opens the queue. */
export function openQueue({ queue, options, backend }: Engine): Queue {
  return backend === undefined
    ? new Queue(queue, options)
    : (new Queue(queue, options, backend) as unknown as Queue);
}

/** Listens to what happens in the queue. */
export function openEvents({ queue, options, backend }: Engine): QueueEvents {
  return backend === undefined
    ? new QueueEvents(queue, options)
    : (new QueueEvents(queue, options, backend) as unknown as QueueEvents);
}

/** Takes the jobs of the queue. */
export function openWorker<Data>(
  { queue, options, backend }: Engine,
  process: Processor<Data>,
  more: Omit<WorkerOptions, 'connection'>,
): Worker<Data> {
  const all = { ...options, ...more };
  return backend === undefined
    ? new Worker(queue, process, all)
    : (new Worker(queue, process, all, backend) as unknown as Worker<Data>);
}

/** Closes a queue or its events. While the engine is away, BullMQ would wait for it to come back. */
export async function closeNow(opened: Queue | QueueEvents, isAway: boolean): Promise<void> {
  if (isAway) await disconnect(opened);
  await opened.close();
}

/** A client of `pg` that waits for notifications, where there is one. */
interface Listening {
  readonly connection?: {
    readonly listenClient?: { readonly on: (event: 'error', listener: () => void) => void };
  };
}

/** Closes the connections to an engine that is away. */
export async function disconnect(opened: Queue | QueueEvents | Worker): Promise<void> {
  const backend = opened.getBackend();
  const closing = backend.close(true);
  // BullMQ has taken the listeners off this client: what a server that dies still says would be thrown at the process.
  (backend as Listening).connection?.listenClient?.on('error', () => undefined);
  // There is nothing that could be done about it.
  await closing.catch(() => undefined);
}
