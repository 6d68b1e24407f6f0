import { millisToDuration } from '../../core/status/duration.js';
import { anyOf, typeNameIn } from './any.js';
import { detailMessages, partsOf, type DetailMessage, type FieldParts } from './detail-messages.js';
import { bytesOf, integerOf, readFields, textOf, type WireField } from './wire.js';

/**
 * Reads a detail of a Status: one of the ten predefined ones in binary form becomes what ProtoJSON
 * makes of it. All others stay as they came, and so does what cannot be read whole.
 *
 * @returns The detail. Never throws.
 * @internal
 */
export function readDetail(detail: unknown): unknown {
  const any = anyOf(detail);
  if (any === undefined) return detail;
  const [, type = ''] = /^google\.rpc\.(\w+)$/.exec(typeNameIn(any.typeUrl)) ?? [];
  const message = detailMessages.get(type);
  if (message === undefined) return detail;
  try {
    return { '@type': any.typeUrl, ...readMessage(message, any.bytes) };
  } catch {
    return detail;
  }
}

function readMessage(message: DetailMessage, bytes: Uint8Array): Readonly<Record<string, unknown>> {
  const read: Record<string, unknown> = {};
  for (const { number, value } of readFields(bytes)) {
    const field = message[number - 1];
    // A newer server may know more of it than is known here: nothing may be lost.
    if (field === undefined) throw new RangeError(`Field ${number}`);
    const parts = partsOf(field);
    read[parts.name] = readField(parts, value, read[parts.name]);
  }
  return read;
}

function readField(
  { kind, message }: FieldParts,
  value: WireField['value'],
  before: unknown,
): unknown {
  // ProtoJSON writes an int64 as a text, for it may be more than a number holds.
  if (kind === '#') return String(integerOf(value));
  if (kind === '~') return readDuration(bytesOf(value));
  if (kind === '{}') {
    const parts = readFields(bytesOf(value)).map((part) => [part.number, textOf(part.value)]);
    const { 1: key = '', 2: item = '' } = Object.fromEntries(parts) as Record<number, string>;
    return { ...(before as object | undefined), [key]: item };
  }
  const item = message === undefined ? textOf(value) : readMessage(message, bytesOf(value));
  return kind === '[]' ? [...((before as readonly unknown[] | undefined) ?? []), item] : item;
}

function readDuration(bytes: Uint8Array): string {
  let millis = 0;
  for (const { number, value } of readFields(bytes)) {
    millis += Number(integerOf(value)) * (number === 1 ? 1000 : 1e-6);
  }
  return millisToDuration(millis);
}
