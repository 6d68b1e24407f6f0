import type { ListOperationsRequest } from '../core/client.js';
import type { Operation } from '../core/operation.js';
import type { Filter } from './comparison.js';
import type { Settings } from './options.js';
import { parseFilter } from './filter.js';
import { invalid, type Answer, type Failure } from './reply.js';

/** An operation among the others. */
interface Listed {
  /** Its place: greater than that of every one that was started before. */
  readonly order: number;
  readonly operation: Operation;
}

/** The place of the last operation that was given, and how many empty pages come before the next page. */
type Position = readonly [after: number, empty: number];

const MAX_PAGE_SIZE = 1000;

/** Makes one page of all operations that there are, in the order of their start. */
export function pageOf(
  all: readonly Listed[],
  request: ListOperationsRequest,
  settings: Settings,
): Answer | Failure {
  const { filter = '', pageSize = 0, pageToken = '' } = request;
  const collection = collectionOf(request.name);
  const isWanted = parsedOrFailure(filter);
  if (typeof isWanted !== 'function') return isWanted;
  if (!(Number.isInteger(pageSize) && pageSize >= 0)) {
    return invalid(`The page size must be a whole number >= 0; it is ${pageSize}.`);
  }
  const query = [collection, filter];
  const position: Position | undefined =
    pageToken === '' ? [-1, settings.emptyPages] : readToken(pageToken, query);
  if (position === undefined) return invalid('The page token is not of this list.');

  const [after, empty] = position;
  const rest = all.filter(
    ({ order, operation }) =>
      order > after && isIn(collection, operation.name) && isWanted(operation),
  );
  const size = Math.min(pageSize === 0 ? settings.pageSize : pageSize, MAX_PAGE_SIZE);
  const page = empty > 0 ? [] : rest.slice(0, size);
  const next: Position =
    empty > 0 ? [after, empty - 1] : [page.at(-1)?.order ?? after, settings.emptyPages];
  const isLast = empty === 0 && rest.length === page.length;
  const isPartial = request.returnPartialSuccess === true && settings.unreachable.length > 0;
  return {
    kind: 'answer',
    value: {
      operations: page.map(({ operation }) => operation),
      ...(isLast ? {} : { nextPageToken: writeToken(next, query) }),
      ...(isPartial ? { unreachable: settings.unreachable } : {}),
    },
  };
}

/** What the names of a parent's operations begin with. The parent may be the collection itself. */
function collectionOf(parent: string): string {
  if (parent === '') return 'operations/';
  return /(^|\/)operations$/.test(parent) ? `${parent}/` : `${parent}/operations/`;
}

/**
 * Tells whether a name is in a collection. A `-` among its segments stands for any one segment.
 *
 * Source: AIP-159.
 */
function isIn(collection: string, name: string): boolean {
  const segments = name.split('/');
  const places = collection.slice(0, -1).split('/');
  return (
    segments.length > places.length &&
    places.every((place, index) => place === '-' || place === segments[index])
  );
}

function parsedOrFailure(filter: string): Filter | Failure {
  try {
    return parseFilter(filter);
  } catch (error) {
    const { message } = error as SyntaxError;
    return invalid(`The filter ${JSON.stringify(filter)} is not supported: ${message}.`);
  }
}

// Opaque to the caller, and full of characters that a URL must encode.
function writeToken(position: Position, query: readonly string[]): string {
  return btoa(encodeURIComponent(JSON.stringify([...position, ...query])));
}

function readToken(token: string, query: readonly string[]): Position | undefined {
  try {
    const [after, empty, ...rest] = JSON.parse(decodeURIComponent(atob(token))) as unknown[];
    const isOfQuery = JSON.stringify(rest) === JSON.stringify(query);
    const isPosition = typeof after === 'number' && typeof empty === 'number';
    return isOfQuery && isPosition ? [after, empty] : undefined;
  } catch {
    return undefined;
  }
}
