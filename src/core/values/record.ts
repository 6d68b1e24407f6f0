/** Anything with named fields. @internal */
export type Fields = Readonly<Record<string, unknown>>;

/** Tells whether fields can be read of a value: an object that is no list. @internal */
export function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
