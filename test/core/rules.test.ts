import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveRetry } from '../../src/core/policy/retry.js';
import type { Facts, Happening, Step, Terms } from '../../src/core/wait/facts.js';
import type { Hold } from '../../src/core/wait/hold.js';
import { decide } from '../../src/core/wait/rules.js';
import { RulesWorld, failureOf, newHold, outcomesOf, termsOf } from '../support/rules-world.js';

const name = 'operations/1';
const byName: Happening = { what: 'started', name, isFresh: false };
const running = { done: false, changed: true };
const started: Happening = { what: 'started', name, isFresh: true, seen: running };
const answered: Happening = { what: 'answered', seen: running };
const sameSeen = { done: false, changed: false };
const same: Happening = { what: 'answered', seen: sameSeen };
const done: Happening = { what: 'answered', seen: { done: true, changed: true } };
const taken: Happening = { what: 'answered' };
const shown: Happening = { what: 'shown' };
const slept: Happening = { what: 'slept' };
const cancelled: Happening = { what: 'cancelled' };
const notified: Happening = { what: 'notified' };
const chosen = (delay: number): Happening => ({ what: 'chosen', delay });
const failed = (code: number, asked?: number): Happening => ({
  what: 'failed',
  failure: failureOf(code, asked),
});
const networkFailed = (network: 'unresolved' | 'passing'): Happening => ({
  what: 'failed',
  failure: { ...failureOf(14), network },
});
const unresolved = networkFailed('unresolved');
const unreached = networkFailed('passing');
const judged = (again: boolean): Happening => ({ what: 'judged', again });

const call: Step = { do: 'call' };
const choose: Step = { do: 'choose' };
const rest: Step = { do: 'rest' };
const show: Step = { do: 'show' };
const poll = (delay: number): Step => ({ do: 'sleep', delay, before: 'poll' });
const retry = (delay: number): Step => ({ do: 'sleep', delay, before: 'retry' });
const fail = (why: 'call' | 'not-confirmed'): Step => ({ do: 'fail', why });

interface Row {
  readonly rule: string;
  readonly known: readonly (Happening | number)[];
  readonly happens: Happening;
  readonly step: Step;
  /** The method of the call that is due. */
  readonly method?: string;
  readonly terms?: Partial<Terms>;
  readonly hold?: Partial<Hold>;
  readonly notifier?: boolean;
}

/** Numbers in `known` set the clock. */
function decided({ known, happens, terms, hold, notifier }: Row): { step: Step; facts: Facts } {
  const world = new RulesWorld(terms, hold && { ...newHold, ...hold }, notifier);
  let now = 0;
  for (const each of known) {
    if (typeof each === 'number') now = each;
    else world.tell(now, each);
  }
  return { step: world.tell(now, happens), facts: world.facts };
}

const begin: readonly Row[] = [
  { rule: 'a name is asked about at once', known: [], happens: byName, step: call, method: 'get' },
  { rule: 'a snapshot is shown first', known: [], happens: started, step: show },
  { rule: 'then its next delay is chosen', known: [started], happens: shown, step: choose },
  {
    rule: 'a cancel that came before the name is sent once the name is known',
    known: [cancelled],
    happens: byName,
    step: call,
    method: 'cancel',
  },
  { rule: 'a cancel waits for the name', known: [], happens: cancelled, step: rest },
  {
    rule: 'a cancel waits until a snapshot was shown',
    known: [cancelled, started],
    happens: shown,
    step: call,
    method: 'cancel',
  },
  {
    rule: 'the first try waits where it is to',
    known: [],
    happens: byName,
    step: { do: 'sleep', delay: 500 },
    terms: { retry: resolveRetry({ delayFirstAttempt: true, jitter: 'none' }) },
  },
];

const answers: readonly Row[] = [
  { rule: 'what is new is shown', known: [byName], happens: answered, step: show },
  {
    rule: 'what is not new is not shown',
    known: [byName, answered, shown, chosen(5), slept],
    happens: same,
    step: choose,
  },
  {
    rule: 'a delay follows the choice',
    known: [byName, answered, shown],
    happens: chosen(70),
    step: poll(70),
  },
  {
    rule: 'a call follows the delay',
    known: [byName, answered, shown, chosen(70)],
    happens: slept,
    step: call,
    method: 'get',
  },
  { rule: 'the end is shown', known: [byName], happens: done, step: show },
  {
    rule: 'the last delay is cut short for one last call',
    known: [byName, answered, shown],
    happens: chosen(5_000),
    step: poll(900),
    terms: { timeout: 1_000 },
  },
  {
    rule: 'without time for another call only the end is waited for',
    known: [byName, answered, 950, shown],
    happens: chosen(5_000),
    step: rest,
    terms: { timeout: 1_000 },
  },
];

