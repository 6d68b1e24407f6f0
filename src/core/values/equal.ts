import { isObject, readSafely } from './record.js';

/**
 * Compares two values deeply: arrays, plain objects, messages of protobuf libraries, bytes, dates, sets
 * and maps. Handles circles and any depth.
 *
 * @internal
 */
export function isEqual(left: unknown, right: unknown): boolean {
  // A getter or a proxy may throw: then it may have changed.
  return readSafely(() => compare(left, right)) ?? false;
}

function compare(left: unknown, right: unknown): boolean {
  // A list of what is left to compare in place of recursion: an answer may nest as deep as it likes.
  const pending: unknown[] = [left, right];
  const compared = new Map<object, Set<object>>();
  while (pending.length > 0) {
    const b = pending.pop();
    const a = pending.pop();
    if (Object.is(a, b)) continue;
    if (!isObject(a) || !isObject(b)) return false;
    const partners = compared.get(a) ?? new Set();
    if (partners.has(b)) continue;
    compared.set(a, partners.add(b));
    if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
    if (!pushParts(a, b, pending)) return false;
  }
  return true;
}

function pushParts(a: object, b: object, pending: unknown[]): boolean {
  if (ArrayBuffer.isView(a) || a instanceof ArrayBuffer) {
    return isSameBytes(bytesOf(a), bytesOf(b as typeof a));
  }
  if (a instanceof Date) return Object.is(a.getTime(), (b as Date).getTime());
  if (a instanceof Map || a instanceof Set) {
    // In order: what a map of an answer is read from has an order of its own.
    pending.push([...a], [...(b as Iterable<unknown>)]);
    return true;
  }
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  for (const key of keys) {
    if (!Object.hasOwn(b, key)) return false;
    pending.push(Reflect.get(a, key), Reflect.get(b, key));
  }
  return true;
}

/** @internal */
export function bytesOf(bytes: ArrayBufferView | ArrayBuffer): Uint8Array {
  return ArrayBuffer.isView(bytes)
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes);
}

function isSameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  // Faster than `every`: there may be millions.
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) return false;
  return true;
}
