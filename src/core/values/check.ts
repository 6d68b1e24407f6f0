/** The limits of a number. @internal */
export interface NumberLimits {
  /** The least value. */
  readonly min: number;
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
 * @throws TypeError when it is no number, RangeError when it is out of its limits.
 * @internal
 */
export function checkNumber(option: string, value: unknown, limits: NumberLimits): void {
  if (typeof value !== 'number') throw wrongType(option, value, 'a number');
  const inRange =
    value >= limits.min &&
    value <= (limits.max ?? Infinity) &&
    (Number.isFinite(value) || limits.infinite === true) &&
    (limits.whole !== true || !Number.isFinite(value) || Number.isInteger(value));
  if (inRange) return;
  const kind = limits.whole === true ? 'a whole number' : 'a number';
  const end = limits.max === undefined ? 'on' : `to ${limits.max}`;
  const orInfinity = limits.infinite === true ? ', or Infinity' : '';
  throw new RangeError(
    `Option \`${option}\` must be ${kind} from ${limits.min} ${end}${orInfinity}; it is ${value}.`,
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
 * @throws TypeError when it is none.
 * @internal
 */
export function checkFunction(option: string, value: unknown): void {
  if (typeof value !== 'function') throw wrongType(option, value, 'a function');
}

/**
 * Checks that something is an object with some methods.
 *
 * @throws TypeError when it is none, or when a method is missing.
 * @internal
 */
export function checkObject(option: string, value: unknown, methods: readonly string[] = []): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw wrongType(option, value, 'an object');
  }
  for (const method of methods) {
    if (typeof Reflect.get(value, method) === 'function') continue;
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
  if (typeof value === 'object' && value !== null) {
    return Array.isArray(value) ? 'a list' : 'an object';
  }
  return String(value);
}
