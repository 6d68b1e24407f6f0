import type { Method } from '../client.js';
import type { Failure } from '../errors/failure.js';
import { exponentialDelay } from '../policy/exponential-delay.js';
import { isTransient, retryDelay } from '../policy/retry.js';
import { Code } from '../status/code.js';
import { deadlineOf, endOf, fitBeforeDeadline, timeBeforeDeadline } from './deadline.js';
import type { Facts, Happening, PendingCall, Seen, Step, Terms } from './facts.js';
import { noticeGap } from './notices.js';
import { beginHold, endHold, failHold, type Hold } from './hold.js';

// How long a server may take to know what it has just started, in milliseconds. A snapshot may also be an
// old one that is resumed from, and then the caller has to be told before long.
const UNSEEN_GRACE = 30_000;

// How long a host that was never reached may have no address, in milliseconds: its name may be wrong.
const UNRESOLVED_GRACE = 30_000;

/** The moment of a decision. */
interface Moment {
  readonly facts: Facts;
  readonly terms: Terms;
  readonly now: number;
  readonly random: number;
}

/**
 * Takes note of what happened, and decides what comes next.
 *
 * @param now - The time, in milliseconds of the shell's clock.
 * @param random - A random number, from 0 to below 1, for jitter.
 * @internal
 */
export function decide(
  facts: Facts,
  happening: Happening,
  terms: Terms,
  now: number,
  random: number,
): Step {
  const moment = { facts, terms, now, random };
  switch (happening.what) {
    case 'asked':
      facts.name = happening.name;
      facts.isOnce = true;
      return ask(moment, happening.method);
    case 'started':
      facts.name = happening.name;
      facts.isFresh = happening.isFresh;
      if (happening.isFresh) facts.unseenUntil = now + UNSEEN_GRACE;
      return afterSnapshot(moment, happening.seen);
    case 'answered':
      return afterAnswer(moment, happening.seen);
    case 'failed':
      return afterFailure(moment, happening.failure, happening.isFinal === true);
    case 'judged':
      return happening.again ? tryAgain(moment) : giveUp(moment);
    case 'chosen':
      facts.delay = happening.delay;
      // What the server asks for counts from its answer on.
      return sleep(
        moment,
        Math.max(happening.delay - (facts.hold?.waited ?? 0), facts.pollAfter ?? 0),
      );
    case 'shown':
      return proceed(moment);
    case 'slept':
      return facts.call === undefined ? poll(moment) : makeCall(moment, facts.call);
    case 'notified':
      return afterNotice(moment);
    case 'cancelled':
    default:
      return afterAbort(moment);
  }
}

/** Nothing is under way: what comes next? */
function proceed(moment: Moment): Step {
  const { isKnown, cancel } = moment.facts;
  if (cancel?.stage === 'wanted') {
    cancel.stage = 'sent';
    return ask(moment, 'cancel');
  }
  if (cancel?.stage === 'failed') return { do: 'fail', why: 'not-confirmed' };
  return isKnown ? pause(moment) : ask(moment, 'get');
}

function afterAbort(moment: Moment): Step {
  const { facts, now } = moment;
  if (facts.cancel !== undefined) return { do: 'rest' };
  // There is nothing to cancel: only the caller's own code has yet to read the result.
  if (facts.isDone) {
    facts.cancel = { at: now, stage: 'sent' };
    return { do: 'rest' };
  }
  facts.cancel = { at: now, stage: 'wanted' };
  // It is sent once the name is known.
  return facts.name === '' ? { do: 'rest' } : proceed(moment);
}

function afterNotice(moment: Moment): Step {
  const { call, hold, notices } = moment.facts;
  if (notices === undefined) return { do: 'rest' };
  notices.isPending = true;
  const gap = noticeGap(notices, moment.now);
  if (fit(moment, gap, 0) === Infinity) {
    // Near the end what is under way goes on. Where nothing is, there may be time for one more call.
    const sleepsUntil = notices.sleepsUntil ?? 0;
    if (call !== undefined || sleepsUntil - moment.now <= gap) return { do: 'rest' };
    return gap === 0 ? poll(moment) : sleep(moment, gap);
  }
  if (call?.method === 'wait' && call.isOver !== true && hold !== undefined) {
    // It is given up for a Get. Afterwards the server may hold the next one.
    moment.facts.call = undefined;
    hold.wasHeld = true;
  } else {
    const rest = notices.sleepsUntil === undefined ? gap : notices.sleepsUntil - moment.now;
    // The call that is under way, or will be soon, tells what comes next. A timer that is late, as after the
    // sleep of a machine, may be so for long.
    if (rest >= 0 && rest <= gap) return { do: 'rest' };
  }
  return gap === 0 ? poll(moment) : sleep(moment, gap);
}

