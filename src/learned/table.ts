/**
 * Reads a table in straight lines; before and after it, its first and last value.
 *
 * @param keys - Ascending.
 * @internal
 */
export function valueAt(keys: Float64Array, values: Float64Array, key: number): number {
  const next = firstFrom(keys, key);
  const last = keys.length - 1;
  if (next === 0) return at(values, 0);
  if (next > last) return at(values, last);
  const [key0, key1] = [at(keys, next - 1), at(keys, next)];
  const [value0, value1] = [at(values, next - 1), at(values, next)];
  return value0 + ((value1 - value0) * (key - key0)) / (key1 - key0);
}

/**
 * Finds the first of ascending numbers that is not less.
 *
 * @returns Its index; the length of the list when there is none.
 * @internal
 */
export function firstFrom(numbers: Float64Array, least: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(numbers, middle) >= least) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The number at an index that is known to be there. @internal */
export function at(numbers: Float64Array, index: number): number {
  return numbers[index] as number;
}
