import { describe, expect, test } from 'vitest';
import { normalQuantile } from '../../src/math/normal.ts';
import { SeededRandom } from '../../src/math/random.ts';
import type { Metric, MetricId, Performance } from '../../src/model/outcome.ts';
import { metricDrop } from '../../src/outcome/metric-drop.ts';
import { metricOf, performanceOf } from '../../src/outcome/performance.ts';
import { binaryCounts, regressionSums } from './rows.ts';

/** Seeded, so that they say the same every time. */
const random = new SeededRandom(20261121);
const normal = () => normalQuantile(random.uniform());

function binary(rows: number, separation: number): Performance {
  const labels = Array.from({ length: rows }, () => (random.uniform() < 0.3 ? 1 : 0));
  const scores = labels.map((label) => 1 / (1 + Math.exp(-(normal() + separation * label - 1))));
  return performanceOf(binaryCounts({ labels, scores }));
}

function regression(rows: number, noise: number): Performance {
  const labels = Array.from({ length: rows }, normal);
  return performanceOf(regressionSums({ labels, predictions: labels.map((label) => label + noise * normal()) }));
}

/** Rows of three classes, drawn over the cells of the matrix. */
function confusion(rows: number, shares: Float64Array): Performance {
  const counts = new Float64Array(shares.length);
  random.multinomial(rows, shares, counts);
  const classes = ['a', 'b', 'c'].slice(0, Math.sqrt(shares.length));
  return performanceOf({ task: 'classification', positive: null, confusion: { classes, counts }, scores: null });
}

const threeClasses = Float64Array.of(0.42, 0.05, 0.03, 0.04, 0.24, 0.02, 0.04, 0.04, 0.12);

describe('95 % intervals hold the truth of the law 93 to 97 times in 100', () => {
  const cases: readonly [string, () => Performance, Performance, readonly (readonly [MetricId, string | null])[]][] = [
    [
      'two classes, 300 rows',
      () => binary(300, 1.5),
      binary(400_000, 1.5),
      [
        ['accuracy', null],
        ['recall', '1'],
        ['precision', '1'],
        ['f1', '1'],
        ['matthews-correlation', null],
        ['balanced-accuracy', null],
        ['roc-auc', '1'],
        ['average-precision', '1'],
        ['log-loss', null],
        ['brier-score', null],
      ],
    ],
    [
      'three classes, 200 rows',
      () => confusion(200, threeClasses),
      confusion(1e9, threeClasses),
      [
        ['f1-macro', null],
        ['f1-weighted', null],
        ['precision-macro', null],
        ['recall-macro', null],
        ['matthews-correlation', null],
      ],
    ],
    [
      'regression, 300 rows',
      () => regression(300, 0.5),
      regression(1_000_000, 0.5),
      [
        ['mean-absolute-error', null],
        ['root-mean-squared-error', null],
        ['r-squared', null],
        ['mean-error', null],
      ],
    ],
  ];

  test.each(cases)('%s', (_, drawn, truth, metrics) => {
    const runs = 1000;
    const held = new Float64Array(metrics.length);
    for (let run = 0; run < runs; run++) {
      const performance = drawn();
      for (const [i, [id, className]] of metrics.entries()) {
        const [low, high] = metricOf(performance, id, className)!.interval!;
        const { value } = metricOf(truth, id, className)!;
        if (value! >= low && value! <= high) held[i]! += 1;
      }
    }
    for (const [i, [id]] of metrics.entries()) {
      expect(held[i]! / runs, id).toBeGreaterThanOrEqual(0.93);
      expect(held[i]! / runs, id).toBeLessThanOrEqual(0.97);
    }
  });
});

describe('a drop of exactly the limit is called larger as often as alpha says', () => {
  const share = (right: number) => Float64Array.of(0.7 * right, 0.7 * (1 - right), 0.3 * (1 - right), 0.3 * right);
  const of = (id: MetricId, performance: Performance, className: string | null = null) =>
    metricOf(performance, id, className)!;
  const noise = 1 / Math.SQRT2;
  const separationOf = (area: number) => Math.SQRT2 * normalQuantile(area);
  const cases: readonly [string, number, () => Metric | number, () => Metric][] = [
    [
      'accuracy, both estimated',
      0.05,
      () => of('accuracy', confusion(1000, share(0.9))),
      () => of('accuracy', confusion(300, share(0.855))),
    ],
    ['accuracy, baseline a number', 0.05, () => 0.9, () => of('accuracy', confusion(300, share(0.855)))],
    [
      'AUC',
      0.05,
      () => of('roc-auc', binary(600, separationOf(0.9)), '1'),
      () => of('roc-auc', binary(300, separationOf(0.855)), '1'),
    ],
    [
      'MAE',
      0.1,
      () => of('mean-absolute-error', regression(600, noise)),
      () => of('mean-absolute-error', regression(300, 1.1 * noise)),
    ],
    [
      'RMSE',
      0.1,
      () => of('root-mean-squared-error', regression(600, noise)),
      () => of('root-mean-squared-error', regression(300, 1.1 * noise)),
    ],
  ];

  test.each(cases)('%s', (_, limit, baseline, current) => {
    const runs = 1000;
    let five = 0;
    let one = 0;
    for (let run = 0; run < runs; run++) {
      const { logP } = metricDrop(baseline(), current(), [limit]).tests[0]!;
      if (logP <= Math.log(0.05)) five++;
      if (logP <= Math.log(0.01)) one++;
    }
    expect(five / runs).toBeLessThanOrEqual(0.07);
    expect(five / runs).toBeGreaterThanOrEqual(0.03);
    expect(one / runs).toBeLessThanOrEqual(0.02);
  });
});
