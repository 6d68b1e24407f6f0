import type { Observable, Observer, Subscribable } from 'rxjs';

/** The keys by which libraries find the interop observable of an object. @internal */
export function observableKeys(): readonly PropertyKey[] {
  // Not every platform has the symbol; libraries that were loaded before a polyfill know only the text.
  const symbol: symbol | undefined = Symbol.observable;
  return symbol === undefined ? ['@@observable'] : [symbol, '@@observable'];
}

/**
 * Reads the interop observable of a value.
 *
 * @returns undefined when it has none.
 * @internal
 */
export function interopObservable(value: unknown): Subscribable<unknown> | undefined {
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
 * Hands all that it is told to another observer. Foreign libraries derive objects from an observer
 * (`Object.create` in RxJS 6), so it has no private fields, and nothing on it changes.
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
