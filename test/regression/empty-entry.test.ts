import { expect, test } from 'vitest';
import { driftgate } from '../cli/support.ts';

// An empty path, as of an unset shell variable, was blamed on --set, which nobody had typed.

test.each([
  [['--reference', 'a.csv', '--current', ''], /^driftgate: --current, entry 1, is ""; it takes a path/],
  [['--current', 'b.csv', '--set', 'reference='], /^driftgate: --set: reference, entry 1, is ""/],
])('%j', async (flags, line) => {
  const { exitCode, stderr } = await driftgate(['check', ...flags]);
  expect(stderr).toMatch(line);
  expect(exitCode).toBe(2);
});
