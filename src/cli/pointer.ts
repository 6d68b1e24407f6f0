import { isObject } from '../core/values/record.js';

/** A JSON pointer as its parts: `/a/0` is `['a', '0']`. */
export type Pointer = readonly string[];

/**
 * Reads a JSON pointer.
 *
 * Source: RFC 6901.
 *
 * @throws RangeError when it is not one.
 */
export function parsePointer(text: string): Pointer {
  if (text === '') return [];
  if (!text.startsWith('/')) throw new RangeError('a JSON pointer begins with /, as in /state');
  if (/~(?![01])/.test(text)) {
    throw new RangeError('in a JSON pointer ~ is written ~0, and / is written ~1');
  }
  return text
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** What a pointer points at in a JSON value; undefined where there is nothing. */
export function valueAt(json: unknown, pointer: Pointer): unknown {
  let value = json;
  for (const part of pointer) {
    if (!isObject(value) || !Object.hasOwn(value, part)) return undefined;
    // An array has a `length`, which JSON does not know.
    if (Array.isArray(value) && !/^(?:0|[1-9]\d*)$/.test(part)) return undefined;
    value = Reflect.get(value, part);
  }
  return value;
}
