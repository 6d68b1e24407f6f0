import type { OperationEvent } from '../core/events.js';
import type { Operation } from '../core/operation.js';
import type { BackoffFunction } from '../core/policy/backoff.js';
import { checkFunction, checkNumber, wrongType } from '../core/values/check.js';
import { countSinceChange } from './change.js';
import { learnedFrom } from './learned-from.js';
import {
  historyFromJson,
  kindToJson,
  roundedSpan,
  type DurationHistoryJson,
} from './history-json.js';
import { backoffOf, ENOUGH } from './learned-backoff.js';
import { metadataType } from './operation-key.js';
import { resolveLearnedOptions, type LearnedBackoffOptions } from './options.js';
import { planOf, type Plan } from './plan.js';
import { spanOf, type SeenDuration, type Span } from './seen-duration.js';

/** Options of `durationHistory`. */
export interface DurationHistoryOptions extends LearnedBackoffOptions {
  /**
   * Tells which operations are of the same kind, by a key; undefined for one that is neither learned
   * from nor waited for by what was learned. What it throws in a wait ends that wait. Keys are saved: take
   * none that holds a name. Default: the type of the metadata, and one key for all that have none.
   */
  readonly keyOf?: ((operation: Operation) => string | undefined) | undefined;
  /** How many durations are kept of a kind, the newest ones: from 5 on. Default 50. */
  readonly perKey?: number | undefined;
  /** How many kinds are kept, those seen last: from 1 on. Default 100. */
  readonly keys?: number | undefined;
}

/** Durations that were seen, by kind, and the backoff that is learned from them. */
export interface DurationHistory {
  /** The backoff: for the option `backoff` of any number of waits. */
  readonly backoff: BackoffFunction;
  /**
   * Records how long an operation took: for the option `onEvent` of the same waits. By the server's own
   * times where the metadata has them; otherwise by the wait's own, if it was given the operation when it
   * began. One that was cancelled is left out.
   */
  readonly onEvent: (event: OperationEvent) => void;
  /**
   * Records how long an operation took.
   *
   * @param key - The kind, as by `keyOf`.
   * @param duration - Milliseconds, from 0 to 10^15, or `{duration, within}`.
   * @throws TypeError or RangeError when it is not a duration.
   */
  record(key: string, duration: number | SeenDuration): void;
  /** Gives all as plain JSON, for `durationHistory` to begin with. It has no names and no contents. */
  toJSON(): DurationHistoryJson;
}

/** What is kept of one kind. */
interface Kind {
  spans: Span[];
  plan: Plan | undefined;
  /** How many were added since the plan was made. */
  added: number;
}

/**
 * Makes a history of how long operations took, which learns from the waits that use it, and gives
 * them a backoff made of what was learned: as `learnedBackoff`, for each kind of operation.
 *
 * When several operations in a row take much shorter or much longer than nearly all before, the durations
 * before no longer count: it is plain backoff until 5 new ones are known.
 *
 * @param saved - What `toJSON` gave, through `JSON.parse`; undefined for an empty history.
 * @param options - As for `learnedBackoff`, and `keyOf`, `perKey` and `keys`.
 * @returns The history.
 * @throws TypeError or RangeError that says what is wrong with an option or with what was saved. Never
 * within a wait: catch it here to begin with an empty history.
 *
 * @example
 * ```ts
 * import { waitForDone, type OperationsClient } from 'rx-lro';
 * import { durationHistory } from 'rx-lro/learned';
 *
 * declare const client: OperationsClient;
 * declare const start: () => Promise<{ name: string }>;
 *
 * const saved = localStorage.getItem('durations');
 * const history = durationHistory(saved === null ? undefined : JSON.parse(saved));
 * const { backoff, onEvent } = history;
 *
 * await waitForDone(client, start(), { backoff, onEvent });
 * localStorage.setItem('durations', JSON.stringify(history));
 * ```
 */
export function durationHistory(
  saved?: unknown,
  options: DurationHistoryOptions = {},
): DurationHistory {
  const settings = resolveLearnedOptions(options);
  const { keyOf = metadataType, perKey = 50, keys = 100 } = options;
  checkFunction('options.keyOf', keyOf);
  checkNumber('options.perKey', perKey, { min: ENOUGH, whole: true });
  checkNumber('options.keys', keys, { min: 1, whole: true });
  const kinds = new Map<string, Kind>();

  const add = (key: string, added: readonly Span[]): Kind => {
    const kind = kinds.get(key) ?? { spans: [], plan: undefined, added: 0 };
    // The one that was seen last goes to the end.
    kinds.delete(key);
    kinds.set(key, kind);
    kind.spans = [...kind.spans, ...added.map(roundedSpan)].slice(-perKey);
    kind.added += added.length;
    const [oldest] = kinds.keys();
    if (kinds.size > keys && oldest !== undefined) kinds.delete(oldest);
    return kind;
  };

  const record = (key: string, span: Span): void => {
    const kind = add(key, [span]);
    const latest = countSinceChange(kind.spans);
    if (latest === 0) return;
    // One that was done at the first call tells little of how short the new kind is.
    kind.spans = kind.spans.slice(-latest).filter(({ from }) => from > 0);
    kind.plan = undefined;
  };

  const planFor = (operation: Operation): Plan | undefined => {
    const key = keyOf(operation);
    const kind = key === undefined ? undefined : kinds.get(key);
    if (kind === undefined || kind.spans.length < ENOUGH) return undefined;
    // One more among many changes little, and a plan takes milliseconds to make.
    if (kind.plan === undefined || kind.added * REPLAN > kind.spans.length) {
      kind.plan = planOf(kind.spans, settings);
      kind.added = 0;
    }
    return kind.plan;
  };

  if (saved !== undefined) {
    for (const { key, spans } of historyFromJson(saved)) add(key, spans);
  }
  return {
    backoff: backoffOf(settings, ({ operation }) => planFor(operation)),
    onEvent: (event) => {
      if (event.type !== 'done') return;
      const span = learnedFrom(event);
      const key = span === undefined ? undefined : keyOf(event.operation);
      if (span !== undefined && key !== undefined) record(key, span);
    },
    record: (key, duration) => {
      if (typeof key !== 'string') throw wrongType('key', key, 'a string');
      record(key, spanOf('duration', duration));
    },
    toJSON: () => ({
      version: 1,
      kinds: Array.from(kinds, ([key, { spans }]) => kindToJson(key, spans)),
    }),
  };
}

/** A plan is made again when more than one in so many is new. */
const REPLAN = 8;