const failures: readonly Row[] = [
  {
    rule: 'what passes by itself is tried again',
    known: [byName],
    happens: failed(14),
    step: retry(500),
  },
  {
    rule: 'after twice as long each time',
    known: [byName, failed(14), slept],
    happens: failed(14),
    step: retry(1_000),
  },
  {
    rule: 'an answer starts the count anew',
    known: [byName, failed(14), slept, answered, shown, chosen(1), slept],
    happens: failed(14),
    step: retry(500),
  },
  {
    rule: 'never before the time that the server asks for',
    known: [byName],
    happens: failed(14, 7_000),
    step: retry(7_000),
  },
  {
    rule: 'what the server asks for is not cut short',
    known: [byName],
    happens: failed(14, 7_000),
    step: rest,
    terms: { timeout: 5_000 },
  },
  {
    rule: 'what does not pass ends the wait',
    known: [byName],
    happens: failed(7),
    step: fail('call'),
  },
  {
    rule: 'so does the last try',
    known: [byName],
    happens: failed(14),
    step: fail('call'),
    terms: { retry: resolveRetry({ numOfAttempts: 1 }) },
  },
  {
    rule: 'so does a failure that no other try can change',
    known: [byName],
    happens: { ...failed(14), isFinal: true } as Happening,
    step: fail('call'),
  },
  {
    rule: 'a `retry` of the user is asked',
    known: [byName],
    happens: failed(7),
    step: { do: 'judge' },
    terms: { retry: resolveRetry({ jitter: 'none', retry: () => true }) },
  },
  {
    rule: 'its yes is another try',
    known: [byName, failed(7)],
    happens: judged(true),
    step: retry(500),
    terms: { retry: resolveRetry({ jitter: 'none', retry: () => true }) },
  },
  {
    rule: 'its no is the end',
    known: [byName, failed(14)],
    happens: judged(false),
    step: fail('call'),
    terms: { retry: resolveRetry({ jitter: 'none', retry: () => true }) },
  },
  {
    rule: 'NOT_FOUND of what was just started is tried again',
    known: [started, shown, chosen(1), slept],
    happens: failed(5),
    step: retry(500),
  },
  {
    rule: 'but not once it was seen',
    known: [started, shown, chosen(1), slept, same, chosen(1), slept],
    happens: failed(5),
    step: fail('call'),
  },
  {
    rule: 'nor after 30 s',
    known: [started, shown, chosen(1), slept, 30_000],
    happens: failed(5),
    step: fail('call'),
  },
  { rule: 'nor of a bare name', known: [byName], happens: failed(5), step: fail('call') },
  {
    rule: 'a host that has no address is asked for again for 30 s',
    known: [byName, unresolved, 500, slept, 29_999],
    happens: unresolved,
    step: retry(1_000),
  },
  {
    rule: 'and no longer, if it was never reached',
    known: [byName, unresolved, 500, slept, 30_000],
    happens: unresolved,
    step: fail('call'),
  },
  {
    rule: 'counted from the first such failure',
    known: [byName, 20_000, unresolved, 21_000, slept, 30_000],
    happens: unresolved,
    step: retry(1_000),
  },
  {
    rule: 'though it was not resolved, another failure of the network is survived',
    known: [byName, unresolved, 500, slept, 30_000],
    happens: unreached,
    step: retry(1_000),
  },
  {
    rule: 'a host that has answered may be without an address for longer',
    known: [byName, answered, shown, chosen(10), slept, unresolved, 500, slept, 30_000],
    happens: unresolved,
    step: retry(1_000),
  },
  {
    rule: 'also one that has answered by an error',
    known: [byName, unresolved, 500, slept, failed(14), slept, 30_000],
    happens: unresolved,
    step: retry(2_000),
  },
  {
    rule: 'but not one that another failure of the network has kept from answering',
    known: [byName, unresolved, 500, slept, unreached, slept, 30_000],
    happens: unresolved,
    step: fail('call'),
  },
];

