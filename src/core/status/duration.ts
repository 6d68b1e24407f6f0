import { toNumber } from '../values/number.js';
import { isRecord } from '../values/record.js';

/**
 * Reads a `google.protobuf.Duration` in any of its forms: `'1.5s'`, or `seconds` and `nanos` as
 * numbers, strings, bigints or Long objects.
 *
 * @returns The duration in milliseconds, or undefined when the value is not a duration >= 0.
 * @internal
 */
export function durationToMillis(value: unknown): number | undefined {
  if (typeof value === 'string') {
    return finite(Number(/^(\d+(?:\.\d{0,9})?)s$/.exec(value)?.[1]) * 1000);
  }
  if (!isRecord(value)) return undefined;
  const seconds = toNumber(value['seconds'] ?? 0);
  const nanos = toNumber(value['nanos'] ?? 0);
  if (seconds === undefined || nanos === undefined) return undefined;
  return finite(seconds * 1000 + nanos / 1e6);
}

/**
 * Writes milliseconds as ProtoJSON does: `'1.5s'`.
 *
 * @internal
 */
export function millisToDuration(millis: number): string {
  return `${(millis / 1000).toFixed(9).replace(/\.?0+$/, '')}s`;
}

/**
 * Writes milliseconds as the fields of a `google.protobuf.Duration`.
 *
 * @internal
 */
export function durationOf(millis: number): { readonly seconds: number; readonly nanos: number } {
  // Whole milliseconds: the remainder of a fraction is not an exact number of nanoseconds.
  const whole = Math.round(millis);
  return { seconds: Math.floor(whole / 1000), nanos: (whole % 1000) * 1_000_000 };
}

function finite(millis: number): number | undefined {
  return Number.isFinite(millis) && millis >= 0 ? millis : undefined;
}
