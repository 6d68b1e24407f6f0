import {
  catchError,
  defer,
  firstValueFrom,
  map,
  of,
  retry,
  timeout,
  type Subscription,
} from 'rxjs';
import type { Tell } from './tell.js';

/** Tells once that an engine is away, and once that it is back. */
export interface EngineHealth {
  /** Takes an error of BullMQ. Without a listener it would be thrown at the process. */
  readonly onError: (error: unknown) => void;
  readonly isAway: () => boolean;
  /** Asks the engine: it may be away, and its connection has not told so yet. */
  readonly answers: () => Promise<boolean>;
  /** Since when it has not been away, in milliseconds since the epoch; Infinity while it is. */
  readonly goodSince: () => number;
  readonly close: () => void;
}

// Between two questions whether the engine is back, in milliseconds.
const PROBE_DELAY = 1_000;

// For how long the engine may not answer, in milliseconds. It is asked twice: a process that stood still finds that the
// time is up before it finds the answer.
const PROBE_LIMIT = 1_000;

/** @param probe - Asks the engine for anything. */
export function watchHealth(tell: Tell, probe: () => Promise<unknown>): EngineHealth {
  let probing: Subscription | undefined;
  let backAt = -Infinity;
  let isClosed = false;
  const isAway = (): boolean => probing?.closed === false;
  return {
    onError: (error) => {
      // Of single jobs. `lock-lost` tells of them.
      if (/\block\b/i.test(messageOf(error))) return;
      if (!isConnectionError(error)) return tell({ type: 'engine-error', error });
      if (isAway() || isClosed) return;
      tell({ type: 'engine-away', error });
      probing = defer(probe)
        .pipe(retry({ delay: PROBE_DELAY }))
        .subscribe({
          complete: () => {
            backAt = Date.now();
            tell({ type: 'engine-back' });
          },
        });
    },
    isAway,
    answers: async () => {
      if (isAway()) return false;
      const answer = defer(probe).pipe(
        timeout(PROBE_LIMIT),
        retry(1),
        map(() => true),
        catchError(() => of(false)),
      );
      return firstValueFrom(answer);
    },
    goodSince: () => (isAway() ? Infinity : backAt),
    close: () => {
      isClosed = true;
      probing?.unsubscribe();
    },
  };
}

// Of Node, and of PostgreSQL that shuts down or starts.
const connectionCode = /^(E[A-Z_]{4,}|08\w{3}|53300|57P0\d)$/;

const connectionMessage =
  /connect|socket|timeout|database system|Reached the max retries per request|^LOADING\b/i;

function isConnectionError(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown };
  return connectionCode.test(String(code)) || connectionMessage.test(messageOf(error));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
