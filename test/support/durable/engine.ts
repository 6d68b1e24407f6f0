/** Which engine keeps the waits. */
export type EngineKind = 'redis' | 'postgres';

/** Where an engine listens, as JSON: programs are told so. */
export interface EngineAddress {
  readonly kind: EngineKind;
  readonly port: number;
}

/** An engine that belongs to a test: it keeps what it holds in a temporary folder. */
export interface Engine extends EngineAddress {
  /** The process that serves it at the moment. */
  readonly pid: () => number;
  /** Ends it with SIGKILL. What it holds stays. */
  readonly kill: () => Promise<void>;
  /** Serves the same data at the same port again. */
  readonly restart: () => Promise<void>;
  /** Ends it and removes its data. */
  readonly stop: () => Promise<void>;
}
