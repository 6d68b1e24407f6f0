import {
  Observable,
  from,
  type ObservableInput,
  type Observer,
  type Subscribable,
  type Unsubscribable,
} from 'rxjs';

/** The keys under which an object may have an interop observable. @internal */
export function observableKeys(): readonly PropertyKey[] {
  // Not every platform has the symbol, and a library that was loaded before a polyfill uses the string.
  const symbol: symbol | undefined = Symbol.observable;
  return [symbol ?? '@@observable', '@@observable'];
}

function interopObservable(value: unknown): Subscribable<unknown> | undefined {
  for (const key of observableKeys()) {
    const method = (value as Record<PropertyKey, unknown> | null | undefined)?.[key];
    if (typeof method === 'function') return method.call(value) as Subscribable<unknown>;
  }
  return undefined;
}

/** Tells whether a value is an Observable, of any library. @internal */
export function isObservable(value: unknown): value is Observable<unknown> {
  return typeof (value as { subscribe?: unknown } | null)?.subscribe === 'function';
}

/**
 * Makes an Observable of whatever RxJS takes for one, and of those of other libraries.
 *
 * @returns undefined when it is not a stream.
 * @internal
 */
export function observableOf(input: unknown): Observable<unknown> | undefined {
  try {
    return from(input as ObservableInput<unknown>);
  } catch {
    // RxJS looks for the one key that there was when it was loaded.
    const interop = interopObservable(input);
    return interop && new Observable((subscriber) => interop.subscribe(subscriber));
  }
}

/** Unsubscribes, whatever comes of it: who fails while told to stop has been told. @internal */
export function leave(subscription: Unsubscribable): void {
  try {
    subscription.unsubscribe();
  } catch {
    // There is nowhere else to report it.
  }
}

/**
 * Passes everything on to another observer. RxJS 6 derives objects from an observer by `Object.create`,
 * so it has no private fields, and nothing on it changes.
 *
 * @internal
 */
export class ForwardingObserver<T> implements Observer<T> {
  readonly to: Observer<T>;

  constructor(to: Observer<T>) {
    this.to = to;
  }

  next(value: T): void {
    this.to.next(value);
  }

  error(error: unknown): void {
    this.to.error(error);
  }

  complete(): void {
    this.to.complete();
  }
}
