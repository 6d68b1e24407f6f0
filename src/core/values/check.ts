import { isRecord } from './record.js';

/** The limits of a number. @internal */
export interface NumberLimits {
  /** The least value. Default: none. */
  readonly min?: number;
  /** It must be greater than this. Default: none. */
  readonly above?: number;
  /** The greatest value. Default: none. */
  readonly max?: number;
  /** Whether it must be a whole number. Default false. */
  readonly whole?: boolean;
  /** Whether `Infinity` may be given. Default false. */
  readonly infinite?: boolean;
}

/**
 * Checks that an option is a number within its limits.
 *
 * @throws TypeError when it is not a number, RangeError when it is out of its limits.
 * @internal
 */
export function checkNumber(option: string, value: unknown, limits: NumberLimits): void {
  if (typeof value !== 'number') throw wrongType(option, value, 'a number');
  const {
    min = -Infinity,
    above = -Infinity,
    max = Infinity,
    whole = false,
    infinite = false,
  } = limits;
  const isOfKind = value === Infinity ? infinite : !whole || Number.isInteger(value);
  if (isOfKind && value >= min && value > above && value <= max) return;
  const kind = whole ? 'a whole number' : infinite ? 'a number' : 'a finite number';
  const least = above === -Infinity ? `>= ${min}` : `> ${above}`;
  const most = max === Infinity ? '' : ` and <= ${max}`;
  const orInfinity = infinite ? ', or Infinity' : '';
  throw new RangeError(
    `Option \`${option}\` must be ${kind} ${least}${most}${orInfinity}; it is ${value}.`,
  );
}

/**
 * Checks that an option is one of some words.
 *
 * @throws RangeError when it is another.
 * @internal
 */
export function checkWord(option: string, value: unknown, words: readonly string[]): void {
  if (words.includes(value as string)) return;
  const list = words.map((word) => `'${word}'`).join(' or ');
  throw new RangeError(`Option \`${option}\` must be ${list}; it is ${show(value)}.`);
}

/**
 * Checks that an option is a function.
 *
 * @throws TypeError when it is not a function.
 * @internal
 */
export function checkFunction(option: string, value: unknown): void {
  if (typeof value !== 'function') throw wrongType(option, value, 'a function');
}

/**
 * Checks that an option is an object with some methods.
 *
 * @throws TypeError when it is not an object, or when a method is missing.
 * @internal
 */
export function checkObject(option: string, value: unknown, methods: readonly string[] = []): void {
  if (!isRecord(value)) throw wrongType(option, value, 'an object');
  for (const method of methods) {
    if (typeof value[method] === 'function') continue;
    throw new TypeError(`Option \`${option}\` must have a method \`${method}\`.`);
  }
}

/** Makes the error for an option of the wrong type. @internal */
export function wrongType(option: string, value: unknown, expected: string): TypeError {
  return new TypeError(`Option \`${option}\` must be ${expected}; it is ${show(value)}.`);
}

function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return 'a list';
  return isRecord(value) ? 'an object' : String(value);
}
