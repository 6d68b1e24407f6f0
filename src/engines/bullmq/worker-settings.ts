import type { OperationsClient } from '../../core/client.js';
import { checkClient } from '../../core/call/check-client.js';
import type { PollOptions } from '../../core/options.js';
import { resolveOptions } from '../../core/settings.js';
import { checkFunction, checkNumber, checkObject } from '../../core/values/check.js';
import type { PollOnceOptions } from '../../step/poll-once.js';
import type { Verdict } from '../../step/verdict.js';
import type { EngineOptions } from './engine.js';
import type { WaitsEvent } from './events.js';

/**
 * How waits of one kind are made: the client, and the options of `pollOnce`, of which `backoff` is one. A call that
 * fails for a passing reason is made again without end, unless `retry.numOfAttempts` says otherwise.
 */
export interface WaitKind extends Omit<
  PollOnceOptions,
  'signal' | 'latest' | 'scheduler' | 'response' | 'metadata'
> {
  /** The client that is asked about them. */
  readonly client: OperationsClient;
}

/** What `onDone` is told: how a wait ended. */
export interface DoneWait {
  /** The name of the operation. */
  readonly name: string;
  /** The kind, as it was given to `add`. */
  readonly kind: string;
  /** What was given to `add`. */
  readonly context: unknown;
  /** How it ended. `responseOf` of `rx-lro/step` reads it. The response is as the service gave it. */
  readonly verdict: Verdict;
  /** The same for each run for this wait: remember it where a second run must not count. */
  readonly key: string;
  /** Which run it is, from 1. Runs that a crash has ended count. */
  readonly attempt: number;
  /**
   * Aborted when this worker does not have the wait any more, since it was too slow or `close` gave it up: another
   * one may run the handler too.
   */
  readonly signal: AbortSignal;
}

/**
 * Options of `operationWorker`.
 *
 * @typeParam Connection - What reaches the engine.
 */
export interface OperationWorkerOptions<Connection> extends EngineOptions<Connection> {
  /** How each kind of wait is made. A kind that is not there is left to other workers. */
  readonly kinds: Readonly<Record<string, WaitKind>>;
  /**
   * How many calls all workers of the queue make per second, > 0; 0.2 is one in five seconds. Give the same to
   * all of them. Runs of `onDone` that are tried again count as well. Default: no limit.
   */
  readonly callsPerSecond?: number | undefined;
  /** How many calls, and runs of `onDone`, are under way at once in this process, >= 1. Default 50. */
  readonly callsInFlight?: number | undefined;
  /**
   * Runs at least once for each wait, in one of the workers, once the verdict is known and kept. If it throws,
   * rejects or dies, it runs again, without another call to the service: after 1 s, then after twice as long each
   * time, up to 60 s. Default: none.
   */
  readonly onDone?: ((wait: DoneWait) => unknown) | undefined;
  /** Is told of what goes wrong. Default: none. */
  readonly onEvent?: ((event: WaitsEvent) => void) | undefined;
  /**
   * How large a snapshot may be that is kept, in characters of JSON, >= 0. Of a larger result only the name is
   * kept; those who wait for it fetch the result. Default 1,000,000.
   */
  readonly maxStoredBytes?: number | undefined;
}

/** The options with nothing left open. */
export interface WorkerSettings {
  readonly kinds: ReadonlyMap<string, WaitKind>;
  readonly callsPerSecond: number;
  readonly callsInFlight: number;
  readonly onDone: ((wait: DoneWait) => unknown) | undefined;
  readonly onEvent: ((event: WaitsEvent) => void) | undefined;
  readonly maxStoredBytes: number;
}

/**
 * Fills the options and checks them.
 *
 * @throws TypeError or RangeError that names the option.
 */
export function resolveWorker<Connection>(
  options: OperationWorkerOptions<Connection>,
): WorkerSettings {
  const { kinds } = options;
  const settings = {
    kinds: new Map(Object.entries(checkKinds(kinds)).map(([name, kind]) => [name, patient(kind)])),
    callsPerSecond: options.callsPerSecond ?? Infinity,
    callsInFlight: options.callsInFlight ?? 50,
    onDone: options.onDone ?? undefined,
    onEvent: options.onEvent ?? undefined,
    maxStoredBytes: options.maxStoredBytes ?? 1_000_000,
  };
  checkNumber('callsPerSecond', settings.callsPerSecond, { above: 0, infinite: true });
  checkNumber('callsInFlight', settings.callsInFlight, { min: 1, whole: true });
  checkNumber('maxStoredBytes', settings.maxStoredBytes, { min: 0, infinite: true });
  if (settings.onDone !== undefined) checkFunction('onDone', settings.onDone);
  if (settings.onEvent !== undefined) checkFunction('onEvent', settings.onEvent);
  return settings;
}

/** A wait that is kept anyway outlasts any outage of its service. */
function patient(kind: WaitKind): WaitKind {
  const { client, retry } = kind;
  return { ...kind, client, retry: { ...retry, numOfAttempts: retry?.numOfAttempts ?? Infinity } };
}

/**
 * Checks clients by kind, and the options beside them.
 *
 * @throws TypeError or RangeError that names the kind.
 */
export function checkKinds<Kind extends { readonly client: OperationsClient }>(
  kinds: Readonly<Record<string, Kind>>,
): Readonly<Record<string, Kind>> {
  checkObject('kinds', kinds);
  for (const [kind, given] of Object.entries(kinds)) {
    checkObject(`kinds.${kind}`, given);
    try {
      checkClient(given.client);
      resolveOptions(given.client, given as PollOptions);
    } catch (error) {
      // As it is, with the kind in front.
      if (error instanceof Error) error.message = `The kind "${kind}": ${error.message}`;
      throw error;
    }
  }
  return kinds;
}
