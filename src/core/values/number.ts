import { isRecord } from './record.js';

/**
 * Reads a number in any of the forms that an int64 takes: a number, a text (ProtoJSON), a bigint or a
 * Long (libraries of protobuf).
 *
 * @returns The number; undefined for anything else, and for a number that is not finite.
 * @internal
 */
export function toNumber(value: unknown): number | undefined {
  const read = numberIn(value);
  return Number.isFinite(read) ? read : undefined;
}

function numberIn(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string') return value.trim() === '' ? Number.NaN : Number(value);
  if (!isRecord(value) || typeof value['toNumber'] !== 'function') return Number.NaN;
  return Number((value as { toNumber: () => unknown }).toNumber());
}
