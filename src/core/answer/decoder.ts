import { isRecord, type Fields } from '../values/record.js';

/**
 * What the schemas of zod, valibot, arktype and others have in common, as far as it is used here.
 * Source: the Standard Schema specification, version 1.
 *
 * @typeParam Output - What the schema makes of a value.
 */
export interface StandardSchema<Output> {
  /** The interface that the specification names. */
  readonly '~standard': {
    /** The version of the specification. */
    readonly version: 1;
    /** Checks a value. */
    readonly validate: (value: unknown) =>
      | {
          /** What the schema made of the value, where that is right. */
          readonly value?: Output;
          /** What is wrong with the value. */
          readonly issues?:
            | readonly {
                /** What is wrong. */
                readonly message: string;
              }[]
            | undefined;
        }
      | Promise<{
          /** What the schema made of the value, where that is right. */
          readonly value?: Output;
          /** What is wrong with the value. */
          readonly issues?:
            | readonly {
                /** What is wrong. */
                readonly message: string;
              }[]
            | undefined;
        }>;
  };
}

/**
 * Checks and types what an operation holds: a function, which throws when it is wrong, or a Standard
 * Schema (zod, valibot, arktype and others). Its input is what the client returned, usually an `Any` in
 * JSON with its `@type`. Either may answer with a promise.
 *
 * @typeParam Output - What it makes of it.
 */
export type Decoder<Output> =
  | StandardSchema<Output>
  | ((value: unknown) => Output | PromiseLike<Output>);

/**
 * Options of everything that gives operations.
 *
 * @typeParam Response - What `response` makes of a response.
 * @typeParam Metadata - What `metadata` makes of metadata.
 */
export interface DecodeOptions<Response = unknown, Metadata = unknown> {
  /**
   * Checks and types the response: a function or a Standard Schema. It is called for an operation
   * that is done without an error, with undefined when there is no response. A response that it does
   * not take is a ProtocolError. Default: the response as it came.
   */
  readonly response?: Decoder<Response> | undefined;
  /**
   * Checks and types the metadata: a function or a Standard Schema. Metadata that it does not take is
   * left out, and `onEvent` reports it: it must not end the wait. Default: the metadata as received.
   */
  readonly metadata?: Decoder<Metadata> | undefined;
}

/** One thing that is wrong with a value, and the path to it. */
interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/**
 * Applies a decoder.
 *
 * @throws What the function threw, or an error with the `issues` of the schema; a promise rejects with the same.
 * @internal
 */
export function decodeWith<Output>(
  decoder: Decoder<Output>,
  value: unknown,
): Output | PromiseLike<Output> {
  if (!isStandardSchema(decoder)) return decoder(value);
  return goOn(decoder['~standard'].validate(value), valueOf);
}

/** Tells a schema from anything else. A schema of arktype is a function too. @internal */
export function isStandardSchema(decoder: unknown): decoder is StandardSchema<unknown> {
  return isRecord((decoder as Fields | null | undefined)?.['~standard']);
}

/** Tells whether a value is a promise, of any make. @internal */
export function isPromiseLike<Value>(
  value: Value | PromiseLike<Value>,
): value is PromiseLike<Value> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}

/** Goes on with a value, at once or when its promise has settled. @internal */
export function goOn<Value, Result>(
  value: Value | PromiseLike<Value>,
  next: (value: Value) => Result | PromiseLike<Result>,
  failed?: (error: unknown) => Result,
): Result | PromiseLike<Result> {
  return isPromiseLike(value) ? value.then(next, failed) : next(value);
}

function valueOf<Output>({
  issues,
  value,
}: Awaited<ReturnType<StandardSchema<Output>['~standard']['validate']>>): Output {
  if (issues === undefined) return value as Output;
  const message = issues.map(describeIssue).join('; ') || 'the schema does not take it';
  throw Object.assign(new Error(message), { name: 'DecodeError', issues });
}

function describeIssue({ message, path }: Issue): string {
  const keys = (path ?? []).map((part) => String(typeof part === 'object' ? part.key : part));
  return [keys.join('.'), message].filter(Boolean).join(': ');
}
