import type { Observable, Subscription } from 'rxjs';

/** What an Observable did, in order. */
export interface Record<T> {
  readonly values: T[];
  readonly ends: ('complete' | { readonly error: unknown })[];
  readonly subscription: Subscription;
}

/** Subscribes and records. */
export function observe<T>(source: Observable<T>): Record<T> {
  const values: T[] = [];
  const ends: ('complete' | { readonly error: unknown })[] = [];
  const subscription = source.subscribe({
    next: (value) => void values.push(value),
    error: (error: unknown) => void ends.push({ error }),
    complete: () => void ends.push('complete'),
  });
  return { values, ends, subscription };
}

/** The one error that a record ended with. */
export function errorOf(record: Record<unknown>): unknown {
  const [end, ...others] = record.ends;
  if (end === undefined || end === 'complete' || others.length > 0) {
    throw new Error(`It did not end with one error, but with ${JSON.stringify(record.ends)}.`);
  }
  return end.error;
}
