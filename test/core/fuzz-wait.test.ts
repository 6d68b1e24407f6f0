import fc from 'fast-check';
import { VirtualTimeScheduler, of, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  getOperation,
  isStatusError,
  listOperations,
  poll,
  type OperationsClient,
  type StatusError,
} from 'rx-lro';
import { checkWhole, decodeOperation, isErrorEnvelope } from '../../src/core/answer/decode.js';
import { observe } from '../support/observe.js';
import { repeats } from '../support/repeats.js';

const name = 'operations/1';
const limit = 60_000;

const fields = fc.record(
  {
    name: fc.oneof(fc.constant(name), fc.anything()),
    done: fc.oneof(fc.boolean(), fc.anything()),
    metadata: fc.anything(),
    error: fc.oneof(fc.anything(), fc.record({ code: fc.integer(), message: fc.string() })),
    response: fc.anything(),
  },
  { requiredKeys: [] },
);
const throwing = (field: string): object =>
  Object.defineProperty({}, field, {
    enumerable: true,
    get: () => {
      throw new Error('hostile');
    },
  });
const hostile: readonly unknown[] = [
  JSON.parse('['.repeat(20_000) + ']'.repeat(20_000)),
  JSON.parse(`${'{"error":'.repeat(20_000)}1${'}'.repeat(20_000)}`),
  ...['name', 'done', 'metadata', 'error', 'response', 'code', 'message', 'details'].map(throwing),
  { [Symbol.for('rx-lro.StatusError')]: true },
];
const answer = fc.oneof(
  fields,
  fc.anything({
    withBigInt: true,
    withMap: true,
    withSet: true,
    withDate: true,
    withTypedArray: true,
  }),
  fc.json().map((text) => JSON.parse(text) as unknown),
  fc.constantFrom(...hostile),
  fc.uint8Array().map((bytes) => new TextDecoder().decode(bytes)),
);
const page = fc.record(
  {
    operations: fc.oneof(fc.array(answer), fc.anything()),
    nextPageToken: fc.oneof(fc.constantFrom('a', 'b', ''), fc.anything()),
    unreachable: fc.anything(),
  },
  { requiredKeys: [] },
);

/** Answers one after the other, each as a value or as a failure; the last one for ever. */
function answering(answers: readonly (readonly [fails: boolean, answer: unknown])[]): () => never {
  let call = 0;
  return () => {
    const [fails, value] = answers[Math.min(call, answers.length - 1)] ?? [false, undefined];
    call += 1;
    return (fails ? throwError(() => value) : of(value)) as never;
  };
}

describe('nothing that a server sends', () => {
  it('can hang, crash or loop a poll', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.boolean(), answer), { minLength: 1, maxLength: 5 }),
        fc.boolean(),
        (answers, aborts) => {
          const scheduler = new VirtualTimeScheduler();
          let calls = 0;
          const next = answering(answers);
          const client: OperationsClient = {
            get: () => {
              calls += 1;
              return next();
            },
            cancel: answering(answers.toReversed()),
          };
          const signal = aborts ? AbortSignal.abort() : undefined;
          const record = observe(poll(client, name, { scheduler, signal, timeout: limit }));
          scheduler.flush();
          expect(record.ends).toHaveLength(1);
          const [end] = record.ends;
          if (end !== 'complete') expect(isStatusError(end!.error)).toBe(true);
          // To wait until the end of time is right only for what may yet end.
          const [fails, last] = answers.at(-1)!;
          const kind = end === 'complete' ? undefined : (end!.error as StatusError).kind;
          if (kind === 'wait-timeout') expect(fails || mayGoOn(last)).toBe(true);
          expect(scheduler.now()).toBeLessThanOrEqual(limit);
          // The default backoff makes some 20 calls a minute; each may be tried again a few times.
          expect(calls).toBeLessThan(200);
          for (const operation of record.values) {
            expect(typeof operation.name).toBe('string');
            expect(typeof operation.done).toBe('boolean');
          }
        },
      ),
      { numRuns: repeats(500) },
    );
  });

  it('can hang, crash or loop a list', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.boolean(), page), { minLength: 1, maxLength: 5 }),
        (pages) => {
          const scheduler = new VirtualTimeScheduler();
          const client = { get: answering([]), list: answering(pages) };
          const record = observe(listOperations(client, { name: 'p' }, { scheduler }));
          scheduler.flush();
          expect(record.ends).toHaveLength(1);
          const [end] = record.ends;
          if (end !== 'complete') expect(isStatusError(end!.error)).toBe(true);
        },
      ),
      { numRuns: repeats(500) },
    );
  });

  it('makes a call of one shot end in anything but an operation or a StatusError', async () => {
    await fc.assert(
      fc.asyncProperty(fc.boolean(), answer, async (fails, value) => {
        const client = { get: answering([[fails, value]]) };
        const retry = { numOfAttempts: 1 };
        const result = await getOperation(client, name, { retry }).catch((error: unknown) => error);
        const isOperation =
          typeof result === 'object' && result !== null && 'done' in result && 'name' in result;
        expect(isOperation || isStatusError(result)).toBe(true);
      }),
      { numRuns: repeats(500) },
    );
  });
});

/** Whether an answer says "not done yet", or "try again". */
function mayGoOn(value: unknown): boolean {
  if (isErrorEnvelope(value)) return true;
  try {
    checkWhole(value);
  } catch {
    // A text that is empty or breaks off is that of a connection that broke.
    return true;
  }
  try {
    return !decodeOperation(value, name).done;
  } catch {
    return false;
  }
}
