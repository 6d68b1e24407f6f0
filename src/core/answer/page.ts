import { ProtocolError } from '../errors/protocol-error.js';
import { decodeOperation } from './decode.js';
import type { Operation } from '../operation.js';
import { isRecord } from '../values/record.js';

/**
 * One page of operations.
 *
 * @typeParam Response - What the operations' `response` holds.
 * @typeParam Metadata - What the operations' `metadata` holds.
 */
export interface OperationsPage<Response = unknown, Metadata = unknown> {
  /** The operations; may be none, on the last page or on any other. */
  readonly operations: readonly Operation<Response, Metadata>[];
  /** Where the next page begins. Absent on the last page. */
  readonly nextPageToken?: string;
  /** Places that this page leaves out since they could not be reached. Source: AIP-217. */
  readonly unreachable: readonly string[];
}

/**
 * Reads a page out of an answer, which may be anything.
 *
 * @param parent - The parent whose operations are listed; for errors.
 * @throws ProtocolError when the answer is not a page.
 * @internal
 */
export function decodePage(answer: unknown, parent: string): OperationsPage {
  const wrong = (problem: string, cause?: unknown): ProtocolError =>
    new ProtocolError({ problem, answer, method: 'list', operationName: parent, cause });
  try {
    return read(answer, wrong);
  } catch (error) {
    // A getter or a proxy threw.
    throw error instanceof ProtocolError ? error : wrong('cannot be read', error);
  }
}

function read(answer: unknown, wrong: (problem: string) => ProtocolError): OperationsPage {
  if (!isRecord(answer)) throw wrong('is not a page of operations');
  const operations = answer['operations'] ?? [];
  if (!Array.isArray(operations)) {
    throw wrong('is not a page of operations: `operations` is not an array');
  }
  const nextPageToken = answer['nextPageToken'] ?? '';
  if (typeof nextPageToken !== 'string') {
    throw wrong('is not a page of operations: `nextPageToken` is not a string');
  }
  const unreachable = answer['unreachable'] ?? [];
  if (!Array.isArray(unreachable)) {
    throw wrong('is not a page of operations: `unreachable` is not an array');
  }
  return Object.freeze({
    operations: operations.map((operation: unknown) => decodeOperation(operation)),
    ...(nextPageToken === '' ? {} : { nextPageToken }),
    unreachable: unreachable.filter((place) => typeof place === 'string'),
  });
}
