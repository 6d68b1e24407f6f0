import type { OperationsClient } from '../client/client.js';
import { failureOf } from '../client/failure.js';
import type { StatusError } from '../errors/status-error.js';
import { tell } from '../events/events.js';
import { decodePage, type OperationsPage } from '../list/page.js';
import { decodeOperation } from '../operation/decode.js';
import type { Operation } from '../operation/operation.js';
import { isTransient } from '../retry/retry.js';
import { Code } from '../status/code.js';
import { Timer } from '../time/timer.js';
import type { Entry } from './entry.js';
import type { FleetSweepEvent } from './events.js';
import { FleetCall, askedDelay, type CallHost } from './fleet-call.js';
import type { Group } from './group.js';
import { Limiter } from './limiter.js';
import { lookFailed } from './look-failure.js';
import type { FleetSettings, SweepSettings } from './options.js';
import { PassThroughs, type PassThrough } from './pass-through.js';
import { Registry, type RegistryHost } from './registry.js';
import { StretchedClock } from './stretched-clock.js';
import { SweepRun } from './sweep-run.js';

// What rounding may make of a time, in milliseconds.
const ROUNDING = 1e-3;

// After so many failures in a row, those who wait for news are told as well.
const SILENT_FAILURES = 2;
const MOST_PAGE_FAILURES = 5;
const FIRST_RETRY = 500;
const LONGEST_RETRY = 10_000;

// What a service says that cannot list, or not in this way.
const denials: ReadonlySet<number> = new Set([
  Code.INVALID_ARGUMENT,
  Code.NOT_FOUND,
  Code.PERMISSION_DENIED,
  Code.FAILED_PRECONDITION,
  Code.UNIMPLEMENTED,
]);

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
    this.#dropUnwatched();
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
    const due = this.#dueGroup(now);
    const passed = this.#passThroughs.take(due !== undefined);
    if (passed !== undefined) {
      this.#pass(passed);
      return true;
    }
    if (due !== undefined) {
      this.#look(due, now);
      return true;
    }
    const idle = this.registry.groups.find((group) => isSweepable(group, now));
    if (idle !== undefined) this.#callPage(idle, now);
    return idle !== undefined;
  }

  /** The group whose next name is due first. */
  #dueGroup(now: number): Group | undefined {
    const until = this.#clock.time + ROUNDING;
    let first: Group | undefined;
    for (const group of this.registry.groups) {
      const due = group.queue.first?.due ?? Infinity;
      if (due > until || group.isBusy(now)) continue;
      if (first?.queue.first === undefined || due < first.queue.first.due) first = group;
    }
    return first;
  }

  #look(group: Group, now: number): void {
    const next = group.queue.first;
    const isForSweep = isSweepable(group, now) || group.isSweepCheaper(now, this.#clock.time);
    if (isForSweep) this.#callPage(group, now);
    else if (next !== undefined) this.#get(next);
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
          retryDelay(error, entry.failures),
          (each) => each.asked < number && (each.isGet || isTold),
          (each) => (each.isGet ? thrown : lookFailed(name, thrown, error)),
        );
      },
    });
    entry.call = call;
    call.begin();
  }

  #callPage(group: Group, now: number): void {
    const { sweep } = group;
    if (sweep === undefined) return;
    const list = this.#client.list?.bind(this.#client);
    if (list === undefined) return this.#denied(group, sweep, missingList(sweep));
    const number = this.registry.nextNumber();
    const run = group.run ?? new SweepRun(sweep, now, number);
    if (group.run === undefined) group.begin(run);
    const { request } = run;
    const call = new FleetCall<OperationsPage>(this, {
      method: 'list',
      name: sweep.parent,
      start: (options) => list(request, options),
      read: (answer) => decodePage(answer, sweep.parent),
      onAnswer: (page) => {
        run.call = undefined;
        this.#readPage(group, sweep, run, page, number);
      },
      onFailed: (_, error) => {
        run.call = undefined;
        this.#pageFailed(group, sweep, run, error);
      },
    });
    run.call = call;
    call.begin();
  }

  #readPage(
    group: Group,
    sweep: SweepSettings,
    run: SweepRun,
    page: OperationsPage,
    number: number,
  ): void {
    const end = run.turn(page);
    for (const operation of page.operations) {
      if (this.registry.shown(operation, number, run.number)) run.shown += 1;
    }
    // Those who were told may all have left.
    if (group.run !== run) return;
    const outcome = end ?? (run.pages >= group.entries.size ? 'too-long' : undefined);
    if (outcome !== undefined) this.#endSweep(group, sweep, run, outcome);
  }

  #pageFailed(group: Group, sweep: SweepSettings, run: SweepRun, error: StatusError): void {
    if (group.run !== run) return;
    if (run.pages === 0 && denials.has(error.code)) {
      group.run = undefined;
      return this.#denied(group, sweep, error);
    }
    run.failures += 1;
    if (isTransient(error) && run.failures < MOST_PAGE_FAILURES) {
      run.retryAt = this.settings.scheduler.now() + retryDelay(error, run.failures);
    } else {
      this.#endSweep(group, sweep, run, 'failed', error);
    }
  }

  #endSweep(
    group: Group,
    sweep: SweepSettings,
    run: SweepRun,
    outcome: FleetSweepEvent['outcome'],
    error?: StatusError,
  ): void {
    const { scheduler, onEvent } = this.settings;
    const { pages, shown } = run;
    const time = scheduler.now();
    const isWhole = outcome === 'complete' || outcome === 'circle';
    const isPaid = isWhole && shown >= pages;
    group.run = undefined;
    const missing = isWhole ? this.registry.missed(group, run.number, isPaid) : 0;
    const duration = time - run.begun;
    const { parent } = sweep;
    tell(onEvent, { type: 'sweep', parent, outcome, pages, shown, missing, duration, time });
    // What has gone from the list is news as well.
    if (isPaid || (isWhole && shown + missing >= pages)) group.sweepPaid(pages);
    else this.#fallBack(sweep, group.sweepFailed(time), error);
  }

  #denied(group: Group, sweep: SweepSettings, error: StatusError): void {
    this.#fallBack(sweep, group.giveUpSweeps(), error);
  }

  #fallBack({ parent }: SweepSettings, until: number, error: StatusError | undefined): void {
    const { scheduler, onEvent } = this.settings;
    const time = scheduler.now();
    const because = error === undefined ? {} : { error };
    tell(onEvent, { type: 'fallback', parent, ...because, until, time });
  }

  /** Ends the sweeps that nobody waits for any more. */
  #dropUnwatched(): void {
    for (const group of this.registry.groups) {
      const { run } = group;
      if (run === undefined || group.entries.size > 0) continue;
      group.run = undefined;
      run.call?.stop();
    }
  }
}

function isSweepable(group: Group, now: number): boolean {
  if (group.run !== undefined) return !group.isBusy(now);
  return group.sweepableAt <= now + ROUNDING;
}

function missingList({ parent }: SweepSettings): StatusError {
  const message = 'The client has no method `list`';
  const status = { code: Code.UNIMPLEMENTED, message, details: [] };
  return failureOf({ method: 'list', name: parent }, status, 1);
}

function retryDelay(error: StatusError, failures: number): number {
  const own = Math.min(FIRST_RETRY * 2 ** (failures - 1), LONGEST_RETRY);
  return Math.max(own, askedDelay(error));
}
