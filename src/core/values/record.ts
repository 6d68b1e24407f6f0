/** Anything with named fields. @internal */
export type Fields = Readonly<Record<string, unknown>>;

/** Tells whether a value is an object with named fields, not an array. @internal */
export function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads foreign fields. @returns undefined when a getter or a proxy throws. @internal */
export function readSafely<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
