const MAX_DEPTH = 32;

/**
 * Copies a value into what `JSON.stringify` can take: bigints as strings, bytes as base64, and a
 * mark in the place of a circle, of a function, or of what nests too deep.
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
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, toJsonValue(item, path)]),
    );
  } catch {
    return '[unreadable]';
  }
}

// What HTTP clients hang on their errors: the request with its credentials, and all that its socket
// knows.
const transportFields: ReadonlySet<string> = new Set([
  'config',
  'headers',
  'metadata',
  'options',
  'request',
  'response',
]);

function errorToJson(error: Error, path: readonly object[]): unknown {
  const { name, message, cause } = error;
  const own = Object.entries(error).filter(([key]) => !transportFields.has(key));
  return {
    name,
    message,
    ...Object.fromEntries(own.map(([key, item]) => [key, toJsonValue(item, path)])),
    ...(cause === undefined ? {} : { cause: toJsonValue(cause, path) }),
  };
}

function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

/** Reads JSON; undefined for a text that is not JSON. @internal */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