const cancels: readonly Row[] = [
  {
    rule: 'a cancel is sent at once',
    known: [byName],
    happens: cancelled,
    step: call,
    method: 'cancel',
  },
  {
    rule: 'also in a delay',
    known: [byName, answered, shown, chosen(9)],
    happens: cancelled,
    step: call,
    method: 'cancel',
  },
  { rule: 'once', known: [byName, cancelled], happens: cancelled, step: rest },
  {
    rule: 'then polling goes on',
    known: [byName, answered, shown, cancelled],
    happens: taken,
    step: choose,
  },
  {
    rule: 'a cancel that fails for good is followed by one get',
    known: [byName, cancelled],
    happens: failed(12),
    step: call,
    method: 'get',
  },
  {
    rule: 'whose end is the verdict',
    known: [byName, cancelled, failed(12)],
    happens: done,
    step: show,
  },
  {
    rule: 'and which ends the wait where it is not the end',
    known: [byName, answered, shown, cancelled, failed(12)],
    happens: same,
    step: fail('not-confirmed'),
  },
  {
    rule: 'also after it was shown',
    known: [byName, cancelled, failed(12), answered],
    happens: shown,
    step: fail('not-confirmed'),
  },
  {
    rule: 'a get that fails after a cancel ends the wait as not confirmed',
    known: [byName, answered, shown, cancelled, taken, chosen(1), slept],
    happens: failed(7),
    step: fail('not-confirmed'),
  },
  {
    rule: 'nothing is cancelled that is done',
    known: [byName, done],
    happens: cancelled,
    step: rest,
  },
];

const holds: readonly Row[] = [
  {
    rule: 'a name is asked about by Get first',
    known: [],
    happens: byName,
    step: call,
    method: 'get',
    hold: {},
  },
  {
    rule: 'then by Wait, without a delay',
    known: [byName, answered],
    happens: shown,
    step: call,
    method: 'wait',
    hold: {},
  },
  {
    rule: 'a Wait that was held is followed by the next',
    known: [started, shown, 50_000, same],
    happens: slept,
    step: call,
    method: 'wait',
    hold: {},
  },
  {
    rule: 'one that was not held counts as a part of the delay',
    known: [started, shown, 400, same],
    happens: chosen(1_000),
    step: poll(600),
    hold: {},
  },
  {
    rule: 'a Wait that fails in passing is followed by a Get',
    known: [started, shown, 40_000, failed(14)],
    happens: slept,
    step: call,
    method: 'get',
    hold: {},
  },
  {
    rule: 'a Wait that fails for good as well',
    known: [started, shown],
    happens: failed(7),
    step: call,
    method: 'get',
    hold: {},
  },
  {
    rule: 'a service without Wait is polled',
    known: [started, shown],
    happens: failed(12),
    step: choose,
    hold: {},
  },
  {
    rule: 'the time that it was held counts for the delay',
    known: [byName, answered, shown, 3_000, same],
    happens: chosen(10_000),
    step: poll(7_000),
    hold: {},
  },
  {
    rule: 'but not for what the server asks for',
    known: [
      byName,
      answered,
      shown,
      3_000,
      { what: 'answered', seen: { ...sameSeen, pollAfter: 9_000 } },
    ],
    happens: chosen(9_000),
    step: poll(9_000),
    hold: {},
  },
  {
    rule: 'after a cancel it is asked by Wait at once',
    known: [started, shown, cancelled],
    happens: taken,
    step: call,
    method: 'wait',
    hold: {},
  },
];

const once: readonly Row[] = [
  {
    rule: 'a call for its own sake is made',
    known: [],
    happens: { what: 'asked', name, method: 'delete' },
    step: call,
    method: 'delete',
  },
  {
    rule: 'tried again',
    known: [{ what: 'asked', name, method: 'delete' }],
    happens: failed(14),
    step: retry(500),
  },
  {
    rule: 'and its answer is all',
    known: [{ what: 'asked', name, method: 'get' }],
    happens: answered,
    step: show,
  },
  {
    rule: 'also one that tells of no operation',
    known: [{ what: 'asked', name, method: 'list' }],
    happens: taken,
    step: show,
  },
  {
    rule: 'or its failure',
    known: [{ what: 'asked', name, method: 'get' }],
    happens: failed(5),
    step: fail('call'),
  },
];

