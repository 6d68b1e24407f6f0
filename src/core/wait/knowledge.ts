import type { SchedulerLike } from 'rxjs';
import { checkWhole, decodeOperation, isErrorEnvelope } from '../answer/decode.js';
import { pollAfterIn, readPollAfter } from '../answer/poll-after.js';
import { isEqual } from '../values/equal.js';
import type { CallSubject } from '../call/failure.js';
import type { Method, OperationsClient } from '../client.js';
import { CancelNotConfirmedError } from '../errors/cancel-not-confirmed-error.js';
import { failureData } from '../errors/failure.js';
import type { StatusError } from '../errors/status-error.js';
import { WaitTimeoutError } from '../errors/wait-timeout-error.js';
import type { OperationEvent, Untimed } from '../events.js';
import type { Operation } from '../operation.js';
import { chooseDelay, type ResolvedBackoff } from '../policy/resolve-backoff.js';
import {
  newFacts,
  type End,
  type Facts,
  type Happening,
  type PendingCall,
  type Seen,
  type Step,
  type Terms,
} from './facts.js';
import { newHold } from './hold.js';
import type { Settings } from '../settings.js';
import type { KnownSource } from './source.js';

/** Reads what a call about a name has given. @internal */
export type Reader = (answer: unknown, name: string) => unknown;

/** What was read of an answer. @internal */
export interface Read {
  readonly value: unknown;
  /** As it came. */
  readonly pollAfter: unknown;
}

/**
 * What one wait knows: the facts for the rules, and beside them what is not plain data.
 *
 * @internal
 */
export class Knowledge {
  readonly facts: Facts;
  readonly #scheduler: SchedulerLike;
  /** The signal's reason. */
  reason: unknown;
  /** The latest snapshot that says something new, and the one that was shown last. */
  latest: Operation | undefined;
  shown: Operation | undefined;
  /** What a call that is made for its own sake has given, if not an operation. */
  value: unknown;
  /** The errors of `facts.failure` and `facts.cancel.failure`, with all that the client told. */
  error: StatusError | undefined;
  cancelError: StatusError | undefined;
  readonly #isShown: ((operation: Operation) => boolean) | undefined;
  #request: { readonly name: string } | undefined;
  #read: Reader | undefined;

  /** @param isShown - Tells whether a snapshot is the one that was shown last. Default: it is compared with `shown`. */
  constructor(scheduler: SchedulerLike, facts: Facts, isShown?: (operation: Operation) => boolean) {
    this.#scheduler = scheduler;
    this.facts = facts;
    this.#isShown = isShown;
  }

  /** The call that is under way, or is to be made. */
  get call(): PendingCall {
    return this.facts.call as PendingCall;
  }

  /** What that call is about, for its errors. */
  get subject(): CallSubject {
    return { method: this.call.method, name: this.facts.name, operation: this.known };
  }

  /** What there is to resume from: a name is enough. Undefined while not even that is known. */
  get known(): Operation | undefined {
    const { name, isOnce } = this.facts;
    return name === '' || isOnce ? this.latest : (this.latest ?? { name, done: false });
  }

