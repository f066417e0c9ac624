import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { wasserstein } from '../../src/drift/wasserstein.ts';
import type { MeasureResult, Moments } from '../../src/model/measure.ts';
import {
  describeMergedDistance,
  expectBoundsToMeet,
  expectRelative,
  expectTruthWithin,
  intervalTable,
  sample,
  tableInput,
  valuesInput,
  valueTable,
} from './inputs.ts';
import { STATISTIC_TOLERANCE, twoSample } from './two-sample-values.ts';

const w1 = (reference: readonly number[], current: readonly number[]) =>
  wasserstein.measure(valuesInput(reference, current)).statistic;
const merged = (reference: readonly number[], current: readonly number[], edges: readonly number[]): MeasureResult =>
  wasserstein.measure(tableInput(intervalTable(reference, current, edges)));

const moments = (parts: Partial<Moments>): { reference: Moments; current: Moments } => {
  const reference = { count: 9, min: 0, max: 0, mean: 0, std: 0, q25: 0, median: 0, q75: 0, ...parts };
  return { reference, current: reference };
};

describe('Wasserstein by hand', () => {
  test('as documented: 1 2 3 against 2 3 4 is 1', () => {
    expect(w1([1, 2, 3], [2, 3, 4])).toBe(1);
  });

  test('half of the rows move by 3', () => {
    expect(w1([0, 0], [0, 3])).toBe(1.5);
    expect(w1([5], [5])).toBe(0);
  });
});

test.each(twoSample.numeric)(
  'Wasserstein agrees with scipy.stats.wasserstein_distance: $name',
  ({ reference, current, expected }) => {
    expectRelative(w1(reference, current), expected.wasserstein_1, STATISTIC_TOLERANCE);
  },
);

describe('Wasserstein by law', () => {
  test('symmetric; moves with scale, not with place; at least the difference of the means', () => {
    fc.assert(
      fc.property(sample, sample, fc.integer({ min: -100, max: 100 }), (reference, current, shift) => {
        const distance = w1(reference, current);
        expectRelative(w1(current, reference), distance, 1e-14);
        const map = (values: readonly number[]) => values.map((value) => 4 * value + shift);
        expectRelative(w1(map(reference), map(current)), 4 * distance, 1e-14);
        const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
        expect(distance).toBeGreaterThanOrEqual(Math.abs(mean(reference) - mean(current)) - 1e-12);
      }),
    );
  });

  test('a shift of every row is the distance', () => {
    fc.assert(
      fc.property(sample, fc.integer({ min: 0, max: 50 }), (values, by) => {
        const distance = w1(
          values,
          values.map((value) => value + by),
        );
        expect(distance).toBeCloseTo(by, 12);
      }),
    );
  });

  test('a merged table holds the true distance in its interval, and its estimate too', () => {
    expectTruthWithin(wasserstein, 1e-12);
  });

  test('one value per interval: the bounds meet at the truth', () => {
    expectBoundsToMeet(wasserstein, 10);
  });
});

describe('Wasserstein of a merged table', () => {
  describeMergedDistance(wasserstein, 1e-7, 0.06);

  test('no edges at all: one interval, and bounds that say so', () => {
    expect(merged([1, 2], [2, 3], []).interval).toEqual([0, 2]);
  });
});

describe('Wasserstein in robust units', () => {
  const scaled = (parts: Partial<Moments>) =>
    (wasserstein.measure(tableInput(valueTable([0, 0], [0, 4]), moments(parts))) as MeasureResult).detail;

  test('divides by IQR/1.349, else the standard deviation, else the range, and says which', () => {
    expect(scaled({ q25: 1, q75: 2.349, std: 7, max: 9 })).toMatchObject({
      scale: 'interquartile range / 1.349',
      scaled: expect.closeTo(2, 12),
    });
    expect(scaled({ std: 4, max: 9 })).toMatchObject({ scale: 'standard deviation', scaled: 0.5 });
    expect(scaled({ max: 8 })).toMatchObject({ scale: 'range', scaled: 0.25 });
  });

  test('a constant reference has no scale', () => {
    expect(scaled({})).toBeUndefined();
  });

  test('multiplying the column by 1e-5 or 1e5 changes nothing', () => {
    for (const unit of [1e-5, 1, 1e5]) {
      const table = valueTable([0, unit], [unit, 2 * unit]);
      const { detail } = wasserstein.measure(tableInput(table, moments({ q75: unit }))) as MeasureResult;
      expectRelative(Number(detail?.scaled), 1.349, 1e-14);
    }
  });
});

describe('Wasserstein at the edges', () => {
  test('the largest doubles do not become NaN or infinite', () => {
    expect(w1([-1.7e308], [1.7e308])).toBe(Number.MAX_VALUE);
    expect(w1([-1.7e308, 1.7e308], [-1.7e308, 1.7e308])).toBe(0);
  });

  test.each([
    ['reference', [], [1]],
    ['current', [1], []],
  ])('an empty %s is EMPTY_SAMPLE', (_, reference, current) => {
    expect(() => w1(reference, current)).toThrowError(expect.objectContaining({ code: 'EMPTY_SAMPLE' }));
  });
});
