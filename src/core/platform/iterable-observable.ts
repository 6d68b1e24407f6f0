import { Observable } from 'rxjs';
import { bufferedIterator } from './buffered-iterator.js';

/**
 * An Observable that is also an async iterable: `for await (const value of values)`. Each loop has its own
 * subscription; leaving the loop unsubscribes.
 *
 * @typeParam T - What it emits.
 */
export class IterableObservable<T> extends Observable<T> implements AsyncIterable<T> {
  /** @returns An iterator with its own subscription, which begins with the first `next()`. */
  [Symbol.asyncIterator](): AsyncIterator<T> {
    return bufferedIterator(this);
  }
}
