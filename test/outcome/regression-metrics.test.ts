import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ResidualCounts } from '../../src/model/outcome-counts.ts';
import { metricOf, performanceOf } from '../../src/outcome/performance.ts';
import { drawnRegression, expectClose, regressionSums } from './rows.ts';

const regression = (labels: readonly number[], predictions: readonly number[], features: number | null = null) =>
  performanceOf(regressionSums({ labels, predictions }, { features }));

describe('regression metrics by hand', () => {
  test('as documented: labels 1 2 3, predictions 2 2 5', () => {
    const found = regression([1, 2, 3], [2, 2, 5], 1);
    expect(metricOf(found, 'mean-absolute-error')?.value).toBe(1);
    expect(metricOf(found, 'root-mean-squared-error')?.value).toBeCloseTo(Math.sqrt(5 / 3), 15);
    expect(metricOf(found, 'r-squared')?.value).toBeCloseTo(-1.5, 15);
    expect(metricOf(found, 'adjusted-r-squared')?.value).toBeCloseTo(-4, 14);
    expect(metricOf(found, 'mean-error')?.value).toBe(1);
    expect(metricOf(found, 'mean-absolute-percentage-error')?.value).toBeCloseTo(5 / 9, 15);
  });

  test('errors of the means', () => {
    const found = regression([1, 2, 3], [2, 2, 5]);
    // |e| 1 0 2: s = 1
    expect(metricOf(found, 'mean-absolute-error')?.standardError).toBeCloseTo(1 / Math.sqrt(3), 15);
    // e² 1 0 4: s² = 13/3, over 2 RMSE √3
    expect(metricOf(found, 'root-mean-squared-error')?.standardError).toBeCloseTo(
      Math.sqrt(13 / 9) / 2 / Math.sqrt(5 / 3),
      14,
    );
  });

  test('residual quantiles are type 7, with order statistics for ends', () => {
    const labels = Array<number>(101).fill(0);
    const found = regression(
      labels,
      labels.map((_, i) => i),
    );
    const median = found.metrics.find(({ probability }) => probability === 0.5)!;
    // 50.5 ∓ 1.96 √25.25 = 40.65, 60.35
    expect(median).toMatchObject({ value: 50, interval: [39, 61] });
  });
});

describe('regression metrics at the edges', () => {
  test('no rows: nothing is defined', () => {
    const none = performanceOf(regressionSums({ labels: [], predictions: [] }, { features: 3 }));
    for (const { value, interval } of none.metrics) expect([value, interval]).toEqual([null, null]);
  });

  test('equal labels have no R², whatever their size', () => {
    for (const label of [0, 0.1, 1e9, 1e300]) {
      const found = performanceOf(
        regressionSums(
          { labels: [label, label, label], predictions: [label, 0, 1] },
          { unit: label > 1e70 ? 2 ** 990 : 1 },
        ),
      );
      expect(metricOf(found, 'r-squared')).toMatchObject({ value: null, reason: 'all labels are equal' });
    }
  });

  test('as many features as rows have no adjusted R²', () => {
    const found = regression([1, 2, 3, 4], [1, 2, 3, 5], 3);
    expect(metricOf(found, 'adjusted-r-squared')).toMatchObject({
      value: null,
      reason: '4 rows do not exceed 3 features by two',
    });
    expect(metricOf(found, 'r-squared')?.value).toBeCloseTo(0.8, 15);
  });

  test('errors all alike, or none: a value, but no certainty', () => {
    for (const shift of [0, 2]) {
      const found = regression([1, 2, 4], [1 + shift, 2 + shift, 4 + shift]);
      for (const id of ['mean-absolute-error', 'root-mean-squared-error', 'mean-error'] as const) {
        expect(metricOf(found, id)).toMatchObject({ value: shift, interval: null, standardError: null });
      }
    }
  });

  test('fourth powers that overflow do not in units', () => {
    const found = performanceOf(
      regressionSums({ labels: [1e140, 2e140, 4e140], predictions: [1.5e140, 2e140, 3e140] }, { unit: 2 ** 465 }),
    );
    expectClose(metricOf(found, 'mean-absolute-error')?.value, 0.5e140, 1e-12, 'MAE');
    expect(metricOf(found, 'root-mean-squared-error')!.interval![1]).toBeLessThan(1e141);
  });

  test('sums that overflowed: no value that is no number', () => {
    const huge = performanceOf(regressionSums({ labels: [1e140, 2e140, 4e140], predictions: [1.5e140, 2e140, 3e140] }));
    for (const { id, value, interval, standardError } of huge.metrics) {
      for (const number of [value, standardError, ...(interval ?? [])])
        expect(Number.isFinite(number ?? 0), id).toBe(true);
    }
    expect(metricOf(huge, 'root-mean-squared-error')).toMatchObject({
      interval: null,
      reason: 'its sums are too large for a number',
    });
    const larger = performanceOf(
      regressionSums({ labels: [1e200, 2e200, 4e200], predictions: [1.5e200, 2e200, 3e200] }),
    );
    expect(metricOf(larger, 'r-squared')).toMatchObject({ value: null, reason: 'its sums are too large for a number' });
    expect(metricOf(larger, 'mean-absolute-error')!.value).toBeCloseTo(0.5e200, -190);
  });

  test('merged residuals: the quantiles lie in their intervals', () => {
    const residuals: ResidualCounts = {
      form: 'intervals',
      edges: Float64Array.of(-1, 0, 1),
      rows: Float64Array.of(100, 300, 400, 200),
      min: -3,
      max: 2,
    };
    const sums = { ...regressionSums({ labels: [1, 2], predictions: [1, 3] }), residuals };
    const quantiles = performanceOf(sums).metrics.filter(({ id }) => id === 'residual-quantile');
    expect(quantiles.map(({ value }) => Math.round(value! * 100) / 100)).toEqual([-1.99, -0.5, 0.25, 0.87, 1.75]);
    for (const { value, interval } of quantiles) {
      expect(interval![0]).toBeLessThan(value!);
      expect(interval![1]).toBeGreaterThan(value!);
    }
  });
});

