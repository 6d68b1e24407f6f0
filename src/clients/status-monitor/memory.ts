import type { Place } from './reach.js';

/** What a client remembers of an operation. All of it may be forgotten. */
interface Remembered {
  /** Where the monitor was last said to be. */
  readonly latest?: string | undefined;
  /** Whether the monitor has said that the operation runs. */
  readonly isSeen?: boolean | undefined;
  /** Where the result is, once the monitor has said success. */
  readonly result?: Place | undefined;
  /** Whether a DELETE of the monitor was sent, and may have been obeyed. */
  readonly isDeleted?: boolean | undefined;
}

/** Hints about operations, by name. */
export interface Memory {
  of(name: string): Remembered;
  /** Adds to what is remembered, and keeps nothing where that is nothing. */
  note(name: string, change: Remembered): void;
  forget(name: string): void;
}

// A client may serve for years: what is oldest goes first.
const MOST = 1000;

/** Makes the memory of one client, for 1,000 operations. */
export function newMemory(): Memory {
  const all = new Map<string, Remembered>();
  return {
    of: (name) => all.get(name) ?? {},
    note: (name, change) => {
      const known = { ...all.get(name), ...change };
      all.delete(name);
      if (Object.values(known).every((each) => each === undefined || each === false)) return;
      all.set(name, known);
      const [oldest] = all.keys();
      if (all.size > MOST && oldest !== undefined) all.delete(oldest);
    },
    forget: (name) => void all.delete(name),
  };
}
