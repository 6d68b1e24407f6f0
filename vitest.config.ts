import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { playwright } from '@vitest/browser-playwright';
import type { Alias } from 'vite';
import { defineConfig, type TestProjectConfiguration } from 'vitest/config';

import { entryPoints, root } from './test/support/entry-points.js';

// Exact matches, so that "rx-lro" does not swallow "rx-lro/rest".
export const alias: Alias[] = entryPoints.map(({ name, source }) => ({
  find: new RegExp(`^${name}$`),
  replacement: root + source,
}));

// What must behave the same wherever the library runs. Files named *.node.test.ts need Node.
const everywhere = {
  include: ['test/{core,clients/rest,testing}/**/*.test.ts'],
  exclude: ['**/*.node.test.ts'],
};

// As in .ci/run.
const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin'];
const chromium = [
  process.env['CHROMIUM_PATH'] ?? '',
  ...['chromium', 'chromium-browser', 'google-chrome'].flatMap((name) =>
    folders.filter((folder) => folder !== '').map((folder) => join(folder, name)),
  ),
].find((path) => existsSync(path));

const projects: TestProjectConfiguration[] = [
  {
    resolve: { alias },
    test: {
      name: 'node',
      include: ['test/**/*.test.ts'],
      exclude: ['test/package/**'],
    },
  },
  {
    resolve: { alias },
    test: { name: 'edge', environment: 'edge-runtime', ...everywhere },
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
      // Compilers and bundlers take the whole machine: they wait until tests that measure time are over.
      sequence: { groupOrder: 1 },
    },
  },
];

if (chromium === undefined) {
  console.error(
    'The browser tests are left out: no Chromium was found (set CHROMIUM_PATH to point at one).',
  );
} else {
  projects.push({
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
      ...everywhere,
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        api: { host: '127.0.0.1' },
        provider: playwright({
          launchOptions: {
            executablePath: chromium,
            args: [
              '--no-sandbox',
              '--disable-gpu',
              '--disable-quic',
              '--no-first-run',
              '--disable-background-networking',
              '--disable-component-update',
              '--disable-sync',
            ],
          },
        }),
        instances: [{ browser: 'chromium', name: 'chromium' }],
      },
    },
  });
}

export default defineConfig({
  test: {
    projects,
    coverage: {
      provider: 'v8',
      include: ['src/**'],
      thresholds: { lines: 97, branches: 97, functions: 97, statements: 97 },
    },
  },
});
