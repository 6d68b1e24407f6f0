import type { ConnectionOptions } from 'bullmq';
import { Subject, type Observable } from 'rxjs';
import type { Operation, OperationLike } from '../../core/operation.js';
import type { Fixed } from '../../core/values/known.js';
import type { IterableObservable } from '../../core/platform/iterable-observable.js';
import { waitForDone } from '../../core/wait-for-done.js';
import { waitForOperation } from '../../core/wait-for-operation.js';
import { checkEngine, closeNow, openQueue } from './engine.js';
import { watchHealth } from './engine-health.js';
import { tellTo } from './tell.js';
import { waitIdOf } from './job-id.js';
import type { KnownWait } from './known-wait.js';
import type { AddOptions } from './new-wait-data.js';
import { pollWait, type AskOptions } from './poll-wait.js';
import { checkName, storeOf } from './wait-store.js';
import { watchQueue } from './watch.js';
import { resolveWaits, type OperationWaitsOptions } from './waits-settings.js';

/** Waits that workers make: begins, watches, cancels and reads them. */
export interface OperationWaits {
  /**
   * Has an operation waited for. A name that is waited for already, or whose verdict is kept, is left as it is.
   *
   * @param operation - Its name; or the snapshot that the start call returned.
   * @param options - The kind, and what `onDone` is to know.
   * @returns Whether it was not known, once the engine has it: from then on nothing loses it. Of several processes
   * that add a name at the same moment, each may be told so.
   * @throws TypeError or RangeError, before anything is written, when something given is not valid.
   */
  add(operation: string | OperationLike, options: AddOptions): Promise<boolean>;
  /**
   * Waits for the verdict, as `waitForDone` of `rx-lro` does.
   *
   * @param name - The name of the operation.
   * @param options - All optional. The signal cancels the operation, unless `onAbort: 'detach'` is given.
   * @returns The response, or undefined when the operation succeeded with none.
   * @throws What `waitForDone` throws, and what ended the wait of the worker; CallFailedError with the code
   * NOT_FOUND when the operation is not waited for.
   */
  waitForDone<Response = unknown, Metadata = unknown>(
    name: string,
    options?: AskOptions<Response, Metadata>,
  ): Promise<Fixed<Response>>;
  /**
   * Waits for the verdict, as `waitForOperation` of `rx-lro` does.
   *
   * @param name - The name of the operation.
   * @param options - Those of `waitForDone`.
   * @returns The final operation.
   * @throws Whatever `waitForDone` throws.
   */
  waitForOperation<Response = unknown, Metadata = unknown>(
    name: string,
    options?: AskOptions<Response, Metadata>,
  ): Promise<Operation<Fixed<Response>, Fixed<Metadata>>>;
  /**
   * Watches an operation, as `poll` of `rx-lro` does. Workers ask at their own pace: a snapshot that is followed by
   * another one at once may be left out, never the last one.
   *
   * @param name - The name of the operation.
   * @param options - Those of `waitForDone`.
   * @returns An Observable that is an async iterable too.
   */
  poll<Response = unknown, Metadata = unknown>(
    name: string,
    options?: AskOptions<Response, Metadata>,
  ): IterableObservable<Operation<Fixed<Response>, Fixed<Metadata>>>;
  /**
   * Has an operation cancelled: the next step of a worker sends CancelOperation, and the steps after it learn the
   * server's own verdict. Without effect once there is a verdict.
   *
   * @param name - The name of the operation.
   * @param reason - Why; at most 200 characters are kept.
   * @returns Resolves once the engine has it: from then on nothing loses it.
   * @throws CallFailedError with the code NOT_FOUND when the operation is not waited for.
   */
  cancel(name: string, reason?: string): Promise<void>;
  /**
   * Tells what is known of a wait, the verdict too as long as it is kept.
   *
   * @param name - The name of the operation.
   * @returns undefined where it is not waited for.
   */
  get(name: string): Promise<KnownWait | undefined>;
  /**
   * Forgets a wait, so that the name can be added anew. The operation itself goes on.
   *
   * @param name - The name of the operation.
   * @returns Whether it was known.
   * @throws An Error while a worker is making a call about it: try it again.
   */
  remove(name: string): Promise<boolean>;
  /** Ends what this process waits for, with an error, and its connections. The waits themselves go on. */
  close(): Promise<void>;
}

/**
 * Begins, watches and cancels waits that workers make, in any process: `operationWorker` makes the calls.
 *
 * It opens a connection at once, and a second one with the first wait that is watched.
 *
 * @param options - The queue, and where it is.
 * @returns The waits.
 * @throws TypeError or RangeError, before anything is done, when an option is not valid.
 *
 * @example
 * ```ts
 * import { operationWaits } from 'rx-lro/bullmq';
 *
 * const waits = operationWaits({
 *   queue: 'operations',
 *   connection: { host: '127.0.0.1', port: 6379 },
 * });
 *
 * await waits.add('operations/42', { kind: 'deployment', context: { user: 7 } });
 * console.log(await waits.waitForDone('operations/42'));
 * ```
 */
export function operationWaits<Connection = ConnectionOptions>(
  options: OperationWaitsOptions<Connection>,
): OperationWaits {
  const engine = checkEngine(options);
  const { keep, kinds, onEvent } = resolveWaits(options);
  const closed = new Subject<never>();
  const queue = openQueue(engine);
  const health = watchHealth(tellTo(onEvent), () => queue.getJob('-'));
  queue.on('error', health.onError);
  const store = storeOf(queue, keep);
  const watch = watchQueue(engine, health);
  const changesOf = (name: string): Observable<unknown> => watch.changesOf(waitIdOf(name));
  const reader = { ...store, changesOf, closed, kinds };
  const waits: OperationWaits = {
    ...store,
    poll: (name, given = {}) => pollWait(reader, checkName(name), given),
    // Within a promise, which what is thrown rejects.
    waitForDone: async (name, given) => waitForDone(waits.poll(name, given)),
    waitForOperation: async (name, given) => waitForOperation(waits.poll(name, given)),
    close: async () => {
      closed.error(
        new Error(
          `The waits of the queue "${engine.queue}" were closed in this process. Workers go on with them.`,
        ),
      );
      const isAway = !(await health.answers());
      await watch.close(isAway);
      await closeNow(queue, isAway);
      health.close();
    },
  };
  return waits;
}
