import { defer } from 'rxjs';
import type { DecodeOptions } from '../../core/answer/decoder.js';
import { CancelNotConfirmedError } from '../../core/errors/cancel-not-confirmed-error.js';
import type { Operation } from '../../core/operation.js';
import type { PollOptions } from '../../core/options.js';
import { IterableObservable } from '../../core/platform/iterable-observable.js';
import { isTransient } from '../../core/policy/retry.js';
import { poll } from '../../core/poll.js';
import { CHECK_INTERVAL, EndedWait, engineClient, type EngineReader } from './engine-client.js';

/**
 * Options of those who wait for what a worker does: those of `poll` that do not concern the calls, which are the
 * worker's.
 *
 * @typeParam Response - What `response` makes of a response.
 * @typeParam Metadata - What `metadata` makes of metadata.
 */
export interface AskOptions<Response = unknown, Metadata = unknown>
  extends DecodeOptions<Response, Metadata>, Pick<PollOptions, 'signal' | 'onAbort' | 'timeout'> {
  /**
   * How long a worker and the server have to confirm how a cancelled operation ended, in milliseconds, >= 0, or
   * Infinity. Counted from the abort. Default 60,000: a worker gives the server 30,000 of its own, and its word
   * comes first.
   */
  readonly cancelTimeout?: number | undefined;
}

/** Watches a wait by the rules of `poll`, as if the engine were the server. */
export function pollWait<Response, Metadata>(
  reader: EngineReader,
  name: string,
  options: AskOptions<Response, Metadata>,
): IterableObservable<Operation<Response, Metadata>> {
  const { signal, onAbort, timeout, cancelTimeout, response, metadata } = options;
  const client = engineClient(reader, () => textOf(signal?.reason));
  const snapshots = poll(client, name, {
    signal,
    onAbort,
    timeout,
    response,
    metadata,
    cancelTimeout: cancelTimeout ?? 60_000,
    callTimeout: Infinity,
    notifier: defer(() => reader.changesOf(name)),
    backoff: { startingDelay: CHECK_INTERVAL, timeMultiple: 1, maxDelay: CHECK_INTERVAL },
    retry: {
      startingDelay: 1_000,
      maxDelay: CHECK_INTERVAL,
      // Until the engine is back.
      numOfAttempts: Infinity,
      retry: (error) => !(error.cause instanceof EndedWait) && isTransient(error),
    },
  });
  return new IterableObservable((subscriber) => {
    const end = (error: unknown): void => subscriber.error(endOf(error));
    subscriber.add(reader.closed.subscribe({ error: end }));
    // Nothing is opened again.
    if (subscriber.closed) return;
    subscriber.add(
      snapshots.subscribe({
        next: (operation) => subscriber.next(operation),
        error: end,
        complete: () => subscriber.complete(),
      }),
    );
  });
}

/** The error with which a worker has ended the wait stands for itself. */
function endOf(error: unknown): unknown {
  const call = error instanceof CancelNotConfirmedError ? error.failure : error;
  const { cause } = (call ?? {}) as { readonly cause?: unknown };
  return cause instanceof EndedWait ? cause.end : error;
}

function textOf(reason: unknown): string | undefined {
  if (reason instanceof Error) return reason.message;
  return typeof reason === 'string' ? reason : undefined;
}
