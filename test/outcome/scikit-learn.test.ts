import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { MetricId, Performance } from '../../src/model/outcome.ts';
import type { ClassificationCounts, RegressionSums } from '../../src/model/outcome-counts.ts';
import { isotonicBlocks } from '../../src/outcome/isotonic.ts';
import { metricOf, performanceOf } from '../../src/outcome/performance.ts';
import {
  type BinaryRows,
  binaryCounts,
  drawnBinary,
  drawnRegression,
  drawnSeveral,
  expectClose,
  type RegressionRows,
  rankSums,
  regressionSums,
  type SeveralRows,
  severalCounts,
} from './rows.ts';

/** Of the value; long sums are added in another order than NumPy's. */
const TOLERANCE = 1e-12;
/** Row-by-row sums of the tests cost n²; larger cases have their table only. */
const MOST_ROWS_BY_HAND = 300;

type Expected = Record<string, number | null | readonly number[] | readonly string[] | readonly (readonly number[])[]>;
interface Ranked {
  readonly 'roc-auc': number | null;
  readonly 'average-precision': number | null;
  readonly delong: number | null;
}
interface Case {
  readonly name?: string;
  readonly seed: number;
  readonly rows: number;
  readonly steps: number;
  readonly shift: number;
  readonly labels: never;
  readonly scores: never;
  readonly predictions: never;
  readonly expected: Expected & Ranked & { readonly each: readonly Ranked[] };
}

const document = JSON.parse(
  readFileSync(new URL('../../fixtures/outcomes/scikit-learn.json', import.meta.url), 'utf8'),
) as Record<'binary' | 'drawnBinary' | 'several' | 'drawnSeveral' | 'regression' | 'drawnRegression', Case[]> & {
  readonly features: number;
  readonly isotonic: readonly { readonly rows: number[]; readonly positives: number[]; readonly expected: number[] }[];
};

const named = (cases: Case[]) => cases.map((each): [string, Case] => [each.name ?? `${each.rows} rows drawn`, each]);

const shares: readonly MetricId[] = [
  'accuracy',
  'balanced-accuracy',
  'matthews-correlation',
  'precision-macro',
  'recall-macro',
  'f1-macro',
  'precision-weighted',
  'recall-weighted',
  'f1-weighted',
];

function expectConfusion(performance: Performance, counts: ClassificationCounts, expected: Expected): void {
  expect(counts.confusion!.classes).toEqual(expected.classes);
  expect([...counts.confusion!.counts]).toEqual((expected.confusion as number[][]).flat());
  for (const id of shares) expectClose(metricOf(performance, id)?.value, expected[id] as number, TOLERANCE, id, 1e-3);
  for (const id of ['precision', 'recall', 'f1'] as const) {
    for (const [i, name] of counts.confusion!.classes.entries()) {
      expectClose(
        metricOf(performance, id, name)?.value,
        (expected[id] as number[])[i]!,
        TOLERANCE,
        `${id} of ${name}`,
      );
    }
  }
}

function expectRanking(performance: Performance, name: string, expected: Ranked): void {
  const area = metricOf(performance, 'roc-auc', name)!;
  if (expected['roc-auc'] === null) expect(area).toMatchObject({ value: null, interval: null });
  else expectClose(area.value, expected['roc-auc'], TOLERANCE, 'AUC');
  if (expected.delong) expectClose(area.standardError! ** 2, expected.delong, TOLERANCE, 'DeLong');
  const precision = metricOf(performance, 'average-precision', name)!;
  if (expected['average-precision'] === null) expect(precision).toMatchObject({ value: null, interval: null });
  else expectClose(precision.value, expected['average-precision'], TOLERANCE, 'average precision');
}

function expectAllInside(performance: Performance): void {
  for (const { id, value, interval, standardError, reason } of performance.metrics) {
    if (interval === null) expect(reason, id).not.toBeNull();
    else {
      expect(interval[0], id).toBeLessThanOrEqual(value! + 1e-15);
      expect(interval[1], id).toBeGreaterThanOrEqual(value! - 1e-15);
      expect(standardError, id).toBeGreaterThanOrEqual(0);
    }
  }
}

