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
  loop();
}

/**
 * Iterates over the values of batches, and fetches none before it is asked for.
 *
 * @internal
 */
export class BatchIterator<T> implements AsyncIterator<T> {
  readonly #nextBatch: NextBatch<T>;
  #values: readonly T[] = [];
  #position = 0;
  #ended = false;
  #task = new Subscription();
  #endPending: (() => void) | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(nextBatch: NextBatch<T>) {
    this.#nextBatch = nextBatch;
  }

  next(): Promise<IteratorResult<T>> {
    // One after the other, should it be asked again before it has answered.
    const result = this.#last.then(() => this.#take());
    this.#last = result.catch(() => undefined);
    return result;
  }

  return(): Promise<IteratorResult<T>> {
    this.#ended = true;
    this.#values = [];
    this.#task.unsubscribe();
    this.#endPending?.();
    return Promise.resolve({ done: true, value: undefined });
  }

  async #take(): Promise<IteratorResult<T>> {
    while (!this.#ended && this.#position >= this.#values.length) await this.#fetch();
    if (this.#ended) return { done: true, value: undefined };
    const value = this.#values[this.#position] as T;
    this.#position += 1;
    return { done: false, value };
  }

  #fetch(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#endPending = resolve;
      this.#task = new Subscription();
      this.#nextBatch(
        this.#task,
        (values) => {
          this.#ended = values === undefined;
          this.#values = values ?? [];
          this.#position = 0;
          resolve();
        },
        (error) => {
          this.#ended = true;
          reject(error);
        },
      );
    });
  }
}
