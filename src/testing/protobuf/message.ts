import { statusFrom } from '../../core/status/status-from.js';
import type { Status } from '../../core/status/status.js';
import { readOperation } from '../../clients/protobuf/operation.js';
import { durationToMillis } from '../../core/status/duration.js';
import { toNumber } from '../../core/values/number.js';
import { isRecord, type Fields } from '../../core/values/record.js';
import type { BinaryAny } from '../../clients/protobuf/any.js';
import { outcomeOf, type Reply } from '../reply.js';
import type { ServiceRequest } from '../service.js';
import { toAny } from './any.js';
import { detailToAny } from './status.js';

/** How a protobuf library writes an Any, and the outcome of an Operation. */
export interface MessageStyle {
  readonly any: (any: BinaryAny) => object;
  readonly outcome: (name: 'error' | 'response', value: object) => object;
}

/** Reads a request message of any protobuf library. */
export function requestOf(method: ServiceRequest['method'], message: unknown): ServiceRequest {
  const fields: Fields = isRecord(message) ? message : {};
  const text = (key: string, other = key): string => String(fields[key] ?? fields[other] ?? '');
  const name = text('name');
  if (method === 'wait') {
    const timeout = durationToMillis(fields['timeout'] ?? undefined);
    return { method, name, ...(timeout === undefined ? {} : { timeout }) };
  }
  if (method !== 'list') return { method, name };
  return {
    method,
    name,
    filter: text('filter'),
    pageSize: toNumber(fields['pageSize'] ?? fields['page_size']),
    pageToken: text('pageToken', 'page_token'),
    returnPartialSuccess:
      (fields['returnPartialSuccess'] ?? fields['return_partial_success']) === true,
  };
}

/** A message to answer with, or a Status to fail with. */
export interface Said {
  readonly message?: object;
  readonly status?: Status;
}

/** Writes a reply as a message. */
export function say(method: ServiceRequest['method'], reply: Reply, style: MessageStyle): Said {
  const { status, value } = outcomeOf(reply);
  if (status !== undefined) return { status };
  // gRPC can only send messages.
  if (!isRecord(value)) return { status: statusFrom({ code: 13, message: 'No message.' }) };
  if (method === 'cancel' || method === 'delete') return { message: {} };
  return {
    message: method === 'list' ? pageMessage(value, style) : operationMessage(value, style),
  };
}

function pageMessage(page: Fields, style: MessageStyle): object {
  const { operations, nextPageToken, unreachable } = page;
  const all = Array.isArray(operations) ? operations : [];
  const token = nextPageToken ?? '';
  return {
    operations: all.map((operation: unknown) => operationMessage(operation, style)),
    nextPageToken: token,
    next_page_token: token,
    unreachable: unreachable ?? [],
  };
}

function operationMessage(value: unknown, style: MessageStyle): object {
  const { name, done, metadata, error, response } = readOperation(value);
  const any = (content: unknown): object => style.any(toAny(content));
  return {
    name: name ?? '',
    done: done ?? false,
    ...(metadata == null ? {} : { metadata: any(metadata) }),
    ...(error == null ? {} : style.outcome('error', statusMessage(error, style))),
    ...(response == null ? {} : style.outcome('response', any(response))),
  };
}

function statusMessage(error: object, style: MessageStyle): object {
  const { code, message, details } = statusFrom(error);
  return { code, message, details: details.map((detail) => style.any(detailToAny(detail))) };
}
