import type { SweepSettings } from './options.js';

// What a service is taken to put on a page when nobody has said.
const USUAL_PAGE = 100;

// How long the length of a list is taken for what it was at its last sweep, in milliseconds.
const LENGTH_HOLDS = 60_000;

// How long names are asked about one by one after sweeps that did not pay, in milliseconds: at least as
// long as the sweep took, and twice as long each time.
const FIRST_BREAK = 2000;
const LONGEST_BREAK = 600_000;

// Where many share a sweep, how long after each other sweeps are made: this part of the mean of how long
// after each other they are for no more calls, and for no sooner news, than Gets.
const NEWS_PART = 0.5;

// For so many calls in place of each page a sweep has to stand: names that sweeps look at ask for more.
const MARGIN = 1.25;

/**
 * When sweeps are made of one list, by what the last ones were like.
 *
 * @internal
 */
export class SweepPlan {
  readonly #pageSize: number;
  /** How many pages the last sweep had. */
  #pages: number | undefined;
  #sweptAt = -Infinity;
  #breaks = 0;
  #breakUntil = -Infinity;
  /** How many pages in a row could not be got, of the last sweeps. */
  pageFailures = 0;

  /** @param sweep - Undefined where there is nothing to list. */
  constructor(sweep: SweepSettings | undefined) {
    this.#pageSize = sweep?.pageSize ?? USUAL_PAGE;
    if (sweep === undefined) this.#breakUntil = Infinity;
  }

  isBreak(now: number): boolean {
    return now < this.#breakUntil;
  }

  /** How many pages a sweep is thought to have: as many as the last one, unless that is long ago. */
  expectedPages(names: number, now: number): number {
    const known = now - this.#sweptAt < LENGTH_HOLDS ? this.#pages : undefined;
    return known ?? Math.ceil(names / this.#pageSize);
  }

  /**
   * How long after each other sweeps are made when nothing is due. As a rule they are no more calls than the names
   * by themselves would be worth, and what a sweep saves by answering for many is shared between fewer calls
   * and sooner news.
   *
   * @param names - How many are watched.
   * @param demand - How many looks per millisecond they ask for, together.
   * @returns Milliseconds; Infinity when sweeps are not cheaper at all.
   */
  interval(names: number, demand: number, now: number): number {
    const pages = this.expectedPages(names, now);
    if (names <= pages || demand <= 0) return Infinity;
    return Math.max(MARGIN * pages, NEWS_PART * Math.sqrt(names * pages)) / demand;
  }

  /** When a sweep may be made though nothing is due, so long after the last one; Infinity for never. */
  nextAt(interval: number): number {
    return interval === Infinity ? Infinity : Math.max(this.#breakUntil, this.#sweptAt + interval);
  }

  begin(now: number): void {
    this.#sweptAt = now;
  }

  /** Takes note of a sweep that was worth its pages. */
  paid(pages: number): void {
    this.#pages = pages;
    this.#breaks = 0;
  }

  /**
   * Takes note of a sweep that was not worth its pages.
   *
   * @param duration - How long it took, in milliseconds.
   * @param asked - How long the server wants to be left alone, in milliseconds.
   * @returns Until when no other is made.
   */
  failed(now: number, duration: number, asked: number): number {
    const longest = Math.max(LONGEST_BREAK, duration);
    const pause = Math.min(Math.max(FIRST_BREAK, duration) * 2 ** this.#breaks, longest);
    this.#pages = undefined;
    this.#breakUntil = now + Math.max(pause, asked);
    this.#breaks += 1;
    return this.#breakUntil;
  }

  /** No sweep is made any more. */
  giveUp(): number {
    this.#breakUntil = Infinity;
    return Infinity;
  }

  /** Others are watched from now on: the list may be another one. */
  forgetPages(): void {
    this.#pages = undefined;
  }

  /** Goes with a clock that was set back. @param by - Milliseconds. */
  setBack(by: number): void {
    this.#sweptAt -= by;
    this.#breakUntil -= by;
  }
}
