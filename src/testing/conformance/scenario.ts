import type { Method } from '../../core/client.js';
import type { Operation } from '../../core/operation.js';
import type { ExponentialDelayOptions } from '../../core/policy/exponential-delay.js';
import type { RetryOptions } from '../../core/policy/retry.js';
import type { PollOptions } from '../../core/options.js';
import { waitForDone } from '../../core/wait-for-done.js';
import type { FakeOperations } from '../fake-operations.js';
import type { OperationScript } from '../operation-script.js';
import type { FakeOperationsOptions } from '../options.js';
import type { VirtualTime } from '../virtual-time.js';
import { same, until } from './check.js';
import type { ConformanceConnection } from './subject.js';

/** What a scenario has to work with. */
export interface ConformanceContext extends Required<Pick<ConformanceConnection, 'client'>> {
  /** The service behind the client. */
  readonly fake: FakeOperations;
  /**
   * The clock of the service. It moves only when the scenario advances it, so that nothing depends on how long a
   * call takes. It serves as `scheduler` of a wait too.
   */
  readonly time: VirtualTime;
  /** The parent whose operations are listed. */
  readonly parent: string;
  /** Makes the name of an operation. */
  readonly operationName: (id: string) => string;
  /** Starts an operation with the name that an id gives, `a` by default. */
  readonly start: (script: OperationScript, id?: string) => Operation;
  /** Turns a response of the client back into that of the script. */
  readonly plain: (value: unknown) => unknown;
  /** Turns metadata of the client back into that of the script. */
  readonly plainMetadata: (value: unknown) => unknown;
  /** Drops the server. */
  readonly kill: () => Promise<void>;
}

/** One rule that a client must keep. */
export interface ConformanceScenario {
  /** Its name in `notApplicable`, such as `cancel-honoured`. */
  readonly id: string;
  /** The rule, as a short sentence. */
  readonly title: string;
  /** How the service behaves. Default: as `FakeOperations` does. */
  readonly service?: FakeOperationsOptions | undefined;
  /** Runs it; rejects with an Error that says what went wrong. */
  run(context: ConformanceContext): Promise<void>;
}

/** Options that make many calls in little time, in milliseconds. */
export const quick: {
  readonly backoff: ExponentialDelayOptions;
  readonly retry: RetryOptions;
  readonly holdTimeout: number;
} = {
  backoff: { startingDelay: 5, timeMultiple: 1.2, maxDelay: 25 },
  retry: { startingDelay: 5, timeMultiple: 1.2, maxDelay: 25, jitter: 'none', numOfAttempts: 20 },
  // Only Get is called, so that each kind of client gets the same answers after the same number of calls.
  holdTimeout: 0,
};

/** Lets the time of the service pass once something holds. */
export async function advanceWhen(
  { fake, time }: ConformanceContext,
  what: string,
  condition: () => boolean,
  millis: number = 1_000,
): Promise<void> {
  await until(fake, what, condition);
  await time.advance(millis);
}

/** Starts an operation with a response, waits for it, and checks that the response arrives. */
export async function expectPages(
  { client, start, plain }: ConformanceContext,
  script: OperationScript = {},
  options: PollOptions = quick,
): Promise<void> {
  const { name } = start({ ...script, response: { pages: 12 } });
  same('the response', plain(await waitForDone(client, name, options)), { pages: 12 });
}

/** The methods that were called, in order. */
export function methodsOf(fake: FakeOperations): readonly Method[] {
  return fake.calls.map(({ method }) => method);
}

/** How often a method was called. */
export function countOf(fake: FakeOperations, wanted: Method): number {
  return methodsOf(fake).filter((method) => method === wanted).length;
}

/** A detail that must arrive whole. */
export const errorInfo = {
  '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
  reason: 'STOCKOUT',
  domain: 'example.com',
  metadata: { zone: 'z' },
} as const;
