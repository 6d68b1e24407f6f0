import { readSafely } from './record.js';

const MAX_DEPTH = 32;

/**
 * Copies a value into what `JSON.stringify` can take: bigints as strings, bytes as base64, and a mark
 * in place of a circle, or of what nests too deep or cannot be read.
 *
 * @internal
 */
export function toJsonValue(value: unknown, ancestors: readonly object[] = []): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (ancestors.length >= MAX_DEPTH || ancestors.includes(value)) return '[…]';
  const path = [...ancestors, value];
  try {
    if (value instanceof Uint8Array) return base64(value);
    if (value instanceof Error) return errorToJson(value, path);
    if (typeof (value as { toJSON?: unknown }).toJSON === 'function') {
      return toJsonValue((value as { toJSON: () => unknown }).toJSON(), path);
    }
    if (Array.isArray(value)) return value.map((item) => toJsonValue(item, path));
    return fieldsToJson(value, path);
  } catch {
    return '[unreadable]';
  }
}

// HTTP clients put the request with its credentials, and its socket, into these fields of their errors.
const transportField = /^(config|headers|metadata|options|request|response)$/;

function errorToJson(error: Error, path: readonly object[]): unknown {
  const { name, message, cause } = error;
  const own = Object.entries(error).filter(([key]) => !transportField.test(key));
  return fieldsToJson({ name, message, ...Object.fromEntries(own), cause }, path);
}

function fieldsToJson(fields: object, path: readonly object[]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, toJsonValue(value, path)]),
  );
}

// More at once may not fit on the stack: each byte is an argument.
const CHUNK = 0x80_00;

/** Writes bytes as a text. @internal */
export function base64(bytes: Uint8Array): string {
  let text = '';
  for (let start = 0; start < bytes.length; start += CHUNK) {
    // Five times as fast as the spread syntax.
    text += Reflect.apply(String.fromCharCode, undefined, bytes.subarray(start, start + CHUNK));
  }
  return btoa(text);
}

/** Reads JSON; undefined for a text that is not JSON. @internal */
export function parseJson(text: string): unknown {
  return readSafely((): unknown => JSON.parse(text));
}
