import type { SweepSettings } from './options.js';

// How many operations a page is expected to have when nothing says so.
const USUAL_PAGE = 100;

// How long the length of a list is taken for that of its last sweep, in milliseconds.
const LENGTH_HOLDS = 60_000;

// How long names are asked about one by one after a sweep that did not pay, in milliseconds: at least as
// long as the sweep took, and twice as long each time.
const FIRST_BREAK = 2000;
const LONGEST_BREAK = 600_000;

// Where many share a sweep, the time between two sweeps: this part of the geometric mean of two intervals. One
// takes as many calls as Gets would, the other gives the same delays as Gets would.
const SOONER_PART = 0.5;

// A sweep must stand for this many calls for each of its pages, as names in sweeps ask for more.
const MARGIN = 1.25;

/**
 * When sweeps are made of one list, by how the last ones went.
 *
 * @internal
 */
export class SweepPlan {
  readonly sweep: SweepSettings;
  /** How many pages the last sweep had. */
  #pages: number | undefined;
  /** When the last sweep began, in milliseconds. */
  #sweptAt: number | undefined;
  #breaks = 0;
  #breakUntil: number | undefined;
  /** How many pages in a row have failed, in the last sweeps. */
  pageFailures = 0;

  constructor(sweep: SweepSettings) {
    this.sweep = sweep;
  }

  isBreak(now: number): boolean {
    return this.#breakUntil !== undefined && now < this.#breakUntil;
  }

  /** How many pages a sweep is expected to have: as many as the last one, unless that is long ago. */
  expectedPages(names: number, now: number): number {
    const isFresh = this.#sweptAt !== undefined && now - this.#sweptAt < LENGTH_HOLDS;
    const known = isFresh ? this.#pages : undefined;
    return known ?? Math.ceil(names / (this.sweep.pageSize ?? USUAL_PAGE));
  }

  /**
   * How much time is between two sweeps when nothing is due. They usually need fewer calls than Gets for the
   * names would; what a sweep saves by answering for many is shared between fewer calls and shorter delays.
   *
   * @param names - How many are watched.
   * @param demand - How many requests per millisecond they ask for, together.
   * @returns Milliseconds; Infinity when sweeps are not cheaper at all.
   */
  interval(names: number, demand: number, now: number): number {
    const pages = this.expectedPages(names, now);
    if (names <= pages || demand <= 0) return Infinity;
    return Math.max(MARGIN * pages, SOONER_PART * Math.sqrt(names * pages)) / demand;
  }

  /**
   * When a sweep may be made though nothing is due.
   *
   * @param interval - How long after the last one, in milliseconds; Infinity for never.
   */
  nextAt(interval: number): number {
    if (interval === Infinity) return Infinity;
    const [swept, free] = [this.#sweptAt ?? -Infinity, this.#breakUntil ?? -Infinity];
    return Math.max(free, swept + interval);
  }

  /** Takes note of a sweep that begins. */
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
   * @param asked - How long the server asks for a pause, in milliseconds.
   * @returns For how long no other is made, in milliseconds.
   */
  failed(now: number, duration: number, asked: number): number {
    const longest = Math.max(LONGEST_BREAK, duration);
    const own = Math.min(Math.max(FIRST_BREAK, duration) * 2 ** this.#breaks, longest);
    const pause = Math.max(own, asked);
    this.#pages = undefined;
    this.#breakUntil = now + pause;
    this.#breaks += 1;
    return pause;
  }

  /** Other names are watched from now on, and the list may be another one. */
  forgetPages(): void {
    this.#pages = undefined;
  }
}
