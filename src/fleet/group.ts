import type { Entry } from './entry.js';
import { Heap } from './heap.js';
import type { SweepSettings } from './options.js';
import type { SweepRun } from './sweep-run.js';

// What a service is taken to put on a page when nobody has said.
const USUAL_PAGE = 100;

// How long names are asked about one by one after sweeps that did not pay, in milliseconds: twice as long
// each time.
const FIRST_BREAK = 2000;
const LONGEST_BREAK = 600_000;

// What is due a little later is looked at with what is due now: this part of the delay.
const SLACK = 0.25;

/** Which of two entries has its turn first: the one that is due first, or was looked at longer ago. */
function isBefore(a: Entry, b: Entry): boolean {
  return a.due < b.due || (a.due === b.due && a.turn < b.turn);
}

/**
 * The watched names that one list covers; or, without a sweep, all those that none covers.
 *
 * @internal
 */
export class Group {
  readonly sweep: SweepSettings | undefined;
  /** By name; those who are watched. */
  readonly entries = new Map<string, Entry>();
  /** What waits for its turn, the next one first. */
  readonly queue = new Heap<Entry>(isBefore);
  /** The sweep that is under way. */
  run: SweepRun | undefined;
  /** How many looks per millisecond the names ask for, together. */
  #demand = 0;
  /** How many pages the last sweep had. */
  #pages: number | undefined;
  #sweptAt = -Infinity;
  #breaks = 0;
  #breakUntil = -Infinity;

  constructor(sweep: SweepSettings | undefined) {
    this.sweep = sweep;
    if (sweep === undefined) this.#breakUntil = Infinity;
  }

  /** Has an entry ask for a look each so often. */
  setDelay(entry: Entry, delay: number): void {
    this.#demand += demandOf(delay) - demandOf(entry.delay);
    entry.delay = delay;
  }

  add(entry: Entry): void {
    this.entries.set(entry.name, entry);
    this.#demand += demandOf(entry.delay);
  }

  remove(entry: Entry): void {
    this.entries.delete(entry.name);
    this.#demand -= demandOf(entry.delay);
    // What rounding has left over.
    if (this.entries.size === 0) this.#demand = 0;
  }

  /** Whether a page is on its way, or waits to be asked for again. */
  isBusy(now: number): boolean {
    return this.run !== undefined && (this.run.call !== undefined || now < this.run.retryAt);
  }

  /**
   * Tells whether a sweep is cheaper than to ask about what is due: whether more names are due, or soon
   * will be, than a sweep has pages.
   *
   * @param time - Of the stretched clock.
   */
  isSweepCheaper(now: number, time: number): boolean {
    const next = this.queue.first;
    if (next === undefined || now < this.#breakUntil) return false;
    const soon = Math.max(time, next.due) + SLACK * next.delay;
    return this.queue.hasMoreThan(this.#expectedPages, (entry) => entry.due <= soon);
  }

  /**
   * When a sweep may be made though nothing is due: once the names by themselves would have been worth
   * as many calls since the last one as it has pages. So sweeps bring sooner news for no more calls.
   *
   * @returns Milliseconds of real time; Infinity when sweeps are not cheaper at all.
   */
  get sweepableAt(): number {
    const pages = this.#expectedPages;
    if (this.entries.size <= pages || this.#demand <= 0) return Infinity;
    return Math.max(this.#breakUntil, this.#sweptAt + pages / this.#demand);
  }

  /**
   * When there is something to call for.
   *
   * @param time - Of the stretched clock.
   * @returns Milliseconds of real time; Infinity when there is nothing to come.
   */
  nextAt(now: number, time: number): number {
    if (this.run !== undefined) {
      return this.run.call === undefined ? Math.max(now, this.run.retryAt) : Infinity;
    }
    const due = this.queue.first?.due ?? Infinity;
    return Math.min(now + Math.max(0, due - time), this.sweepableAt);
  }

  /** Takes note of a sweep that begins. */
  begin(run: SweepRun): void {
    this.run = run;
    this.#sweptAt = run.begun;
  }

  /** Takes note of a sweep that was worth its pages. */
  sweepPaid(pages: number): void {
    this.#pages = pages;
    this.#breaks = 0;
  }

  /**
   * Takes note of a sweep that was not worth its pages.
   *
   * @returns Until when no other is made.
   */
  sweepFailed(now: number): number {
    this.#pages = undefined;
    this.#breakUntil = now + Math.min(FIRST_BREAK * 2 ** this.#breaks, LONGEST_BREAK);
    this.#breaks += 1;
    return this.#breakUntil;
  }

  /** No sweep is made any more. */
  giveUpSweeps(): number {
    this.#breakUntil = Infinity;
    return Infinity;
  }

  get #expectedPages(): number {
    return this.#pages ?? Math.ceil(this.entries.size / (this.sweep?.pageSize ?? USUAL_PAGE));
  }
}

// A name that has yet to be looked at for the first time asks for nothing beside that look.
function demandOf(delay: number): number {
  return delay === 0 ? 0 : 1 / Math.max(delay, 1);
}
