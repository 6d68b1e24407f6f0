import { noop, type ObservableInput, type Subscription } from 'rxjs';
import { ForwardingObserver, observableOf } from '../platform/observable.js';

/** Who is told of a notifier. @internal */
export interface NotifierListener {
  /** It has emitted. */
  onNotice(): void;
  /** It has failed. */
  onNotifierError(error: unknown): void;
}

/**
 * Listens to a notifier until the subscription is left, be it while it is being made.
 *
 * @internal
 */
export function listenTo(
  notifier: ObservableInput<unknown>,
  listener: NotifierListener,
  subscription: Subscription,
): void {
  const observer = new ForwardingObserver<unknown>({
    next: () => subscription.closed || listener.onNotice(),
    error: (error) => subscription.closed || listener.onNotifierError(error),
    complete: noop,
  });
  subscription.add(observableOf(notifier)?.subscribe(observer));
}
