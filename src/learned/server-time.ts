import type { Operation } from '../core/operation.js';
import { toNumber } from '../core/values/number.js';
import { isRecord, type Fields } from '../core/values/record.js';
import { MAX_DURATION } from './seen-duration.js';

/**
 * How long an operation took by the server's own times in its metadata: from `createTime`, or
 * `startTime` where there is none, to `endTime`.
 *
 * @returns Milliseconds, > 0 and no more than may be learned from; undefined when the metadata does not say.
 * @internal
 */
export function serverDuration({ metadata }: Operation): number | undefined {
  if (!isRecord(metadata)) return undefined;
  try {
    const begin =
      timeIn(metadata, 'createTime', 'create_time') ?? timeIn(metadata, 'startTime', 'start_time');
    const end = timeIn(metadata, 'endTime', 'end_time');
    if (begin === undefined || end === undefined) return undefined;
    const duration = end - begin;
    return duration > 0 && duration <= MAX_DURATION ? duration : undefined;
  } catch {
    // A getter of a message threw: such metadata says nothing that can be read.
    return undefined;
  }
}

function timeIn(metadata: Fields, camelCase: string, snakeCase: string): number | undefined {
  return timestampToMillis(metadata[camelCase] ?? metadata[snakeCase]);
}

const rfc3339 = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;

/**
 * Reads a `google.protobuf.Timestamp` in any of its forms: RFC 3339 with any offset, `seconds` and
 * `nanos`, or a Date.
 *
 * @returns Milliseconds since 1970; undefined when it is none.
 */
function timestampToMillis(value: unknown): number | undefined {
  if (typeof value === 'string') {
    const fraction = rfc3339.exec(value)?.[1];
    if (!rfc3339.test(value)) return undefined;
    const whole = Date.parse(
      value
        .replace(fraction ?? '', '')
        .toUpperCase()
        .replace(' ', 'T'),
    );
    return finite(whole + Number(fraction ?? 0) * 1000);
  }
  if (value instanceof Date) return finite(value.getTime());
  if (!isRecord(value)) return undefined;
  const seconds = toNumber(value['seconds']);
  const nanos = toNumber(value['nanos'] ?? 0);
  return seconds === undefined || nanos === undefined ? undefined : seconds * 1000 + nanos / 1e6;
}

function finite(millis: number): number | undefined {
  return Number.isFinite(millis) ? millis : undefined;
}
