import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    // the engine uses every core itself; more processes than this only make the timings noisy
    maxWorkers: 4,
  },
});
