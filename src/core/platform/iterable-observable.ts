import { Observable, type Subscriber, type TeardownLogic } from 'rxjs';
import { bufferedIterator } from './buffered-iterator.js';

/**
 * An Observable that is an async iterable as well: `for await (const value of values)`. Each loop is a
 * subscription of its own; leaving the loop unsubscribes.
 *
 * @typeParam T - What it emits.
 */
export class IterableObservable<T> extends Observable<T> implements AsyncIterable<T> {
  readonly #iterate: (() => AsyncIterator<T>) | undefined;

  /** @internal */
  constructor(
    subscribe: (subscriber: Subscriber<T>) => TeardownLogic,
    iterate?: () => AsyncIterator<T>,
  ) {
    super(subscribe);
    this.#iterate = iterate;
  }

  /** @returns An iterator with a subscription of its own, which begins with the first `next()`. */
  [Symbol.asyncIterator](): AsyncIterator<T> {
    return this.#iterate === undefined ? bufferedIterator(this) : this.#iterate();
  }
}
