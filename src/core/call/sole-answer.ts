import { Observable, type Observer, type Unsubscribable } from 'rxjs';

/**
 * An answer of one value at the most, that never comes before `listen` has returned. So a call can listen
 * to it with nothing in between: what RxJS keeps for each subscription takes more memory than all else of a
 * call, which tells where 100,000 wait at once.
 *
 * @internal
 */
export class SoleAnswer<T> extends Observable<T> {
  readonly listen: (listener: Observer<T>) => Unsubscribable;

  constructor(listen: (listener: Observer<T>) => Unsubscribable) {
    super(listen);
    this.listen = listen;
  }
}
