// From the beginning of one call to that of another that a notifier asks for, in milliseconds.
const GAP = 250;

/** What one wait knows of its notifier. @internal */
export interface Notices {
  /** Whether there was a value after which no call has begun. */
  isPending: boolean;
  /** When the last call began that asks about the operation. */
  askedAt?: number | undefined;
  /** When the delay before the next one ends, where it may be cut. */
  sleepsUntil?: number | undefined;
}

/** How long until a notifier may have another call made, in milliseconds. 0 without one. @internal */
export function noticeGap(notices: Notices | undefined, now: number): number {
  const gap = (notices?.askedAt ?? -Infinity) + GAP - now;
  // A clock may have been set back.
  return Math.min(Math.max(gap, 0), GAP);
}
