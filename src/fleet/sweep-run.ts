import type { ListOperationsRequest } from '../core/client.js';
import { listNext } from '../core/list/list-next.js';
import type { OperationsPage } from '../core/answer/page.js';
import type { FleetCall } from './fleet-call.js';
import type { SweepPlan } from './sweep-plan.js';

// How many pages a sweep may have that show nothing: this part of the names, and at least a few.
const IDLE_PART = 0.1;
const FEW_PAGES = 4;

/**
 * One sweep: how far it is in the pages of a list.
 *
 * @internal
 */
export class SweepRun {
  readonly plan: SweepPlan;
  /** When it began, in milliseconds. */
  readonly begun: number;
  /** Requests with a greater number were made since. */
  readonly number: number;
  readonly #seenTokens = new Set<string>();
  /** For the next page. */
  request: ListOperationsRequest;
  /** The call of the page in flight. */
  call: FleetCall<OperationsPage> | undefined;
  /** When the latest page was requested, in milliseconds. */
  askedAt: number;
  /** When the next page may be requested, in milliseconds. */
  retryAt: number;
  pages = 0;
  /** For how many watched names it has answered. */
  shown = 0;

  constructor(plan: SweepPlan, begun: number, number: number) {
    const { parent, filter, pageSize, returnPartialSuccess } = plan.sweep;
    this.plan = plan;
    this.begun = begun;
    this.askedAt = begun;
    this.retryAt = begun;
    this.number = number;
    this.request = {
      name: parent,
      ...(filter == null ? {} : { filter }),
      ...(pageSize == null ? {} : { pageSize }),
      ...(returnPartialSuccess == null ? {} : { returnPartialSuccess }),
    };
  }

  /** Whether the next page may be requested. */
  isReady(now: number): boolean {
    return this.call === undefined && now >= this.retryAt;
  }

  /**
   * Goes on to the next page.
   *
   * @returns How the sweep ended; undefined when there is another page.
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
   * @param watched - How many names are watched in its group.
   * @param names - How many more names it may show, with these.
   */
  isTooLong(watched: number, names: number, now: number): boolean {
    const expected = this.plan.expectedPages(watched, now);
    const idle = Math.max(FEW_PAGES, IDLE_PART * names);
    return this.pages >= Math.min(names, Math.max(expected, idle + this.shown));
  }
}
