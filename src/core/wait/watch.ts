import { EMPTY, type ObservableInput } from 'rxjs';
import { callTimeoutOf } from '../call/call-timeout.js';
import type { CallOptions, Method, OperationsClient } from '../client.js';
import { RetryingCall, type CallOwner } from '../call/retrying-call.js';
import { isStatusError, type StatusError } from '../errors/status-error.js';
import { tell } from '../events.js';
import { decodeOperation } from '../answer/decode.js';
import type { Operation } from '../operation.js';
import { callTimerOf, type CallTimer } from '../call/call-timer.js';
import { Timer, type TimerOwner } from '../platform/timer.js';
import type { Watcher } from './bounded-wait.js';
import type { Cancel } from './cancel.js';
import { Hold, holdTime } from './hold.js';
import type { PollSettings } from './settings.js';
import { ShowingWait } from './showing-wait.js';
import type { CheckedSource, KnownSource, StartCall } from './source.js';
import { awaitStart } from './start-call.js';

// How long a server may take to know what it has just started, in milliseconds. A snapshot may also be
// an old one that was resumed from, and of that the caller is to be told before long.
const UNSEEN_GRACE = 30_000;

/**
 * One subscription to one operation: the loop of calls and delays.
 *
 * @internal
 */
export class Watch extends ShowingWait implements CallOwner<Operation | undefined>, TimerOwner {
  readonly #client: OperationsClient;
  readonly #hold: Hold | undefined;
  /** Ends the delays. */
  #timer: Timer | undefined;
  #callTimer: CallTimer | undefined;
  /** Until when the server may not know it yet. */
  #unseenUntil: number | undefined;
  #attempt = 0;
  #delay = 0;
  /** What of the next delay is over, in milliseconds: a call of Wait took it. */
  #waited = 0;
  /** All of this wait that a backoff of the user gets into its hands. */
  #memory: Record<string, unknown> | undefined;

  constructor(client: OperationsClient, settings: PollSettings, watcher: Watcher) {
    super(settings, watcher);
    this.#client = client;
    const mayHold = client.wait != null && settings.holdTimeout > 0;
    this.#hold = mayHold ? new Hold(client) : undefined;
  }

  begin(source: CheckedSource): void {
    // `forkJoin` and others subscribe to all they were given, even when one of them has failed already.
    if (this.watcher.closed) return leaveStart(source);
    if ('snapshot' in source && source.snapshot.done) return this.observe(source.snapshot);
    this.bind();
    if (this.watcher.closed) return leaveStart(source);
    if ('startCall' in source) return this.#awaitStart(source.startCall);
    if ('snapshot' in source) this.#justStarted();
    this.#proceed(source);
  }

  /** Ends all that is under way; nothing begins afterwards. */
  override stop(): void {
    // First what may abort: a call that is ended may have its client abort the signal.
    this.unbind();
    this.beginTurn(undefined);
    this.#callTimer?.stop();
    this.#callTimer = undefined;
  }

  offers(method: Method): boolean {
    return this.#client[method] != null;
  }

  start(method: Method, options: CallOptions): ObservableInput<unknown> {
    const name = this.name;
    const client = this.#client;
    if (method === 'get') return client.get({ name }, options);
    if (method === 'cancel') return client.cancel?.({ name }, options) ?? EMPTY;
    const { holdTimeout } = this.settings;
    const limits = { callTimeout: this.#callTimeout, holdTimeout, rest: this.timeLeft() };
    const timeout = holdTime(limits);
    this.#hold?.begin(timeout, this.settings.scheduler.now());
    return client.wait?.({ name, timeout }, options) ?? EMPTY;
  }

  read(answer: unknown, method: Method): Operation | undefined {
    return method === 'cancel' ? undefined : decodeOperation(answer, this.name);
  }

  mayBeUnseen(): boolean {
    const until = this.#unseenUntil;
    return until !== undefined && this.settings.scheduler.now() < until;
  }

  onAnswer(operation: Operation | undefined, method: Method, begun: number, now: number): void {
    this.lastFailure = undefined;
    const duration = now - begun;
    // What a server holds on purpose tells nothing of how long the way takes.
    const own = method === 'wait' ? this.#hold?.end(duration, this.slowestCall) : duration;
    this.slowestCall = Math.max(this.slowestCall, own ?? duration);
    this.#waited = method === 'wait' ? duration : 0;
    if (operation === undefined) {
      this.#attempt = 0;
      this.#delay = 0;
      this.#hold?.restart();
      return this.#pause();
    }
    if (method === 'get') this.#hold?.answered();
    this.#unseenUntil = undefined;
    if (method === 'wait' && operation.done && this.#hold?.wasHeld === true) this.lookedAt = now;
    if (!operation.done) this.lookedAt = begun;
    this.observe(operation, now);
  }

  onRetry(error: StatusError, method: Method): void {
    this.lastFailure = error;
    const now = this.settings.scheduler.now();
    if (method === 'wait' && !this.mayBeUnseen()) this.#hold?.fail(error, now);
  }

  onFailed(error: unknown, method: Method): void {
    if (!isStatusError(error)) return this.fail(error);
    if (method === 'cancel' && this.cancel !== undefined) {
      // It may have ended by now, or it may not know how to be cancelled: one look tells.
      this.cancel.stage = 'failed';
      this.cancel.failure = error;
      return this.#get();
    }
    // What only Wait cannot do is no reason to end: Get tells the truth.
    const now = this.settings.scheduler.now();
    if (method === 'wait' && this.#hold !== undefined) {
      return this.#hold.fail(error, now) ? this.#get() : this.#pause();
    }
    this.fail(this.cancel?.notConfirmed(this.known, error) ?? error);
  }

  #awaitStart(startCall: StartCall): void {
    const onStarted = (started: KnownSource): void => {
      this.#justStarted();
      this.#proceed(started);
    };
    const onFailed = (error: StatusError): void => this.fail(error);
    const call = awaitStart(startCall, onStarted, onFailed);
    this.beginTurn(call);
    call.begin(this.settings.scheduler.now());
  }

  #proceed(source: KnownSource): void {
    if ('snapshot' in source) return this.observe(source.snapshot);
    this.name = source.name;
    this.carryOn();
  }

