import type { OperationsClient } from '../core/client.js';
import { decodeOperation } from '../core/answer/decode.js';
import type { Operation } from '../core/operation.js';
import { isTransient } from '../core/policy/retry.js';
import { captureContext, runInContext } from '../core/platform/async-context.js';
import { Timer } from '../core/platform/timer.js';
import type { Entry, EntryGroup } from './entry.js';
import { FleetCall, type CallHost } from './fleet-call.js';
import type { Look } from './group.js';
import { Limiter } from './limiter.js';
import { lookFailed } from './look-failure.js';
import type { FleetSettings } from './options.js';
import { PassThroughs, type PassThrough } from './pass-through.js';
import { Registry, type RegistryHost } from './registry.js';
import { retryDelay } from './retry-delay.js';
import { StretchedClock } from './stretched-clock.js';
import { Sweeper } from './sweeper.js';

// What rounding may make of a time, in milliseconds.
const ROUNDING = 1e-3;

// A timer that is later than this is none of this clock, in milliseconds.
const LATE = 1000;

// What is called for takes turns, as far as there is any of a kind: a steady flow of one, such as cancels,
// is not to keep the others from their calls.
const kinds = ['stop', 'confirm', 'look', 'list'] as const;
type Turn = (typeof kinds)[number];

// After so many failures in a row, those who wait for news are told as well.
const SILENT_FAILURES = 2;

/**
 * Decides what is called, and when: all that is watched has one budget of calls. It calls only while
 * somebody waits, and has one timer.
 *
 * @internal
 */
export class Fleet implements RegistryHost, CallHost {
  readonly settings: FleetSettings;
  readonly limiter: Limiter;
  readonly registry: Registry;
  readonly #client: OperationsClient;
  readonly #sweeper: Sweeper;
  readonly #passThroughs = new PassThroughs();
  readonly #clock: StretchedClock;
  /** Until when the limits let no call be made. */
  #blockedUntil = -Infinity;
  readonly #timer: Timer;
  /** All calls are made in the context in which the fleet was: none of them belongs to one wait. */
  readonly #context = captureContext();
  #wakeAt = Infinity;
  #turns: readonly Turn[] = kinds;

  constructor(client: OperationsClient, settings: FleetSettings) {
    const now = settings.scheduler.now();
    this.#client = client;
    this.settings = settings;
    this.limiter = new Limiter(settings.limits, now);
    this.#clock = new StretchedClock(now);
    this.registry = new Registry(this);
    this.#sweeper = new Sweeper(this, client, this.registry);
    this.#timer = new Timer(settings.scheduler, this);
  }

  get time(): number {
    this.#advance();
    return this.#clock.time;
  }

  /** Makes a call for somebody, when it is its turn. */
  passThrough(each: PassThrough): void {
    this.#passThroughs.add(each);
    this.onChange();
  }

  /** Ends a call that was to be made for somebody. */
  leave(each: PassThrough): void {
    this.#passThroughs.remove(each);
    each.call?.stop();
    this.onChange();
  }

  /** Sees to it that it wakes up in time for what is next. */
  onChange(): void {
    const now = this.#advance();
    this.#dropUnwatched(now);
    const ready = this.limiter.readyAt(now);
    this.#blockedUntil = ready > now ? ready : -Infinity;
    const placeAt = this.limiter.isFull ? this.#pageSlowAt : ready;
    const at = Math.min(this.registry.deadline, Math.max(placeAt, this.#nextCallAt(now)));
    if (at === Infinity) return this.#sleep();
    // When the clock was set, the timer is for another time.
    const isAwaited = this.#wakeAt > now - LATE;
    if (at >= this.#wakeAt - ROUNDING && isAwaited) return;
    this.#sleep();
    this.#wakeAt = at;
    this.#timer.start(Math.max(0, at - now));
  }

  /** It is time for what is next. */
  onTime(): void {
    runInContext(this.#context, () => this.#makeCalls());
  }

  #makeCalls(): void {
    this.#wakeAt = Infinity;
    const now = this.#advance();
    this.registry.answerLate(now + ROUNDING);
    this.#makeRoom(now);
    while (this.limiter.readyAt(now) <= now && this.#callNext(now)) {
      // One after the other, as far as the limits go.
    }
    this.onChange();
  }

  #sleep(): void {
    this.#timer.stop();
    this.#wakeAt = Infinity;
  }

  #advance(): number {
    const now = this.settings.scheduler.now();
    if (now < this.#clock.read) this.#setBack(this.#clock.read - now);
    let due = Infinity;
    for (const { queue } of this.registry.groups) due = Math.min(due, queue.first?.due ?? Infinity);
    this.#clock.advance(now, this.#blockedUntil, due);
    return now;
  }

  #nextCallAt(now: number): number {
    if (this.#passThroughs.size > 0) return now;
    let at = Infinity;
    const { time } = this.#clock;
    for (const group of this.registry.groups) at = Math.min(at, group.nextAt(now, time));
    return at;
  }

  /** Goes with a clock that was set back: what is to come is not put off by it. */
  #setBack(by: number): void {
    this.limiter.setBack(by);
    for (const group of this.registry.groups) group.setBack(by);
    this.#blockedUntil -= by;
    this.#wakeAt -= by;
  }

  get #pageSlowAt(): number {
    return Math.min(...this.registry.groups.map((group) => group.pageSlowAt));
  }

