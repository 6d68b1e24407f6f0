import type { OperationEvent } from '../core/events.js';
import type { Operation } from '../core/operation.js';
import { Code } from '../core/status/code.js';
import { toNumber } from '../core/values/number.js';
import { isRecord } from '../core/values/record.js';
import { MAX_DURATION, type Span } from './seen-duration.js';

/**
 * Reads how long an operation took from the event of its end.
 *
 * @returns undefined where that cannot be known, and for one that was cancelled.
 * @internal
 */
export function learnedFrom({
  operation,
  elapsed,
  within,
  started,
}: Extract<OperationEvent, { type: 'done' }>): Span | undefined {
  if (operation.error?.code === Code.CANCELLED) return undefined;
  // Both times are of one clock, and do not depend on when it was polled.
  const exact = serverDuration(operation);
  if (isDuration(exact)) return { from: exact, to: exact };
  if (!started || !isDuration(elapsed)) return undefined;
  return { from: Math.max(0, elapsed - (within ?? elapsed)), to: elapsed };
}

function isDuration(millis: number): boolean {
  return millis > 0 && millis <= MAX_DURATION;
}

/** How long an operation took by the server's own times in its metadata; NaN when it does not say. */
function serverDuration({ metadata }: Operation): number {
  if (!isRecord(metadata)) return Number.NaN;
  const timeIn = (...fields: readonly string[]): number =>
    fields.map((field) => toMillis(metadata[field])).find(Number.isFinite) ?? Number.NaN;
  try {
    const begin = timeIn('createTime', 'create_time', 'startTime', 'start_time');
    return timeIn('endTime', 'end_time') - begin;
  } catch {
    // A getter of a message threw: such metadata says nothing that can be read.
    return Number.NaN;
  }
}

const rfc3339 = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/**
 * Reads a `google.protobuf.Timestamp` in any of its forms: RFC 3339 with any offset, `seconds` and
 * `nanos`, or a Date.
 *
 * @returns Milliseconds since 1970; NaN when it is not a timestamp.
 */
function toMillis(value: unknown): number {
  if (typeof value === 'string') {
    const [, seconds = '', fraction = '', offset = ''] =
      rfc3339.exec(value.toUpperCase().replace(' ', 'T')) ?? [];
    return Date.parse(seconds + offset) + Number(fraction) * 1000;
  }
  if (value instanceof Date) return value.getTime();
  if (!isRecord(value)) return Number.NaN;
  const { seconds, nanos } = value;
  return (toNumber(seconds) ?? Number.NaN) * 1000 + (toNumber(nanos ?? 0) ?? Number.NaN) / 1e6;
}
