import {
  Observable,
  from,
  take,
  type ObservableInput,
  type Observer,
  type Subscribable,
  type Unsubscribable,
} from 'rxjs';
import { interopObservable } from '../platform/observable.js';

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
  return read(answer).pipe(take(1));
}

function read(answer: ObservableInput<unknown>): Observable<unknown> {
  try {
    return from(answer);
  } catch (cause) {
    // RxJS looks for the one key that there was when it was loaded.
    const interop = interopObservable(answer);
    if (interop !== undefined) return new Observable((subscriber) => interop.subscribe(subscriber));
    const message =
      'The client answered with no promise, Observable or async iterable: make its method `async`';
    throw new TypeError(message, { cause });
  }
}
