import { Subscription, type Subscriber } from 'rxjs';
import { abortReason, onAbort } from '../abort/signal.js';
import type { OperationsClient } from '../client/client.js';
import { callWithRetry } from '../client/retrying-call.js';
import { isPromiseLike } from '../decoder/decoder.js';
import { CancelNotConfirmedError } from '../errors/cancel-not-confirmed-error.js';
import { isStatusError, type StatusError } from '../errors/status-error.js';
import { WaitTimeoutError } from '../errors/wait-timeout-error.js';
import { mismatchTeller, tell } from '../events/events.js';
import { convertOperation } from '../operation/convert.js';
import { decodeOperation } from '../operation/decode.js';
import type { Operation } from '../operation/operation.js';
import { runAfter } from '../time/clock.js';
import { isEqual } from '../values/equal.js';
import { fitBeforeDeadline } from './deadline.js';
import type { PollSettings } from './options.js';
import type { CheckedSource, KnownSource, StartCall } from './source.js';
import { awaitStart } from './start-call.js';

// How long a server may take to know what it has just started, in milliseconds. A snapshot may also be
// an old one that was resumed from, and of that the caller is to be told before long.
const UNSEEN_GRACE = 30_000;

/**
 * One subscription to one operation: the loop. At every moment there is one thing under way, the task:
 * a call with its retries, or a delay. Beginning the next one ends the one before.
 *
 * @internal
 */
export class Watch {
  readonly #client: OperationsClient;
  readonly #settings: PollSettings;
  readonly #subscriber: Subscriber<Operation>;
  /** What bounds the whole: the abort listener, and the timers of `timeout` and `cancelTimeout`. */
  readonly #bounds = new Subscription();
  readonly #begun: number;
  /** What a backoff remembers this wait by. */
  readonly #key: object = {};
  #task = new Subscription();
  #name = '';
  #latest: Operation | undefined;
  #shown: Operation | undefined;
  /** Until when the server may not know it yet, since the caller has just started it. */
  #unseenUntil = -Infinity;
  #attempt = 0;
  #delay = 0;
  #slowestCall = 0;
  #lastFailure: StatusError | undefined;
  #cancel: 'no' | 'wanted' | 'sent' | 'failed' = 'no';
  #cancelFailure: StatusError | undefined;
  /** Why it is to be cancelled: the signal's reason. */
  #reason: unknown;

  constructor(client: OperationsClient, settings: PollSettings, subscriber: Subscriber<Operation>) {
    this.#client = client;
    this.#settings = settings;
    this.#subscriber = subscriber;
    this.#begun = settings.scheduler.now();
  }

  start(source: CheckedSource): void {
    const { signal, scheduler, timeout } = this.#settings;
    if ('snapshot' in source && source.snapshot.done) return this.#observe(source.snapshot);
    runAfter(this.#bounds, scheduler, timeout, () => this.#timeOut());
    if (signal !== undefined) {
      this.#bounds.add(onAbort(signal, () => this.#abort(abortReason(signal))));
      if (signal.aborted) this.#abort(abortReason(signal));
    }
    if (this.#subscriber.closed) {
      // It was given up before it began: a start call that fails later is nobody's.
      if ('startCall' in source && isPromiseLike(source.startCall)) {
        source.startCall.then(undefined, () => undefined);
      }
      return;
    }
    if ('startCall' in source) return this.#awaitStart(source.startCall);
    if ('snapshot' in source) this.#justStarted();
    this.#proceed(source);
  }

  stop(): void {
    this.#task.unsubscribe();
    this.#bounds.unsubscribe();
  }

  #awaitStart(startCall: StartCall): void {
    const { scheduler } = this.#settings;
    const onStarted = (started: KnownSource): void => {
      this.#justStarted();
      this.#proceed(started);
    };
    awaitStart(this.#begin(), startCall, scheduler, onStarted, (error) => this.#fail(error));
  }

  #proceed(source: KnownSource): void {
    if ('snapshot' in source) return this.#observe(source.snapshot);
    this.#name = source.name;
    this.#carryOn();
  }

