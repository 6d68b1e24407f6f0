import { noop, type ObservableInput, type Subscription } from 'rxjs';
import { captureContext, runInContext } from '../platform/async-context.js';
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
  // A wait runs in its own context, not in that of the code that emits.
  const context = captureContext();
  const tell = (what: () => void): void => {
    if (!subscription.closed) runInContext(context, what);
  };
  const observer = new ForwardingObserver<unknown>({
    next: () => tell(() => listener.onNotice()),
    error: (error) => tell(() => listener.onNotifierError(error)),
    complete: noop,
  });
  subscription.add(observableOf(notifier)?.subscribe(observer));
}
