import type { Subscriber } from 'rxjs';

/** Who is told what a wait learns. @internal */
export interface Watcher extends Pick<
  Subscriber<unknown>,
  'closed' | 'next' | 'error' | 'complete'
> {
  /**
   * Takes each delay, in milliseconds, and ends this part of the wait: it is gone on with in another process, or
   * later. Infinity: only the end is waited for. Without it, the wait sleeps by itself.
   */
  pause?(delay: number): void;
}
