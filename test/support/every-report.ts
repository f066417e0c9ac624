import { afterEach, vi } from 'vitest';
import type * as Check from '../../src/check.ts';
import { asPublished } from './published-schema.ts';

/**
 * Every run in the process of a test, whatever the test looks at: its report is held against docs/report.schema.json. Runs of the
 * built package are held against it by test/cli/built.ts, invented reports by report-builder.ts.
 */
vi.mock('../../src/check.ts', async (original) => {
  const module = await original<typeof Check>();
  return {
    ...module,
    check: async (...run: Parameters<typeof Check.check>) => {
      const report = await module.check(...run);
      try {
        return asPublished(report);
      } catch (error) {
        // a test that expects an error must not take this one for it
        broken.push(error);
        throw error;
      }
    },
  };
});

const broken: unknown[] = [];

afterEach(() => {
  const [first] = broken.splice(0);
  if (first !== undefined) throw first;
});
