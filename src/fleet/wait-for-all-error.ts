import { isStatusError } from '../core/errors/status-error.js';
import { toJsonValue } from '../core/values/json.js';
import { redact } from '../core/values/redact.js';

// How many are listed in the message.
const MOST_LISTED = 10;

/** One operation whose response `waitForAll` did not get. */
export interface WaitForAllFailure {
  /** Its index in the list of operations. */
  readonly index: number;
  /** Its name; empty if it never became known. */
  readonly name: string;
  /** What `waitForDone` would have thrown. */
  readonly error: unknown;
}

/**
 * `waitForAll` did not get all responses. It holds those that it got, and the error of each of the others;
 * its `cause` is the first of these errors.
 *
 * @typeParam Response - What the operations' responses hold.
 */
export class WaitForAllError<Response = unknown> extends Error {
  /** `'WaitForAllError'`, also in code whose class names were shortened. */
  override readonly name: string = 'WaitForAllError';
  /** The responses by the index of the operation; those that failed are left out. */
  readonly responses: ReadonlyMap<number, Response>;
  /** The operations without a response, in the order of the list. */
  readonly failures: readonly WaitForAllFailure[];

  /**
   * @param responses - By the indexes of their operations.
   * @param failures - At least one.
   */
  constructor(responses: ReadonlyMap<number, Response>, failures: readonly WaitForAllFailure[]) {
    super(messageOf(responses.size, failures), { cause: failures[0]?.error });
    this.responses = responses;
    this.failures = failures;
  }

  /** @returns All of it, in a form that `JSON.stringify` can write whatever it holds. */
  toJSON(): Readonly<Record<string, unknown>> {
    const { name, message, failures } = this;
    const responses = Object.fromEntries(this.responses);
    const all = { name, message, failures, responses };
    return toJsonValue(all, [this]) as Readonly<Record<string, unknown>>;
  }
}

function messageOf(got: number, failures: readonly WaitForAllFailure[]): string {
  const lines = failures.slice(0, MOST_LISTED).map(({ index, name, error }) => {
    const subject = name === '' ? `the one at place ${index}` : redact(name);
    return `\n- ${subject}: ${reasonOf(error)}`;
  });
  const rest = failures.length - lines.length;
  const more = rest > 0 ? `\n- and ${rest} more: see \`failures\`.` : '';
  return `${failures.length} of ${got + failures.length} operations gave no response:${lines.join('')}${more}`;
}

function reasonOf(error: unknown): string {
  try {
    // The rest of its message is the same for all, and would hide which they are.
    if (isStatusError(error)) return `${error.kind}, ${error.codeName}`;
    return String(error instanceof Error ? error.name : error);
  } catch {
    // One that no text can be made of must not lose the responses that were got.
    return 'a value that cannot be written';
  }
}
