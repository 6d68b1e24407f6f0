import { Subscription, type Observable } from 'rxjs';

interface Waiting<T> {
  readonly resolve: (result: IteratorResult<T>) => void;
  readonly reject: (error: unknown) => void;
}

/** Settles a promise. */
type Result<T> = (waiting: Waiting<T>) => void;

/**
 * Iterates over an Observable. Values that are emitted before they are requested are kept.
 *
 * @internal
 */
export function bufferedIterator<T>(source: Observable<T>): AsyncIterator<T> {
  const results: Result<T>[] = [];
  const waiting: Waiting<T>[] = [];
  const subscription = new Subscription();
  let begun = false;
  let ended = false;

  const finish: Result<T> = ({ resolve }) => resolve({ done: true, value: undefined });
  const give = (result: Result<T>): void => {
    const first = waiting.shift();
    if (first === undefined) results.push(result);
    else result(first);
  };
  const end = (): void => {
    ended = true;
    waiting.splice(0).forEach(finish);
  };

  const begin = (): Subscription =>
    source.subscribe({
      next: (value) => give(({ resolve }) => resolve({ done: false, value })),
      error: (error: unknown) => {
        give(({ reject }) => reject(error));
        end();
      },
      complete: end,
    });

  return {
    next: () =>
      new Promise((resolve, reject) => {
        const result = results.shift() ?? (ended ? finish : undefined);
        if (result !== undefined) return result({ resolve, reject });
        waiting.push({ resolve, reject });
        if (begun) return;
        begun = true;
        // The loop may end while `begin` runs: then this unsubscribes.
        subscription.add(begin());
      }),
    return: () => {
      subscription.unsubscribe();
      results.length = 0;
      end();
      return Promise.resolve({ done: true, value: undefined });
    },
  };
}
