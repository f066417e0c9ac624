import { describe, expect, test } from 'vitest';
import { normalQuantile } from '../../src/math/normal.ts';
import { SeededRandom } from '../../src/math/random.ts';
import { lossEstimates } from '../../src/outcome/loss-estimate.ts';
import { metricOf, performanceOf } from '../../src/outcome/performance.ts';
import { lossCells, lossReference, type PredictedRow } from './estimates.ts';
import { expectClose, regressionSums } from './rows.ts';

/** Errors that grow with the prediction. */
function drawnRows(random: SeededRandom, count: number, shift = 0): PredictedRow[] {
  return Array.from({ length: count }, () => {
    const prediction = normalQuantile(random.uniform()) + shift;
    return { prediction, label: prediction + normalQuantile(random.uniform()) * Math.exp(0.3 * prediction) };
  });
}

const observed = (rows: readonly PredictedRow[]) =>
  performanceOf(
    regressionSums({ labels: rows.map(({ label }) => label), predictions: rows.map(({ prediction }) => prediction) }),
  );
const ids = ['mean-absolute-error', 'root-mean-squared-error'] as const;

describe('direct loss estimation', () => {
  const reference = {
    edges: Float64Array.of(10),
    unit: 1,
    rows: Float64Array.of(200, 100),
    absolute: Float64Array.of(200, 300),
    squares: Float64Array.of(200, 900),
    fourths: Float64Array.of(200, 8100),
  };

  test('as documented: |e| 1 for small, 3 for large predictions; three of four rows large', () => {
    const [estimate] = lossEstimates(reference, [{ rows: Float64Array.of(1, 3), outside: 0 }]);
    expect(estimate).toMatchObject({ method: 'direct-loss', rows: 4, refused: null });
    expect(estimate!.metrics.map(({ id, value }) => [id, value])).toEqual([
      ['mean-absolute-error', 2.5],
      ['root-mean-squared-error', Math.sqrt(7)],
    ]);
  });

  test('on the reference itself both are those observed, whatever the unit', () => {
    const rows = drawnRows(new SeededRandom(3), 1000);
    for (const unit of [1, 0.125]) {
      const learnt = lossReference(rows, 64, unit);
      const [estimate] = lossEstimates(learnt, [lossCells(rows, learnt)]);
      for (const id of ids) {
        const { value } = estimate!.metrics.find((metric) => metric.id === id)!;
        expectClose(value, metricOf(observed(rows), id)!.value!, 1e-12, id);
      }
    }
  });

  test('intervals hold the metric that the labels show, the predictions having moved (seeded: 95 % hold 91–99 %)', () => {
    const random = new SeededRandom(9);
    const held = [0, 0];
    const runs = 300;
    for (let run = 0; run < runs; run++) {
      const learnt = lossReference(drawnRows(random, 3000));
      const batch = drawnRows(random, 400, 0.3);
      const [estimate] = lossEstimates(learnt, [lossCells(batch, learnt)]);
      for (const [i, id] of ids.entries()) {
        const [low, high] = estimate!.metrics[i]!.interval!;
        const { value } = metricOf(observed(batch), id)!;
        if (value! >= low && value! <= high) held[i]! += 1;
      }
    }
    for (const count of held) {
      expect(count / runs).toBeGreaterThan(0.91);
      expect(count / runs).toBeLessThan(0.99);
    }
  });

  test('cells with few or no reference rows are joined to a neighbour', () => {
    const thin = {
      edges: Float64Array.of(1, 2, 3),
      unit: 1,
      rows: Float64Array.of(0, 199, 2, 1),
      absolute: Float64Array.of(0, 199, 20, 10),
      squares: Float64Array.of(0, 199, 200, 100),
      fourths: Float64Array.of(0, 199, 20000, 10000),
    };
    const [estimate] = lossEstimates(thin, [{ rows: Float64Array.of(5, 0, 0, 5), outside: 0 }]);
    expect(estimate!.metrics[0]!.value).toBeCloseTo(229 / 202, 12);
  });

  test('refused with few labels, predictions out of range, new feature values, no rows', () => {
    const window = { rows: Float64Array.of(50, 50), outside: 0 };
    const refusal = (...[of, windows, options]: Parameters<typeof lossEstimates>) =>
      lossEstimates(of, windows, options)[0]!.refused;
    expect(refusal(reference, [window])).toBeNull();
    expect(refusal({ ...reference, rows: Float64Array.of(50, 40) }, [window])).toBe(
      'the reference has 90 labelled rows',
    );
    expect(refusal(reference, [{ ...window, outside: 3 }])).toBe(
      `3 of 100 predictions lie outside the reference's range`,
    );
    expect(refusal(reference, [window], { unseenShare: 0.06 })).toContain('never had');
    expect(refusal(reference, [{ rows: Float64Array.of(0, 0), outside: 0 }])).toBe('there is no row with a prediction');
  });
});
