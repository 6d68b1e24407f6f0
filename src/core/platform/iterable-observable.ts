import { Observable } from 'rxjs';
import { bufferedIterator } from './buffered-iterator.js';

/**
 * An Observable that is an async iterable as well: `for await (const value of values)`. Each loop is a
 * subscription of its own; leaving the loop unsubscribes.
 *
 * @typeParam T - What it emits.
 */
export class IterableObservable<T> extends Observable<T> implements AsyncIterable<T> {
  /** @returns An iterator with a subscription of its own, which begins with the first `next()`. */
  [Symbol.asyncIterator](): AsyncIterator<T> {
    return bufferedIterator(this);
  }
}
