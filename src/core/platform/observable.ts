import type { Observable } from 'rxjs';

/** The keys by which libraries find the interop observable of an object. @internal */
export function observableKeys(): readonly PropertyKey[] {
  // Not every platform has the symbol; libraries that were loaded before a polyfill know only the text.
  const symbol: symbol | undefined = Symbol.observable;
  return symbol === undefined ? ['@@observable'] : [symbol, '@@observable'];
}

/** Tells whether a value is an Observable, of any library. @internal */
export function isObservable(value: unknown): value is Observable<unknown> {
  return typeof (value as { subscribe?: unknown } | null)?.subscribe === 'function';
}
