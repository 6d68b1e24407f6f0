import { isRecord, readSafely, text, type Fields } from '../values/record.js';
import { durationToMillis } from './duration.js';

/**
 * The ten predefined details, by the name of their type. Every field may be absent: ProtoJSON leaves
 * out what has its default value.
 *
 * Source: google/rpc/error_details.proto.
 */
export interface ErrorDetails {
  /** The cause, for programs. */
  'google.rpc.ErrorInfo': {
    /** The reason as an UPPER_SNAKE_CASE constant, unique within `domain`. */
    readonly reason?: string;
    /** Who gave the reason, such as `compute.googleapis.com`. */
    readonly domain?: string;
    /** More about the cause. */
    readonly metadata?: Readonly<Record<string, string>>;
  };
  /** How long to wait before another try. */
  'google.rpc.RetryInfo': {
    /** At least this long, such as `'1.5s'`. */
    readonly retryDelay?:
      | string
      | {
          /** Whole seconds: a number, a text, a bigint or a Long. */
          readonly seconds?: unknown;
          /** The rest, in nanoseconds. */
          readonly nanos?: number;
        };
  };
  /** For the service's own developers. */
  'google.rpc.DebugInfo': {
    /** Where it happened. */
    readonly stackEntries?: readonly string[];
    /** More on it. */
    readonly detail?: string;
  };
  /** The quotas that do not suffice. */
  'google.rpc.QuotaFailure': {
    /** Each of them. */
    readonly violations?: readonly {
      /** On whom the quota is set. */
      readonly subject?: string;
      /** How it does not suffice. */
      readonly description?: string;
      /** The service that the quota belongs to. */
      readonly apiService?: string;
      /** The quota's metric. */
      readonly quotaMetric?: string;
      /** The quota's identity within the service. */
      readonly quotaId?: string;
      /** What the quota is counted by. */
      readonly quotaDimensions?: Readonly<Record<string, string>>;
      /** The limit; ProtoJSON sends an int64 as a string. */
      readonly quotaValue?: string | number;
      /** The limit that is being rolled out, if there is one. */
      readonly futureQuotaValue?: string | number;
    }[];
  };
  /** The conditions that are not met. */
  'google.rpc.PreconditionFailure': {
    /** Each of them. */
    readonly violations?: readonly {
      /** The kind of condition. */
      readonly type?: string;
      /** What it is about. */
      readonly subject?: string;
      /** How it is not met. */
      readonly description?: string;
    }[];
  };
  /** What is wrong with the request. */
  'google.rpc.BadRequest': {
    /** Each field that is wrong. */
    readonly fieldViolations?: readonly {
      /** The path to the field, such as `instance.nodeCount`. */
      readonly field?: string;
      /** Why the value is wrong. */
      readonly description?: string;
      /** The reason as an UPPER_SNAKE_CASE constant. */
      readonly reason?: string;
    }[];
  };
  /** What to name when filing a report. */
  'google.rpc.RequestInfo': {
    /** The identity of the request. */
    readonly requestId?: string;
    /** Data that was served with it. */
    readonly servingData?: string;
  };
  /** The resource that it is about. */
  'google.rpc.ResourceInfo': {
    /** The type of the resource. */
    readonly resourceType?: string;
    /** Its name. */
    readonly resourceName?: string;
    /** Who owns it. */
    readonly owner?: string;
    /** What went wrong with it. */
    readonly description?: string;
  };
  /** Where to read more. */
  'google.rpc.Help': {
    /** Each page. */
    readonly links?: readonly {
      /** What the page is about. */
      readonly description?: string;
      /** Where it is. */
      readonly url?: string;
    }[];
  };
  /** A message that may be shown to an end user. */
  'google.rpc.LocalizedMessage': {
    /** The language, such as `en-US`. */
    readonly locale?: string;
    /** The text. */
    readonly message?: string;
  };
}

/**
 * Finds a detail by its type.
 *
 * @param status - A Status, or an error that carries one: anything with `details`.
 * @param type - The full name of the type. The ten predefined ones give a typed result.
 * @returns The first detail of that type as it came, or undefined. Only what follows the last `/` of
 * its type URL counts (source: the ProtoJSON guide).
 *
 * @example
 * ```ts
 * import { findDetail, type Status } from 'rx-lro';
 *
 * export const reasonOf = (status: Status): string | undefined =>
 *   findDetail(status, 'google.rpc.ErrorInfo')?.reason;
 * ```
 */
export function findDetail<Type extends keyof ErrorDetails>(
  status: { readonly details: readonly unknown[] },
  type: Type,
): ErrorDetails[Type] | undefined;
export function findDetail(
  status: { readonly details: readonly unknown[] },
  type: string,
): Readonly<Record<string, unknown>> | undefined;
export function findDetail(
  status: { readonly details: readonly unknown[] },
  type: string,
): Readonly<Record<string, unknown>> | undefined {
  return status.details.find(
    (detail): detail is Fields => isRecord(detail) && typeNameOf(detail) === type,
  );
}

/**
 * Reads how long the server wants to be left alone.
 *
 * @returns Milliseconds, or undefined when it does not say.
 * @internal
 */
export function retryDelayOf(status: { readonly details: readonly unknown[] }): number | undefined {
  return readSafely(() => {
    const info: Fields | undefined = findDetail(status, 'google.rpc.RetryInfo');
    return durationToMillis(info?.['retryDelay'] ?? info?.['retry_delay']);
  });
}

function typeNameOf(detail: Fields): string {
  // JSON has `@type`, messages of protobuf libraries have one of the others: Any, protobuf-es, ts-proto
  // and protobufjs, whose types begin with a dot.
  const type = detail['$type'];
  const url =
    detail['@type'] ??
    detail['typeUrl'] ??
    detail['type_url'] ??
    detail['$typeName'] ??
    (isRecord(type) ? type['fullName'] : type);
  return text(url).replace(/^(.*\/)?\.?/s, '');
}
