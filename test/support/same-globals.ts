import { afterAll } from 'vitest';

// One process runs many files: what one of them replaces and does not put back would change the next.
const watched = [
  'AbortController',
  'AbortSignal',
  'Buffer',
  'DOMException',
  'Date',
  'MessageChannel',
  'Promise',
  'clearInterval',
  'clearTimeout',
  'fetch',
  'queueMicrotask',
  'setImmediate',
  'setInterval',
  'setTimeout',
] as const;

const globals = (): [name: string, value: unknown][] => [
  ...watched.map((name): [string, unknown] => [name, globalThis[name]]),
  ['Date.now', Date.now],
  ['Math.random', Math.random],
  ['performance.now', performance.now],
];

const before = globals();

afterAll(() => {
  const replaced = globals().filter(([, value], index) => value !== before[index]?.[1]);
  if (replaced.length === 0) return;
  throw new Error(`This file did not put back ${replaced.map(([name]) => name).join(', ')}.`);
});
