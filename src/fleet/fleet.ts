import type { OperationsClient } from '../client/client.js';
import { decodeOperation } from '../operation/decode.js';
import type { Operation } from '../operation/operation.js';
import { isTransient } from '../retry/retry.js';
import { Timer } from '../time/timer.js';
import type { Entry } from './entry.js';
import { FleetCall, type CallHost } from './fleet-call.js';
import type { Group } from './group.js';
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
  #wakeAt = Infinity;

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
    const at = Math.min(this.registry.deadline, Math.max(ready, this.#nextCallAt(now)));
    if (at === Infinity) return this.#sleep();
    if (at >= this.#wakeAt - ROUNDING) return;
    this.#sleep();
    this.#wakeAt = at;
    this.#timer.start(Math.max(0, at - now));
  }

  /** It is time for what is next. */
  onTime(): void {
    this.#wakeAt = Infinity;
    const now = this.#advance();
    this.registry.answerLate(now + ROUNDING);
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

  /** @returns False when there is nothing to call for now. */
  #callNext(now: number): boolean {
    const soon = now + ROUNDING;
    const due = this.#dueGroup(soon);
    const passed = this.#passThroughs.take(due !== undefined);
    if (passed !== undefined) {
      this.#pass(passed);
      return true;
    }
    if (due !== undefined) {
      this.#look(due, soon, now);
      return true;
    }
    const idle = this.registry.groups.find((group) => group.mayPage(soon));
    if (idle !== undefined) this.#sweeper.callPage(idle, now);
    return idle !== undefined;
  }

  /** The group whose next name is due first, of those that may be called for. */
  #dueGroup(soon: number): Group | undefined {
    const { time } = this.#clock;
    let first: Group | undefined;
    for (const group of this.registry.groups) {
      const due = group.queue.first?.due ?? Infinity;
      if (due > time + ROUNDING || group.nextLook(soon, time) === undefined) continue;
      if (first?.queue.first === undefined || due < first.queue.first.due) first = group;
    }
    return first;
  }

  #look(group: Group, soon: number, now: number): void {
    const next = group.queue.first;
    if (next === undefined) return;
    if (group.nextLook(soon, this.#clock.time) === 'page') this.#sweeper.callPage(group, now);
    else this.#get(next, group);
  }

  #pass(each: PassThrough): void {
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
  }

  #get(entry: Entry, group: Group): void {
    const { registry } = this;
    const { name } = entry;
    if (group.run !== undefined) group.run.hadGet = true;
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
      if (group.entries.size === 0) this.#sweeper.drop(group, now);
    }
  }
}
