/** When a browser can ask again: for the option `notifier`. */
import { filter, fromEvent, merge, type Observable } from 'rxjs';

/** Emits when the network is back, and when the user comes back to the page, whose timers were slowed down. */
export const awake = (): Observable<Event> =>
  merge(
    fromEvent(window, 'online'),
    fromEvent(document, 'visibilitychange').pipe(
      filter(() => document.visibilityState === 'visible'),
    ),
  );
