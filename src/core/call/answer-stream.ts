import {
  Observable,
  from,
  take,
  type ObservableInput,
  type Observer,
  type Subscribable,
} from 'rxjs';
import { interopObservable } from '../platform/observable.js';

/**
 * Finds what to subscribe to for the first value of an answer that is not a promise.
 *
 * An interop observable that is not an Observable of RxJS is subscribed to as it is. What RxJS puts in
 * between takes more memory than all else of a call, which counts where 100,000 wait at once.
 *
 * @throws TypeError when the answer is not a stream.
 * @internal
 */
export function streamOf(answer: ObservableInput<unknown>): Subscribable<unknown> {
  const interop = interopObservable(answer);
  if (interop !== undefined && !(interop instanceof Observable)) return interop;
  try {
    return from(answer).pipe(take(1));
  } catch (cause) {
    const message =
      'The client answered with no promise, Observable or async iterable: make its method `async`';
    throw new TypeError(message, { cause });
  }
}

/**
 * What a call subscribes with. Foreign libraries derive objects from an observer (`Object.create` in
 * RxJS 6), so it keeps nothing on itself.
 *
 * @internal
 */
export class AnswerObserver implements Observer<unknown> {
  readonly to: Observer<unknown>;

  constructor(to: Observer<unknown>) {
    this.to = to;
  }

  next(value: unknown): void {
    this.to.next(value);
  }

  error(error: unknown): void {
    this.to.error(error);
  }

  complete(): void {
    this.to.complete();
  }
}
