import type { ListOperationsRequest } from '../core/client.js';
import { listNext } from '../core/list/list-next.js';
import type { OperationsPage } from '../core/list/page.js';
import type { SweepSettings } from './options.js';

// How many pages a sweep may have that show nothing: this part of the names, and a few in any case.
const IDLE_PART = 0.1;
const FEW_PAGES = 4;

/** A call for a page, that can be ended without an answer. @internal */
export interface PageCall {
  stop(): void;
  /** Ends it as a failure. */
  fail(thrown: unknown): void;
}

/**
 * One sweep: where it stands in the pages of a list.
 *
 * @internal
 */
export class SweepRun {
  /** When it began, in milliseconds. */
  begun: number;
  /** Looks with a greater number were made since. */
  readonly number: number;
  readonly #seenTokens = new Set<string>();
  /** For the next page. */
  request: ListOperationsRequest;
  /** The call of a page that is under way. */
  call: PageCall | undefined;
  /** When the latest page was asked for, in milliseconds. */
  askedAt: number;
  pages = 0;
  /** For how many watched names it has answered. */
  shown = 0;
  /** When the next page may be asked for again. */
  retryAt = -Infinity;

  constructor(sweep: SweepSettings, begun: number, number: number) {
    const { parent, filter, pageSize, returnPartialSuccess } = sweep;
    this.begun = begun;
    this.askedAt = begun;
    this.number = number;
    this.request = {
      name: parent,
      ...(filter == null ? {} : { filter }),
      ...(pageSize == null ? {} : { pageSize }),
      ...(returnPartialSuccess == null ? {} : { returnPartialSuccess }),
    };
  }

  /** Whether the next page may be asked for. */
  isReady(now: number): boolean {
    return this.call === undefined && now >= this.retryAt;
  }

  /** Takes note of a call for a page. */
  ask(call: PageCall, now: number): void {
    this.call = call;
    this.askedAt = now;
  }

  /** Goes with a clock that was set back. @param by - Milliseconds. */
  setBack(by: number): void {
    this.begun -= by;
    this.askedAt -= by;
    this.retryAt -= by;
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
    if (next === undefined || token === undefined) return 'complete';
    if (this.#seenTokens.has(token)) return 'circle';
    this.#seenTokens.add(token);
    this.request = next;
    return undefined;
  }

  /**
   * Whether it has shown so little that it will hardly be worth its pages.
   *
   * @param names - How many are watched.
   * @param expected - How many pages it is thought to have.
   */
  isTooLong(names: number, expected: number): boolean {
    const idle = Math.max(FEW_PAGES, IDLE_PART * names);
    return this.pages >= Math.min(names, Math.max(expected, idle + this.shown));
  }
}