const pollAfter: Happening = { what: 'answered', seen: { ...running, pollAfter: 9 } };
const asleep = [started, shown, chosen(60_000)];

const notices: readonly Row[] = [
  { rule: 'a delay is cut', known: [...asleep, 9], happens: notified, step: call, method: 'get' },
  {
    rule: 'so is one that is as long as the server asks for',
    known: [byName, pollAfter, shown, chosen(60_000), 300],
    happens: notified,
    step: call,
    method: 'get',
  },
  {
    rule: 'but not to less than 250 ms after the last call began',
    known: [byName, answered, shown, chosen(60_000), 100],
    happens: notified,
    step: poll(150),
  },
  {
    rule: 'and not where it ends sooner',
    known: [byName, answered, shown, chosen(200), 100],
    happens: notified,
    step: rest,
  },
  { rule: 'a call is let go on', known: [byName], happens: notified, step: rest },
  {
    rule: 'and followed by another one',
    known: [byName, notified, 100, answered],
    happens: shown,
    step: poll(150),
  },
  {
    rule: 'the delay of a retry stays',
    known: [byName, failed(14), 300],
    happens: notified,
    step: rest,
  },
  {
    rule: 'a call that is tried again answers it',
    known: [byName, failed(14), notified, 500, slept, answered],
    happens: shown,
    step: choose,
  },
  {
    rule: 'a Wait that is held is given up for a Get',
    known: [byName, answered, shown, 1_000],
    happens: notified,
    step: call,
    method: 'get',
    hold: { isNew: true },
  },
  {
    rule: 'a service that holds calls is asked by Wait again at once',
    known: [byName, answered, shown, 1_000, notified, 1_300],
    happens: same,
    step: poll(0),
    hold: { isNew: true },
  },
  {
    rule: 'but not where there is no time for another call',
    known: [byName, answered, shown, 950],
    happens: notified,
    step: rest,
    hold: { isNew: true },
    terms: { timeout: 1_000 },
  },
  {
    rule: 'nothing begins while a snapshot is shown',
    known: [started],
    happens: notified,
    step: rest,
  },
  {
    rule: 'near the end, where nothing is under way, it asks all the same',
    known: [started, shown, 950, chosen(1)],
    happens: notified,
    step: call,
    method: 'get',
    terms: { timeout: 1_000 },
  },
  {
    rule: 'but not when the end comes sooner',
    known: [byName, answered, shown, 900, chosen(1), 901, notified, answered, shown, chosen(1)],
    happens: notified,
    step: rest,
    terms: { timeout: 1_000 },
  },
].map((row) => ({ ...row, notifier: true }));

describe.each(Object.entries({ begin, answers, failures, cancels, holds, once, notices }))(
  'the rules: %s',
  (_, rows) => {
    it.each(rows)('$rule', (row) => {
      const { step, facts } = decided(row);
      expect(step).toEqual(row.step);
      if (row.step.do === 'call') expect(facts.call?.method).toBe(row.method);
    });
  },
);

describe('when a wait ends whatever happens', () => {
  it.each<
    [
      string,
      Partial<Terms>,
      (world: RulesWorld) => unknown,
      ReturnType<RulesWorld['tell']> | object,
    ]
  >([
    ['never, as a rule', {}, () => 0, { at: Infinity, why: 'timeout' }],
    ['at its timeout', { timeout: 700 }, () => 0, { at: 700, why: 'timeout' }],
    [
      'when a cancel was not confirmed in time',
      {},
      (world) => world.tell(50, byName, cancelled),
      { at: 30_050, why: 'not-confirmed' },
    ],
    [
      'whichever is first',
      { timeout: 100 },
      (world) => world.tell(50, byName, cancelled),
      { at: 100, why: 'timeout' },
    ],
    [
      'a verdict gives its decoder the time of a cancel again',
      {},
      (world) => [
        world.tell(50, byName, cancelled, taken, chosen(1), slept),
        world.tell(900, done),
      ],
      { at: 30_900, why: 'not-confirmed' },
    ],
    [
      'a cancel that comes after the verdict bounds the decoder',
      {},
      (world) => [world.tell(50, byName, done), world.tell(900, cancelled)],
      { at: 30_900, why: 'not-confirmed' },
    ],
  ])('%s', (_, terms, tell, end) => {
    const world = new RulesWorld(terms);
    tell(world);
    expect(world.end).toEqual(end);
  });
});

