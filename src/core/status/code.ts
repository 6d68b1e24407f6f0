/**
 * The codes of `google.rpc.Code`, by name.
 *
 * Source: google/rpc/code.proto.
 *
 * @example
 * ```ts
 * import { Code, OperationFailedError } from 'rx-lro';
 *
 * export const wasCancelled = (error: unknown): boolean =>
 *   error instanceof OperationFailedError && error.code === Code.CANCELLED;
 * ```
 */
export const Code = {
  /** No error. */
  OK: 0,
  /** The operation was cancelled, typically by its caller. */
  CANCELLED: 1,
  /** An error that says no more about itself. */
  UNKNOWN: 2,
  /** The request is wrong, whatever the state of the system. */
  INVALID_ARGUMENT: 3,
  /** It took too long. */
  DEADLINE_EXCEEDED: 4,
  /** What was asked for does not exist. */
  NOT_FOUND: 5,
  /** What was to be made exists already. */
  ALREADY_EXISTS: 6,
  /** The caller may not do this. */
  PERMISSION_DENIED: 7,
  /** A quota or a resource is used up. */
  RESOURCE_EXHAUSTED: 8,
  /** The system is not in the state that this needs. */
  FAILED_PRECONDITION: 9,
  /** Ended by a conflict with other work; it may be started again. */
  ABORTED: 10,
  /** Past the valid range. */
  OUT_OF_RANGE: 11,
  /** The server does not offer this method. */
  UNIMPLEMENTED: 12,
  /** Something inside the server is broken. */
  INTERNAL: 13,
  /** The server cannot be reached for now. */
  UNAVAILABLE: 14,
  /** Data is lost or corrupt beyond repair. */
  DATA_LOSS: 15,
  /** The caller is not known: credentials are missing or not valid. */
  UNAUTHENTICATED: 16,
} as const;

/** The name of a code of `google.rpc.Code`, such as `'NOT_FOUND'`. */
export type CodeName = keyof typeof Code;

/** A code of `google.rpc.Code`. A server may send others: they are kept as plain numbers. */
export type Code = (typeof Code)[CodeName];

// The codes count from 0, in the order of their names.
const names = Object.keys(Code) as readonly CodeName[];

const httpByCode: readonly number[] = [
  200, 499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401,
];

// Those that no code has, and those that several have.
const codeByHttp: Readonly<Record<number, Code>> = {
  // The path is there, and takes no such method.
  405: Code.UNIMPLEMENTED,
  408: Code.DEADLINE_EXCEEDED,
  409: Code.ABORTED,
  416: Code.OUT_OF_RANGE,
  // Too early: the same request is welcome later.
  425: Code.UNAVAILABLE,
  500: Code.INTERNAL,
};

// By the first digit.
const codeByClass: Readonly<Record<number, Code>> = {
  2: Code.OK,
  4: Code.FAILED_PRECONDITION,
  5: Code.INTERNAL,
};

/**
 * Names a code.
 *
 * @param code - A code of `google.rpc.Code`, or any other number.
 * @returns The name; `'UNKNOWN'` for a number that google/rpc/code.proto does not list.
 */
export function codeName(code: number): CodeName {
  return names[code] ?? 'UNKNOWN';
}

/**
 * Finds the code that a name stands for.
 *
 * @param name - Such as `'NOT_FOUND'`; upper case, as in google/rpc/code.proto.
 * @returns The code, or undefined when no code has that name.
 */
export function codeFromName(name: string): Code | undefined {
  return Object.hasOwn(Code, name) ? Code[name as CodeName] : undefined;
}

/**
 * Translates an HTTP status to a code, where the body says nothing better.
 *
 * @param httpStatus - An HTTP status, 100 to 599.
 * @returns The code; OK for 2xx, FAILED_PRECONDITION for other 4xx, INTERNAL for other 5xx, else UNKNOWN.
 */
export function codeFromHttp(httpStatus: number): Code {
  const code = codeByHttp[httpStatus] ?? httpByCode.indexOf(httpStatus);
  if (code !== -1) return code as Code;
  return codeByClass[Math.floor(httpStatus / 100)] ?? Code.UNKNOWN;
}

/**
 * Translates a code to the HTTP status that google/rpc/code.proto names for it.
 *
 * @param code - A code of `google.rpc.Code`.
 * @returns The HTTP status; 500 for a number that google/rpc/code.proto does not list.
 */
export function httpFromCode(code: number): number {
  return httpByCode[code] ?? 500;
}