  #justStarted(): void {
    this.isStarted = true;
    this.#unseenUntil = this.settings.scheduler.now() + UNSEEN_GRACE;
  }

  #get(): void {
    this.#call('get');
  }

  /** Asks by Wait where that is of use, else by Get. */
  #look(): void {
    const hold = this.#hold;
    if (hold?.isOfUse !== true || this.timeLeft() < 1) return this.#get();
    // A server that fails to hold a call may still answer one that it need not hold.
    this.#call('wait', 'get');
  }

  protected override sendCancel(cancel: Cancel): void {
    cancel.stage = 'sent';
    this.#call('cancel');
  }

  get #callTimeout(): number {
    return callTimeoutOf(this.#client, this.settings.callTimeout);
  }

  #call(method: Method, next?: Method): void {
    const { scheduler } = this.settings;
    this.#callTimer ??= callTimerOf(scheduler, this.#callTimeout);
    const call = new RetryingCall(this, this.settings, this.#callTimer, method, next);
    const turn = this.beginTurn(call);
    // A client may have used the end of its last call to leave.
    if (this.turn === turn) call.begin();
  }

  protected override carryOn(now?: number): void {
    if (this.cancel?.stage === 'wanted') this.sendCancel(this.cancel);
    else if (this.cancel?.stage === 'failed') this.fail(this.notConfirmed(this.cancel));
    else if (this.latest === undefined) this.#get();
    else this.#pause(now);
  }

  /** A delay is over. */
  onTime(): void {
    this.#look();
  }

  /** Waits until it is time for the next look. */
  #pause(now: number = this.settings.scheduler.now()): void {
    const { backoff } = this.settings;
    const hold = this.#hold?.isOfUse === true ? this.#hold : undefined;
    if (hold?.isNew === true && this.fit(0, 0) === 0) return this.#look();
    // A server that holds calls is asked again as soon as it has answered one.
    if (hold?.wasHeld === true) return this.#sleep(0, now);
    const elapsed = now - this.begun;
    this.#attempt += 1;
    const attempt = this.#attempt;
    const operation = this.known;
    const memory = (this.#memory ??= {});
    // The caller's own code runs now, and may leave or abort: then this turn is no longer the one.
    const turn = this.beginTurn(undefined);
    try {
      this.#delay = backoff({ attempt, elapsed, delay: this.#delay, operation, memory });
    } catch (error) {
      if (this.turn === turn) this.fail(error);
      return;
    }
    if (this.turn !== turn) return;
    // The time for which a call of Wait was under way is time that was waited.
    const waited = this.#waited;
    this.#waited = 0;
    this.#sleep(Math.max(this.#delay - waited, 0), now);
  }

  #sleep(wanted: number, now: number): void {
    const { scheduler, onEvent } = this.settings;
    const delay = this.fit(wanted, 0);
    // Without time for another call there is nothing to wait for but the end.
    if (delay === Infinity) return;
    const turn = this.beginTurn(undefined);
    const attempt = Math.max(1, this.#attempt);
    tell(onEvent, { type: 'delay', name: this.name, attempt, delay, time: now });
    if (this.turn !== turn) return;
    this.#timer ??= new Timer(scheduler, this);
    this.beginTurn(this.#timer);
    this.#timer.start(delay);
  }
}

/** A wait was given up before it began: nobody takes the failure of its start call. */
function leaveStart(source: CheckedSource): void {
  // `then` of a promise that is not the platform's own may be what makes the call.
  if ('startCall' in source && source.startCall instanceof Promise) {
    source.startCall.catch(() => undefined);
  }
}
