import { describe, expect, test } from 'vitest';
import { chiSquared } from '../../src/drift/chi-squared.ts';
import { gTest } from '../../src/drift/g-test.ts';
import { cellsInput, expectRelative } from './inputs.ts';
import { P_VALUE_TOLERANCE, STATISTIC_TOLERANCE, twoSample } from './two-sample-values.ts';

const g = (reference: readonly number[], current: readonly number[]) => gTest.measure(cellsInput(reference, current));

/** SciPy adds terms O ln(O/E) of both signs; what their rounding leaves of a small G. */
const SCIPY_ROUNDING = 16 * 2 ** -53;

describe('G-test', () => {
  test('by hand and as documented: no cell in common is 2 N ln 2', () => {
    expect(g([1, 0], [0, 1]).statistic).toBeCloseTo(4 * Math.LN2, 14);
    expect(g([7, 0], [0, 7]).statistic).toBeCloseTo(28 * Math.LN2, 13);
  });

  test.each(twoSample.categorical.filter(({ expected }) => expected.g_test !== undefined))(
    'agrees with scipy.stats.chi2_contingency: $name',
    ({ reference, current, expected }) => {
      const { statistic, logPValue, detail } = g(reference, current);
      const { G, dof, p } = expected.g_test!;
      const rows = [...reference, ...current].reduce((sum, count) => sum + count, 0);
      expectRelative(statistic, G, Math.max(STATISTIC_TOLERANCE, (SCIPY_ROUNDING * rows) / G));
      expectRelative(Math.exp(logPValue!), p, P_VALUE_TOLERANCE);
      expect(detail).toEqual({ degreesOfFreedom: dof });
    },
  );

  test('by law: near X² for small changes', () => {
    const [reference, current] = [
      [100_000, 200_000, 300_000],
      [101_000, 199_500, 299_500],
    ];
    const { statistic } = chiSquared.measure(cellsInput(reference, current));
    expectRelative(g(reference, current).statistic, statistic, 1e-4);
  });

  test('at the edges: a new category is finite, a cell empty on both sides is left out, a far tail is above 0', () => {
    expect(g([10, 0], [9, 1]).statistic).toBeCloseTo(
      2 * (10 * Math.log(20 / 19) + 9 * Math.log(18 / 19) + Math.LN2),
      12,
    );
    expect(g([10, 5, 0], [9, 6, 0]).detail).toEqual({ degreesOfFreedom: 1 });
    const { logPValue } = g([1e8, 1], [1, 1e8]);
    expect(logPValue!).toBeLessThan(-9e7);
    expect(Number.isFinite(logPValue!)).toBe(true);
  });
});
