/**
 * Compares two values deeply: arrays, plain objects, messages of protobuf libraries, bytes, dates, sets
 * and maps. Handles circles and any depth.
 *
 * @internal
 */
export function isEqual(left: unknown, right: unknown): boolean {
  try {
    return compare(left, right);
  } catch {
    // A getter or a proxy threw: it may have changed.
    return false;
  }
}

// Only what is large or goes in circles needs more steps than this.
const STEPS_WITHOUT_RECORD = 64;

function compare(left: unknown, right: unknown): boolean {
  let steps = 0;
  // A list of what is left to compare in place of recursion: an answer may nest as deep as it likes.
  const pending: unknown[] = [left, right];
  let compared: Map<object, Set<object>> | undefined;
  while (pending.length > 0) {
    const b = pending.pop();
    const a = pending.pop();
    if (Object.is(a, b)) continue;
    if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
    steps += 1;
    const partners = compared?.get(a);
    if (partners?.has(b) === true) continue;
    if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
    if (!pushParts(a, b, pending)) return false;
    if (steps <= STEPS_WITHOUT_RECORD) continue;
    if (partners === undefined) (compared ??= new Map()).set(a, new Set([b]));
    else partners.add(b);
  }
  return true;
}

function pushParts(a: object, b: object, pending: unknown[]): boolean {
  if (ArrayBuffer.isView(a)) return isSameBytes(bytesOf(a), bytesOf(b as ArrayBufferView));
  if (a instanceof ArrayBuffer) {
    return isSameBytes(new Uint8Array(a), new Uint8Array(b as ArrayBuffer));
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

function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

function isSameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  // Faster than `every`: there may be millions.
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) return false;
  return true;
}