describe('regression metrics by law', () => {
  const rows = fc
    .array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 })), {
      minLength: 3,
      maxLength: 30,
    })
    .map((pairs) => ({ labels: pairs.map(([label]) => label), predictions: pairs.map(([, prediction]) => prediction) }))
    .filter(({ labels }) => new Set(labels).size > 1);

  test('pivot and unit change nothing', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: -20, max: 20 }), fc.integer({ min: -8, max: 8 }), (of, pivot, power) => {
        const plain = performanceOf(regressionSums(of, { features: 1 })).metrics;
        const moved = performanceOf(regressionSums(of, { features: 1, pivot, unit: 2 ** power })).metrics;
        for (const [i, { id, value, standardError }] of plain.entries()) {
          if (value === null) expect(moved[i]!.value, id).toBeNull();
          else expectClose(moved[i]!.value, value, 1e-12, id, 1);
          if (standardError !== null && moved[i]!.standardError !== null) {
            expectClose(moved[i]!.standardError, standardError, 1e-7, `error of ${id}`, 1e-3);
          }
        }
      }),
    );
  });

  test('moving labels and predictions alike leaves all but the relative error', () => {
    fc.assert(
      fc.property(rows, ({ labels, predictions }) => {
        const plain = regression(labels, predictions);
        const moved = regression(
          labels.map((y) => y + 1024),
          predictions.map((p) => p + 1024),
        );
        for (const id of ['mean-absolute-error', 'root-mean-squared-error', 'r-squared', 'mean-error'] as const) {
          expectClose(metricOf(moved, id)!.value, metricOf(plain, id)!.value!, 1e-12, id, 1);
        }
      }),
    );
  });

  test('R² has the error of a jackknife', () => {
    const { labels, predictions } = drawnRegression(21, 400, 0);
    const noisy = predictions.map((prediction, i) => prediction + ((i * 7919) % 401) - 200);
    const without = (left: number) => (values: readonly number[]) => values.filter((_, i) => i !== left);
    const valueOfAll = metricOf(regression(labels, noisy), 'r-squared')!;
    const left = labels.map((_, i) => metricOf(regression(without(i)(labels), without(i)(noisy)), 'r-squared')!.value!);
    const mean = left.reduce((sum, value) => sum + value, 0) / left.length;
    const jackknife = Math.sqrt(
      ((left.length - 1) / left.length) * left.reduce((sum, value) => sum + (value - mean) ** 2, 0),
    );
    expectClose(valueOfAll.standardError, jackknife, 0.02, 'error of R²');
  });
});
