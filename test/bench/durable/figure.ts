/** One row of a table. */
export interface Figure {
  readonly what: string;
  readonly value: string;
  /** What is promised. Not there where nothing is. */
  readonly bound?: string;
  /** Whether it is kept. */
  readonly isKept?: boolean;
}

/** A figure that nothing is promised about. */
export function plain(what: string, value: string | number): Figure {
  return { what, value: textOf(value) };
}

/** A figure with the most that it may be. */
export function atMost(what: string, value: number, most: number, unit = ''): Figure {
  return {
    what,
    value: textOf(value) + unit,
    bound: `<= ${textOf(most)}${unit}`,
    isKept: value <= most,
  };
}

/** A figure with the least that it has to be. */
export function atLeast(what: string, value: number, least: number, unit = ''): Figure {
  return {
    what,
    value: textOf(value) + unit,
    bound: `>= ${textOf(least)}${unit}`,
    isKept: value >= least,
  };
}

/** A figure that can only be one. */
export function exactly(what: string, value: number, expected: number): Figure {
  return { what, value: textOf(value), bound: textOf(expected), isKept: value === expected };
}

function textOf(value: string | number): string {
  if (typeof value === 'string') return value;
  return Number.isInteger(value) ? value.toLocaleString('en') : value.toFixed(2);
}
