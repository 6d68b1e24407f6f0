import type { DoneEvent } from '../core/events.js';
import { Code } from '../core/status/code.js';
import { MAX_DURATION, type Span } from './seen-duration.js';
import { serverDuration } from './server-time.js';

/**
 * Reads how long an operation took of what is told when it is done.
 *
 * @returns undefined where that cannot be known, and for one that was cancelled.
 * @internal
 */
export function learnedFrom({ operation, elapsed, within, started }: DoneEvent): Span | undefined {
  if (operation.error?.code === Code.CANCELLED) return undefined;
  // Both times are of one clock, and nothing of how it was asked about is in them.
  const exact = serverDuration(operation);
  if (exact !== undefined) return { from: exact, to: exact };
  if (!started || !(elapsed > 0 && elapsed <= MAX_DURATION)) return undefined;
  return { from: Math.max(0, elapsed - (within ?? elapsed)), to: elapsed };
}