function afterAnswer(moment: Moment, seen: Seen | undefined): Step {
  const { facts, now } = moment;
  const { hold, slowestCall } = facts;
  const { method, triedAt } = facts.call as PendingCall;
  const duration = now - triedAt;
  facts.call = undefined;
  facts.isReached = true;
  if (facts.failure !== undefined) facts.failure = undefined;
  if (facts.isOnce) return { do: 'show' };
  // How long a server holds a call on purpose says nothing of how slow calls are.
  const own = method === 'wait' && hold ? endHold(hold, duration, slowestCall) : duration;
  facts.slowestCall = Math.max(slowestCall, own);
  facts.pollAfter = undefined;
  if (seen === undefined) {
    // It was cancelled, so it takes another course from now on: all that paces the calls begins anew.
    facts.attempt = 0;
    facts.delay = 0;
    if (hold !== undefined) hold.isNew = true;
    return pause(moment);
  }
  // Get knows the operation that Wait did not find, so it is the method that is missing.
  if (method === 'get' && hold?.isInDoubt === true) hold.isMissing = true;
  if (facts.unseenUntil !== undefined) facts.unseenUntil = undefined;
  if (!seen.done) facts.notDoneAt = triedAt;
  else if (method === 'wait' && hold?.wasHeld === true) facts.notDoneAt = now;
  return afterSnapshot(moment, seen);
}

function afterSnapshot(moment: Moment, seen: Seen | undefined): Step {
  const { facts, now } = moment;
  facts.pollAfter = seen?.pollAfter;
  if (seen?.changed !== true) return proceed(moment);
  facts.isKnown = true;
  facts.isDone = seen.done;
  // The server has confirmed it. Reading the result has as much time again.
  if (seen.done && facts.cancel !== undefined) facts.cancel.at = now;
  return { do: 'show' };
}

function afterFailure(moment: Moment, failure: Failure, isFinal: boolean): Step {
  const { facts, terms, now } = moment;
  facts.failure = failure;
  if (failure.network === undefined) facts.isReached = true;
  if (failure.network === 'unresolved') facts.unresolvedSince ??= now;
  const { numOfAttempts, retry } = terms.retry;
  if (isFinal || (facts.call as PendingCall).tries >= numOfAttempts) return giveUp(moment);
  const { kind, status } = failure;
  if (status.code === Code.NOT_FOUND && isUnseen(moment)) return tryAgain(moment);
  if (retry !== undefined) return { do: 'judge' };
  return isTransient({ kind, ...status }) && !isNowhere(moment) ? tryAgain(moment) : giveUp(moment);
}

function tryAgain(moment: Moment): Step {
  const { facts, terms, now, random } = moment;
  const call = facts.call as PendingCall;
  const failure = facts.failure as Failure;
  if (call.method === 'wait') {
    if (facts.hold && !isUnseen(moment)) failHold(facts.hold, failure, now - call.triedAt);
    // A server that fails to hold a call may still answer one that it need not hold.
    call.method = 'get';
  }
  const { delay: wanted, floor } = retryDelay(terms.retry, failure, call.tries, random);
  const delay = fit(moment, wanted, floor);
  if (delay === Infinity) return { do: 'rest' };
  const isLast = delay < wanted && endOf(facts, terms).why === 'not-confirmed';
  if (isLast && call.method === 'cancel' && facts.cancel !== undefined) {
    // The last call before the end tells how the operation has ended, if it has.
    facts.cancel.stage = 'failed';
    facts.cancel.failure = failure;
    facts.call = { method: 'get', tries: 0, triedAt: now };
  }
  return { do: 'sleep', delay, before: 'retry' };
}

