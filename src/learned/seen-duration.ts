import { checkNumber, checkObject } from '../core/values/check.js';

/** How long an operation took. */
export interface SeenDuration {
  /** Milliseconds, from 0 to 10^15; the longest possible, where `within` is given. */
  readonly duration: number;
  /**
   * How much shorter it may have been, since it ended at some time between two calls: milliseconds, from
   * 0 to `duration`. Default 0.
   */
  readonly within?: number | undefined;
}

/** Longer ones are an error of a clock, and sums of them would not be numbers any more. @internal */
export const MAX_DURATION = 1e15;

/** When an operation ended: at the earliest and at the latest, in milliseconds. @internal */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * Reads a duration in either of its forms.
 *
 * @param path - What it is called in an error.
 * @throws TypeError or RangeError when it is not a duration.
 * @internal
 */
export function spanOf(path: string, seen: unknown): Span {
  if (typeof seen === 'number') {
    checkNumber(path, seen, { min: 0, max: MAX_DURATION });
    return { from: seen, to: seen };
  }
  checkObject(path, seen);
  const { duration, within } = seen as Partial<SeenDuration>;
  return spanWithin(path, duration, within ?? 0);
}

/** As `spanOf`, of the two parts. @internal */
export function spanWithin(path: string, duration: unknown, within: unknown): Span {
  checkNumber(`${path}.duration`, duration, { min: 0, max: MAX_DURATION });
  checkNumber(`${path}.within`, within, { min: 0 });
  const [to, shorter] = [duration as number, within as number];
  if (shorter > to) {
    throw new RangeError(
      `Option \`${path}.within\` must not be more than the duration, ${to}; it is ${shorter}.`,
    );
  }
  return { from: to - shorter, to };
}
