import type { OperationLike } from '../../core/operation.js';
import { isRecord, type Fields } from '../../core/values/record.js';
import { readDetail } from './detail.js';

/**
 * Reads an Operation as a library of protobuf holds it: protobufjs and proto-loader, ts-proto,
 * protobuf-es, google-protobuf. The Any in `metadata` and in `response` stays as it came.
 *
 * @returns The operation. A value that is not a message stays as it is: the core says what is wrong with it.
 * @internal
 */
export function readOperation(message: unknown): OperationLike {
  const fields = plain(message);
  if (!isRecord(fields)) return message as OperationLike;
  const { name, done, metadata, result, error, response } = fields;
  // protobuf-es holds the choice as one field, proto-loader adds the name of what was chosen.
  const chosen: Fields =
    isRecord(result) && typeof result['case'] === 'string'
      ? { [result['case']]: result['value'] }
      : { error, response };
  return {
    name: name as OperationLike['name'],
    done: done as OperationLike['done'],
    metadata,
    error: readError(chosen['error']),
    response: chosen['response'],
  };
}

/** Reads a ListOperationsResponse as a library of protobuf holds it. @internal */
export function readPage(message: unknown): unknown {
  const fields = plain(message);
  if (!isRecord(fields)) return message;
  // google-protobuf puts `List` behind the name of a list, proto-loader may keep underscores.
  const operations = fields['operations'] ?? fields['operationsList'];
  return {
    operations: Array.isArray(operations) ? operations.map(readOperation) : operations,
    nextPageToken: fields['nextPageToken'] ?? fields['next_page_token'],
    unreachable: fields['unreachable'] ?? fields['unreachableList'],
  };
}

function readError(error: unknown): object | null | undefined {
  if (!isRecord(error)) return error as null | undefined;
  // google-protobuf calls it `detailsList`.
  const details = error['details'] ?? error['detailsList'];
  return {
    code: error['code'],
    message: error['message'],
    details: Array.isArray(details) ? details.map(readDetail) : details,
  };
}

function plain(message: unknown): unknown {
  // A message of google-protobuf keeps its fields behind methods.
  if (!isRecord(message) || typeof message['toObject'] !== 'function') return message;
  return (message as { toObject: () => unknown }).toObject();
}
