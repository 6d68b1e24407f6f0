import type { ExponentialDelayOptions } from 'rx-lro';

import type { EngineAddress } from './engine.js';

/** What a worker process is told, as JSON. */
export interface WorkerOptions {
  readonly engine: EngineAddress;
  readonly queue: string;
  /** The URL of the fake service. */
  readonly service: string;
  readonly callsPerSecond?: number;
  readonly callsInFlight?: number;
  /** How often the handler throws, for each operation. Default: never. */
  readonly failures?: number;
  /** For the waits of the kind `steady`. Those of the kind `usual` take what the library has. */
  readonly backoff?: ExponentialDelayOptions;
}

/** What a process has cost so far. */
export interface Costs {
  /** Seconds of CPU since its start. */
  readonly cpu: number;
  /** The most memory that it has had, in bytes. */
  readonly memory: number;
  /** How many commands it has sent to the engine. */
  readonly roundTrips: number;
}

/** What a worker process tells about itself. */
export interface WorkerReport extends Costs {
  /** How many events of each type its `onEvent` was told. */
  readonly events: Readonly<Record<string, number>>;
}
