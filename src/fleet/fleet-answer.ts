import { Observable, type Observer, type Unsubscribable } from 'rxjs';
import { observableKeys } from '../core/platform/observable.js';

/**
 * Makes an answer of the fleet: an Observable of one value, which never comes before `subscribe` has
 * returned. As an interop observable it has its subscribers listen directly: what RxJS keeps for each
 * subscription takes more memory than what the fleet keeps for each operation.
 *
 * @internal
 */
export function fleetAnswer<T>(listen: (observer: Observer<T>) => Unsubscribable): Observable<T> {
  const answer = new Observable<T>(listen);
  const direct = (): object => ({ subscribe: listen });
  for (const key of observableKeys()) Object.defineProperty(answer, key, { value: direct });
  return answer;
}
