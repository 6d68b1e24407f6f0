/** One field of a serialized message: a varint, or bytes. @internal */
export interface WireField {
  /** The number of the field. */
  readonly number: number;
  /** Fixed-size fields come as their bytes. */
  readonly value: bigint | Uint8Array;
}

/**
 * Splits a serialized message into its fields.
 *
 * Source: the encoding guide of Protocol Buffers.
 *
 * @throws RangeError when the bytes end too early or are not a message.
 * @internal
 */
export function readFields(bytes: Uint8Array): readonly WireField[] {
  const fields: WireField[] = [];
  let offset = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[offset];
      if (byte === undefined) throw notMessage();
      offset += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw notMessage();
  };
  const take = (length: number): Uint8Array => {
    const end = offset + length;
    if (end > bytes.length) throw notMessage();
    const taken = bytes.subarray(offset, end);
    offset = end;
    return taken;
  };
  while (offset < bytes.length) {
    const tag = Number(varint());
    const wireType = tag & 7;
    const number = Math.floor(tag / 8);
    if (wireType === 0) fields.push({ number, value: varint() });
    else if (wireType === 2) fields.push({ number, value: take(Number(varint())) });
    else if (wireType === 1) fields.push({ number, value: take(8) });
    else if (wireType === 5) fields.push({ number, value: take(4) });
    else throw notMessage();
  }
  return fields;
}

/** Reads the text of a field. @internal */
export function textOf(value: bigint | Uint8Array): string {
  // A view of its own: a Buffer of another realm is none that TextDecoder takes everywhere.
  return typeof value === 'bigint' ? String(value) : new TextDecoder().decode(value);
}

/** Reads the bytes of a field. @internal */
export function bytesOf(value: bigint | Uint8Array): Uint8Array {
  if (typeof value === 'bigint') throw notMessage();
  return value;
}

/** Reads a signed whole number of a field. @internal */
export function integerOf(value: bigint | Uint8Array): bigint {
  if (typeof value !== 'bigint') throw notMessage();
  return BigInt.asIntN(64, value);
}

function notMessage(): RangeError {
  return new RangeError('Not a protobuf message');
}
