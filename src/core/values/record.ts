/** Anything with named fields. @internal */
export type Fields = Readonly<Record<string, unknown>>;

/** Tells whether a value is an object, of any kind. @internal */
export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Tells whether a value is an object with named fields, not an array. @internal */
export function isRecord(value: unknown): value is Fields {
  return isObject(value) && !Array.isArray(value);
}

/** A text; the empty one in place of anything else. @internal */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A list; the empty one in place of anything else. @internal */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Runs foreign code, such as a getter or a proxy. @returns undefined when it throws. @internal */
export function readSafely<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
