import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { welchT } from '../../src/drift/welch-t.ts';
import type { MeasureResult } from '../../src/model/measure.ts';
import { expectRelative, mergedInput, momentsOf, sample, tableInput, valuesInput } from './inputs.ts';
import { P_VALUE_TOLERANCE, STATISTIC_TOLERANCE, type StudentTest, twoSample } from './two-sample-values.ts';

const t = (reference: readonly number[], current: readonly number[]): MeasureResult =>
  welchT.measure(valuesInput(reference, current));

function expectStudent({ statistic, logPValue, detail }: MeasureResult, expected: StudentTest) {
  expectRelative(statistic, expected.t, STATISTIC_TOLERANCE);
  expectRelative(Number(detail?.degreesOfFreedom), expected.df, STATISTIC_TOLERANCE);
  expectRelative(Math.exp(logPValue!), expected.p, P_VALUE_TOLERANCE);
}

describe('Welch t by hand', () => {
  test('as documented: 1 2 3 against 2 3 4 is −√(3/2), one standard deviation', () => {
    const { statistic, detail, exact } = t([1, 2, 3], [2, 3, 4]);
    expect(statistic).toBeCloseTo(-Math.sqrt(1.5), 15);
    expect(detail).toEqual({ degreesOfFreedom: expect.closeTo(4, 13), shift: 1, glassDelta: 1 });
    expect(exact).toBe(true);
  });

  test('the spread of the current data does not enter Glass’s Δ', () => {
    expect(t([0, 2], [-90, 110]).detail?.glassDelta).toBeCloseTo(9 / Math.SQRT2, 14);
  });
});

test.each(twoSample.numeric)('Welch t agrees with scipy.stats.ttest_ind: $name', ({ reference, current, expected }) => {
  const result = t(reference, current);
  // around 10⁹ SciPy's means lose seven digits of their difference; moved to 0, without rounding, they do not
  expectStudent(result, expected.welch_t_centred ?? expected.welch_t);
  if (expected.welch_t_centred) expectRelative(result.statistic, expected.welch_t.t, 1e-5);
});

describe('Welch t by law', () => {
  test('exchanging the sides turns the sign; scale and place change nothing', () => {
    const two = sample.filter((values) => new Set(values).size > 1);
    fc.assert(
      fc.property(two, two, (reference, current) => {
        const { statistic, logPValue, detail } = t(reference, current);
        expectRelative(t(current, reference).statistic, -statistic, 1e-12);
        const moved = t(
          reference.map((value) => 4 * value - 1000),
          current.map((value) => 4 * value - 1000),
        );
        expect(moved.statistic).toBeCloseTo(statistic, 11);
        expect(moved.logPValue).toBeCloseTo(logPValue!, 10);
        expect(moved.detail?.glassDelta).toBeCloseTo(Number(detail?.glassDelta), 11);
      }),
    );
  });

  test('a merged table gives the same from the moments of all rows', () => {
    const [reference, current] = [
      [1, 2, 2, 3, 5, 8],
      [2, 3, 3, 8, 9],
    ];
    const merged: MeasureResult = welchT.measure(
      mergedInput(reference, current, [2.5, 6], momentsOf(reference, current)),
    );
    const raw = t(reference, current);
    expect(merged.exact).toBe(false);
    expectRelative(merged.statistic, raw.statistic, 1e-13);
    expectRelative(merged.logPValue, raw.logPValue!, 1e-12);
  });
});

describe('Welch t at the edges', () => {
  test('1e15 beside 1, 1e300 and 1e-300', () => {
    expect(t([1e15, 1e15 + 2], [1e15 + 4, 1e15 + 6]).statistic).toBeCloseTo(-Math.sqrt(8), 14);
    for (const unit of [1e300, 1e-300]) {
      const { statistic, detail } = t([unit, 3 * unit], [5 * unit, 7 * unit]);
      expect(statistic).toBeCloseTo(-Math.sqrt(8), 12);
      expectRelative(Number(detail?.shift), 4 * unit, 1e-14);
    }
  });

  test('far tails are above zero', () => {
    const table = {
      form: 'values' as const,
      support: Float64Array.of(0, 1),
      reference: Float64Array.of(1e8 - 1, 1),
      current: Float64Array.of(1, 1e8 - 1),
    };
    const { statistic, logPValue } = welchT.measure(tableInput(table)) as MeasureResult;
    expect(Math.abs(statistic)).toBeGreaterThan(1e7);
    expect(logPValue).toBeLessThan(-1e7);
    expect(Number.isFinite(logPValue)).toBe(true);
  });

  test('one constant on both sides: nothing differs; one against another cannot be scaled', () => {
    expect(t([5, 5], [5, 5, 5])).toMatchObject({ statistic: 0, logPValue: 0 });
    expect(() => t([5, 5], [6, 6])).toThrowError(
      expect.objectContaining({ code: 'EMPTY_SAMPLE', message: expect.stringContaining('constant') }),
    );
    expect(t([5, 5], [5, 6]).detail).not.toHaveProperty('glassDelta');
  });

  test.each([
    ['reference', [], [1, 2]],
    ['current', [1, 2], []],
    ['reference data has 1 value;', [1], [1, 2]],
    ['current data has 1 value;', [1, 2], [1]],
  ])('too few rows: the %s', (said, reference, current) => {
    expect(() => t(reference, current)).toThrowError(
      expect.objectContaining({ code: 'EMPTY_SAMPLE', message: expect.stringContaining(said) }),
    );
  });

  test('a merged table without moments is EMPTY_SAMPLE, not NaN', () => {
    expect(() => welchT.measure(mergedInput([1, 2], [1, 3], [2]))).toThrowError(
      expect.objectContaining({ code: 'EMPTY_SAMPLE', message: expect.stringContaining('not known') }),
    );
  });
});
