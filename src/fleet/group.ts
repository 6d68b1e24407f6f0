import { Heap, type Heaped } from './heap.js';
import type { SweepSettings } from './options.js';
import { SweepPlan } from './sweep-plan.js';
import type { SweepRun } from './sweep-run.js';

// How long what is due waits for a page, in milliseconds, and through how many failures of one.
const PATIENCE = 5000;
const FORGIVEN_FAILURES = 1;

// How long after each other sweeps are made for those alone that the last ones did not show, in milliseconds.
const PROBING = 300_000;

// What is due a little later is looked at with what is due now: this part of the delay.
const SLACK = 0.25;

/** One of the names of a group. @internal */
export interface Member extends Heaped {
  readonly name: string;
  /** When the next look is due, by the stretched clock. */
  readonly due: number;
  /** Which of several that are due at once is first: the one that has waited for longer. */
  readonly turn: number;
  /** How long to wait after the latest look, in milliseconds, unstretched; 0 before the first one. */
  delay: number;
}

/** Which of two has its turn first: the one that is due first, or was looked at longer ago. */
function isBefore(a: Member, b: Member): boolean {
  return a.due < b.due || (a.due === b.due && a.turn < b.turn);
}

/** A call to make: of List, or of Get for the next one. @internal */
export type Look = 'page' | 'get';

/**
 * The watched names that one list is to show; or, without a sweep, all those that are asked about one by
 * one.
 *
 * @internal
 */
export class Group<Entry extends Member> {
  readonly sweep: SweepSettings | undefined;
  readonly plan: SweepPlan;
  /** By name; those who are watched. */
  readonly entries = new Map<string, Entry>();
  /** What waits for its turn, the next one first. */
  readonly queue = new Heap<Entry>(isBefore);
  /** What was cancelled, and is to be looked at sooner than that. */
  readonly restarted = new Set<Entry>();
  /** How many more belong to it, and are asked about one by one since sweeps do not show them. */
  away = 0;
  /** The sweep that is under way. */
  run: SweepRun | undefined;
  /** How many looks per millisecond the names ask for, together. */
  #demand = 0;

  constructor(sweep: SweepSettings | undefined) {
    this.sweep = sweep;
    this.plan = new SweepPlan(sweep);
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
    this.queue.remove(entry);
    this.restarted.delete(entry);
    this.entries.delete(entry.name);
    this.#demand -= demandOf(entry.delay);
    if (this.entries.size > 0) return;
    // What rounding has left over.
    this.#demand = 0;
    this.plan.forgetPages();
  }

  has(entry: Entry): boolean {
    return this.entries.get(entry.name) === entry;
  }

  /** How many are watched that a sweep may show. */
  get names(): number {
    return this.entries.size + this.away;
  }

  expectedPages(now: number): number {
    return this.plan.expectedPages(this.entries.size, now);
  }

  /** How long after each other sweeps are made, in milliseconds; Infinity when they are not cheaper. */
  sweepInterval(now: number): number {
    if (this.sweep === undefined) return Infinity;
    return this.plan.interval(this.entries.size, this.#demand, now);
  }

  /** When the page that is on its way takes too long for anything to wait for it; Infinity without one. */
  get pageSlowAt(): number {
    return this.run?.call === undefined ? Infinity : this.run.askedAt + PATIENCE;
  }

  /** Whether a page may be asked for though nothing is due. */
  mayPage(now: number): boolean {
    return this.run?.isReady(now) ?? now >= this.#sweepableAt(now);
  }

  /**
   * Tells how what is due is to be looked at.
   *
   * @param time - Of the stretched clock.
   * @returns Undefined when it is to wait, for a page.
   */
  nextLook(now: number, time: number): Look | undefined {
    const { run } = this;
    if (run === undefined) {
      return this.mayPage(now) || this.#isSweepCheaper(now, time) ? 'page' : 'get';
    }
    if (run.isReady(now)) return 'page';
    return now >= this.#getsFrom ? 'get' : undefined;
  }

  /** Tells how what was cancelled is to be looked at: one by one, unless there are more than pages. */
  nextConfirm(now: number): Look | undefined {
    if (this.restarted.size === 0) return undefined;
    const isFew = this.restarted.size <= this.expectedPages(now);
    if (isFew || (this.run === undefined && this.plan.isBreak(now))) return 'get';
    if (this.run?.isReady(now) !== false) return 'page';
    return now >= this.#getsFrom ? 'get' : undefined;
  }

  /**
   * When there is something to call for.
   *
   * @param time - Of the stretched clock.
   * @returns Milliseconds of real time; Infinity when there is nothing to come.
   */
  nextAt(now: number, time: number): number {
    if (this.nextConfirm(now) !== undefined) return now;
    const { run } = this;
    const dueAt = now + Math.max(0, (this.queue.first?.due ?? Infinity) - time);
    if (run === undefined) return Math.min(dueAt, this.#sweepableAt(now));
    const pageAt = run.call === undefined ? Math.max(now, run.retryAt) : Infinity;
    const lookAt = this.restarted.size > 0 ? now : dueAt;
    return Math.min(pageAt, Math.max(lookAt, this.#getsFrom));
  }

  /** Takes note of a sweep that begins. */
  begin(run: SweepRun): void {
    this.run = run;
    this.plan.begin(run.begun);
  }

  /** Goes with a clock that was set back. @param by - Milliseconds. */
  setBack(by: number): void {
    this.plan.setBack(by);
    this.run?.setBack(by);
  }

  #sweepableAt(now: number): number {
    // What sweeps did not show for a while, they may show again.
    const probing = this.away > 0 ? PROBING : Infinity;
    return this.plan.nextAt(Math.min(this.sweepInterval(now), probing));
  }

  /** Whether more names are due, or soon will be, than a sweep has pages. @param time - Of the stretched clock. */
  #isSweepCheaper(now: number, time: number): boolean {
    const next = this.queue.first;
    if (next === undefined || this.plan.isBreak(now)) return false;
    const soon = Math.max(time, next.due) + SLACK * next.delay;
    return this.queue.hasMoreThan(this.expectedPages(now), (entry) => entry.due <= soon);
  }

  /** From when on Gets may be made during the sweep that is under way, in milliseconds. */
  get #getsFrom(): number {
    const { run } = this;
    const isLost = run === undefined || this.plan.pageFailures > FORGIVEN_FAILURES;
    return isLost ? -Infinity : run.askedAt + PATIENCE;
  }
}

// A name that has yet to be looked at for the first time asks for nothing beside that look.
function demandOf(delay: number): number {
  return delay === 0 ? 0 : 1 / Math.max(delay, 1);
}
