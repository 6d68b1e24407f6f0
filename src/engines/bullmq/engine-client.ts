import { first, merge, of, switchMap, timer, type Observable, type ObservableInput } from 'rxjs';
import type { CallOptions, OperationsClient } from '../../core/client.js';
import { isStatusError, type StatusError } from '../../core/errors/status-error.js';
import type { OperationLike } from '../../core/operation.js';
import { Code } from '../../core/status/code.js';
import { failure, notWaitedFor } from './failures.js';
import type { KnownWait } from './known-wait.js';
import type { WaitStore } from './wait-store.js';

/** What a process asks about waits. */
export interface EngineReader extends Pick<WaitStore, 'queue' | 'get' | 'cancel'> {
  /** Tells that something may have changed. */
  readonly changesOf: (name: string) => Observable<unknown>;
  /** Fails once this process is not to wait any more. */
  readonly closed: Observable<never>;
  /** Clients by kind, which fetch what is not kept. */
  readonly kinds: Readonly<Record<string, { readonly client: OperationsClient }>>;
}

/** Thrown by the client in place of the error with which a worker has ended a wait. */
export class EndedWait extends Error {
  // Not `error`, in which errors of HTTP clients have a Status.
  readonly end: StatusError;

  constructor(end: StatusError) {
    super(end.message);
    this.end = end;
  }
}

/** The longest time between two questions to the engine, in milliseconds: events are lost while it is away. */
export const CHECK_INTERVAL = 15_000;

/**
 * Makes a client that asks the engine what a worker has learned of an operation.
 *
 * @param reason - Tells why an operation is to be cancelled.
 */
export function engineClient(
  reader: EngineReader,
  reason: () => string | undefined,
): OperationsClient {
  return {
    // Nothing is made up: before a worker has learned anything, there is no answer.
    get: ({ name }, options) =>
      merge(timer(0, CHECK_INTERVAL), reader.changesOf(name)).pipe(
        switchMap(() => read(reader, name)),
        first((wait) => wait.operation !== undefined || wait.verdict !== undefined || wait.isLarge),
        switchMap((wait) => answerOf(reader, wait, options)),
      ),
    cancel: ({ name }) => reader.cancel(name, reason()),
  };
}

async function read(reader: EngineReader, name: string): Promise<KnownWait> {
  const wait = await reader.get(name).catch((error: unknown) => {
    // The engine was there, and what it keeps cannot be read here.
    if (isStatusError(error)) throw error;
    throw failure(
      { method: 'get', name },
      Code.UNAVAILABLE,
      `The queue "${reader.queue}" cannot be read`,
      error,
    );
  });
  if (wait === undefined) throw notWaitedFor(reader.queue, 'get', name);
  return wait;
}

function answerOf(
  { kinds }: EngineReader,
  { name, kind, operation, verdict, isLarge }: KnownWait,
  options: CallOptions,
): ObservableInput<OperationLike> {
  if (verdict?.error !== undefined) throw new EndedWait(verdict.error);
  if (!isLarge) return of(operation as OperationLike);
  const client = kinds[kind]?.client;
  if (client !== undefined) return client.get({ name }, options);
  throw failure(
    { method: 'get', name },
    Code.FAILED_PRECONDITION,
    `It is done, and its result is not kept, as it is too large or JSON cannot hold it: give \`operationWaits\` the client of the kind "${kind}" in \`kinds\`, or fetch the result by its name`,
  );
}
