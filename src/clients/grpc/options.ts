import { wrongType } from '../../core/values/check.js';
import type { HeaderContext } from '../http/credentials.js';

/**
 * What goes along with the calls: a `Metadata` of `@grpc/grpc-js`, or a function that gives one. The
 * function is called before each call, so its token is always fresh; it may be async. When the service
 * answers UNAUTHENTICATED, it is called once more, with `refused: true` (replace a cached token), and the call is
 * made again. If it then throws, the error stays UNAUTHENTICATED, with what it threw as `cause`; a failure that
 * passes, such as one of the network, is retried instead.
 */
export type GrpcMetadataSource = object | ((context: HeaderContext) => object | Promise<object>);

/** How `grpcClient` makes its calls. */
export interface GrpcClientOptions {
  /** What goes along with every call, such as `authorization`. Default: nothing. */
  readonly metadata?: GrpcMetadataSource | undefined;
}

/** What goes along with every call, undefined for nothing, or what gives that of one call. */
export type MetadataOfCalls = Metadata | undefined | MetadataFunction;

/** Gives what goes along with one call. */
type MetadataFunction = (context: HeaderContext) => Promise<Metadata>;

/** A `Metadata` of `@grpc/grpc-js`, as far as it is checked. */
interface Metadata {
  readonly getMap: unknown;
}

/**
 * Reads the option `metadata`.
 *
 * @throws TypeError when it is neither metadata nor a function.
 */
export function metadataSource(source: GrpcMetadataSource | null | undefined): MetadataOfCalls {
  if (source == null) return undefined;
  if (typeof source !== 'function') return checked(source);
  const give = source as (context: object) => unknown;
  return async (context) => checked(await give(context));
}

function checked(value: unknown): Metadata {
  const isObject = typeof value === 'object' && value !== null;
  // A plain object is taken for the call's options by grpc-js, and its fields would never be sent.
  if (isObject && typeof Reflect.get(value, 'getMap') === 'function') return value as Metadata;
  throw wrongType('metadata', value, 'a Metadata of @grpc/grpc-js, or a function that gives one');
}