describe.each(named([...document.binary, ...document.drawnBinary]))('two classes: %s', (_, each) => {
  const { expected } = each;
  const rows: BinaryRows = each.seed ? drawnBinary(each.seed, each.rows, each.steps) : each;
  const counts = binaryCounts(rows);
  const performance = performanceOf(counts);

  test('the metrics are those of scikit-learn', () => {
    expectConfusion(performance, counts, expected);
    expectRanking(performance, '1', expected);
    for (const id of ['log-loss', 'brier-score'] as const) {
      expectClose(metricOf(performance, id)?.value, expected[id] as number, TOLERANCE, id);
    }
    expectAllInside(performance);
  });

  test('the calibration curve is that of scikit-learn', () => {
    const points = performance.calibration.find(({ bins }) => bins === 'equal-width')!.points;
    expect(points.map((point) => point.rows)).toEqual(expected.rows);
    for (const [i, { observed, meanScore }] of points.entries()) {
      expectClose(observed, (expected.observed as number[])[i]!, TOLERANCE, 'observed share');
      expectClose(meanScore, (expected.meanScore as number[])[i]!, TOLERANCE, 'mean score');
    }
    expectClose(
      metricOf(performance, 'calibration-error', '1')?.value,
      expected['calibration-error'] as number,
      TOLERANCE,
      'ECE',
      1e-3,
    );
  });

  test.runIf(rows.labels.length <= MOST_ROWS_BY_HAND)('rank sums tell the same as the table', () => {
    const ranking = rankSums(
      rows.labels.map((label) => label === 1),
      rows.scores,
    );
    const summed = performanceOf({
      ...counts,
      scores: { ...counts.scores!, classes: [{ name: '1', ranking, calibration: null }] },
    });
    expectRanking(summed, '1', expected);
    for (const id of ['roc-auc', 'average-precision'] as const) {
      const [one, other] = [metricOf(summed, id, '1')!, metricOf(performance, id, '1')!];
      expect(one.reason).toBe(other.reason);
      if (other.standardError !== null)
        expectClose(one.standardError, other.standardError, TOLERANCE, `error of ${id}`, 1e-3);
    }
  });
});

describe.each(named([...document.several, ...document.drawnSeveral]))('several classes: %s', (_, each) => {
  test('the metrics are those of scikit-learn', () => {
    const { expected } = each;
    const rows: SeveralRows = each.seed ? drawnSeveral(each.seed, each.rows) : each;
    const counts = severalCounts(rows);
    const performance = performanceOf(counts);
    expectConfusion(performance, counts, expected);
    for (const [i, name] of ['a', 'b', 'c'].entries()) expectRanking(performance, name, expected.each[i]!);
    for (const id of ['log-loss', 'brier-score', 'roc-auc-macro', 'roc-auc-weighted'] as const) {
      const value = expected[id] as number | undefined;
      if (value === undefined) expect(metricOf(performance, id)).toMatchObject({ value: null });
      else expectClose(metricOf(performance, id)?.value, value, TOLERANCE, id);
    }
    expectAllInside(performance);
  });
});

describe.each(named([...document.regression, ...document.drawnRegression]))('regression: %s', (_, each) => {
  const { expected } = each;
  const rows: RegressionRows = each.seed ? drawnRegression(each.seed, each.rows, each.shift) : each;
  const unit = 2 ** Math.round(Math.log2(Math.max(...rows.labels.map(Math.abs), 1)));
  const spread = Math.max(...rows.labels) - Math.min(...rows.labels);

  test.each([1, unit])('the metrics are those of scikit-learn, in units of %d', (inUnits) => {
    if (inUnits === 1 && unit > 1e70) return;
    const sums: RegressionSums = regressionSums(rows, { unit: inUnits, features: document.features });
    const performance = performanceOf(sums);
    for (const id of [
      'mean-absolute-error',
      'root-mean-squared-error',
      'r-squared',
      'adjusted-r-squared',
      'mean-absolute-percentage-error',
      'mean-error',
    ] as const) {
      const value = expected[id] as number | null;
      const scale = id === 'mean-error' ? spread : 0;
      if (value === null) expect(metricOf(performance, id), id).toMatchObject({ value: null });
      else expectClose(metricOf(performance, id)?.value, value, TOLERANCE, id, scale);
    }
    const quantiles = performance.metrics.filter(({ id }) => id === 'residual-quantile');
    for (const [i, { value }] of quantiles.entries()) {
      expectClose(value, (expected['residual-quantile'] as number[])[i]!, TOLERANCE, 'residual quantile', spread);
    }
    expectAllInside(performance);
  });
});

test.each(document.isotonic)('isotonic regression is that of scikit-learn: $rows', ({ rows, positives, expected }) => {
  const blocks = isotonicBlocks(Float64Array.from(rows), Float64Array.from(positives));
  const fitted = rows.map((_, i) => {
    const block = blocks.find(({ to }) => to > i)!;
    return block.positives / block.rows;
  });
  for (const [i, value] of fitted.entries()) expectClose(value, expected[i]!, TOLERANCE, 'fitted share');
});
