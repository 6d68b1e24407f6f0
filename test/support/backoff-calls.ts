import fc from 'fast-check';
import type { BackoffFunction } from 'rx-lro';
import { snapshotOf } from './simulated-polling.js';

/** What an answer said, and the time since the one before, in milliseconds. */
interface BackoffCall {
  readonly gap: number;
  readonly percent: number | undefined;
  /** Whether the operation was cancelled since the answer before. */
  readonly isCancelled: boolean;
}

/** The answers of a wait: progress of any kind, with cancels and with a clock that may be set back. */
export const anyCalls: fc.Arbitrary<readonly BackoffCall[]> = fc.array(
  fc.record({
    gap: fc.oneof(
      fc.integer({ min: 1, max: 100 }),
      fc.integer({ min: 1, max: 10_000_000 }),
      fc.double({ min: 0.001, max: 100_000, noNaN: true }),
      fc.integer({ min: -100_000, max: -1 }),
    ),
    percent: fc.option(
      fc.oneof(
        fc.double({ min: 0, max: 100, noNaN: true }),
        fc.integer({ min: 0, max: 4 }).map((quarters) => quarters * 25),
      ),
      { nil: undefined, freq: 8 },
    ),
    isCancelled: fc.integer({ min: 0, max: 15 }).map((drawn) => drawn === 0),
  }),
  { minLength: 1, maxLength: 40 },
);

/** What becomes of a memory between two calls. */
export type Keeping = (memory: Record<string, unknown>) => Record<string, unknown>;

/** Stores a memory as JSON, and reads it again. */
export const throughJson: Keeping = (memory) =>
  JSON.parse(JSON.stringify(memory)) as Record<string, unknown>;

/** The delays that a backoff chooses in a wait. */
export function delaysOf(
  backoff: BackoffFunction,
  calls: readonly BackoffCall[],
  keep: Keeping = (memory) => memory,
): number[] {
  let memory: Record<string, unknown> = {};
  let elapsed = 0;
  let attempt = 0;
  let delay = 0;
  return calls.map(({ gap, percent, isCancelled }) => {
    elapsed += gap;
    attempt = isCancelled ? 1 : attempt + 1;
    const operation = snapshotOf(percent === undefined ? undefined : percent / 100);
    delay = backoff({ attempt, elapsed, delay, operation, memory });
    memory = keep(memory);
    return delay;
  });
}
