import { millisToDuration } from '../status/duration.js';
import { anyOf, typeNameIn } from './any.js';
import { bytesOf, integerOf, readFields, textOf, type WireField } from './wire.js';

type Read = (value: WireField['value'], before: unknown) => unknown;
type Message = readonly (readonly [name: string, read: Read])[];

const text: Read = textOf;
const texts: Read = (value, before) => [...listOf(before), textOf(value)];
// ProtoJSON writes an int64 as a text, for it may be more than a number holds.
const int64: Read = (value) => String(integerOf(value));
const map: Read = (value, before) => {
  const entry = Object.fromEntries(
    readFields(bytesOf(value)).map(({ number, value: part }) => [number, textOf(part)]),
  );
  return { ...(before as object | undefined), [entry[1] ?? '']: entry[2] ?? '' };
};
const duration: Read = (value) => {
  let millis = 0;
  for (const { number, value: part } of readFields(bytesOf(value))) {
    millis += Number(integerOf(part)) * (number === 1 ? 1000 : 1e-6);
  }
  return millisToDuration(millis);
};
const one =
  (message: Message): Read =>
  (value) =>
    readMessage(message, bytesOf(value));
const many =
  (message: Message): Read =>
  (value, before) => [...listOf(before), readMessage(message, bytesOf(value))];

const localizedMessage: Message = [
  ['locale', text],
  ['message', text],
];

// In the order of the numbers of the fields. Source: google/rpc/error_details.proto.
const messages: Readonly<Record<string, Message>> = {
  ErrorInfo: [
    ['reason', text],
    ['domain', text],
    ['metadata', map],
  ],
  RetryInfo: [['retryDelay', duration]],
  DebugInfo: [
    ['stackEntries', texts],
    ['detail', text],
  ],
  QuotaFailure: [
    [
      'violations',
      many([
        ['subject', text],
        ['description', text],
        ['apiService', text],
        ['quotaMetric', text],
        ['quotaId', text],
        ['quotaDimensions', map],
        ['quotaValue', int64],
        ['futureQuotaValue', int64],
      ]),
    ],
  ],
  PreconditionFailure: [
    [
      'violations',
      many([
        ['type', text],
        ['subject', text],
        ['description', text],
      ]),
    ],
  ],
  BadRequest: [
    [
      'fieldViolations',
      many([
        ['field', text],
        ['description', text],
        ['reason', text],
        ['localizedMessage', one(localizedMessage)],
      ]),
    ],
  ],
  RequestInfo: [
    ['requestId', text],
    ['servingData', text],
  ],
  ResourceInfo: [
    ['resourceType', text],
    ['resourceName', text],
    ['owner', text],
    ['description', text],
  ],
  Help: [
    [
      'links',
      many([
        ['description', text],
        ['url', text],
      ]),
    ],
  ],
  LocalizedMessage: localizedMessage,
};

/**
 * Reads a detail of a Status: one of the ten predefined ones in binary form becomes what ProtoJSON
 * makes of it. All others stay as they came, and so does what cannot be read whole.
 *
 * @returns The detail. Never throws.
 * @internal
 */
export function readDetail(detail: unknown): unknown {
  const any = anyOf(detail);
  if (any === undefined) return detail;
  const [, type = ''] = /^google\.rpc\.(\w+)$/.exec(typeNameIn(any.typeUrl)) ?? [];
  const message = Object.hasOwn(messages, type) ? messages[type] : undefined;
  if (message === undefined) return detail;
  try {
    return { '@type': any.typeUrl, ...readMessage(message, any.bytes) };
  } catch {
    return detail;
  }
}

function readMessage(message: Message, bytes: Uint8Array): Readonly<Record<string, unknown>> {
  const read: Record<string, unknown> = {};
  for (const { number, value } of readFields(bytes)) {
    const [name, readValue] = message[number - 1] ?? [];
    // A newer server may know more of it than is known here: nothing may be lost.
    if (name === undefined || readValue === undefined) throw new RangeError(`Field ${number}`);
    read[name] = readValue(value, read[name]);
  }
  return read;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
