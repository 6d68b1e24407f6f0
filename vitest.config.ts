import { playwright } from '@vitest/browser-playwright';
import type { Alias } from 'vite';
import { defineConfig, type TestProjectConfiguration } from 'vitest/config';

import { chromiumFlags, chromiumPath } from './test/support/chromium.js';
import { entryPoints, root } from './test/support/entry-points.js';

// Exact matches, so that "rx-lro" does not swallow "rx-lro/rest".
export const alias: Alias[] = entryPoints.map(({ name, source }) => ({
  find: new RegExp(`^${name}$`),
  replacement: root + source,
}));

// Simulations that measure, and programs that run in real time: `npm run test:all` has them.
const figures = [
  'test/bench/**/*.test.ts',
  'test/core/progress-figures.node.test.ts',
  'test/learned/figures.test.ts',
];
// It has packages of its own: `npm run test:sdks` installs them first.
const sdks = ['test/sdks/*.test.mjs'];
const examples = ['test/examples/**/*.test.ts'];
// They start engines and processes, kill some of them, and run in real time.
const engines = ['test/engines/**/*.test.ts'];

// Tests that change globals in ways that cannot be undone: their files share no process with others.
const alone = ['test/**/*.alone.test.ts'];

// What must behave the same wherever the library runs. Files named *.node.test.ts need Node.
const everywhere = {
  include: ['test/{core,step,clients/rest,clients/status-monitor,testing}/**/*.test.ts'],
  exclude: ['**/*.node.test.ts', ...alone],
};

// What only a browser has.
const inBrowser = 'test/browser/**/*.test.ts';

// However busy the machine is.
const patience = {
  testTimeout: 60_000,
  hookTimeout: 60_000,
  expect: { poll: { timeout: 30_000 } },
};

const browser = (executablePath: string): TestProjectConfiguration => ({
  resolve: { alias },
  // Named here, because a dependency discovered while the tests run reloads the page.
  optimizeDeps: {
    include: [
      'abort-controller',
      'exponential-backoff',
      'exponential-backoff/dist/delay/delay.factory.js',
      'fast-check',
      'rxjs',
      'rxjs/testing',
      'valibot',
      'zod',
    ],
  },
  test: {
    name: 'browser',
    ...patience,
    ...everywhere,
    include: [...everywhere.include, inBrowser],
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      api: { host: '127.0.0.1' },
      provider: playwright({
        launchOptions: {
          executablePath,
          args: [...chromiumFlags],
        },
      }),
      instances: [{ browser: 'chromium', name: 'chromium' }],
    },
  },
});

if (chromiumPath === undefined) {
  console.error(
    'The browser tests are left out: no Chromium was found (set CHROMIUM_PATH to point at one).',
  );
}

export default defineConfig(({ mode }) => {
  // `npm run test:all`. What repeats asks test/support/repeats.ts how often.
  const isFullRun = mode === 'full';
  const projects: TestProjectConfiguration[] = [
    {
      resolve: { alias },
      test: {
        name: 'node',
        ...patience,
        include: ['test/**/*.test.ts'],
        exclude: [
          'test/package/**',
          'test/sdks/**',
          ...figures,
          ...examples,
          ...engines,
          ...alone,
          inBrowser,
        ],
        // Loading the modules anew for each file takes as long as half of the tests.
        isolate: isFullRun,
        setupFiles: ['test/support/same-globals.ts'],
        // What runs side by side waits for sockets and timers most of the time.
        maxConcurrency: 8,
      },
    },
    { resolve: { alias }, test: { name: 'alone', ...patience, include: alone } },
    { resolve: { alias }, test: { name: 'figures', ...patience, include: figures } },
    { resolve: { alias }, test: { name: 'examples', ...patience, include: examples } },
    {
      resolve: { alias },
      test: {
        name: 'engines',
        ...patience,
        include: engines,
        // Two at once disturb each other little, as they wait most of the time; the other tests would.
        maxWorkers: 2,
        sequence: { groupOrder: 2 },
      },
    },
    ...(mode === 'sdks'
      ? [{ resolve: { alias }, test: { name: 'sdks', ...patience, include: sdks } }]
      : []),
    {
      resolve: { alias },
      test: { name: 'edge', environment: 'edge-runtime', ...patience, ...everywhere },
    },
    {
      test: {
        name: 'types',
        include: [],
        typecheck: {
          enabled: true,
          only: true,
          checker: 'tsc',
          include: ['test/**/*.test-d.ts'],
          tsconfig: './tsconfig.json',
        },
      },
    },
    {
      test: {
        name: 'package',
        include: ['test/package/**/*.test.ts'],
        testTimeout: 120_000,
        hookTimeout: 120_000,
        // Compilers and bundlers take the whole machine: the other tests come first.
        sequence: { groupOrder: 1 },
      },
    },
    ...(chromiumPath === undefined ? [] : [browser(chromiumPath)]),
  ];
  return {
    test: {
      projects,
      maxWorkers: 2,
      provide: { isFullRun },
      coverage: {
        provider: 'v8',
        include: ['src/**/*.ts'],
        // It runs where Redis or PostgreSQL is: `npm run test:engines`.
        exclude: ['src/engines/**'],
        thresholds: { lines: 97, branches: 97, functions: 97, statements: 97 },
      },
    },
  };
});
