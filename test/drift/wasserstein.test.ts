import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { wasserstein } from '../../src/drift/wasserstein.ts';
import { nextUp } from '../../src/math/floats.ts';
import type { MeasureResult, Moments } from '../../src/model/measure.ts';
import { expectRelative, intervalTable, sample, tableInput, valuesInput, valueTable } from './inputs.ts';
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
    fc.assert(
      fc.property(
        sample,
        sample,
        fc.uniqueArray(fc.integer({ min: -9, max: 9 }), { maxLength: 8 }),
        (reference, current, cuts) => {
          const truth = w1(reference, current);
          const edges = cuts.sort((a, b) => a - b);
          const { statistic, interval } = merged(reference, current, edges);
          const [lower, upper] = interval!;
          expect(truth).toBeGreaterThanOrEqual(lower - 1e-12);
          expect(truth).toBeLessThanOrEqual(upper + 1e-12);
          expect(statistic).toBeGreaterThanOrEqual(lower - 1e-12);
          expect(statistic).toBeLessThanOrEqual(upper + 1e-12);
        },
      ),
    );
  });

  test('one value per interval: the bounds meet at the truth', () => {
    fc.assert(
      fc.property(sample, sample, (reference, current) => {
        const edges = [...valueTable(reference, current).support].flatMap((value) => [value, nextUp(value)]);
        const [lower, upper] = merged(reference, current, edges).interval!;
        const truth = w1(reference, current);
        expect(lower).toBeCloseTo(truth, 10);
        expect(upper).toBeCloseTo(truth, 10);
      }),
    );
  });
});

describe('Wasserstein of a merged table', () => {
  const even = Array.from({ length: 1000 }, (_, i) => (i + 0.5) / 1000);
  const edges = Array.from({ length: 41 }, (_, i) => i / 40);

  test('far-shifted current data is right, because the outer sums are known', () => {
    const far = even.map((value) => value + 1e6);
    const { statistic, interval } = merged(even, far, edges);
    expectRelative(statistic, 1e6, 1e-8);
    expectRelative(interval![0], 1e6, 1e-7);
    expectRelative(interval![1], 1e6, 1e-7);
    expectRelative(merged(far, even, edges).statistic, 1e6, 1e-8);
  });

  test('a smooth shift inside the edges is right to a thousandth, within honest bounds', () => {
    const shifted = even.map((value) => 0.9 * value);
    const truth = w1(even, shifted);
    const { statistic, interval, exact } = merged(even, shifted, edges);
    expect(exact).toBe(false);
    expectRelative(statistic, truth, 2e-3);
    expect(interval![1] - interval![0]).toBeLessThan(0.06);
  });

  test('exponential tails beyond the last edge', () => {
    const quantiles = (mean: number) => Array.from({ length: 4000 }, (_, i) => -mean * Math.log((i + 0.5) / 4000));
    const [reference, current] = [quantiles(1), quantiles(1.5)];
    const { statistic } = merged(
      reference,
      current,
      Array.from({ length: 20 }, (_, i) => 0.1 * i),
    );
    expectRelative(statistic, w1(reference, current), 5e-3);
  });

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
