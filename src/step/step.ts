import type { OperationsClient } from '../core/client.js';
import { isStatusError, type StatusError } from '../core/errors/status-error.js';
import type { Operation } from '../core/operation.js';
import type { Settings } from '../core/settings.js';
import { deadlineOf, endOf, timeBeforeDeadline } from '../core/wait/deadline.js';
import type { End } from '../core/wait/facts.js';
import { Knowledge } from '../core/wait/knowledge.js';
import type { KnownSource } from '../core/wait/source.js';
import { Wait } from '../core/wait/wait.js';
import type { Watcher } from '../core/wait/watcher.js';
import { hashOf } from './hash.js';
import type { PollStep } from './poll-step.js';
import { storeFacts, type StoredWait } from './stored-facts.js';
import type { Verdict } from './verdict.js';
import type { WaitState } from './wait-state.js';

/** A snapshot, and when the server then wanted to be asked. @internal */
export type Snapshot = Extract<KnownSource, { readonly snapshot: Operation }>;

/** What a step begins with. @internal */
export interface StepStart {
  readonly client: OperationsClient;
  readonly settings: Settings;
  readonly state: WaitState;
  readonly stored: StoredWait;
  readonly latest: Snapshot | undefined;
}

/**
 * Runs a wait from where it was stored to its next delay, or to its end.
 *
 * @throws The reason of the signal, or what code of users threw.
 * @internal
 */
export function takeStep(start: StepStart): Promise<PollStep> {
  return new Promise((resolve, reject) => {
    new Step(start, resolve, reject).take();
  });
}

// What rounding leaves of a time in milliseconds since the epoch.
const ROUNDING = 0.01;

// How long a call may take in a step that comes too late, where nothing else bounds it. In milliseconds.
const LATE_CALL = 60_000;

class Step implements Watcher {
  closed = false;
  readonly #start: StepStart;
  /** The settings, as far as they still bound the wait. */
  readonly #terms: Settings;
  readonly #known: Knowledge;
  readonly #resolve: (step: PollStep) => void;
  readonly #reject: (error: unknown) => void;
  /** How the wait ends if the operation is not done now: the step came too late for the last call. */
  #lateEnd: End | undefined;
  #hasAsked = false;
  /** What a wait begins with that was given a snapshot, which is not known here. */
  readonly #bare: Operation;
  #told: Operation | undefined;

  constructor(
    start: StepStart,
    resolve: (step: PollStep) => void,
    reject: (error: unknown) => void,
  ) {
    const { settings, state, stored, latest } = start;
    this.#start = start;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#bare = { name: state.name, done: false };
    const known = new Knowledge(settings.scheduler, stored.facts, (operation) =>
      this.#isShown(operation),
    );
    known.latest = latest?.snapshot;
    known.reason = state.cancel?.reason;
    known.error = stored.error;
    known.cancelError = stored.cancelError;
    this.#known = known;
    this.#terms = this.#termsNow();
  }

