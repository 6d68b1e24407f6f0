/** Anything with named fields. @internal */
export type Fields = Readonly<Record<string, unknown>>;

/** Tells whether a value is an object with named fields, not an array. @internal */
export function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
