import { defineConfig } from 'vitest/config';

import { alias } from '../../vitest.config.js';

export default defineConfig({
  resolve: { alias },
  // Properties are left out: they take long, and every rule has a test of its own name to keep it.
  test: {
    testTimeout: 60_000,
    include: ['test/core/**/*.test.ts'],
    exclude: ['test/core/{fuzz,fuzz-wait,promises}.test.ts', 'test/core/json-facts.alone.test.ts'],
  },
});
