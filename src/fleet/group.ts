import type { Entry } from './entry.js';
import { Heap } from './heap.js';
import type { SweepSettings } from './options.js';
import type { SweepRun } from './sweep-run.js';

// What a service is taken to put on a page when nobody has said.
const USUAL_PAGE = 100;

// How long names are asked about one by one after sweeps that did not pay, in milliseconds: at least as
// long as the sweep took, and twice as long each time.
const FIRST_BREAK = 2000;
const LONGEST_BREAK = 600_000;

// Where many share a sweep, how long after each other sweeps are made: this part of the mean of how long
// after each other they are for no more calls, and for no sooner news, than Gets.
const NEWS_PART = 0.5;

// How long what is due waits for a page, in milliseconds, and through how many failures of one.
const PATIENCE = 5000;
const FORGIVEN_FAILURES = 1;

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
  /** How many pages in a row could not be got, of this sweep and those before. */
  #pageFailures = 0;
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

  /** Whether a page is on its way for so long that nothing is to wait for it any more. */
  isPageSlow(now: number): boolean {
    const { run } = this;
    return run?.call !== undefined && now >= run.askedAt + PATIENCE;
  }

  /** Whether a page may be asked for though nothing is due. */
  mayPage(now: number): boolean {
    return this.run?.isReady(now) ?? now >= this.sweepableAt;
  }

  /**
   * Tells how what is due is to be looked at.
   *
   * @param time - Of the stretched clock.
   * @returns Undefined when it is to wait, for a page.
   */
  nextLook(now: number, time: number): 'page' | 'get' | undefined {
    if (this.run === undefined) {
      return this.mayPage(now) || this.#isSweepCheaper(now, time) ? 'page' : 'get';
    }
    const mayGet = now >= this.#getsFrom;
    if (this.run.isReady(now) && !(mayGet && this.#isRestarted)) return 'page';
    return mayGet ? 'get' : undefined;
  }

  /**
   * Tells whether a sweep is cheaper than to ask about what is due: whether more names are due, or soon
   * will be, than a sweep has pages.
   *
   * @param time - Of the stretched clock.
   */
  #isSweepCheaper(now: number, time: number): boolean {
    const next = this.queue.first;
    if (next === undefined || now < this.#breakUntil) return false;
    const soon = Math.max(time, next.due) + SLACK * next.delay;
    return this.queue.hasMoreThan(this.expectedPages, (entry) => entry.due <= soon);
  }

  /**
   * When a sweep may be made though nothing is due. Never are they more calls than the names by themselves
   * would be worth; and what one saves by answering for many is shared between fewer calls and sooner news.
   *
   * @returns Milliseconds of real time; Infinity when sweeps are not cheaper at all.
   */
  get sweepableAt(): number {
    const pages = this.expectedPages;
    const { size } = this.entries;
    if (size <= pages || this.#demand <= 0) return Infinity;
    const interval = Math.max(pages, NEWS_PART * Math.sqrt(size * pages)) / this.#demand;
    return Math.max(this.#breakUntil, this.#sweptAt + interval);
  }

  /**
   * When there is something to call for.
   *
   * @param time - Of the stretched clock.
   * @returns Milliseconds of real time; Infinity when there is nothing to come.
   */
  nextAt(now: number, time: number): number {
    const { run } = this;
    const dueAt = now + Math.max(0, (this.queue.first?.due ?? Infinity) - time);
    if (run === undefined) return Math.min(dueAt, this.sweepableAt);
    const pageAt = run.call === undefined ? Math.max(now, run.retryAt) : Infinity;
    return Math.min(pageAt, Math.max(dueAt, this.#getsFrom));
  }

  /** Takes note of a sweep that begins. */
  begin(run: SweepRun): void {
    this.run = run;
    this.#sweptAt = run.begun;
  }

  pageAnswered(): void {
    this.#pageFailures = 0;
  }

  /** @returns How many pages in a row could not be got. */
  pageFailed(): number {
    this.#pageFailures += 1;
    return this.#pageFailures;
  }

  /** Takes note of a sweep that was worth its pages. */
  sweepPaid(pages: number): void {
    this.#pages = pages;
    this.#breaks = 0;
  }

  /**
   * Takes note of a sweep that was not worth its pages.
   *
   * @param duration - How long it took, in milliseconds: so long at least no other is made.
   * @param asked - How long the server wants to be left alone, in milliseconds.
   * @returns Until when no other is made.
   */
  sweepFailed(now: number, duration: number, asked: number): number {
    const longest = Math.max(LONGEST_BREAK, duration);
    const pause = Math.min(Math.max(FIRST_BREAK, duration) * 2 ** this.#breaks, longest);
    this.#pages = undefined;
    this.#breakUntil = now + Math.max(pause, asked);
    this.#breaks += 1;
    return this.#breakUntil;
  }

  /** No sweep is made any more. */
  giveUpSweeps(): number {
    this.#breakUntil = Infinity;
    return Infinity;
  }

  /** Whether the next one was cancelled: that is not to wait for the end of a sweep. */
  get #isRestarted(): boolean {
    return (this.queue.first?.due ?? 0) < 0;
  }

  /** From when on Gets may be made during the sweep that is under way, in milliseconds. */
  get #getsFrom(): number {
    const { run } = this;
    if (run === undefined || this.#pageFailures > FORGIVEN_FAILURES) return -Infinity;
    // One for each page, so that many cancels do not hold the sweep up.
    if (this.#isRestarted && !run.hadGet) return -Infinity;
    return run.askedAt + PATIENCE;
  }

  /** How many pages a sweep is thought to have: as many as the last one. */
  get expectedPages(): number {
    return this.#pages ?? Math.ceil(this.entries.size / (this.sweep?.pageSize ?? USUAL_PAGE));
  }
}

// A name that has yet to be looked at for the first time asks for nothing beside that look.
function demandOf(delay: number): number {
  return delay === 0 ? 0 : 1 / Math.max(delay, 1);
}
