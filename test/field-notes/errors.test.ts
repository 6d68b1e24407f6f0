import { lastValueFrom } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import {
  CallFailedError,
  getOperation,
  listPages,
  poll,
  type OperationsClient,
  type RequestOptions,
} from 'rx-lro';
import { fleetClient } from 'rx-lro/fleet';
import { durationHistory } from 'rx-lro/learned';
import { VirtualTime } from 'rx-lro/testing';

const status = { code: 14, message: 'try later', details: [] };
const name = 'operations/1';

describe('JSON.stringify of an error writes what is within it, whatever it is', () => {
  const written = (cause: unknown): unknown => {
    const error = new CallFailedError({ method: 'get', operationName: name, status, cause });
    return (JSON.parse(JSON.stringify(error)) as { cause: unknown }).cause;
  };
  const circle: unknown[] = [];
  circle.push(circle);

  it.each([
    ['a bigint', 5n, '5'],
    ['a circle', circle, ['[…]']],
    ['an object', { reason: 5n }, { reason: '5' }],
    ['bytes', new Uint8Array([1, 2]), 'AQI='],
  ])('a message and a name that are %s [report 11]', (_, value, expected) => {
    const cause = new Error('replaced');
    Object.defineProperty(cause, 'message', { value });
    Object.defineProperty(cause, 'name', { value });
    expect(written(cause)).toEqual({ name: expected, message: expected });
    expect(written(new Error('outer', { cause }))).toMatchObject({ cause: { message: expected } });
    expect(written([{ cause }])).toEqual([{ cause: { name: expected, message: expected } }]);
  });

  it('a message that is the error itself [report 11]', () => {
    const cause = new Error('replaced');
    Object.defineProperty(cause, 'message', { value: cause });
    expect(written(cause)).toEqual({ name: 'Error', message: '[…]' });
  });

  it.each([0, 1, 2, 3, 0x7f_ff, 0x80_00, 0x80_01, 100_000])(
    '%s bytes, as base64, in few steps [report 11]',
    (length) => {
      const bytes = Uint8Array.from({ length }, (_, index) => index % 251);
      const expected = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
      const steps = vi.spyOn(String, 'fromCharCode');
      try {
        expect(written({ bytes })).toEqual({ bytes: expected });
        expect(steps.mock.calls.length).toBeLessThan(10);
      } finally {
        steps.mockRestore();
      }
    },
  );
});

describe('the message of a failure that is retried asks nobody to do something', () => {
  const codes = Array.from({ length: 16 }, (_, index) => index + 1);
  const request = /\b(?:check|fix|mend|renew|make|list again|resume by)\b/i;

  it.each([
    ...codes.map((code) => ({ told: `code ${code}`, failure: { error: { code } } })),
    { told: 'an answer that is not an operation', failure: { done: 'maybe' } },
  ])('after a get: $told [report 12]', async ({ failure }) => {
    const messages = await messagesOf([failure, { name, done: true }], (client, options) =>
      getOperation(client, name, options),
    );
    expect(messages).toHaveLength(2);
    for (const message of messages) expect(message).not.toMatch(request);
  });

  it.each(codes)('after a list: code %s [report 12]', async (code) => {
    const messages = await messagesOf([{ error: { code } }, {}], (client, options) =>
      lastValueFrom(listPages(client, { name: 'p' }, options)),
    );
    expect(messages).toHaveLength(2);
    for (const message of messages) expect(message).not.toMatch(request);
  });
});

describe('the message of an argument that is not valid says what to pass', () => {
  const client: OperationsClient = { get: async () => ({ name }) };
  const valid = new AbortController();
  const plain = { abort: () => undefined, signal: valid.signal };

  it.each<[string, () => unknown, string]>([
    [
      'callsPerSecond: 0',
      () => fleetClient(client, { callsPerSecond: 0 }),
      'Option `callsPerSecond` must be a finite number > 0; it is 0.',
    ],
    [
      'pacing.callsPerSecond: -1',
      () => poll({ ...client, pacing: { callsPerSecond: -1 } }, name),
      'Option `client.pacing.callsPerSecond` must be a number > 0, or Infinity; it is -1.',
    ],
    [
      'worth: 0',
      () => durationHistory(undefined, { worth: 0 }),
      'Option `options.worth` must be a finite number > 0; it is 0.',
    ],
    ...[valid, plain].map((controller): [string, () => unknown, string] => [
      'the controller in place of its signal',
      () => poll(client, name, { signal: controller as never }),
      'Option `signal` must be an abort signal, not its controller: pass `controller.signal`.',
    ]),
    [
      'a class in place of a signal',
      () => poll(client, name, { signal: AbortSignal as never }),
      'Option `signal` must be an abort signal; it is a function.',
    ],
    [
      'an object in place of a signal',
      () => poll(client, name, { signal: { aborted: false } as never }),
      'Option `signal` must be an abort signal: it has no `addEventListener`.',
    ],
    [
      'a signal that cannot tell whether it is aborted',
      () => {
        const { addEventListener, removeEventListener } = new EventTarget();
        return poll(client, name, { signal: { addEventListener, removeEventListener } as never });
      },
      'Option `signal` must be an abort signal: it has no `aborted`.',
    ],
    [
      'an object that is not an operation',
      () => poll(client, { id: name } as never),
      'What was passed as the operation is not an operation: it has no `name`, `done` or `metadata`. Pass its name, a snapshot, or what the start call returned.',
    ],
    [
      'an object whose `done` is not a boolean',
      () => poll(client, { name, done: 'yes' } as never),
      'What was passed as the operation is not an operation: `done` is not a boolean. Pass its name, a snapshot, or what the start call returned.',
    ],
  ])('%s [report 13]', async (_, call, message) => {
    await expect(new Promise((resolve) => resolve(call()))).rejects.toThrow(message);
  });
});

/** The messages of failures, as `retry` and `onEvent` are told of them. */
async function messagesOf(
  answers: object[],
  call: (client: OperationsClient, options: RequestOptions) => Promise<unknown>,
): Promise<string[]> {
  const messages: string[] = [];
  const answer = async (): Promise<object> => answers.shift()!;
  const time = new VirtualTime();
  const calls = call(
    { get: answer, list: answer },
    {
      scheduler: time,
      retry: { retry: (error) => messages.push(error.message) > 0 },
      onEvent: (event) => {
        if (event.type === 'failure') messages.push(event.error.message);
      },
    },
  );
  await time.runUntil(calls);
  return messages;
}