  #justStarted(): void {
    this.#unseenUntil = this.#settings.scheduler.now() + UNSEEN_GRACE;
  }

  #get(): void {
    const name = this.#name;
    callWithRetry(
      this.#begin(),
      {
        method: 'get',
        name,
        operation: this.#known(),
        mayBeUnseen: () => this.#settings.scheduler.now() < this.#unseenUntil,
        start: (options) => this.#client.get({ name }, options),
        read: (answer) => decodeOperation(answer, name),
        fit: (delay, floor) => this.#fit(delay, floor),
        onAnswer: (operation, duration) => {
          this.#answered(duration);
          this.#unseenUntil = -Infinity;
          this.#observe(operation);
        },
        onRetry: (error) => void (this.#lastFailure = error),
        onFailed: (error) => this.#callFailed(error),
      },
      this.#settings,
    );
  }

  #sendCancel(): void {
    const name = this.#name;
    const cancel = this.#client.cancel?.bind(this.#client);
    this.#cancel = 'sent';
    callWithRetry(
      this.#begin(),
      {
        method: 'cancel',
        name,
        operation: this.#known(),
        mayBeUnseen: () => this.#settings.scheduler.now() < this.#unseenUntil,
        start: cancel && ((options) => cancel({ name }, options)),
        read: () => undefined,
        fit: (delay, floor) => this.#fit(delay, floor),
        onAnswer: (_, duration) => {
          this.#answered(duration);
          this.#attempt = 0;
          this.#delay = 0;
          this.#wait();
        },
        onRetry: (error) => void (this.#lastFailure = error),
        onFailed: (error) => {
          if (!isStatusError(error)) return this.#fail(error);
          // It may have ended by now, or it may not know how to be cancelled: one look tells.
          this.#cancel = 'failed';
          this.#cancelFailure = error;
          this.#get();
        },
      },
      this.#settings,
    );
  }

  #answered(duration: number): void {
    this.#slowestCall = Math.max(this.#slowestCall, duration);
    this.#lastFailure = undefined;
  }

  #observe(operation: Operation): void {
    this.#latest = operation;
    if (this.#name === '') this.#name = operation.name;
    if (this.#shown !== undefined && isEqual(this.#shown, operation)) return this.#carryOn();
    // The caller's own code runs now, and may leave or abort: then this task is no longer the one.
    const task = this.#begin();
    const fail = (error: unknown): void => {
      if (!task.closed) this.#fail(error);
    };
    const show = (converted: Operation): void => {
      if (!task.closed) this.#show(operation, converted);
    };
    let converted: Operation | PromiseLike<Operation>;
    try {
      const onMismatch = mismatchTeller(this.#settings, this.#name, operation);
      converted = convertOperation(operation, this.#settings.decoders, onMismatch);
    } catch (error) {
      return fail(error);
    }
    if (isPromiseLike(converted)) converted.then(show, fail);
    else show(converted);
  }

  #show(operation: Operation, converted: Operation): void {
    // By the time the subscriber learns the verdict, nothing is left.
    if (operation.done) this.stop();
    const task = this.#task;
    this.#shown = operation;
    this.#subscriber.next(converted);
    // The subscriber may have left, or aborted the signal, while it was told.
    if (this.#subscriber.closed || this.#task !== task) return;
    if (operation.done) this.#subscriber.complete();
    else this.#carryOn();
  }

  #carryOn(): void {
    if (this.#cancel === 'wanted') this.#sendCancel();
    else if (this.#cancel === 'failed') this.#fail(this.#notConfirmed(this.#cancelFailure));
    else if (this.#latest === undefined) this.#get();
    else this.#wait();
  }

  #wait(): void {
    const { backoff, scheduler, onEvent } = this.#settings;
    const now = scheduler.now();
    const elapsed = now - this.#begun;
    this.#attempt += 1;
    const attempt = this.#attempt;
    // The caller's own code runs now, and may leave or abort: then this task is no longer the one.
    const task = this.#begin();
    try {
      const operation = this.#known();
      const wait = this.#key;
      this.#delay = backoff({ attempt, elapsed, delay: this.#delay, operation, wait });
    } catch (error) {
      if (!task.closed) this.#fail(error);
      return;
    }
    if (task.closed) return;
    const delay = this.#fit(this.#delay, 0);
    // Without time for another call there is nothing to wait for but the end.
    if (delay === Infinity) return;
    tell(onEvent, { type: 'delay', name: this.#name, attempt, delay, time: now });
    if (!task.closed) runAfter(task, scheduler, delay, () => this.#get());
  }

  #fit(delay: number, floor: number): number {
    const { scheduler, timeout } = this.#settings;
    if (timeout === Infinity) return delay;
    const rest = this.#begun + timeout - scheduler.now();
    return fitBeforeDeadline({ delay, floor, rest, timeout, slowestCall: this.#slowestCall });
  }

  #abort(reason: unknown): void {
    const { onAbort: mode, scheduler, cancelTimeout, onEvent } = this.#settings;
    if (mode === 'detach') return this.#fail(reason);
    // It has ended, and its verdict is on its way to the subscriber.
    if (this.#latest?.done === true || this.#cancel !== 'no') return;
    this.#cancel = 'wanted';
    this.#reason = reason;
    tell(onEvent, { type: 'cancel', name: this.#name, reason, time: scheduler.now() });
    if (this.#subscriber.closed) return;
    runAfter(this.#bounds, scheduler, cancelTimeout, () => {
      // The verdict is there, and only the caller's own code has yet to read it.
      if (this.#latest?.done !== true) this.#fail(this.#notConfirmed());
    });
    if (this.#name !== '') this.#sendCancel();
  }

  #callFailed(error: unknown): void {
    if (this.#cancel === 'no' || !isStatusError(error)) this.#fail(error);
    else this.#fail(this.#notConfirmed(this.#cancelFailure ?? error));
  }

  #timeOut(): void {
    const { timeout } = this.#settings;
    const cancelRequested = this.#cancel !== 'no';
    const cause = cancelRequested ? this.#reason : this.#lastFailure;
    const operation = this.#knownIfAny();
    this.#fail(new WaitTimeoutError({ timeout, operation, cancelRequested, cause }));
  }

  #notConfirmed(
    failure: StatusError | undefined = this.#cancelFailure ?? this.#lastFailure,
  ): CancelNotConfirmedError {
    const { cancelTimeout } = this.#settings;
    const operation = this.#knownIfAny();
    const cause = this.#reason;
    return new CancelNotConfirmedError({ cancelTimeout, operation, failure, cause });
  }

  /** What there is to resume from: a name is enough. */
  #known(): Operation {
    return this.#latest ?? { name: this.#name, done: false };
  }

  #knownIfAny(): Operation | undefined {
    return this.#name === '' ? this.#latest : this.#known();
  }

  #begin(): Subscription {
    this.#task.unsubscribe();
    this.#task = new Subscription();
    return this.#task;
  }

  #fail(error: unknown): void {
    // Before the subscriber is told: by then nothing is left.
    this.stop();
    this.#subscriber.error(error);
  }
}
