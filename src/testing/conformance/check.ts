import { isEqual } from '../../core/values/equal.js';
import { toJsonValue } from '../../core/values/json.js';

/**
 * Checks that a value is the expected one.
 *
 * @throws Error with the expected and the actual value.
 */
export function same(what: string, actual: unknown, expected: unknown): void {
  if (isEqual(actual, expected)) return;
  throw new Error(`${what}: expected ${show(expected)}, but it is ${show(actual)}`);
}

/**
 * Checks that something holds.
 *
 * @throws Error that says what does not.
 */
export function holds(what: string, isSo: boolean): asserts isSo {
  if (!isSo) throw new Error(`It does not hold: ${what}`);
}

/**
 * Gives what a promise rejects with.
 *
 * @throws Error when it resolves, or when it rejects with another class.
 */
export async function failureOf<Failure extends Error>(
  promise: Promise<unknown>,
  kind: abstract new (...parameters: never[]) => Failure,
): Promise<Failure> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('value' in outcome) {
    throw new Error(`Expected a ${kind.name}, but it succeeded with ${show(outcome.value)}`);
  }
  const { error } = outcome;
  if (error instanceof kind) return error;
  throw new Error(`Expected a ${kind.name}, but it failed with ${String(error)}`, { cause: error });
}

/**
 * Waits until something holds.
 *
 * @throws Error when it does not within five seconds.
 */
export async function until(what: string, condition: () => boolean): Promise<void> {
  for (const end = Date.now() + 5_000; !condition(); await pause(2)) {
    holds(`${what}, within five seconds`, Date.now() < end);
  }
}

/** Waits for some milliseconds of real time: sockets know no other clock. */
export function pause(millis: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, millis);
  });
}

function show(value: unknown): string {
  const text =
    JSON.stringify(toJsonValue(value instanceof Set ? [...value] : value)) ?? String(value);
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}
