import type { ListOperationsRequest } from '../client/client.js';
import { listNext } from '../list/list-next.js';
import type { OperationsPage } from '../list/page.js';
import type { SweepSettings } from './options.js';

/**
 * One sweep: where it stands in the pages of a list.
 *
 * @internal
 */
export class SweepRun {
  /** When it began, in milliseconds. */
  readonly begun: number;
  /** Looks with a greater number were made since. */
  readonly number: number;
  readonly #seenTokens = new Set<string>();
  /** For the next page. */
  request: ListOperationsRequest;
  /** The call of a page that is under way. */
  call: { stop(): void } | undefined;
  pages = 0;
  /** For how many watched names it has answered. */
  shown = 0;
  /** How many times in a row the next page could not be got. */
  failures = 0;
  /** When the next page may be asked for again. */
  retryAt = -Infinity;

  constructor(sweep: SweepSettings, begun: number, number: number) {
    const { parent, filter, pageSize, returnPartialSuccess } = sweep;
    this.begun = begun;
    this.number = number;
    this.request = {
      name: parent,
      ...(filter == null ? {} : { filter }),
      ...(pageSize == null ? {} : { pageSize }),
      ...(returnPartialSuccess == null ? {} : { returnPartialSuccess }),
    };
  }

  /**
   * Goes on to the next page.
   *
   * @returns How it has ended, when there is none.
   */
  turn(page: OperationsPage): 'complete' | 'circle' | undefined {
    const next = listNext(this.request, page);
    const token = next?.pageToken;
    this.pages += 1;
    this.failures = 0;
    if (next === undefined || token === undefined) return 'complete';
    if (this.#seenTokens.has(token)) return 'circle';
    this.#seenTokens.add(token);
    this.request = next;
    return undefined;
  }
}
