import { Subscription, type Subscriber } from 'rxjs';

/**
 * Fetches what comes next, when it is asked to.
 *
 * @param task - Ends it when it is unsubscribed; closed once it has answered.
 * @param onBatch - Takes what came, which may be nothing; undefined at the end.
 * @internal
 */
export type NextBatch<T> = (
  task: Subscription,
  onBatch: (values: readonly T[] | undefined) => void,
  onFailed: (error: unknown) => void,
) => void;

/**
 * Emits batch after batch, each fetched when the one before was taken.
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
  // A client may answer within the call: a loop takes that where recursion would run out of stack.
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
  // `forkJoin` and others subscribe to all they were given, even when one of them has failed already.
  if (!subscriber.closed) loop();
}

/**
 * Iterates over the values of batches, and fetches none before it is asked for.
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
      // One after the other, should it be asked again before it has answered.
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
