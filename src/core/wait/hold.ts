import type { OperationsClient } from '../client.js';
import type { Failure } from '../errors/failure.js';
import { isTransient } from '../policy/retry.js';
import type { Settings } from '../settings.js';
import { Code } from '../status/code.js';

// What is left of the time of a call is for the answer to come back.
const HELD_PART = 0.9;

// Who answers sooner has not held the call, but was slow at the most: to ask that one again at once would
// be to ask without end. In milliseconds, and as a part of what was asked for.
const SURELY_HELD = 5_000;
const LEAST_HELD = 1_000;
const PART_HELD = 0.75;

// So many failures in a row, of the kind that pass, show that something on the way does not let calls last.
const MOST_FAILURES = 3;

// What clients have learned about their service: it has no Wait. It belongs to the client, which its user
// shares between waits; a service does not get the method while a process runs.
const clientsWithoutWait = new WeakSet<OperationsClient>();

/** What one wait knows of the method Wait, as plain data. Times in milliseconds. @internal */
export interface Hold {
  /** Whether the client itself holds calls, so that the next one needs no delay. */
  readonly isSure: boolean;
  /** How long the server may hold a call at the most. Undefined when nothing bounds it. */
  readonly most: number | undefined;
  /** Whether Wait is not to be called any more. */
  isGivenUp: boolean;
  /** Whether the service has no Wait. */
  isMissing: boolean;
  /** Whether it is open if the service lacks the method or the operation. */
  isInDoubt: boolean;
  /** Whether nothing is known yet of how the server holds calls, so that no delay is needed. */
  isNew: boolean;
  /** Whether the server held the last call. */
  wasHeld: boolean;
  failures: number;
  /** How long the server was asked to hold the call. Undefined for no bound. */
  asked: number | undefined;
  /** Which part of the next delay is over: the last call took it. */
  waited: number;
}

/**
 * Makes what a wait knows of Wait when it begins.
 *
 * @returns undefined where Wait is not to be called.
 * @internal
 */
export function newHold(
  client: OperationsClient,
  { holdTimeout, callTimeout }: Pick<Settings, 'holdTimeout' | 'callTimeout'>,
): Hold | undefined {
  if (client.wait == null || holdTimeout <= 0) return undefined;
  return {
    isSure: client.pacing?.holdsCalls === true,
    most: boundedTime(Math.min(HELD_PART * callTimeout, holdTimeout)),
    isGivenUp: false,
    isMissing: false,
    isInDoubt: false,
    isNew: true,
    wasHeld: false,
    failures: 0,
    asked: undefined,
    waited: 0,
  };
}

/** Shares with the other waits on a client that its service has no Wait. @internal */
export function shareMissingWait(client: OperationsClient, hold: Hold | undefined): void {
  if (hold === undefined) return;
  if (hold.isMissing) clientsWithoutWait.add(client);
  else if (clientsWithoutWait.has(client)) hold.isGivenUp = true;
}

/**
 * A call of Wait begins.
 *
 * @param rest - How long until the answer has to be there, in milliseconds.
 * @internal
 */
export function beginHold(hold: Hold, rest: number): void {
  hold.asked = boundedTime(Math.min(hold.most ?? Infinity, rest));
  hold.isNew = false;
  hold.wasHeld = false;
}

/**
 * A call of Wait was answered.
 *
 * @param duration - Milliseconds.
 * @param slowestCall - How long the slowest call took that nobody held, in milliseconds.
 * @returns How much of the duration the way took, as far as can be told, in milliseconds.
 * @internal
 */
export function endHold(hold: Hold, duration: number, slowestCall: number): number {
  const asked = hold.asked ?? Infinity;
  const least = Math.max(LEAST_HELD, 2 * slowestCall, Math.min(SURELY_HELD, PART_HELD * asked));
  hold.failures = 0;
  hold.wasHeld = duration >= least || hold.isSure;
  hold.waited = duration;
  return hold.wasHeld ? Math.max(0, duration - asked) : duration;
}

/**
 * A call of Wait failed. A failure that passes by itself is forgiven a few times; a time limit is what ends
 * a call that the server holds for longer. Only what the server says for good holds for the other waits of
 * the client too.
 *
 * @param duration - Milliseconds.
 * @returns Whether the operation has to be asked about by Get.
 * @internal
 */
export function failHold(hold: Hold, { kind, status }: Failure, duration: number): boolean {
  const { code } = status;
  if (code === Code.DEADLINE_EXCEEDED && duration >= SURELY_HELD) {
    hold.wasHeld = true;
    return true;
  }
  hold.failures += 1;
  if (isTransient({ kind, ...status }) && hold.failures < MOST_FAILURES) return true;
  hold.isGivenUp = true;
  hold.isMissing = code === Code.UNIMPLEMENTED;
  hold.isInDoubt = code === Code.NOT_FOUND;
  return !hold.isMissing;
}

/** Milliseconds, a whole number >= 1; undefined when nothing bounds it. */
function boundedTime(time: number): number | undefined {
  return time === Infinity ? undefined : Math.max(Math.floor(time), 1);
}
