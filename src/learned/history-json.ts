import { spanWithin, type Span } from './seen-duration.js';
import { isRecord } from '../core/values/record.js';

/** What a history is in JSON: plain values, the same for `JSON.stringify` and `JSON.parse`. */
export interface DurationHistoryJson {
  /** The version of this form. */
  readonly version: 1;
  /** The kinds of operations; the one that was seen last comes last. */
  readonly kinds: readonly DurationsOfKind[];
}

/** The durations of one kind of operation, in JSON. */
export interface DurationsOfKind {
  /** What the kind is known by. */
  readonly key: string;
  /**
   * From the oldest to the newest, in milliseconds: a number, or the most it took and how much shorter it
   * may have been.
   */
  readonly durations: readonly (number | readonly [duration: number, within: number])[];
}

/** Writes durations as JSON has them. @internal */
export function kindToJson(key: string, spans: readonly Span[]): DurationsOfKind {
  const durations = spans.map(({ from, to }) =>
    from === to ? to : ([to, rounded(to - from)] as const),
  );
  return { key, durations };
}

/**
 * Rounds a span to the microsecond, as JSON has it, so that a history decides the same before and after.
 *
 * @internal
 */
export function roundedSpan({ from, to }: Span): Span {
  return { from: rounded(from), to: rounded(to) };
}

/**
 * Reads what was saved.
 *
 * @throws TypeError or RangeError that says what is wrong with it.
 * @internal
 */
export function historyFromJson(saved: unknown): { key: string; spans: Span[] }[] {
  if (typeof saved === 'string') throw wrong('is a text: put it through `JSON.parse` first');
  if (!isRecord(saved)) throw wrong('is not an object');
  const { version, kinds } = saved;
  if (version !== 1) {
    throw new RangeError(`${SAVED} is of version ${JSON.stringify(version)}; only 1 can be read.`);
  }
  if (!Array.isArray(kinds)) throw wrong('has no list `kinds`');
  return kinds.map((kind: unknown, index) => {
    const path = `saved.kinds[${index}]`;
    if (!isRecord(kind) || typeof kind['key'] !== 'string' || !Array.isArray(kind['durations'])) {
      throw wrong(`has no \`key\` and \`durations\` at \`${path}\``);
    }
    const spans = kind['durations'].map((seen: unknown, at) => {
      const [duration, within]: readonly unknown[] = isList(seen) ? seen : [seen, 0];
      return spanWithin(`${path}.durations[${at}]`, duration, within);
    });
    return { key: kind['key'], spans };
  });
}

/** To the microsecond: clocks are not more precise. */
const rounded = (millis: number): number => Math.round(millis * 1000) / 1000;

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

const SAVED = 'The saved history';

const wrong = (problem: string): TypeError =>
  new TypeError(`${SAVED} ${problem}. Begin without it, or pass what \`toJSON\` gave.`);
