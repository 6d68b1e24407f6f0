import { codeName, type CodeName } from '../status/code.js';
import type { Status } from '../status/status.js';
import type { Operation } from '../operation.js';
import { isRecord } from '../values/record.js';
import { toJsonValue } from '../values/json.js';

/**
 * How a wait or a call ended without a response:
 * `'operation-failed'`: the server's verdict on the operation ·
 * `'call-failed'`: a call failed and was not survived ·
 * `'wait-timeout'`: the time to wait was up ·
 * `'cancel-not-confirmed'`: it was to be cancelled, and how it ended could not be learnt ·
 * `'protocol'`: an answer made no sense.
 */
export type StatusErrorKind =
  | 'operation-failed'
  | 'call-failed'
  | 'wait-timeout'
  | 'cancel-not-confirmed'
  | 'protocol';

/** What every `StatusError` is made of. */
export interface StatusErrorOptions {
  /** Why, in the server's words or in ours. */
  readonly status: Status;
  /** The last that is known of the operation. */
  readonly operation?: Operation | undefined;
  /** What caused it. */
  readonly cause?: unknown;
}

// Registered, so that another copy of this package has the same one.
const brand = Symbol.for('rx-lro.StatusError');

/**
 * The one base of the errors that this library makes of a Status. Its subclasses tell how it came
 * about; so does `kind`. `instanceof` also knows the errors of another copy of this package, and
 * `JSON.stringify` keeps all but what may hold credentials.
 */
export abstract class StatusError extends Error {
  /** How it came about: one value for each subclass. */
  abstract readonly kind: StatusErrorKind;
  /** The code of the Status: one of `Code` as a rule, any other number as the server sent it. */
  readonly code: number;
  /** The name of `code`; `'UNKNOWN'` for a number that google/rpc/code.proto does not list. */
  readonly codeName: CodeName;
  /** The details of the Status, as they came. */
  readonly details: readonly unknown[];
  /** The whole Status: `message` without the words that the error's own message puts around it. */
  readonly status: Status;
  /** The last that is known of the operation; a caller resumes from it. Undefined before its name is known. */
  readonly operation: Operation | undefined;

  /**
   * @param message - Which operation, what happened, what to do next.
   * @param options - The Status, and what is known beside it.
   */
  constructor(message: string, options: StatusErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = options.status.code;
    this.codeName = codeName(options.status.code);
    this.details = options.status.details;
    this.status = options.status;
    this.operation = options.operation;
    Object.defineProperty(this, brand, { value: true });
  }

  /** Knows the errors of another copy of this package too. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    if (!isStatusError(value)) return false;
    const own: unknown = Object.hasOwn(this, 'kind') ? Reflect.get(this, 'kind') : undefined;
    if (own !== undefined) return value.kind === own;
    return this === StatusError || Function.prototype[Symbol.hasInstance].call(this, value);
  }

  /** @returns All of it, in a form that `JSON.stringify` can write whatever it holds. */
  toJSON(): Readonly<Record<string, unknown>> {
    const { name, kind, message, cause } = this;
    const all: Record<string, unknown> = { name, kind, message };
    // Also those of an error that is the prototype of this one.
    for (const field in this) {
      // The Status is all there without it: its message is part of the error's own.
      if (field !== 'status') all[field] = this[field];
    }
    return toJsonValue({ ...all, cause }, [this]) as Readonly<Record<string, unknown>>;
  }
}

/**
 * Tells whether something is a `StatusError`, of this copy of the package or of another one.
 *
 * @param value - Anything, such as what a `catch` caught.
 */
export function isStatusError(value: unknown): value is StatusError {
  try {
    return isRecord(value) && value[brand as unknown as string] === true;
  } catch {
    // A proxy threw.
    return false;
  }
}