  /** Gives up a page that takes too long when there is no place for what is to be called. */
  #makeRoom(now: number): void {
    const soon = now + ROUNDING;
    if (!this.limiter.isFull || this.#nextCallAt(now) > soon) return;
    const slow = this.registry.groups.find(({ pageSlowAt }) => pageSlowAt <= soon);
    if (slow !== undefined) this.#sweeper.giveUpPage(slow);
  }

  /** @returns False when there is nothing to call for now. */
  #callNext(now: number): boolean {
    for (const [index, turn] of this.#turns.entries()) {
      if (!this.#callFor(turn, now)) continue;
      // Whose turn it was goes last the next time.
      this.#turns = [...this.#turns.slice(index + 1), ...this.#turns.slice(0, index + 1)];
      return true;
    }
    return false;
  }

  /** @returns False when there is nothing of this kind to call for now. */
  #callFor(turn: Turn, now: number): boolean {
    if (turn === 'stop') return this.#pass(this.#passThroughs.takeStop());
    if (turn === 'list') return this.#pass(this.#passThroughs.takeList());
    return turn === 'confirm' ? this.#confirm(now) : this.#look(now);
  }

  /** Looks at what was cancelled. */
  #confirm(now: number): boolean {
    for (const group of this.registry.groups) {
      const how = group.nextConfirm(now + ROUNDING);
      const [next] = group.restarted;
      if (how !== undefined) return this.#make(how, group, next, now);
    }
    return false;
  }

  /** Looks at what is due, or sweeps. */
  #look(now: number): boolean {
    const soon = now + ROUNDING;
    const due = this.#dueGroup(soon);
    const how = due?.nextLook(soon, this.#clock.time);
    if (due !== undefined && how !== undefined) return this.#make(how, due, due.queue.first, now);
    const idle = this.registry.groups.find((group) => group.mayPage(soon));
    return idle !== undefined && this.#make('page', idle, undefined, now);
  }

  #make(look: Look, group: EntryGroup, next: Entry | undefined, now: number): boolean {
    if (look === 'page') this.#sweeper.callPage(group, now);
    else if (next !== undefined) this.#get(next);
    return true;
  }

  /** The group whose next name is due first, of those that may be called for. */
  #dueGroup(soon: number): EntryGroup | undefined {
    const { time } = this.#clock;
    let first: EntryGroup | undefined;
    for (const group of this.registry.groups) {
      const due = group.queue.first?.due ?? Infinity;
      if (due > time + ROUNDING || group.nextLook(soon, time) === undefined) continue;
      if (first?.queue.first === undefined || due < first.queue.first.due) first = group;
    }
    return first;
  }

  #pass(each: PassThrough | undefined): boolean {
    if (each === undefined) return false;
    const { method, name, start, subscriber } = each;
    const call = new FleetCall<unknown>(this, {
      method,
      name,
      start,
      read: (answer) => answer,
      onAnswer: (answer) => {
        // It is on its way to another end now.
        if (method === 'cancel') this.registry.restart(name);
        subscriber.next(answer);
        subscriber.complete();
      },
      onFailed: (thrown) => subscriber.error(thrown),
    });
    each.call = call;
    call.begin();
    return true;
  }

  #get(entry: Entry): void {
    const { registry } = this;
    const { name } = entry;
    const number = registry.nextNumber();
    registry.take(entry);
    const call = new FleetCall<Operation>(this, {
      method: 'get',
      name,
      start: (options) => this.#client.get({ name }, options),
      read: (answer) => decodeOperation(answer, name),
      onAnswer: (operation) => {
        entry.call = undefined;
        registry.answered(entry, operation, number);
      },
      onFailed: (thrown, error) => {
        entry.call = undefined;
        entry.failures += 1;
        const isTold = !isTransient(error) || entry.failures > SILENT_FAILURES;
        registry.failed(
          entry,
          number,
          retryDelay(error, entry.failures),
          (each) => each.asked < number && (each.isGet || isTold),
          (each) => (each.isGet ? thrown : lookFailed(name, thrown, error)),
        );
      },
    });
    entry.call = call;
    call.begin();
  }

  /** Ends the sweeps that nobody waits for any more. */
  #dropUnwatched(now: number): void {
    for (const group of this.registry.groups) {
      if (group.names === 0) this.#sweeper.drop(group, now);
    }
  }
}
