import { Subscription, type Observable } from 'rxjs';

interface Waiting<T> {
  readonly resolve: (result: IteratorResult<T>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Iterates over an Observable. Values that are emitted before they are requested are kept.
 *
 * @internal
 */
export function bufferedIterator<T>(source: Observable<T>): AsyncIterator<T> {
  const values: T[] = [];
  const waiting: Waiting<T>[] = [];
  const subscription = new Subscription();
  let begun = false;
  let failure: { readonly error: unknown } | undefined;
  let ended = false;

  const end = (): void => {
    ended = true;
    for (const { resolve } of waiting.splice(0)) resolve({ done: true, value: undefined });
  };

  const begin = (): Subscription =>
    source.subscribe({
      next: (value) => {
        const first = waiting.shift();
        if (first === undefined) values.push(value);
        else first.resolve({ done: false, value });
      },
      error: (error: unknown) => {
        const first = waiting.shift();
        if (first === undefined) failure = { error };
        else first.reject(error);
        end();
      },
      complete: end,
    });

  return {
    next: () =>
      new Promise((resolve, reject) => {
        if (values.length > 0) return resolve({ done: false, value: values.shift() as T });
        if (failure !== undefined) {
          const { error } = failure;
          failure = undefined;
          return reject(error);
        }
        if (ended) return resolve({ done: true, value: undefined });
        waiting.push({ resolve, reject });
        if (begun) return;
        begun = true;
        // The loop may end while `begin` runs: then this unsubscribes.
        subscription.add(begin());
      }),
    return: () => {
      subscription.unsubscribe();
      values.length = 0;
      failure = undefined;
      end();
      return Promise.resolve({ done: true, value: undefined });
    },
  };
}
