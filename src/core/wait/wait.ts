import { EMPTY, Subscription, type ObservableInput } from 'rxjs';
import { convertOperation } from '../answer/convert.js';
import { Call, type Caller } from '../call/call.js';
import { failureOf, missingMethod } from '../call/failure.js';
import type { CallOptions, Method, OperationsClient } from '../client.js';
import type { StatusError } from '../errors/status-error.js';
import { tellNow, type OperationEvent, type Untimed } from '../events.js';
import {
  abortReason,
  addAbortListener,
  removeAbortListener,
  type AbortListener,
} from '../platform/abort-signal.js';
import { leave } from '../platform/observable.js';
import { Timer } from '../platform/timer.js';
import type { Settings } from '../settings.js';
import { endOf } from './deadline.js';
import { EndTimer } from './end-timer.js';
import type { End, Happening, Step } from './facts.js';
import { Guard, type GuardOwner } from './guard.js';
import { shareMissingWait } from './hold.js';
import { decide } from './rules.js';
import { newKnowledge, type Knowledge, type Reader } from './knowledge.js';
import { listenTo, type NotifierListener } from './notifier.js';
import type { CheckedSource } from './source.js';
import { awaitStart, leaveStart } from './start-call.js';
import type { Watcher } from './watcher.js';

/**
 * The shell of the rules in a process: it does what they say, and tells them what came of it. All effects
 * of a wait, or of one call with its retries, are here, and all code of users is run from here.
 *
 * Not RxJS operators: a loop of `defer`, `expand`, `switchMap`, `retry` and `timeout` took 122 us of CPU for
 * a call and 17,059 bytes for a wait; test/bench/RESULTS.md has what this takes.
 *
 * @internal
 */
export class Wait implements Caller, AbortListener, NotifierListener, GuardOwner<Happening> {
  readonly #client: OperationsClient;
  readonly #settings: Settings;
  readonly #watcher: Watcher;
  readonly #known: Knowledge;
  readonly #guard: Guard<Happening> = new Guard(this);
  /** Of the delay, or of the call that is under way. */
  readonly #timer: Timer;
  #end: EndTimer | undefined;
  #notices: Subscription | undefined;
  /** When the turn began, in milliseconds: one reading of the clock for all that follows at once. */
  #now: number;

  /** @param known - What is known already, where the wait began before. */
  constructor(client: OperationsClient, settings: Settings, watcher: Watcher, known?: Knowledge) {
    this.#client = client;
    this.#settings = settings;
    this.#watcher = watcher;
    this.#timer = new Timer(settings.scheduler);
    this.#now = settings.scheduler.now();
    this.#known = known ?? newKnowledge(client, settings, this.#now);
  }