const moments = fc.array(
  fc.tuple(fc.nat({ max: 20_000 }), fc.nat(), fc.double({ max: 0.999, min: 0, noNaN: true })),
  {
    maxLength: 40,
    minLength: 1,
  },
);
const anyTerms = fc.record({
  timeout: fc.constantFrom(Infinity, 1_000, 60_000, 400_000),
  cancelTimeout: fc.constantFrom(0, 30_000, Infinity),
  retry: fc
    .record({
      numOfAttempts: fc.constantFrom(1, 3, 50),
      delayFirstAttempt: fc.boolean(),
      asks: fc.boolean(),
    })
    .map(({ asks, ...numbers }) =>
      resolveRetry({ ...numbers, ...(asks && { retry: () => true }) }),
    ),
});
const anyStart = fc.constantFrom<Happening>(
  byName,
  started,
  { what: 'asked', name, method: 'get' },
  { what: 'asked', name, method: 'cancel' },
);

/** Plays a random history; `between` is given the facts after every event, and what it gives is used. */
function play(
  {
    terms,
    start,
    hold,
    steps,
    abortAt,
  }: {
    terms: Terms;
    start: Happening;
    hold: boolean;
    steps: [number, number, number][];
    abortAt: number;
  },
  between: (facts: Facts) => Facts,
): { steps: Step[]; facts: Facts } {
  const world = new RulesWorld(terms, hold ? newHold : undefined, true);
  const all: Step[] = [];
  let happening = start;
  let now = 0;
  for (const [index, [duration, seed, random]] of steps.entries()) {
    now += duration;
    const isAborted = index === abortAt && world.facts.cancel === undefined && !world.facts.isOnce;
    const step = decide(
      world.facts,
      isAborted ? cancelled : happening,
      termsOf(terms),
      now,
      random,
    );
    all.push(step);
    world.facts = between(world.facts);
    // A notifier may emit while something is under way.
    if (seed % 5 === 0 && !isAborted && step.do !== 'fail' && !world.facts.isOnce) {
      const hurried = decide(world.facts, notified, termsOf(terms), now, random);
      all.push(hurried);
      world.facts = between(world.facts);
      if (hurried.do !== 'rest') {
        const next = outcomesOf(hurried, world.facts);
        happening = fc.sample(next, { numRuns: 1, seed })[0] as Happening;
        continue;
      }
    }
    // The cancel waits for the name, which is told next.
    if (isAborted && world.facts.name === '') continue;
    if (step.do === 'fail' || step.do === 'rest') break;
    if (step.do === 'show' && (world.facts.isDone || world.facts.isOnce)) break;
    happening = fc.sample(outcomesOf(step, world.facts), { numRuns: 1, seed })[0] as Happening;
  }
  return { steps: all, facts: world.facts };
}

const histories = fc.record({
  terms: anyTerms,
  start: anyStart,
  hold: fc.boolean(),
  steps: moments,
  abortAt: fc.nat({ max: 60 }),
});
const throughJson = (facts: Facts): Facts => JSON.parse(JSON.stringify(facts)) as Facts;

describe('the facts of a wait', () => {
  it('decide the same after they were JSON, at every moment', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const plain = play(history, (facts) => facts);
        const stored = play(history, throughJson);
        expect(stored.steps).toEqual(plain.steps);
        expect(throughJson(stored.facts)).toEqual(throughJson(plain.facts));
      }),
      { numRuns: 500 },
    );
  });

  it('are finite numbers, and so is every delay, within the time that is left', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const { steps, facts } = play(history, (each) => {
          for (const value of Object.values(each)) {
            if (typeof value === 'number') expect(value).toSatisfy(Number.isFinite);
          }
          return each;
        });
        for (const step of steps) {
          if (step.do !== 'sleep') continue;
          expect(step.delay).toBeGreaterThanOrEqual(0);
          expect(step.delay).toBeLessThanOrEqual(Math.min(2 ** 31 - 1, history.terms.timeout));
        }
        if (steps.length > 1) expect(facts.name).toBe(name);
      }),
      { numRuns: 300 },
    );
  });
});
