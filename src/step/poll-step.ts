import type { Operation } from '../core/operation.js';
import type { Verdict } from './verdict.js';
import type { WaitState } from './wait-state.js';

/**
 * The result of a step.
 *
 * @typeParam Response - The type of the response.
 * @typeParam Metadata - The type of the metadata.
 */
export type PollStep<Response = unknown, Metadata = unknown> = {
  /** The snapshot, where an answer said something new: what `poll` would have emitted. */
  readonly operation?: Operation<Response, Metadata>;
} & (
  | {
      /** What to store in place of the state before. */
      readonly state: WaitState;
      /** When to take the next step, in milliseconds from now on, >= 0; it need not be whole. */
      readonly delay: number;
      /** Absent. */
      readonly verdict?: undefined;
    }
  | {
      /** How the wait ended. */
      readonly verdict: Verdict<Response, Metadata>;
      /** Absent. */
      readonly state?: undefined;
      /** Absent. */
      readonly delay?: undefined;
    }
);
