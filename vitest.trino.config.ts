import { defineConfig } from 'vitest/config';

/** Tests that start a Trino cluster: minutes and gigabytes, so apart from the others. */
export default defineConfig({
  test: {
    include: ['test/trino/**/*.cluster.ts'],
    testTimeout: 300_000,
    hookTimeout: 1_200_000,
    fileParallelism: false,
  },
});
