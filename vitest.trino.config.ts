import { defineConfig } from 'vitest/config';

/**
 * Tests on a Trino cluster, which is started for them: minutes and gigabytes, so apart from the others. `--mode short` leaves the longest
 * out; `--mode scaling` measures instead, on clusters of its own.
 */
export default defineConfig(({ mode }) => ({
  test: {
    ...(mode === 'scaling'
      ? { include: ['test/trino/scaling.cluster.ts'] }
      : { include: ['test/trino/engines.cluster.ts'], globalSetup: 'test/trino/global-setup.ts' }),
    env: { DRIFTGATE_TRINO_TESTS: mode },
    testTimeout: 1_200_000,
    hookTimeout: 600_000,
    fileParallelism: false,
    // a cluster that is no longer whole fails everything after it
    bail: 1,
  },
}));
