import { bytesOf, readFields, textOf } from '../../clients/protobuf/wire.js';
import { isRecord } from '../../core/values/record.js';
import { bytesField, doubleField, integerField, join, textField } from './wire-writer.js';

/** Serializes a value as `google.protobuf.Value`. Source: google/protobuf/struct.proto. */
export function encodeValue(value: unknown): Uint8Array {
  if (typeof value === 'number') return doubleField(2, value);
  if (typeof value === 'string') return textField(3, value);
  if (typeof value === 'boolean') return integerField(4, value ? 1n : 0n);
  if (Array.isArray(value)) {
    return bytesField(6, join(...value.map((item) => bytesField(1, encodeValue(item)))));
  }
  if (!isRecord(value)) return integerField(1, 0n);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  const fields = entries.map(([key, item]) =>
    bytesField(1, join(textField(1, key), bytesField(2, encodeValue(item)))),
  );
  return bytesField(5, join(...fields));
}

/**
 * Reads a serialized `google.protobuf.Value`.
 *
 * @throws RangeError when the bytes are not a serialized Value.
 */
export function decodeValue(bytes: Uint8Array): unknown {
  let decoded: unknown = null;
  for (const { number, value } of readFields(bytes)) {
    if (number === 1) decoded = null;
    else if (number === 2) decoded = doubleOf(bytesOf(value));
    else if (number === 3) decoded = textOf(value);
    else if (number === 4) decoded = value !== 0n;
    else if (number === 5) decoded = decodeStruct(bytesOf(value));
    else if (number === 6) {
      decoded = readFields(bytesOf(value)).map((item) => decodeValue(bytesOf(item.value)));
    }
  }
  return decoded;
}

function decodeStruct(bytes: Uint8Array): unknown {
  const entries = readFields(bytes).map(({ value }) => {
    const parts = readFields(bytesOf(value));
    const key = parts.find(({ number }) => number === 1)?.value;
    const item = parts.find(({ number }) => number === 2)?.value;
    return [
      key === undefined ? '' : textOf(key),
      item === undefined ? null : decodeValue(bytesOf(item)),
    ] as const;
  });
  return Object.fromEntries(entries);
}

function doubleOf(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getFloat64(0, true);
}
