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

// Ten seconds on a machine that has nothing else to do. Turns, because a clock goes on while the machine is busy.
const QUIET_TURNS = 5_000;
const MAX_CALLS = 200;

/**
 * Waits until something holds, in turns of 2 ms of real time, since sockets have no other clock.
 *
 * @throws Error after 5,000 turns without a new call, or after more calls than any scenario needs.
 */
export async function until(
  fake: FakeOperations,
  what: string,
  condition: () => boolean,
): Promise<void> {
  let seen = fake.calls.length;
  let quietTurns = 0;
  while (!condition()) {
    const count = fake.calls.length;
    quietTurns = count > seen ? 0 : quietTurns + 1;
    seen = count;
    holds(`${what}, before ten seconds pass without a call`, quietTurns <= QUIET_TURNS);
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
