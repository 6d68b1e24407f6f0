import type { Method } from '../../core/client.js';
import { wrongType } from '../../core/values/check.js';
import { rpcOf } from '../protobuf/rpc.js';

/**
 * A method of a stub: any function. `@grpc/proto-loader` gives no better type, and the
 * generators give overloads.
 */
export interface GrpcMethod {
  /** The name of the function. */
  readonly name: string;
  /** How many parameters it has. */
  readonly length: number;
}

/**
 * A stub of `google.longrunning.Operations` for `@grpc/grpc-js`, in the style of callbacks: made by
 * `@grpc/proto-loader`, ts-proto (`outputServices=grpc-js`) or grpc-tools. Each method has either name;
 * `GetOperation` is the one that must be there. A method may also return
 *
 * - an Observable, as those of NestJS do;
 * - a promise or a `UnaryCall`, as those of nice-grpc and protobuf-ts do, and take the signal in its options, as
 *   `signal` or `abort`. The option `metadata` cannot be used then.
 *
 * Source: google/longrunning/operations.proto, and `makeGenericClientConstructor` of `@grpc/grpc-js`.
 */
export type GrpcStub = TypedGrpcStub | { readonly [method: string]: GrpcMethod };

/** A stub whose methods are typed by name: `getOperation` or `GetOperation`, and so on. */
export type TypedGrpcStub = {
  readonly [
    Name in
      | `${'get' | 'cancel' | 'delete' | 'wait' | 'Get' | 'Cancel' | 'Delete' | 'Wait'}Operation`
      | `${'list' | 'List'}Operations`
  ]?: GrpcMethod | undefined;
};

/** A method of a stub, with what its service definition says of it. */
export interface UnaryMethod {
  /** Starts a call of `@grpc/grpc-js`. Other stubs return what holds the answer, and do not call back. */
  (...values: readonly unknown[]): StartedCall | undefined;
  /** Reads a serialized request; there on every stub that grpc-js made. */
  readonly requestDeserialize?: ((bytes: Uint8Array) => unknown) | undefined;
}

/** What a method of a stub returns: a call of grpc-js, a promise, an Observable or a `UnaryCall` of protobuf-ts. */
interface StartedCall {
  cancel?(): void;
  readonly response?: Promise<unknown>;
}

/** What to use in place of `metadata` with a stub that returns promises. */
export const wrongMetadata =
  'Option `metadata` cannot be used with a stub that returns promises: use `connectClient` or middleware.';

/** Tells whether a method may take a `Metadata` before its options: it is of grpc-js, or nothing says otherwise. */
export function takesMetadata(method: UnaryMethod): boolean {
  if (typeof method.requestDeserialize === 'function') return true;
  const isAsync = Object.prototype.toString.call(method) === '[object AsyncFunction]';
  return !isAsync && (method.length === 0 || method.length > 2);
}

/** Finds a method of a stub. */
export function methodOf(stub: GrpcStub, method: Method): UnaryMethod | undefined {
  const name = rpcOf(method);
  const other = (name.charAt(0).toUpperCase() + name.slice(1)) as keyof TypedGrpcStub;
  const found: unknown = (stub as TypedGrpcStub)[name] ?? (stub as TypedGrpcStub)[other];
  // A stub is typed too loosely to say more of it than that it is a function.
  return typeof found === 'function' ? (found as UnaryMethod) : undefined;
}

/**
 * Checks that something is a stub.
 *
 * @throws TypeError that says what is wrong.
 */
export function checkStub(stub: unknown): asserts stub is GrpcStub {
  if (typeof stub !== 'object' || stub === null) throw wrongType('stub', stub, 'an object');
  if (methodOf(stub, 'get') !== undefined) return;
  throw new TypeError('Option `stub` must have a method `getOperation` or `GetOperation`.');
}
