import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mannWhitney } from '../../src/drift/mann-whitney.ts';
import { logNormalUpperTail } from '../../src/math/normal.ts';
import type { MeasureResult } from '../../src/model/measure.ts';
import { expectRelative, expectTruthWithin, farApart, sample, tableInput, valuesInput } from './inputs.ts';
import { P_VALUE_TOLERANCE, STATISTIC_TOLERANCE, twoSample } from './two-sample-values.ts';

const auc = (reference: readonly number[], current: readonly number[]): MeasureResult =>
  mannWhitney.measure(valuesInput(reference, current));

describe('Mann–Whitney by hand', () => {
  test('as documented: 1 2 3 against 2 3 4 is 7/9', () => {
    expect(auc([1, 2, 3], [2, 3, 4])).toMatchObject({ statistic: expect.closeTo(7 / 9, 15), detail: { U: 2 } });
  });

  test('all smaller, all equal, all larger', () => {
    expect(auc([5, 6], [1, 2]).statistic).toBe(0);
    expect(auc([5, 5], [5, 5])).toMatchObject({ statistic: 0.5, logPValue: 0 });
    expect(auc([1, 2], [5, 6]).statistic).toBe(1);
  });
});

test.each(twoSample.numeric)(
  'Mann–Whitney agrees with scipy.stats.mannwhitneyu: $name',
  ({ reference, current, expected }) => {
    const { statistic, logPValue, detail } = auc(reference, current);
    const { U, p_asymptotic_tie_corrected_continuity: p } = expected.mann_whitney_u;
    expect(detail).toEqual({ U });
    expectRelative(statistic, 1 - U / (reference.length * current.length), STATISTIC_TOLERANCE);
    expectRelative(Math.exp(logPValue!), p, P_VALUE_TOLERANCE);
  },
);

describe('Mann–Whitney by law', () => {
  test('exchanging the sides gives 1 − AUC and the same p; an increasing map changes nothing', () => {
    fc.assert(
      fc.property(sample, sample, (reference, current) => {
        const { statistic, logPValue } = auc(reference, current);
        const swapped = auc(current, reference);
        expect(swapped.statistic).toBeCloseTo(1 - statistic, 14);
        expectRelative(swapped.logPValue, logPValue!, 1e-11);
        const map = (values: readonly number[]) => values.map((value) => Math.exp(value));
        expect(auc(map(reference), map(current)).statistic).toBe(statistic);
      }),
    );
  });

  test('a merged table holds the true AUC in its interval', () => {
    expectTruthWithin(mannWhitney, 1e-14);
  });

  test('a downward shift is seen as well as an upward one', () => {
    const values = Array.from({ length: 200 }, (_, i) => i);
    const up = auc(
      values,
      values.map((value) => value + 60),
    );
    const down = auc(
      values,
      values.map((value) => value - 60),
    );
    expect(down.logPValue!).toBeLessThan(-15);
    expectRelative(down.logPValue, up.logPValue!, 1e-12);
  });
});

describe('Mann–Whitney at the edges', () => {
  test('nearly all rows tied: the variance keeps its digits', () => {
    const table = {
      form: 'values' as const,
      support: Float64Array.of(0, 1),
      reference: Float64Array.of(1e8 - 10, 10),
      current: Float64Array.of(1e8 - 40, 40),
    };
    const { logPValue } = mannWhitney.measure(tableInput(table));
    // two proportions of 10 and 40 in 10⁸: z = 30/√50, the continuity correction is far below a digit of it
    expect(logPValue).toBeCloseTo(Math.LN2 + logNormalUpperTail(30 / Math.sqrt(50)), 5);
  });

  test('far tails are above zero', () => {
    const { statistic, logPValue } = mannWhitney.measure(tableInput(farApart));
    expect(statistic).toBe(1);
    expect(logPValue).toBeLessThan(-1e7);
    expect(Number.isFinite(logPValue)).toBe(true);
  });

  test('one row on each side', () => {
    expect(auc([1], [2])).toMatchObject({ statistic: 1 });
    expect(auc([1], [2]).logPValue).toBeLessThanOrEqual(0);
  });

  test.each([
    ['reference', [], [1]],
    ['current', [1], []],
  ])('an empty %s is EMPTY_SAMPLE', (_, reference, current) => {
    expect(() => auc(reference, current)).toThrowError(expect.objectContaining({ code: 'EMPTY_SAMPLE' }));
  });
});
