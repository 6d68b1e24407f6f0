import {
  take,
  type ObservableInput,
  type Observer,
  type Subscribable,
  type Unsubscribable,
} from 'rxjs';
import { observableOf } from '../platform/observable.js';

/** Hands the one value of an answer to an observer, never before it has returned. @internal */
export type ListenToAnswer<T> = (observer: Observer<T>) => Unsubscribable;

// Registered, so that another copy of this package has the same one.
const listenKey = Symbol.for('rx-lro.listenToAnswer');

/**
 * Lets a call listen to an Observable of one value directly. What RxJS keeps for each subscription takes more
 * memory than all else of a call, which counts where 100,000 wait at once.
 *
 * @internal
 */
export function withListener<Answer extends object, T>(
  answer: Answer,
  listen: ListenToAnswer<T>,
): Answer {
  return Object.defineProperty(answer, listenKey, { value: listen });
}

/**
 * Finds what to subscribe to for the first value of an answer that is not a promise.
 *
 * @throws TypeError when the answer is not a stream.
 * @internal
 */
export function streamOf(answer: ObservableInput<unknown>): Subscribable<unknown> {
  const listen = (answer as { readonly [listenKey]?: ListenToAnswer<unknown> } | null)?.[listenKey];
  if (listen !== undefined) {
    return { subscribe: (observer) => listen(observer as Observer<unknown>) };
  }
  const stream = observableOf(answer);
  if (stream !== undefined) return stream.pipe(take(1));
  throw new TypeError(
    'The client did not answer with a promise, Observable or async iterable: make its method `async`',
  );
}
