import type { OperationsClient } from '../core/client.js';
import { isStatusError, type StatusError } from '../core/errors/status-error.js';
import type { Operation } from '../core/operation.js';
import type { Settings } from '../core/settings.js';
import type { End } from '../core/wait/facts.js';
import { Knowledge } from '../core/wait/knowledge.js';
import { endOf } from '../core/wait/rules.js';
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

class Step implements Watcher {
  closed = false;
  readonly #start: StepStart;
  /** The settings, as far as they still bound the wait. */
  readonly #terms: Settings;
  readonly #known: Knowledge;
  readonly #resolve: (step: PollStep) => void;
  readonly #reject: (error: unknown) => void;
  /** How the wait ends if the operation is not done now: the step came too late. */
  #lateEnd: End | undefined;
  #hasAsked = false;
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
    const { state, settings, latest } = this.#start;
    const { facts } = this.#known;
    const end = endOf(facts, this.#terms);
    const late = settings.scheduler.now() - end.at;
    // In time for the end, until which `poll` would have slept.
    if (late >= -ROUNDING && late < 1) return this.#endBy(end);
    if (late >= 1) this.#lateEnd = end;
    const isToCancel = state.cancel !== undefined && facts.cancel === undefined;
    const wait = this.#newWait();
    this.#hasAsked = facts.call?.method !== 'cancel';
    if (state.facts !== undefined || state.isFresh !== true) return wait.resume(isToCancel);
    this.#hasAsked = false;
    // Not known until the wait has begun: a cancel comes after the first snapshot.
    facts.name = '';
    if (isToCancel) wait.cancel();
    wait.begin(latest ?? { snapshot: { name: state.name, done: false }, pollAfter: undefined });
  }

  next(value: unknown): void {
    this.#told = value as Operation;
  }

  error(error: unknown): void {
    this.closed = true;
    const isGivenUp = this.#start.settings.signal?.aborted === true;
    // What code of users throws may be a fault of a release: it must not end what has been waited for long.
    if (isGivenUp || !isStatusError(error)) this.#reject(error);
    else this.#end({ error });
  }

  complete(): void {
    this.closed = true;
    this.#end({ operation: this.#told as Operation });
  }

  pause(delay: number): void {
    const { facts } = this.#known;
    if (this.#lateEnd === undefined) {
      const rest = endOf(facts, this.#terms).at - this.#start.settings.scheduler.now();
      const next = { state: this.#nextState(), delay: Math.max(0, Math.min(delay, rest)) };
      return this.#resolve({ ...next, ...this.#emission });
    }
    if (this.#hasAsked) return this.#endBy(this.#lateEnd);
    this.#hasAsked = true;
    facts.call = undefined;
    this.#newWait().resume(false);
  }

  #newWait(): Wait {
    const { client } = this.#start;
    const isLate = this.#lateEnd !== undefined;
    const late = { ...this.#terms, timeout: Infinity, cancelTimeout: Infinity };
    return new Wait(client, isLate ? late : this.#terms, this, this.#known);
  }

  #termsNow(): Settings {
    const { settings, state } = this.#start;
    const { begun, cancel } = this.#known.facts;
    const cancelAt = cancel?.at ?? (state.cancel && settings.scheduler.now());
    // Who is told of the cancel only after `timeout` still has `cancelTimeout` to see it through.
    const isOver = cancelAt !== undefined && cancelAt >= begun + settings.timeout;
    return isOver ? { ...settings, timeout: Infinity } : settings;
  }

  #nextState(): WaitState {
    const { facts, error, cancelError } = this.#known;
    const { facts: _, shown: __, ...kept } = this.#start.state;
    const shown = this.#shown;
    const stored = storeFacts(facts, { error, cancelError });
    return { ...kept, facts: stored, ...(shown === undefined ? {} : { shown }) };
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

  #endBy({ why }: End): void {
    const error = this.#known.errorOf(why, this.#start.settings) as StatusError;
    this.#end({ error });
  }

  #end(verdict: Verdict): void {
    this.#resolve({ verdict, ...this.#emission });
  }
}