  take(): void {
    const { state, latest, stored } = this.#start;
    const { facts } = this.#known;
    const isToCancel = state.cancel != null && facts.cancel === undefined;
    const end = endOf(facts, this.#terms);
    const rest = end.at - this.#now();
    // In time for the end, until which `poll` would have slept.
    if (stored.isResting && Math.abs(rest) < ROUNDING) return this.#endBy(end);
    if (!isToCancel && this.#isLate(rest)) this.#lateEnd = end;
    const wait = this.#newWait();
    if (state.facts !== undefined || state.isFresh !== true) {
      this.#hasAsked = facts.call?.method !== 'cancel';
      return wait.resume(isToCancel);
    }
    // Not known until the wait has begun: a cancel comes after the first snapshot.
    facts.name = '';
    if (isToCancel) wait.cancel();
    wait.begin(latest ?? { snapshot: this.#bare, pollAfter: undefined });
  }

  next(value: unknown): void {
    if (value !== this.#bare) this.#told = value as Operation;
  }

  error(error: unknown): void {
    this.closed = true;
    const isGivenUp = this.#start.settings.signal?.aborted === true;
    // What code of users throws may be a fault of a release: it must not end what has been waited for long.
    if (isGivenUp || !this.#isOwn(error)) return this.#reject(error);
    const lateEnd = error.kind === 'wait-timeout' ? this.#lateEnd : undefined;
    if (lateEnd === undefined) this.#end({ error });
    else this.#endBy(lateEnd);
  }

  complete(): void {
    this.closed = true;
    this.#end({ operation: this.#told as Operation });
  }

  pause(delay: number): void {
    const { facts } = this.#known;
    const { cancel, call, failure } = facts;
    if (this.#lateEnd === undefined) return this.#comeBack(delay, endOf(facts, this.#terms));
    // The rules have asked, where the cancel has failed for good.
    if (this.#hasAsked || cancel?.stage === 'failed') {
      return this.#comeBack(Infinity, this.#lateEnd);
    }
    if (cancel !== undefined && call?.method === 'cancel' && failure !== undefined) {
      cancel.failure = failure;
    }
    this.#hasAsked = true;
    facts.call = undefined;
    this.#newWait().resume(false);
  }

  #now(): number {
    return this.#start.settings.scheduler.now();
  }

  /** @param rest - How long until the end, in milliseconds. */
  #isLate(rest: number): boolean {
    const { facts } = this.#known;
    if (this.#start.stored.isResting) return rest < 0;
    return rest < ROUNDING || timeBeforeDeadline(deadlineOf(facts, this.#terms, this.#now())) <= -1;
  }

  #newWait(): Wait {
    const { client } = this.#start;
    if (this.#lateEnd === undefined) return new Wait(client, this.#terms, this, this.#known);
    const { callTimeout: given, retry } = this.#terms;
    const callTimeout = given === Infinity ? LATE_CALL : given;
    // The end has passed: another one keeps a call or a decoder that hangs from taking up the worker.
    const settings: Settings = {
      ...this.#terms,
      callTimeout,
      timeout: this.#now() - this.#known.facts.begun + 2 * callTimeout,
      cancelTimeout: Infinity,
      retry: { ...retry, delayFirstAttempt: false },
    };
    return new Wait(client, settings, this, this.#known);
  }

  #termsNow(): Settings {
    const { settings, state } = this.#start;
    const { begun, cancel } = this.#known.facts;
    const cancelAt = cancel?.at ?? (state.cancel == null ? undefined : this.#now());
    // A wait that hears of the cancel only after `timeout` still has `cancelTimeout` to see it through.
    const isOver = cancelAt !== undefined && cancelAt >= begun + settings.timeout;
    return isOver ? { ...settings, timeout: Infinity } : settings;
  }

  /** Tells the rules' own errors from those that code of users throws. */
  #isOwn(error: unknown): error is StatusError {
    if (!isStatusError(error) || error.kind === 'operation-failed') return false;
    return error.kind !== 'call-failed' || error === this.#known.error;
  }

  /** A hash of the snapshot that was told last. */
  get #shown(): string | undefined {
    const { shown } = this.#known;
    return shown === undefined ? this.#start.state.shown : hashOf(shown);
  }

  #isShown(operation: Operation): boolean {
    const shown = this.#shown;
    return shown !== undefined && hashOf(operation) === shown;
  }

  get #emission(): { readonly operation?: Operation } {
    return this.#told === undefined ? {} : { operation: this.#told };
  }

  /** @param delay - In milliseconds; Infinity where only the end is waited for. */
  #comeBack(delay: number, end: End): void {
    const rest = end.at - this.#now();
    if (this.#lateEnd !== undefined && rest < ROUNDING) return this.#endBy(end);
    const { facts, error, cancelError } = this.#known;
    const { facts: _, shown: __, ...kept } = this.#start.state;
    const stored = storeFacts({ facts, isResting: delay >= rest, error, cancelError });
    const state = { ...kept, facts: stored, shown: this.#shown };
    this.#resolve({
      // Nothing in it is `undefined`, which some stores make null of.
      state: JSON.parse(JSON.stringify(state)) as WaitState,
      delay: Math.max(0, Math.min(delay, rest)),
      ...this.#emission,
    });
  }

  #endBy({ why }: End): void {
    const error = this.#known.errorOf(why, this.#start.settings) as StatusError;
    this.#end({ error });
  }

  #end(verdict: Verdict): void {
    this.#resolve({ verdict, ...this.#emission });
  }
}
