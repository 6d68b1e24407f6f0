import { Subscription, type Subscriber } from 'rxjs';

/**
 * Fetches the next batch of values.
 *
 * @param task - Its end unsubscribes from the fetch; it is closed once the batch is there.
 * @param onBatch - Takes the values, of which there may be none; undefined at the end.
 * @internal
 */
export type NextBatch<T> = (
  task: Subscription,
  onBatch: (values: readonly T[] | undefined) => void,
  onFailed: (error: unknown) => void,
) => void;

/**
 * Emits the values of batch after batch. Each is fetched after the one before was emitted.
 *
 * @internal
 */
export function emitBatches<T>(nextBatch: NextBatch<T>, subscriber: Subscriber<T>): void {
  let answeredAtOnce: boolean;
  const onBatch = (values: readonly T[] | undefined): void => {
    answeredAtOnce = true;
    if (values === undefined) return subscriber.complete();
    for (const value of values) {
      if (subscriber.closed) return;
      subscriber.next(value);
    }
    if (!looping) loop();
  };
  let looping = false;
  // A client may answer synchronously: then recursion would overflow the stack, and a loop does not.
  const loop = (): void => {
    looping = true;
    do {
      answeredAtOnce = false;
      const task = new Subscription();
      subscriber.add(task);
      nextBatch(task, onBatch, (error) => subscriber.error(error));
    } while (answeredAtOnce && !subscriber.closed);
    looping = false;
  };
  // `forkJoin` and others subscribe to all their sources, even when one of them has failed already.
  if (!subscriber.closed) loop();
}

/**
 * Iterates over the values of batches. A batch is fetched only when its first value is requested.
 *
 * @internal
 */
export function batchIterator<T>(nextBatch: NextBatch<T>): AsyncIterator<T> {
  let values: readonly T[] = [];
  let position = 0;
  let ended = false;
  let task = new Subscription();
  let endPending: (() => void) | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const fetch = (): Promise<void> =>
    new Promise((resolve, reject) => {
      endPending = resolve;
      task = new Subscription();
      nextBatch(
        task,
        (batch) => {
          ended = batch === undefined;
          values = batch ?? [];
          position = 0;
          resolve();
        },
        (error) => {
          ended = true;
          reject(error);
        },
      );
    });

  const take = async (): Promise<IteratorResult<T>> => {
    for (;;) {
      if (ended) return { done: true, value: undefined };
      if (position < values.length) {
        position += 1;
        return { done: false, value: values[position - 1] as T };
      }
      await fetch();
    }
  };

  return {
    next: () => {
      // In order, also when `next` is called again before it has answered.
      const result = last.then(take);
      last = result.catch(() => undefined);
      return result;
    },
    return: () => {
      ended = true;
      values = [];
      task.unsubscribe();
      endPending?.();
      return Promise.resolve({ done: true, value: undefined });
    },
  };
}
