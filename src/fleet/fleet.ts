import type { ObservableInput, Subscriber } from 'rxjs';
import { decodeOperation } from '../core/answer/decode.js';
import { pollAfterIn, readPollAfter } from '../core/answer/poll-after.js';
import type { CallOptions, OperationsClient } from '../core/client.js';
import { tell } from '../core/events.js';
import { captureContext, runInContext } from '../core/platform/async-context.js';
import { wallTime } from '../core/platform/clock.js';
import { Timer } from '../core/platform/timer.js';
import { Answers } from './answers.js';
import { Entries } from './entries.js';
import type { Entry, EntryGroup } from './entry.js';
import { FleetCall } from './fleet-call.js';
import { FleetClock } from './fleet-clock.js';
import type { FleetHost, UntimedEvent } from './host.js';
import { Limiter } from './limiter.js';
import type { FleetSettings } from './options.js';
import { Sweeper } from './sweeper.js';
import { Waiters } from './waiters.js';

// What rounding may make of a time, in milliseconds.
const ROUNDING = 1e-3;

// A timer that is later than this was started before the clock was set forward, in milliseconds.
const LATE = 1000;

/** A method whose calls the fleet makes as they are. @internal */
export type PassedMethod = 'cancel' | 'delete' | 'list';

/**
 * Decides what is called, and when: all that is watched has one budget of calls. It calls only while
 * something waits, and has one timer.
 *
 * @internal
 */
