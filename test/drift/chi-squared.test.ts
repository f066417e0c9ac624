import { describe, expect, test } from 'vitest';
import { chiSquared } from '../../src/drift/chi-squared.ts';
import { cellsInput, expectRelative } from './inputs.ts';
import { P_VALUE_TOLERANCE, STATISTIC_TOLERANCE, twoSample } from './two-sample-values.ts';

const chi2 = (reference: readonly number[], current: readonly number[]) =>
  chiSquared.measure(cellsInput(reference, current));

describe('chi-squared', () => {
  test('by hand and as documented: no continuity correction', () => {
    expect(chi2([40, 10], [20, 30]).statistic).toBeCloseTo(50 / 3, 13);
  });

  test.each(twoSample.categorical)(
    'agrees with scipy.stats.chi2_contingency: $name',
    ({ reference, current, expected }) => {
      const { statistic, logPValue, detail } = chi2(reference, current);
      expectRelative(statistic, expected.chi_square.X2, STATISTIC_TOLERANCE);
      expectRelative(Math.exp(logPValue!), expected.chi_square.p, P_VALUE_TOLERANCE);
      expect(detail).toMatchObject({ degreesOfFreedom: expected.chi_square.dof });
      expectRelative(Number(detail?.cramersV), expected.cramers_v, STATISTIC_TOLERANCE);
    },
  );

  test('by law: its level is the nominal one, because the reference counts as a sample', () => {
    // 1000 against 1000 rows over ten equal cells, 4000 times
    let state = 20261121;
    const random = () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 32;
    };
    const draw = () => {
      const counts = new Array<number>(10).fill(0);
      for (let row = 0; row < 1000; row++) counts[Math.floor(random() * 10)]! += 1;
      return counts;
    };
    const runs = 4000;
    let rejected = 0;
    for (let run = 0; run < runs; run++) if (chi2(draw(), draw()).logPValue! < Math.log(0.05)) rejected += 1;
    expect(rejected / runs).toBeGreaterThan(0.04);
    expect(rejected / runs).toBeLessThan(0.06);
  });

  test('at the edges: a new category is finite, an empty column is left out, a far tail is above 0', () => {
    expect(chi2([10, 0], [9, 1]).statistic).toBeCloseTo(20 / 19, 13);
    expect(chi2([10, 5, 0], [9, 6, 0]).detail).toMatchObject({ degreesOfFreedom: 1 });
    expect(chi2([10], [9])).toMatchObject({ statistic: 0, logPValue: 0, detail: { degreesOfFreedom: 0, cramersV: 0 } });
    const { logPValue } = chi2([1e8, 1], [1, 1e8]);
    expect(logPValue!).toBeLessThan(-9e7);
    expect(Number.isFinite(logPValue!)).toBe(true);
  });
});
