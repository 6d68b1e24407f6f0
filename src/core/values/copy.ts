import { isObject, readSafely } from './record.js';

/**
 * Copies a value deeply, so that a later change of the original does not show in the copy: plain
 * objects, objects of classes without methods, arrays, maps, sets, dates and bytes. Handles circles and
 * any depth.
 *
 * Everything else is shared with the original, since a copy might not work: an object with methods or
 * getters may keep its state in private fields. So is an object that cannot be read.
 *
 * @internal
 */
export function copyOf<Value>(value: Value): Value {
  const copies = new Map<object, object>();
  // Copies whose parts are still shared. A list in place of recursion: an answer may nest to any depth.
  const pending: object[] = [];
  const copyPart = (part: unknown): unknown => {
    if (!isObject(part)) return part;
    const known = copies.get(part);
    if (known !== undefined) return known;
    // A getter or a proxy may throw.
    const copy = readSafely(() => shallowCopy(part)) ?? part;
    copies.set(part, copy);
    if (copy !== part && !ArrayBuffer.isView(copy)) pending.push(copy);
    return copy;
  };
  const whole = copyPart(value);
  for (const copy of pending) copyParts(copy, copyPart);
  return whole as Value;
}

function shallowCopy(value: object): object {
  const prototype = Object.getPrototypeOf(value) as object | null;
  // The prototype of all arrays is an array itself, in each realm; that of a subclass is not.
  if (Array.isArray(value) && Array.isArray(prototype)) return (value as unknown[]).slice();
  // This method keeps the class of all typed arrays. The `slice` of a Buffer does not copy.
  if (ArrayBuffer.isView(value)) return Uint8Array.prototype.slice.call(value);
  if (value instanceof ArrayBuffer) return value.slice(0);
  if (prototype === Date.prototype) return new Date(value as Date);
  if (prototype === Map.prototype) return new Map(value as Map<unknown, unknown>);
  if (prototype === Set.prototype) return new Set(value as Set<unknown>);
  if (!isBare(prototype)) return value;
  const copy = { ...value };
  return prototype === Object.prototype ? copy : (Object.setPrototypeOf(copy, prototype) as object);
}

/** Tells whether objects with a prototype have neither methods nor getters but those of all objects. */
function isBare(prototype: object | null): boolean {
  return (
    prototype === null ||
    // The end of the chain. Each realm has an `Object.prototype` of its own.
    Object.hasOwn(prototype, 'isPrototypeOf') ||
    (Reflect.ownKeys(prototype).every((key) => key === 'constructor') &&
      isBare(Object.getPrototypeOf(prototype) as object | null))
  );
}

function copyParts(copy: object, copyPart: (part: unknown) => unknown): void {
  if (copy instanceof Map) {
    const entries = [...copy];
    copy.clear();
    for (const [key, value] of entries) copy.set(copyPart(key), copyPart(value));
  } else if (copy instanceof Set) {
    const items = [...copy];
    copy.clear();
    for (const item of items) copy.add(copyPart(item));
  } else {
    const parts = copy as Record<string, unknown>;
    // Faster than `Object.keys`.
    for (const key in parts) {
      if (isObject(parts[key]) && Object.hasOwn(parts, key)) parts[key] = copyPart(parts[key]);
    }
  }
}
