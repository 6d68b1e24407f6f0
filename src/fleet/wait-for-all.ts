import { checkClient } from '../core/call/check-client.js';
import type { OperationsClient } from '../core/client.js';
import { OperationFailedError } from '../core/errors/operation-failed-error.js';
import type { FailedOperation, Operation } from '../core/operation.js';
import { checkFunction, wrongType } from '../core/values/check.js';
import type { PollOptions } from '../core/options.js';
import type { Fixed, Known } from '../core/values/known.js';
import { resolveOptions } from '../core/settings.js';
import { checkSource, type CheckedSource, type OperationSource } from '../core/wait/source.js';
import { leaveStart } from '../core/wait/start-call.js';
import { Wait } from '../core/wait/wait.js';
import { WholeProgress, type WaitForAllProgress } from './whole-progress.js';
import { WaitForAllError, type WaitForAllFailure } from './wait-for-all-error.js';

// What `poll` gives one operation, in milliseconds.
const ONE_CANCEL = 30_000;

// A cancel takes turns with three other kinds of calls: the Get that confirms one, other Gets, lists.
const CALLS = 4;

/**
 * Options of `waitForAll`: those of `waitForDone`, for each of the operations.
 *
 * @typeParam Response - What `response` makes of a response.
 * @typeParam Metadata - What `metadata` makes of metadata.
 */
export interface WaitForAllOptions<Response = unknown, Metadata = unknown> extends PollOptions<
  Response,
  Metadata
> {
  /**
   * Called with the progress of all operations together: at first, after a change but at most four times a
   * second, and at the end. What it throws changes nothing. Default: none.
   */
  readonly onProgress?: ((progress: WaitForAllProgress) => void) | undefined;
  /**
   * How long the server has to confirm how the operations ended after a cancel, in milliseconds, >= 0, or
   * Infinity. Default 30,000; with a `fleetClient`, which sends one cancel after the other, also the time of
   * four calls for each operation.
   */
  readonly cancelTimeout?: number | undefined;
}

/**
 * Waits until all operations are done, and resolves to their responses.
 *
 * One that fails does not end the wait for the others. The signal is shared: an abort **cancels all of
 * them** on the server, unless `onAbort: 'detach'` is given. All are watched at once: use a `fleetClient`
 * for many.
 *
 * @param client - Any client, as for `waitForDone`.
 * @param operations - A list of names, snapshots, or start calls. It may be empty, and one may occur twice.
 * @param options - Those of `waitForDone`, for each; and `onProgress`.
 * @returns The responses in the order of the operations; undefined where one succeeded with none.
 * @throws WaitForAllError once all have ended, if any response is missing: it holds the others, and says why
 * each is missing.
 * @throws TypeError or RangeError, before any call, when `operations` is not a list, for example one name, or
 * when an option or an operation is not valid.
 *
 * @example
 * ```ts
 * import type { OperationsClient } from 'rx-lro';
 * import { WaitForAllError, fleetClient, waitForAll } from 'rx-lro/fleet';
 *
 * export async function missing(client: OperationsClient, names: string[]): Promise<string[]> {
 *   try {
 *     await waitForAll(fleetClient(client), names, {
 *       onProgress: ({ done, total }) => console.log(`${done} of ${total}`),
 *     });
 *     return [];
 *   } catch (error) {
 *     if (error instanceof WaitForAllError) return error.failures.map(({ name }) => name);
 *     throw error;
 *   }
 * }
 * ```
 */
export async function waitForAll<
  ClientResponse = unknown,
  ClientMetadata = unknown,
  SnapshotResponse = unknown,
  SnapshotMetadata = unknown,
  Response = Known<SnapshotResponse, ClientResponse>,
  Metadata = Known<SnapshotMetadata, ClientMetadata>,
>(
  client: OperationsClient<ClientResponse, ClientMetadata>,
  operations: Iterable<OperationSource<SnapshotResponse, SnapshotMetadata>> & object,
  options: WaitForAllOptions<Response, Metadata> = {},
): Promise<Fixed<Response>[]> {
  const { sources, settings, onProgress } = checkAll(client, listOf(operations), options);
  const progress = onProgress && new WholeProgress(sources.length, settings.scheduler, onProgress);
  const responses = new Map<number, Response>();
  const failures: WaitForAllFailure[] = [];
  await new Promise<void>((resolve) => {
    let open = sources.length;
    for (const [index, source] of sources.entries()) {
      let latest: Operation | undefined;
      const end = (isFailed: boolean): void => {
        watcher.closed = true;
        progress?.end(index, isFailed);
        open -= 1;
        if (open === 0) resolve();
      };
      const fail = (error: unknown): void => {
        failures.push({ index, name: latest?.name ?? nameOf(source), error });
        end(true);
      };
      const watcher = {
        closed: false,
        next: (operation: Operation) => {
          latest = operation;
          if (!operation.done) progress?.move(index, operation);
        },
        error: fail,
        complete: () => {
          if (latest?.error !== undefined) {
            return fail(new OperationFailedError({ operation: latest as FailedOperation }));
          }
          responses.set(index, latest?.response as Response);
          end(false);
        },
      };
      // A scheduler of the user may throw: the others are waited for all the same.
      try {
        new Wait(client, settings, watcher).begin(source);
      } catch (error) {
        fail(error);
      }
    }
    if (open === 0) resolve();
  });
  progress?.close();
  if (failures.length === 0) return sources.map((_, index) => responses.get(index) as Response);
  throw new WaitForAllError(
    responses,
    failures.toSorted((a, b) => a.index - b.index),
  );
}

/** Checks all that is given. Start calls of a wait that is refused must not fail unheard. */
function checkAll(
  client: OperationsClient,
  operations: readonly unknown[],
  options: WaitForAllOptions,
) {
  try {
    checkClient(client);
    const sources = operations.map((source) => checkSource(source));
    const settings = resolveOptions(client, options, cancelTimeFor(client, sources.length));
    const onProgress = options.onProgress ?? undefined;
    if (onProgress !== undefined) checkFunction('onProgress', onProgress);
    return { sources, settings, onProgress };
  } catch (error) {
    operations.forEach(leaveStart);
    throw error;
  }
}

/** A text is iterable too, and each of its letters would be taken for a name. */
function listOf(operations: unknown): readonly unknown[] {
  const isList =
    typeof operations === 'object' && operations !== null && Symbol.iterator in operations;
  if (isList) return [...(operations as Iterable<unknown>)];
  throw wrongType(
    'operations',
    operations,
    'a list of operations, as in `[name]`: an array or another iterable',
  );
}

/** How long a client needs to cancel so many operations, one after the other, in milliseconds. */
function cancelTimeFor({ pacing }: OperationsClient, operations: number): number {
  return ONE_CANCEL + (CALLS * operations * 1000) / (pacing?.callsPerSecond ?? Infinity);
}

function nameOf(source: CheckedSource): string {
  if ('startCall' in source) return '';
  return 'name' in source ? source.name : source.snapshot.name;
}