export class Fleet implements FleetHost {
  readonly settings: FleetSettings;
  readonly limiter: Limiter;
  readonly entries: Entries;
  readonly waiters: Waiters;
  readonly #answers: Answers;
  readonly #client: OperationsClient;
  readonly #sweeper: Sweeper;
  /** The calls to pass on, in the order in which they came: those that stop an operation, and lists. */
  readonly #stops = new Set<FleetCall<unknown>>();
  readonly #lists = new Set<FleetCall<unknown>>();
  readonly #clock: FleetClock;
  readonly #timer: Timer;
  /** All calls are made in the async context in which the fleet was made: none belongs to one wait. */
  readonly #context = captureContext();
  /** When the timer fires, in milliseconds; undefined while it is off. */
  #wakeAt: number | undefined;
  /** Until when the limits let no call be made. */
  #blockedUntil: number;
  /**
   * Each makes one call of a kind, if there is one to make. They take turns: a steady flow of one kind, such
   * as cancels or urgent Gets, must not keep the others from their calls.
   */
  #turns: readonly ((now: number) => boolean)[] = [
    () => this.#passNext(this.#stops),
    (now) => this.#callForUrgent(now),
    (now) => this.#callForDue(now),
    () => this.#passNext(this.#lists),
  ];
  #number = 0;

  constructor(client: OperationsClient, settings: FleetSettings) {
    this.#client = client;
    this.settings = settings;
    this.#clock = new FleetClock(settings.scheduler);
    this.#blockedUntil = this.now;
    this.limiter = new Limiter(settings.limits, this.now);
    this.entries = new Entries(this);
    this.waiters = new Waiters(this, this.entries);
    this.#answers = new Answers(this, this.waiters);
    this.#sweeper = new Sweeper(this, client, this.entries, this.#answers);
    this.#timer = new Timer(settings.scheduler);
  }

  get now(): number {
    return this.#clock.now;
  }

  get time(): number {
    this.#advance();
    return this.#clock.time;
  }

  nextNumber(): number {
    this.#number += 1;
    return this.#number;
  }

  tell(event: UntimedEvent): void {
    const { onEvent, scheduler } = this.settings;
    if (onEvent !== undefined) tell(onEvent, { ...event, time: wallTime(scheduler) });
  }

  /** Makes a call for a caller, when it is its turn. */
  pass(
    method: PassedMethod,
    name: string,
    start: (options: CallOptions) => ObservableInput<unknown>,
    subscriber: Subscriber<unknown>,
  ): FleetCall<unknown> {
    const call = new FleetCall<unknown>(this, {
      method,
      name,
      start,
      read: (answer) => answer,
      onAnswer: (answer) => {
        // It will end in another way now.
        if (method === 'cancel') this.entries.restart(name);
        subscriber.next(answer);
        subscriber.complete();
      },
      onFailed: (thrown) => subscriber.error(thrown),
    });
    (method === 'list' ? this.#lists : this.#stops).add(call);
    this.onChange();
    return call;
  }

  /** Ends a call that was made, or was yet to be made, for a caller. */
  leave(call: FleetCall<unknown>): void {
    this.#stops.delete(call);
    this.#lists.delete(call);
    call.stop();
    this.onChange();
  }

  /** Makes sure that it wakes up in time for what is next. */
  onChange(): void {
    const now = this.#advance();
    for (const group of this.entries.groups) {
      if (group.names === 0) this.#sweeper.drop(group, now);
    }
    this.#blockedUntil = this.limiter.readyAt(now);
    const placeAt = this.limiter.isFull ? this.#pageSlowAt : this.#blockedUntil;
    const at = Math.min(this.waiters.deadline, Math.max(placeAt, this.#nextCallAt(now)));
    if (at === Infinity) return this.#sleep();
    const wakeAt = this.#wakeAt;
    if (wakeAt !== undefined && wakeAt > now - LATE && at >= wakeAt - ROUNDING) return;
    this.#sleep();
    this.#wakeAt = at;
    this.#timer.start(Math.max(0, at - now), this);
  }

  /** It is time for what is next. */
  onTime(): void {
    runInContext(this.#context, () => this.#makeCalls());
  }

  #makeCalls(): void {
    this.#wakeAt = undefined;
    const now = this.#advance();
    this.waiters.answerLate(now + ROUNDING);
    this.#makeRoom(now);
    while (this.limiter.readyAt(now) <= now && this.#callNext(now)) {
      // One after the other, as far as the limits go.
    }
    this.onChange();
  }

  #sleep(): void {
    this.#timer.stop();
    this.#wakeAt = undefined;
  }

  #advance(): number {
    const { now } = this;
    const due = Math.min(...this.entries.groups.map((group) => group.due));
    this.#clock.advance(now, this.#blockedUntil, due);
    return now;
  }

  #nextCallAt(now: number): number {
    if (this.#stops.size + this.#lists.size > 0) return now;
    const { time } = this.#clock;
    return Math.min(...this.entries.groups.map((group) => group.nextAt(now, time)));
  }

  get #pageSlowAt(): number {
    return Math.min(...this.entries.groups.map((group) => group.pageSlowAt));
  }

  /** Gives up a page that takes too long when there is no place for what is due. */
  #makeRoom(now: number): void {
    const soon = now + ROUNDING;
    if (!this.limiter.isFull || this.#nextCallAt(now) > soon) return;
    const slow = this.entries.groups.find(({ pageSlowAt }) => pageSlowAt <= soon);
    if (slow !== undefined) this.#sweeper.giveUpPage(slow);
  }

  /** @returns False when there is nothing to call for now. */
  #callNext(now: number): boolean {
    const index = this.#turns.findIndex((makeCall) => makeCall(now));
    if (index === -1) return false;
    // Whose turn it was goes last the next time.
    this.#turns = [...this.#turns.slice(index + 1), ...this.#turns.slice(0, index + 1)];
    return true;
  }

  #passNext(calls: Set<FleetCall<unknown>>): boolean {
    const [call] = calls;
    if (call === undefined) return false;
    calls.delete(call);
    call.begin();
    return true;
  }

  #callForUrgent(now: number): boolean {
    const soon = now + ROUNDING;
    return this.entries.groups.some((group) => this.#call(group, group.nextUrgent(soon), now));
  }

  /** Asks about what is due, or sweeps. */
  #callForDue(now: number): boolean {
    const soon = now + ROUNDING;
    const { time } = this.#clock;
    const [first] = this.entries.groups
      .filter(({ due }) => due <= time + ROUNDING)
      .map((group) => ({ group, due: group.due, next: group.nextDue(soon, time) }))
      .filter(({ next }) => next !== undefined)
      .toSorted((a, b) => a.due - b.due);
    if (first !== undefined) return this.#call(first.group, first.next, now);
    const idle = this.entries.groups.find((group) => group.mayPage(soon));
    return idle !== undefined && this.#call(idle, 'page', now);
  }

  /** @returns False when there is nothing to call for. */
  #call(group: EntryGroup, next: Entry | 'page' | undefined, now: number): boolean {
    if (next === 'page') this.#sweeper.callPage(group, now);
    else if (next !== undefined) this.#get(next);
    return next !== undefined;
  }

  #get(entry: Entry): void {
    const { name } = entry;
    const number = this.nextNumber();
    entry.group.take(entry);
    entry.checkedAt = Math.floor(this.now);
    const call = new FleetCall(this, {
      method: 'get',
      name,
      start: (options) => this.#client.get({ name }, options),
      read: (answer) => ({ operation: decodeOperation(answer, name), after: pollAfterIn(answer) }),
      onAnswer: ({ operation, after }) => {
        entry.call = undefined;
        this.entries.learn(name, operation.name);
        const pollAfter = readPollAfter(after, this.settings.scheduler);
        this.#answers.answered(entry, operation, number, pollAfter);
      },
      onFailed: (thrown, error) => {
        entry.call = undefined;
        this.#answers.failed(entry, number, thrown, error);
      },
    });
    entry.call = call;
    call.begin();
  }
}
