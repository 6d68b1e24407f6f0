import { isEqual } from '../../core/values/equal.js';
import { toJsonValue } from '../../core/values/json.js';
import type { FakeOperations } from '../fake-operations.js';

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

const PATIENCE = 10_000;
const MAX_CALLS = 200;

/**
 * Waits until something holds. It looks in real time, since a socket has no other clock, but it does not count
 * how long calls take.
 *
 * @throws Error after ten seconds without a new call, or after more calls than any scenario needs.
 */
export async function until(
  fake: FakeOperations,
  what: string,
  condition: () => boolean,
): Promise<void> {
  let seen = fake.calls.length;
  let end = Date.now() + PATIENCE;
  while (!condition()) {
    if (fake.calls.length > seen) {
      seen = fake.calls.length;
      end = Date.now() + PATIENCE;
    }
    holds(`${what}, before ten seconds pass without a call`, Date.now() < end);
    holds(`${what}, within ${MAX_CALLS} calls`, seen <= MAX_CALLS);
    await new Promise((resolve) => {
      setTimeout(resolve, 2);
    });
  }
}

function show(value: unknown): string {
  const text =
    JSON.stringify(toJsonValue(value instanceof Set ? [...value] : value)) ?? String(value);
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}
