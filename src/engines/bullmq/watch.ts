import type { QueueEvents } from 'bullmq';
import {
  EMPTY,
  catchError,
  from,
  fromEvent,
  merge,
  switchMap,
  tap,
  timer,
  type Observable,
} from 'rxjs';
import { closeNow, openEvents, type Engine } from './engine.js';
import type { EngineHealth } from './engine-health.js';

/** Tells that something about a job may have changed. */
export interface Watch {
  readonly changesOf: (jobId: string) => Observable<unknown>;
  /** @param isAway - Whether the engine is. */
  readonly close: (isAway: boolean) => Promise<void>;
}

// From the connection to the first event that is not missed, in milliseconds.
const START = 1_000;

const kinds = ['progress', 'completed', 'failed', 'removed'];

/** @param health - Takes what the connection says. */
export function watchQueue(engine: Engine, health: EngineHealth): Watch {
  let opened: { readonly events: QueueEvents; readonly ready: Observable<unknown> } | undefined;
  let isListening = false;
  const open = (): NonNullable<typeof opened> => {
    const events = openEvents(engine);
    events.on('error', health.onError);
    // Many may wait for the same operation.
    events.setMaxListeners(Infinity);
    const ready = from(events.waitUntilReady()).pipe(
      switchMap(() => timer(START)),
      tap(() => {
        isListening = true;
      }),
      // The connection is made again, and the engine is asked every now and then.
      catchError(() => EMPTY),
    );
    return { events, ready };
  };
  return {
    changesOf: (jobId) => {
      opened ??= open();
      const { events, ready } = opened;
      const changes = kinds.map((kind) => fromEvent(events, `${kind}:${jobId}`));
      return merge(...changes, isListening ? EMPTY : ready);
    },
    close: async (isAway) => {
      if (opened !== undefined) await closeNow(opened.events, isAway);
    },
  };
}
