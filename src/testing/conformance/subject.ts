import type { OperationsClient } from '../../core/client.js';
import type { FakeOperations } from '../fake-operations.js';

/** A client that reaches a fake service. */
export interface ConformanceConnection {
  /** The client under test. */
  readonly client: OperationsClient;
  /** Ends the client and the server. */
  readonly close: () => Promise<void>;
  /** Drops the server and its connections at once, while the client stays. Needed only for `server-gone`. */
  readonly kill?: (() => Promise<void>) | undefined;
}

/** A kind of client that the suite runs against, and how to connect one. */
export interface ConformanceSubject {
  /** Its name in reports, such as `gRPC, proto-loader`. */
  readonly name: string;
  /**
   * Serves a fake service, on a real socket where there is one, and connects a client to it. It is
   * called for each scenario.
   */
  readonly connect: (fake: FakeOperations) => Promise<ConformanceConnection>;
  /** Scenarios that cannot apply, by their id, each with the reason. Default: none. */
  readonly notApplicable?: Readonly<Record<string, string>> | undefined;
  /** Makes the name of an operation, as this kind of service has them. Default: `projects/p/operations/ID`. */
  readonly operationName?: ((id: string) => string) | undefined;
  /** The parent whose operations are listed. Default `projects/p`. */
  readonly parent?: string | undefined;
  /**
   * Turns a `response` of the client back into that of the script, such as `plainOf`. Default: they are the
   * same.
   */
  readonly response?: ((value: unknown) => unknown) | undefined;
  /** The same for `metadata`. Default: what `response` does. */
  readonly metadata?: ((value: unknown) => unknown) | undefined;
}
