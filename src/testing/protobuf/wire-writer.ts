/** Joins parts of a serialized message. */
export function join(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/** Writes a field that holds a message, or bytes. */
export function bytesField(number: number, bytes: Uint8Array): Uint8Array {
  return join(varint(BigInt(number * 8 + 2)), varint(BigInt(bytes.length)), bytes);
}

/** Writes a field that holds a text. */
export function textField(number: number, text: string): Uint8Array {
  return bytesField(number, new TextEncoder().encode(text));
}

/** Writes a field that holds a whole number, or a boolean. */
export function integerField(number: number, value: bigint): Uint8Array {
  return join(varint(BigInt(number * 8)), varint(BigInt.asUintN(64, value)));
}

/** Writes a field that holds a number. */
export function doubleField(number: number, value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return join(varint(BigInt(number * 8 + 1)), bytes);
}

function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let left = value;
  for (; left > 127n; left >>= 7n) bytes.push(Number(left & 127n) | 128);
  return Uint8Array.of(...bytes, Number(left));
}