  /** Waits for an operation. */
  begin(source: CheckedSource): void {
    if ('startCall' in source) {
      if (!this.#bind()) return leaveStart(source.startCall);
      const call = awaitStart(
        source.startCall,
        (started) => this.#guard.run(() => this.#known.started(started, true)),
        (thrown) => this.fail(failureOf({ method: 'start', name: '' }, thrown, 1)),
      );
      this.#guard.start(call, () => call.begin());
    } else if ('snapshot' in source && source.snapshot.done) {
      if (!this.#watcher.closed) this.#guard.run(() => this.#known.started(source, false));
      // A decoder may take its time to read the result.
      this.#bind();
    } else if (this.#bind()) {
      this.#guard.run(() => this.#known.started(source, 'snapshot' in source));
    }
  }

  /** Goes on with a wait that has paused: the delay is over, or the operation is to be cancelled. */
  resume(isToCancel: boolean): void {
    if (!this.#bind()) return;
    if (isToCancel) this.cancel();
    else this.onTime();
  }

  /** Makes one call, with its retries. */
  ask(method: Method, request: { readonly name: string }, read?: Reader): void {
    if (this.#bind()) this.#guard.run(() => this.#known.asked(method, request, read));
  }

  /** Ends all that is under way; nothing begins afterwards. */
  stop(): void {
    const { signal } = this.#settings;
    // First what may abort: a call that is ended may have its client abort the signal.
    if (signal !== undefined) removeAbortListener(signal, this);
    this.#end?.stop();
    if (this.#notices !== undefined) leave(this.#notices);
    this.#guard.begin(undefined);
  }

  /** Ends all that is under way, and the wait, with an error. */
  fail(error: unknown): undefined {
    // Before the watcher is told: by then nothing is left.
    this.stop();
    this.#watcher.error(error);
  }

  /** The signal was aborted. */
  onAbort(): void {
    const { signal, onAbort } = this.#settings;
    const reason = abortReason(signal);
    if (onAbort === 'detach') return this.fail(reason);
    if (this.#known.facts.cancel !== undefined) return;
    this.#known.reason = reason;
    this.cancel();
  }

  /** Has the operation cancelled, once its name is known. */
  cancel(): void {
    const { facts, reason } = this.#known;
    const { name, isDone } = facts;
    this.onRun();
    const step = this.#decide({ what: 'cancelled' });
    this.#startEnd();
    if (isDone || this.#watcher.closed) return;
    this.#interrupt(step, () => this.#tell(() => ({ type: 'cancel', name, reason })));
  }

  onNotice(): void {
    this.onRun();
    this.#interrupt(this.#decide({ what: 'notified' }));
  }

  onNotifierError(error: unknown): void {
    const { name } = this.#known.facts;
    this.#tell(() => ({ type: 'notifier-error', name, error }));
  }

  /** Makes the request. */
  start(options: CallOptions): ObservableInput<unknown> {
    const { method } = this.#known.call;
    const client = this.#client as Required<OperationsClient>;
    const answer = client[method](this.#known.request, options);
    return method === 'get' ? answer : (answer ?? EMPTY);
  }

  onAnswer(answer: unknown): void {
    this.#known.call.isOver = true;
    this.#guard.run(() => {
      const { turn } = this.#guard;
      const read = this.#known.read(answer);
      // A getter may have left or aborted.
      if (this.#guard.turn !== turn) return undefined;
      if ('thrown' in read) return this.#failed(read.thrown);
      const goesOn = this.#tell(() => this.#known.answerEvent(this.#now));
      return goesOn ? this.#known.answered(read) : undefined;
    });
  }

  onFailure(thrown: unknown): void {
    this.#known.call.isOver = true;
    this.#guard.run(() => this.#failed(thrown));
  }

  /** A delay is over. */
  onTime(): void {
    this.#guard.run(() => ({ what: 'slept' }));
  }

  onRun(): void {
    this.#now = this.#settings.scheduler.now();
  }

  onOutcome(happening: Happening): Happening | undefined {
    return this.#watcher.closed ? undefined : this.#do(this.#decide(happening));
  }

  #decide(happening: Happening): Step {
    shareMissingWait(this.#client, this.#known.facts.hold);
    return decide(this.#known.facts, happening, this.#settings, this.#now, Math.random());
  }

  /** @returns What has happened; undefined when that is yet to come. */
  #do(step: Step): Happening | undefined {
    switch (step.do) {
      case 'call':
        return this.#call();
      case 'judge':
        return this.#judge();
      case 'choose':
        return this.#known.chosen(this.#settings.backoff, this.#now);
      case 'sleep':
        return this.#sleep(step);
      case 'show':
        return this.#show();
      case 'fail':
        return this.fail(this.#known.errorOf(step.why, this.#settings));
      case 'rest':
      default:
        return this.#pause(Infinity);
    }
  }

  #call(): Happening | undefined {
    if (this.#client[this.#known.call.method] == null) {
      return this.#known.failed(missingMethod(this.#known.subject), true);
    }
    if (!this.#tell(() => this.#known.callEvent())) return undefined;
    const call = new Call(this, this.#timer, this.#settings.callTimeout);
    this.#guard.start(call, () => call.begin());
    return undefined;
  }

  #failed(thrown: unknown): Happening | undefined {
    const { turn } = this.#guard;
    const error = failureOf(this.#known.subject, thrown, this.#known.call.tries);
    if (this.#guard.turn !== turn) return undefined;
    const goesOn = this.#tell(() => this.#known.failureEvent(this.#now, error));
    return goesOn ? this.#known.failed(error) : undefined;
  }

  #judge(): Happening | undefined {
    const { error, call } = this.#known;
    const { retry } = this.#settings.retry;
    return this.#guard.take(
      () => retry?.(error as StatusError, call.tries),
      (again) => ({ what: 'judged', again: Boolean(again) }),
    );
  }

  #sleep(step: Extract<Step, { do: 'sleep' }>): undefined {
    if (step.before !== undefined && !this.#tell(() => this.#known.delayEvent(step))) return;
    this.#pause(step.delay);
  }

  /** Lets time pass, or leaves that to the watcher. */
  #pause(delay: number): undefined {
    if (this.#watcher.pause !== undefined) {
      this.stop();
      this.#watcher.pause(delay);
    } else if (delay !== Infinity) {
      this.#guard.start(this.#timer, () => this.#timer.start(delay, this));
    }
  }

  #show(): Happening | undefined {
    const known = this.#known;
    const { latest: operation, value } = known;
    const { name, isOnce } = known.facts;
    if (operation === undefined) return this.#emit(value, true);
    if (operation.done && !isOnce && !this.#tell(() => known.doneEvent(operation, this.#now))) {
      return undefined;
    }
    const { turn } = this.#guard;
    const onMismatch = (error: unknown): unknown =>
      this.#guard.turn === turn &&
      this.#tell(() => ({ type: 'metadata-mismatch', name, operation, error }));
    return this.#guard.take(
      () => convertOperation(operation, this.#settings, onMismatch),
      (converted) => {
        known.shown = operation;
        return this.#emit(converted, operation.done || isOnce);
      },
    );
  }

  #emit(value: unknown, isLast: boolean): Happening | undefined {
    // By the time the watcher learns the result, nothing is left.
    if (isLast) this.stop();
    const { turn } = this.#guard;
    this.#watcher.next(value);
    if (this.#watcher.closed || this.#guard.turn !== turn) return undefined;
    if (!isLast) return { what: 'shown' };
    this.#watcher.complete();
    return undefined;
  }

  /** @returns Whether the listener has neither left nor aborted. */
  #tell(event: () => Untimed<OperationEvent>): boolean {
    const { scheduler, onEvent } = this.#settings;
    if (onEvent === undefined) return true;
    const { turn } = this.#guard;
    tellNow(scheduler, onEvent, event());
    return this.#guard.turn === turn;
  }

  /** Does something in place of what is under way, if there is anything to do. */
  #interrupt(step: Step, tell = (): boolean => true): void {
    // What is under way ends before anybody is told, so that its answer cannot come in between.
    if (step.do !== 'rest' && !this.#guard.begin(undefined)) return;
    if (tell() && step.do !== 'rest') this.#guard.run(() => this.#do(step));
  }

  /** Begins to listen and to count the time. @returns Whether there is anything left to wait for. */
  #bind(): boolean {
    const { signal, notifier } = this.#settings;
    // `forkJoin` and others subscribe to all they were given, even when one of them has failed already.
    if (this.#watcher.closed) return false;
    // Within the guard: a signal or a scheduler of users may throw.
    this.#guard.attempt(() => signal && addAbortListener(signal, this));
    if (!this.#watcher.closed) this.#startEnd();
    // A scheduler that knows no time may have ended it by now.
    if (signal?.aborted === true && !this.#watcher.closed) this.onAbort();
    if (notifier !== undefined && !this.#watcher.closed && !this.#known.facts.isDone) {
      const notices = new Subscription();
      this.#notices = notices;
      listenTo(notifier, this, notices);
    }
    return !this.#watcher.closed;
  }

  #startEnd(): void {
    const end = (): End => endOf(this.#known.facts, this.#settings);
    if (end().at === Infinity) return;
    this.#end ??= new EndTimer(this.#settings.scheduler, end, (why) =>
      this.fail(this.#known.errorOf(why, this.#settings)),
    );
    this.#guard.attempt(() => this.#end?.start());
  }
}