function giveUp(moment: Moment): Step {
  const { facts, now } = moment;
  const { cancel, hold } = facts;
  const { method, triedAt } = facts.call as PendingCall;
  const failure = facts.failure as Failure;
  facts.call = undefined;
  if (method === 'cancel' && cancel !== undefined) {
    // It may have ended by now, or the service may not be able to cancel it: one more call tells.
    cancel.stage = 'failed';
    cancel.failure = failure;
    return ask(moment, 'get');
  }
  // What only Wait cannot do is no reason to end: Get decides.
  if (method === 'wait' && hold !== undefined) {
    return failHold(hold, failure, now - triedAt) ? ask(moment, 'get') : pause(moment);
  }
  return { do: 'fail', why: cancel === undefined ? 'call' : 'not-confirmed' };
}

function pause(moment: Moment): Step {
  const { facts } = moment;
  const hold = usableHold(facts);
  const gap = noticeGap(moment.facts.notices, moment.now);
  if (facts.notices?.isPending === true) return sleep(moment, gap);
  if (hold?.isNew === true && fit(moment, 0, 0) === 0) return poll(moment);
  // A server that holds calls is asked again as soon as it has answered one.
  if (hold?.wasHeld === true && facts.pollAfter === undefined) return sleep(moment, gap);
  facts.attempt += 1;
  return { do: 'choose' };
}

function sleep(moment: Moment, wanted: number): Step {
  const { facts, terms, now } = moment;
  const { notices } = facts;
  // A backoff may have had the notifier emit.
  const isPending = notices?.isPending === true;
  const gap = isPending ? noticeGap(notices, now) : Infinity;
  const endsAt = endOf(facts, terms).at;
  let delay = fit(moment, Math.max(Math.min(wanted, gap), 0), 0);
  // Near the end, a notice still leads to a call.
  if (delay === Infinity && now + gap < endsAt) delay = gap;
  const isLast = delay === Infinity;
  if (notices !== undefined) notices.sleepsUntil = isLast ? endsAt : now + delay;
  // Without time for another call, only the end is waited for.
  return isLast ? { do: 'rest' } : { do: 'sleep', delay, before: 'poll' };
}

function poll(moment: Moment): Step {
  const { facts } = moment;
  const isHeld = usableHold(facts) !== undefined && facts.notices?.isPending !== true;
  const mayHold = isHeld && timeLeft(moment) >= 1;
  return ask(moment, mayHold ? 'wait' : 'get');
}

function ask(moment: Moment, method: Method): Step {
  const { facts, terms, now, random } = moment;
  const call = { method, tries: 0, triedAt: now };
  facts.call = call;
  if (facts.notices !== undefined) facts.notices.sleepsUntil = undefined;
  if (!terms.retry.delayFirstAttempt) return makeCall(moment, call);
  const delay = fit(moment, exponentialDelay(terms.retry, 0, true, random), 0);
  // The call just before the end cannot be delayed.
  return delay === Infinity ? makeCall(moment, call) : { do: 'sleep', delay };
}

function makeCall(moment: Moment, call: PendingCall): Step {
  const { hold, notices } = moment.facts;
  if (notices !== undefined && call.method !== 'cancel') {
    notices.isPending = false;
    notices.askedAt = moment.now;
  }
  call.tries += 1;
  call.triedAt = moment.now;
  call.isOver = false;
  if (hold !== undefined) hold.waited = 0;
  if (call.method === 'wait' && hold !== undefined) beginHold(hold, timeLeft(moment));
  return { do: 'call' };
}

function isUnseen({ facts: { unseenUntil }, now }: Moment): boolean {
  return unseenUntil !== undefined && now < unseenUntil;
}

function isNowhere({ facts: { failure, isReached, unresolvedSince }, now }: Moment): boolean {
  if (isReached || failure?.network !== 'unresolved') return false;
  return now >= (unresolvedSince as number) + UNRESOLVED_GRACE;
}

function usableHold({ hold }: Facts): Hold | undefined {
  return hold?.isGivenUp === false ? hold : undefined;
}

/** How long until the last call has to be made, in milliseconds; below 1 when there is no time. */
function timeLeft({ facts, terms, now }: Moment): number {
  return timeBeforeDeadline(deadlineOf(facts, terms, now));
}

/** Shortens a delay, not below the floor; Infinity when there is no time for another call. */
function fit({ facts, terms, now }: Moment, delay: number, floor: number): number {
  return fitBeforeDeadline({ delay, floor, ...deadlineOf(facts, terms, now) });
}
