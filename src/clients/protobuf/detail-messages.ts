/**
 * A field: its name, followed by what it holds if that is not a text: `[]` a list, `{}` a map of texts,
 * `#` an int64, `~` a Duration. With fields of its own it holds a message.
 *
 * @internal
 */
export type DetailField = string | readonly [name: string, message: DetailMessage];

/** The fields of a message, in the order of their numbers. @internal */
export type DetailMessage = readonly DetailField[];

const localizedMessage: DetailMessage = ['locale', 'message'];

/**
 * The ten predefined details, by the name of their type in `google.rpc`.
 *
 * Source: google/rpc/error_details.proto.
 *
 * @internal
 */
export const detailMessages: ReadonlyMap<string, DetailMessage> = new Map(
  Object.entries<DetailMessage>({
    ErrorInfo: ['reason', 'domain', 'metadata{}'],
    RetryInfo: ['retryDelay~'],
    DebugInfo: ['stackEntries[]', 'detail'],
    QuotaFailure: [
      [
        'violations[]',
        [
          'subject',
          'description',
          'apiService',
          'quotaMetric',
          'quotaId',
          'quotaDimensions{}',
          'quotaValue#',
          'futureQuotaValue#',
        ],
      ],
    ],
    PreconditionFailure: [['violations[]', ['type', 'subject', 'description']]],
    BadRequest: [
      [
        'fieldViolations[]',
        ['field', 'description', 'reason', ['localizedMessage', localizedMessage]],
      ],
    ],
    RequestInfo: ['requestId', 'servingData'],
    ResourceInfo: ['resourceType', 'resourceName', 'owner', 'description'],
    Help: [['links[]', ['description', 'url']]],
    LocalizedMessage: localizedMessage,
  }),
);

/** What a field is. @internal */
export interface FieldParts {
  /** Its name. */
  readonly name: string;
  /** What follows its name. */
  readonly kind: string;
  /** Its own fields, where it holds a message. */
  readonly message: DetailMessage | undefined;
}

/** Takes a field apart. @internal */
export function partsOf(field: DetailField): FieldParts {
  const [text, message] = typeof field === 'string' ? [field] : field;
  const name = text.replace(/\W+$/, '');
  return { name, kind: text.slice(name.length), message };
}
