import { Heap, type Heaped } from './heap.js';
import type { SweepSettings } from './options.js';
import { SweepPlan } from './sweep-plan.js';
import type { SweepRun } from './sweep-run.js';

// How long what is due waits for a page, in milliseconds, and through how many failures of one.
const PATIENCE = 5000;
const FORGIVEN_FAILURES = 1;

// The time between two sweeps that are made only for names that the last ones did not show, in milliseconds.
const PROBING = 300_000;

// What is due within this part of its delay is asked about together with what is due now.
const SLACK = 0.25;

/** One of the names of a group. @internal */
export interface Member extends Heaped {
  readonly name: string;
  /** When the next request is due, by the fleet's `time`. */
  readonly due: number;
  /** Orders those that are due at the same time: the one that has waited for longer comes first. */
  readonly turn: number;
  /** How long to wait after the latest answer, in milliseconds, unstretched; undefined before the first. */
  delay: number | undefined;
}

function isBefore(a: Member, b: Member): boolean {
  return a.due < b.due || (a.due === b.due && a.turn < b.turn);
}

/**
 * The watched names that one list should show; or, without a sweep, all those that are asked about one by
 * one.
 *
 * @internal
 */
export class Group<Entry extends Member> {
  readonly sweep: SweepSettings | undefined;
  /** When sweeps are made; undefined where none is. */
  plan: SweepPlan | undefined;
  /** By name. */
  readonly entries = new Map<string, Entry>();
  /** What waits for its turn, the next one first. */
  readonly queue = new Heap<Entry>(isBefore);
  /** What should be asked about sooner than that. */
  readonly urgent = new Set<Entry>();
  /** How many more belong to it, and are asked about one by one since sweeps do not show them. */
  away = 0;
  /** The sweep under way. */
  run: SweepRun | undefined;
  /** How many requests per millisecond the names ask for, together. */
  #demand = 0;

  constructor(sweep: SweepSettings | undefined) {
    this.sweep = sweep;
    this.plan = sweep && new SweepPlan(sweep);
  }

  /** Changes the delay of an entry. */
  setDelay(entry: Entry, delay: number): void {
    this.#demand += demandOf(delay) - demandOf(entry.delay);
    entry.delay = delay;
  }

  add(entry: Entry): void {
    this.entries.set(entry.name, entry);
    this.#demand += demandOf(entry.delay);
  }

  remove(entry: Entry): void {
    this.take(entry);
    this.entries.delete(entry.name);
    this.#demand -= demandOf(entry.delay);
    if (this.entries.size > 0) return;
    // What rounding has left over.
    this.#demand = 0;
    this.plan?.forgetPages();
  }

  /** Takes an entry out of the queue, for a request about it. */
  take(entry: Entry): void {
    this.queue.remove(entry);
    this.urgent.delete(entry);
  }

  /** When the next request is due, by the fleet's `time`; Infinity when nothing waits. */
  get due(): number {
    return this.queue.first?.due ?? Infinity;
  }

  /** How many are watched that a sweep may show. */
  get names(): number {
    return this.entries.size + this.away;
  }

  /** How much time is between two sweeps, in milliseconds; Infinity when they are not cheaper. */
  sweepInterval(now: number): number {
    return this.plan?.interval(this.entries.size, this.#demand, now) ?? Infinity;
  }

  /** When the page in flight takes too long for anything to wait for it; Infinity without one. */
  get pageSlowAt(): number {
    return this.run?.call === undefined ? Infinity : this.run.askedAt + PATIENCE;
  }

  /** Whether a page may be requested though nothing is due. */
  mayPage(now: number): boolean {
    return this.run?.isReady(now) ?? now >= this.#sweepableAt(now);
  }

  /**
   * Tells what to request for what is due: a page, or the next entry by Get.
   *
   * @param time - Of the fleet.
   * @returns Undefined when it waits for a page.
   */
  nextDue(now: number, time: number): Entry | 'page' | undefined {
    const { run } = this;
    if (run === undefined) {
      return this.mayPage(now) || this.#isSweepCheaper(now, time) ? 'page' : this.queue.first;
    }
    if (run.isReady(now)) return 'page';
    return now >= this.#getsFrom ? this.queue.first : undefined;
  }

  /** Tells what to request for what is urgent: one by one, unless there are more than pages. */
  nextUrgent(now: number): Entry | 'page' | undefined {
    const { plan, run } = this;
    const [next] = this.urgent;
    if (next === undefined || plan === undefined) return next;
    const isFew = this.urgent.size <= plan.expectedPages(this.entries.size, now);
    if (isFew || (run === undefined && plan.isBreak(now))) return next;
    if (run?.isReady(now) !== false) return 'page';
    return now >= this.#getsFrom ? next : undefined;
  }

  /**
   * When there is something to request.
   *
   * @param time - Of the fleet.
   * @returns Milliseconds; Infinity when nothing will be due.
   */
  nextAt(now: number, time: number): number {
    if (this.nextUrgent(now) !== undefined) return now;
    const { run } = this;
    const dueAt = now + Math.max(0, this.due - time);
    if (run === undefined) return Math.min(dueAt, this.#sweepableAt(now));
    const pageAt = run.call === undefined ? Math.max(now, run.retryAt) : Infinity;
    const getAt = this.urgent.size > 0 ? now : dueAt;
    return Math.min(pageAt, Math.max(getAt, this.#getsFrom));
  }

  #sweepableAt(now: number): number {
    // Sweeps may show again what they did not show for a while.
    const probing = this.away > 0 ? PROBING : Infinity;
    return this.plan?.nextAt(Math.min(this.sweepInterval(now), probing)) ?? Infinity;
  }

  /** Whether more names are due, or soon will be, than a sweep has pages. @param time - Of the fleet. */
  #isSweepCheaper(now: number, time: number): boolean {
    const { plan } = this;
    const next = this.queue.first;
    if (next === undefined || plan === undefined || plan.isBreak(now)) return false;
    const soon = Math.max(time, next.due) + SLACK * (next.delay ?? 0);
    const pages = plan.expectedPages(this.entries.size, now);
    return this.queue.hasMoreThan(pages, (entry) => entry.due <= soon);
  }

  /** From when on Gets may be made during the sweep under way, in milliseconds. */
  get #getsFrom(): number {
    const { run } = this;
    const isLost = run === undefined || run.plan.pageFailures > FORGIVEN_FAILURES;
    return isLost ? -Infinity : run.askedAt + PATIENCE;
  }
}

/** Requests per millisecond. A name before its first answer asks for nothing but that. */
function demandOf(delay: number | undefined): number {
  return delay === undefined ? 0 : 1 / delay;
}
