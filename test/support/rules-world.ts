import fc from 'fast-check';
import type { Method } from 'rx-lro';
import type { Failure } from '../../src/core/errors/failure.js';
import { resolveRetry } from '../../src/core/policy/retry.js';
import {
  newFacts,
  type Facts,
  type Happening,
  type Step,
  type Terms,
} from '../../src/core/wait/facts.js';
import { newHold as holdOf, type Hold } from '../../src/core/wait/hold.js';
import { endOf } from '../../src/core/wait/deadline.js';
import { decide } from '../../src/core/wait/rules.js';

const noAnswer = (): never => {
  throw new Error('The rules make no call.');
};

/** A Wait of which nothing is known yet. */
export const newHold = holdOf(
  { get: noAnswer, wait: noAnswer },
  { callTimeout: 60_000, holdTimeout: Infinity },
) as Hold;

/** The terms of a wait, without jitter. */
export function termsOf(terms: Partial<Terms> = {}): Terms {
  const retry = resolveRetry({ jitter: 'none' });
  return { timeout: Infinity, cancelTimeout: 30_000, retry, ...terms };
}

/** A failure of a call. */
export function failureOf(code: number, askedDelay?: number): Failure {
  return { kind: 'call-failed', status: { code, message: 'failed', details: [] }, askedDelay };
}

/** The rules with a clock that is set by hand. */
export class RulesWorld {
  facts: Facts;
  readonly terms: Terms;

  constructor(terms: Partial<Terms> = {}, hold?: Hold, hasNotifier = false) {
    this.facts = newFacts(0, hold && { ...hold }, hasNotifier);
    this.terms = termsOf(terms);
  }

  /** Tells the rules what happens, one after the other, all at one time. */
  tell(now: number, ...happenings: Happening[]): Step {
    let step: Step = { do: 'rest' };
    for (const happening of happenings) step = decide(this.facts, happening, this.terms, now, 0.5);
    return step;
  }

  /** The call that was asked for. */
  get method(): Method | undefined {
    return this.facts.call?.method;
  }

  get end(): ReturnType<typeof endOf> {
    return endOf(this.facts, this.terms);
  }
}

/** What a shell may tell after a step, each with the time that it takes. */
export function outcomesOf(step: Step, facts: Facts): fc.Arbitrary<Happening> {
  const seen = fc.record({ done: fc.boolean(), changed: fc.boolean() });
  switch (step.do) {
    case 'call': {
      const isRead = facts.call?.method === 'get' || facts.call?.method === 'wait';
      const answered = (isRead ? seen : fc.constant(undefined)).map((known): Happening => ({
        what: 'answered',
        seen: known && fixed(known, facts),
      }));
      const failed = fc
        .record({
          code: fc.constantFrom(1, 4, 5, 7, 8, 12, 13, 14),
          asked: fc.option(fc.integer({ max: 20_000, min: 0 }), { nil: undefined }),
          isFinal: fc.boolean(),
        })
        .map(({ code, asked, isFinal }): Happening => ({
          what: 'failed',
          failure: failureOf(code, asked),
          isFinal: isFinal && code === 12,
        }));
      return fc.oneof({ arbitrary: answered, weight: 3 }, { arbitrary: failed, weight: 2 });
    }
    case 'judge':
      return fc.boolean().map((again) => ({ what: 'judged', again }));
    case 'choose':
      return fc
        .double({ max: 100_000, min: 0, noNaN: true })
        .map((delay) => ({ what: 'chosen', delay }));
    case 'sleep':
      return fc.constant({ what: 'slept' });
    case 'show':
      return fc.constant({ what: 'shown' });
    case 'fail':
    case 'rest':
    default:
      return fc.constant({ what: 'cancelled' });
  }
}

/** The first snapshot is always new, and a done one too. */
function fixed(seen: { done: boolean; changed: boolean }, facts: Facts) {
  return { done: seen.done, changed: seen.changed || seen.done || !facts.isKnown };
}
