import { operationWaits, operationWorker } from 'rx-lro/bullmq';
import { expect, test } from 'vitest';

// At which nothing listens: an effect would be an error.
const good = { queue: 'operations', connection: { host: '127.0.0.1', port: 1 } };
const client = { get: (): Promise<never> => Promise.reject(new Error('never')) };
const kinds = { any: { client } };

test.each([
  [{ queue: 7 }, TypeError, 'Option `queue` must be a text; it is 7.'],
  [{ queue: '' }, RangeError, 'Option `queue` must not be empty nor contain ":"; it is "".'],
  [{ queue: 'a:b' }, RangeError, 'it is "a:b"'],
  [{ connection: undefined }, TypeError, 'Option `connection` must be'],
  [
    { connection: 'redis://host:6380' },
    TypeError,
    'Option `connection` must be an object, such as',
  ],
  [
    { connection: { options: { maxRetriesPerRequest: 20 } } },
    RangeError,
    '`maxRetriesPerRequest: null`',
  ],
  [{ backend: 'postgres' }, TypeError, 'Option `backend` must be a function'],
  [{ prefix: 7 }, TypeError, 'Option `prefix` must be a text'],
  [{ onEvent: 'log' }, TypeError, 'Option `onEvent` must be a function'],
])('%o is refused by waits and workers, before anything is done', (bad, type, message) => {
  const options = { ...good, kinds, ...bad } as never;
  for (const open of [() => operationWaits(options), () => operationWorker(options)]) {
    expect(open).toThrow(type);
    expect(open).toThrow(message);
  }
});

test.each([
  [{ keep: 1_000 }, RangeError, 'Option `keep` must be a number >= 60000'],
  [{ keep: '1d' }, TypeError, 'Option `keep` must be a number'],
  [{ kinds: { any: {} } }, TypeError, 'The kind "any": Option `client` must be an object'],
])('%o is refused by waits', (bad, type, message) => {
  const open = (): unknown => operationWaits({ ...good, ...bad } as never);
  expect(open).toThrow(type);
  expect(open).toThrow(message);
});

test.each([
  [{ kinds: undefined }, TypeError, 'Option `kinds` must be an object'],
  [
    { kinds: { a: { client: {} } } },
    TypeError,
    'The kind "a": Option `client` must have a method `get`',
  ],
  [{ kinds: { a: { client, timeout: -1 } } }, RangeError, 'The kind "a": Option `timeout`'],
  [{ callsPerSecond: 0 }, RangeError, 'Option `callsPerSecond` must be a number > 0'],
  [{ callsInFlight: 0.5 }, RangeError, 'Option `callsInFlight` must be a whole number >= 1'],
  [{ maxStoredBytes: -1 }, RangeError, 'Option `maxStoredBytes` must be a number >= 0'],
  [{ onDone: 'log' }, TypeError, 'Option `onDone` must be a function'],
])('%o is refused by workers', (bad, type, message) => {
  const open = (): unknown => operationWorker({ ...good, kinds, ...bad } as never);
  expect(open).toThrow(type);
  expect(open).toThrow(message);
});

test('what is added, asked and cancelled is checked before the engine is reached', async () => {
  const waits = operationWaits({ ...good, onEvent: () => undefined });
  const circle: Record<string, unknown> = {};
  circle['self'] = circle;
  const cases: [() => unknown, string][] = [
    [() => waits.add('', { kind: 'any' }), 'must not be empty'],
    [() => waits.cancel('a', new Error('why') as never), 'Option `reason` must be a text'],
    [() => waits.add({ done: false }, { kind: 'any' }), 'no name'],
    [() => waits.add('a', { kind: '' }), 'Option `kind` must be a word'],
    [() => waits.add('a', {} as never), 'Option `kind` must be a word'],
    [() => waits.add('a', { kind: 'any', context: circle }), '`context.self` contains itself'],
    [() => waits.get(''), 'must not be empty'],
    [() => waits.cancel(7 as never), 'Option `name` must be a text'],
    [() => waits.remove(''), 'must not be empty'],
    [() => waits.waitForDone(''), 'must not be empty'],
    [() => waits.waitForOperation('a', { timeout: -1 }), 'Option `timeout`'],
  ];
  for (const [run, message] of cases) await expect(run()).rejects.toThrow(message);
  expect(() => waits.poll('')).toThrow('must not be empty');
  expect(() => waits.poll('a', { onAbort: 'stop' as never })).toThrow('Option `onAbort`');
  await waits.close();
});