  /** What that call asks. */
  get request(): { readonly name: string; readonly timeout?: number | undefined } {
    const { name, hold } = this.facts;
    const timeout = hold?.asked;
    return this.call.method === 'wait' ? { name, timeout } : (this.#request ?? { name });
  }

  /** Takes note of a call that is made for its own sake. */
  asked(method: Method, request: { readonly name: string }, read?: Reader): Happening {
    this.#request = request;
    this.#read = read;
    return { what: 'asked', name: request.name, method };
  }

  /** Takes note of what to wait for. */
  started(source: KnownSource, isFresh: boolean): Happening {
    if ('name' in source) return { what: 'started', name: source.name, isFresh };
    const { snapshot, pollAfter } = source;
    const seen = this.#see(snapshot, pollAfter);
    return { what: 'started', name: snapshot.name, isFresh, seen };
  }

  /**
   * Reads the answer of the call, which may be anything.
   *
   * @returns What it tells; or why the call has failed: the answer itself where it is the error of an HTTP
   * API, a ProtocolError where it makes no sense.
   */
  read(answer: unknown): Read | { readonly thrown: unknown } {
    if (isErrorEnvelope(answer)) return { thrown: answer };
    const { method } = this.call;
    const { name } = this.facts;
    try {
      const isOperation = method === 'get' || method === 'wait';
      if (isOperation) checkWhole(answer);
      const value = isOperation ? decodeOperation(answer, name) : this.#read?.(answer, name);
      return { value, pollAfter: isOperation ? pollAfterIn(answer) : undefined };
    } catch (thrown) {
      return { thrown };
    }
  }

  /** Takes note of what was read of an answer. */
  answered({ value, pollAfter }: Read): Happening {
    const { method } = this.call;
    if (method === 'get' || method === 'wait') {
      return { what: 'answered', seen: this.#see(value as Operation, pollAfter) };
    }
    this.value = value;
    return { what: 'answered' };
  }

  /** Takes note of the failure of the call. */
  failed(error: StatusError, isFinal = false): Happening {
    this.error = error;
    if (this.call.method === 'cancel') this.cancelError = error;
    return { what: 'failed', failure: failureData(error), isFinal };
  }

  /** Asks a backoff, and keeps what it remembers. */
  chosen(backoff: ResolvedBackoff, now: number): Happening {
    const { attempt, begun, delay: last, pollAfter, memory = {} } = this.facts;
    const operation = this.known as Operation;
    const context = { attempt, elapsed: now - begun, delay: last, operation, memory };
    const delay = chooseDelay(backoff, context, pollAfter);
    // Most have nothing to remember, and many waits may run.
    if (Object.keys(memory).length > 0) this.facts.memory = memory;
    return { what: 'chosen', delay };
  }

  /** What a listener is told before a call. */
  callEvent(): Untimed<OperationEvent> {
    const { method, tries: attempt } = this.call;
    return { type: 'call', method, name: this.facts.name, attempt };
  }

  /** What a listener is told of a call that was answered. */
  answerEvent(now: number): Untimed<OperationEvent> {
    const { method, tries: attempt, triedAt } = this.call;
    return { type: 'answer', method, name: this.facts.name, attempt, duration: now - triedAt };
  }

  /** What a listener is told of a call that failed. */
  failureEvent(now: number, error: StatusError): Untimed<OperationEvent> {
    const { method, tries: attempt, triedAt } = this.call;
    const duration = now - triedAt;
    return { type: 'failure', method, name: this.facts.name, attempt, duration, error };
  }

  /** What a listener is told before a delay. */
  delayEvent({ delay, before }: Extract<Step, { do: 'sleep' }>): Untimed<OperationEvent> {
    const { name, attempt } = this.facts;
    if (before === 'poll') return { type: 'delay', name, attempt: Math.max(1, attempt), delay };
    const { method, tries } = this.call;
    return { type: 'retry', method, name, attempt: tries + 1, delay };
  }

  /** What a listener is told of the end. */
  doneEvent(operation: Operation, now: number): Untimed<OperationEvent> {
    const { name, begun, isFresh: started, notDoneAt } = this.facts;
    // The clock of another machine may be ahead.
    const within = notDoneAt === undefined ? undefined : Math.max(0, now - notDoneAt);
    return { type: 'done', name, operation, elapsed: now - begun, within, started };
  }

  /** The error of a wait that ends before its operation does. */
  errorOf(why: End['why'] | 'call', { timeout, cancelTimeout }: Terms): StatusError | undefined {
    if (why === 'call') return this.error;
    const { known: operation, reason } = this;
    const { cancel, failure: lastFailure } = this.facts;
    const failure = cancel?.failure === undefined ? lastFailure && this.error : this.cancelError;
    if (why === 'not-confirmed') {
      return new CancelNotConfirmedError({ cancelTimeout, operation, failure, cause: reason });
    }
    const cancelRequested = cancel !== undefined;
    const cause = cancelRequested ? reason : failure;
    return new WaitTimeoutError({ timeout, operation, cancelRequested, cause });
  }

  #see(operation: Operation, pollAfter: unknown): Seen {
    const changed = !(this.#isShown?.(operation) ?? isEqual(this.shown, operation));
    if (changed || this.latest === undefined) this.latest = operation;
    const after = readPollAfter(pollAfter, this.#scheduler);
    return { done: operation.done, changed, pollAfter: after };
  }
}

/** What a wait that begins knows. @internal */
export function newKnowledge(client: OperationsClient, settings: Settings, now: number): Knowledge {
  const { notifier, scheduler } = settings;
  const facts = newFacts(now, newHold(client, settings), notifier !== undefined);
  return new Knowledge(scheduler, facts);
}
