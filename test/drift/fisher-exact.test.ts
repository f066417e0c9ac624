import { describe, expect, test } from 'vitest';
import { chiSquared } from '../../src/drift/chi-squared.ts';
import { fisherExact } from '../../src/drift/fisher-exact.ts';
import { cellsInput, expectRelative } from './inputs.ts';
import { P_VALUE_TOLERANCE, twoSample } from './two-sample-values.ts';

const fisher = (reference: readonly number[], current: readonly number[]) =>
  fisherExact.measure(cellsInput(reference, current));

describe('Fisher exact', () => {
  test('by hand and as documented: 3 1 against 1 3 is 34/70', () => {
    const { statistic, logPValue, detail } = fisher([3, 1], [1, 3]);
    expect(statistic).toBe(0.5);
    expect(Math.exp(logPValue!)).toBeCloseTo(34 / 70, 15);
    expect(detail).toEqual({ cell: 'cell 0', oddsRatio: 9 });
  });

  test.each(twoSample.categorical.filter(({ expected }) => expected.fisher_exact_p !== undefined))(
    'agrees with scipy.stats.fisher_exact: $name',
    ({ reference, current, expected }) => {
      expectRelative(Math.exp(fisher(reference, current).logPValue!), expected.fisher_exact_p!, P_VALUE_TOLERANCE);
    },
  );

  test('by law: exchanging sides or cells changes nothing; at large counts it is that of X²', () => {
    for (const [r, c] of [
      [
        [3, 9],
        [5, 2],
      ],
      [
        [120, 80],
        [60, 90],
      ],
    ] as const) {
      const { statistic, logPValue } = fisher(r, c);
      for (const other of [fisher(c, r), fisher(r.toReversed(), c.toReversed())]) {
        expectRelative(other.statistic, statistic, 1e-14);
        expectRelative(other.logPValue, logPValue!, 1e-11);
      }
    }
    const [reference, current] = [
      [500_000, 500_000],
      [501_500, 498_500],
    ];
    const approximate = chiSquared.measure(cellsInput(reference, current)).logPValue!;
    expectRelative(fisher(reference, current).logPValue, approximate, 3e-3);
  });

  test('at the edges: far tails are above zero, hundreds of millions of rows take no time', () => {
    const { logPValue, detail, statistic } = fisher([1e8, 0], [0, 1e8]);
    expect(statistic).toBe(1);
    expect(logPValue!).toBeLessThan(-1e8);
    expect(Number.isFinite(logPValue!)).toBe(true);
    expect(detail).not.toHaveProperty('oddsRatio');
    expect(fisher([1, 0], [0, 1]).logPValue).toBe(0);
  });

  test.each([
    [0, [0, 0], [0, 0]],
    [1, [3, 0], [4, 0]],
    [3, [1, 2, 3], [3, 2, 1]],
  ])('not exactly two cells but %s: EMPTY_SAMPLE', (cells, reference, current) => {
    expect(() => fisher(reference, current)).toThrowError(
      expect.objectContaining({
        code: 'EMPTY_SAMPLE',
        message: expect.stringContaining(cells === 0 ? 'no value' : `${cells} cell`),
      }),
    );
  });

  test('a cell that is empty on both sides does not count', () => {
    expect(fisher([3, 0, 1], [1, 0, 3]).statistic).toBe(0.5);
  });
});
