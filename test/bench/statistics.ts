/** The value in the middle. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value below which that part of the values lies, between the two nearest ones. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = part * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? NaN;
  const above = sorted[Math.ceil(place)] ?? NaN;
  return below + (above - below) * (place % 1);
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * Where the median of what the values were drawn from lies, with a probability of at least 95 %, whatever their
 * distribution: between two of the values themselves, as half of all values are below the median.
 */
export function medianInterval(values: readonly number[]): readonly [number, number] {
  const sorted = values.toSorted((a, b) => a - b);
  const { length } = sorted;
  let outside = 0;
  // How probable it is that so many values are below the median.
  let chance = 0.5 ** length;
  for (let below = 0; below < length / 2; below += 1) {
    outside += chance;
    if (outside > 0.025) {
      return [sorted[Math.max(0, below - 1)]!, sorted[Math.min(length - below, length - 1)]!];
    }
    chance *= (length - below) / (below + 1);
  }
  return [sorted[0] ?? NaN, sorted.at(-1) ?? NaN];
}
