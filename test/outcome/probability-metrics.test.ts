import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ClassificationCounts, ScoreCounts } from '../../src/model/outcome-counts.ts';
import { equalWidthEdges } from '../../src/model/outcome-counts.ts';
import { equalMassEdges } from '../../src/outcome/calibration.ts';
import { SMALLEST_PROBABILITY } from '../../src/outcome/losses.ts';
import { metricOf, performanceOf } from '../../src/outcome/performance.ts';
import {
  binaryCounts,
  calibrationBins,
  drawnBinary,
  expectClose,
  rankSums,
  scoreTable,
  severalCounts,
} from './rows.ts';

const binary = (labels: readonly number[], scores: readonly number[]) =>
  performanceOf(binaryCounts({ labels, scores }));
const withScores = (counts: ClassificationCounts, scores: Partial<ScoreCounts>) =>
  performanceOf({ ...counts, scores: { ...counts.scores!, ...scores } });

describe('losses by hand', () => {
  test('as documented: a positive scored ½ costs ln 2 and ¼', () => {
    const found = binary([1, 1], [0.5, 0.5]);
    expect(metricOf(found, 'log-loss')?.value).toBeCloseTo(Math.LN2, 15);
    expect(metricOf(found, 'brier-score')?.value).toBe(0.25);
  });

  test('certain and wrong costs −ln ε, certain and right −ln(1 − ε)', () => {
    expect(metricOf(binary([0], [1]), 'log-loss')?.value).toBe(-Math.log(SMALLEST_PROBABILITY));
    expect(metricOf(binary([1], [1]), 'log-loss')?.value).toBe(-Math.log(1 - SMALLEST_PROBABILITY));
  });

  test('the error is that of the mean', () => {
    // squared errors .01 .09 .25: mean .35/3, s² = .0304/… by the textbook
    const losses = [0.01, 0.09, 0.25];
    const mean = 0.35 / 3;
    const error = Math.sqrt(losses.reduce((sum, loss) => sum + (loss - mean) ** 2, 0) / 2 / 3);
    expectClose(metricOf(binary([1, 0, 1], [0.9, 0.3, 0.5]), 'brier-score')!.standardError, error, 1e-12, 'error');
  });
});

describe('losses at the edges', () => {
  const counts = binaryCounts({ labels: [0, 1, 1], scores: [0.2, 0.7, 1.2] });

  test('scores outside 0 … 1 are no probabilities; their order still counts', () => {
    const found = performanceOf(counts);
    const reason = '1 of 3 rows have a score outside 0 to 1: no probability';
    for (const id of ['log-loss', 'brier-score'] as const)
      expect(metricOf(found, id)).toMatchObject({ value: null, reason });
    expect(metricOf(found, 'calibration-error', '1')).toBeUndefined();
    expect(metricOf(found, 'roc-auc', '1')?.value).toBe(1);
  });

  test('scores that do not sum to one, labels without a score, sums not computed', () => {
    const several = severalCounts({
      labels: ['a', 'b', 'c'],
      scores: [
        [0.7, 0.2, 0.1],
        [0.3, 0.4, 0.3],
        [0.1, 0.2, 0.7],
      ],
    });
    expect(metricOf(withScores(several, { notSummingToOne: 2 }), 'log-loss')?.reason).toBe(
      'the scores of 2 of 3 rows do not sum to 1',
    );
    expect(metricOf(withScores(several, { unscoredLabels: 1 }), 'brier-score')?.reason).toBe(
      'the label of 1 of 3 rows is a class without a score',
    );
    expect(metricOf(withScores(several, { logLoss: null }), 'log-loss')?.reason).toBe('its sums were not computed');
  });

  test('no row, one row, equal losses: no interval is made up', () => {
    const nothing = binary([], []);
    for (const { value, interval } of nothing.metrics) expect([value, interval]).toEqual([null, null]);
    expect(metricOf(binary([1], [0.4]), 'brier-score')).toMatchObject({ interval: null, standardError: null });
    expect(metricOf(binary([1, 1], [0.4, 0.4]), 'brier-score')).toMatchObject({ interval: null, standardError: null });
  });

  test('large sums about a pivot keep their spread', () => {
    const sums = { rows: 1e6, pivot: 5e8, sum: 0, squares: 1e6 };
    const found = withScores(binaryCounts({ labels: [1], scores: [0.5] }), { rows: 1e6, logLoss: sums });
    expect(metricOf(found, 'log-loss')!.standardError).toBeCloseTo(1e-3, 8);
  });
});

describe('calibration', () => {
  test('as documented: .8 four times, three positives', () => {
    const found = binary([1, 1, 1, 0], [0.8, 0.8, 0.8, 0.8]);
    expect(metricOf(found, 'calibration-error', '1')?.value).toBeCloseTo(0.05, 15);
    const [curve] = found.calibration;
    expect(curve!.points).toEqual([
      { rows: 4, meanScore: 0.8, observed: 0.75, interval: [expect.closeTo(0.3006, 3), expect.closeTo(0.9544, 3)] },
    ]);
    // one bin: √(2/π) · √(.7 · .3/4), half a row of each kind added
    expect(curve!.expectedByChance).toBeCloseTo(Math.sqrt((2 / Math.PI) * ((0.7 * 0.3) / 4)), 12);
  });

  test('bins given with rank sums are those read off the table', () => {
    const { labels, scores } = drawnBinary(12, 300, 100);
    const positive = labels.map((label) => label === 1);
    const table = scoreTable(positive, scores);
    const calibration = {
      equalWidth: calibrationBins(positive, scores, equalWidthEdges(15)),
      equalMass: calibrationBins(positive, scores, equalMassEdges(table, 10)),
    };
    const summed = withScores(binaryCounts({ labels, scores }), {
      classes: [{ name: '1', ranking: rankSums(positive, scores), calibration }],
    });
    const read = binary(labels, scores);
    for (const id of ['calibration-error', 'calibration-error-equal-mass'] as const) {
      expectClose(metricOf(summed, id, '1')!.value, metricOf(read, id, '1')!.value!, 1e-12, id);
    }
    expect(summed.calibration.map(({ points }) => points.map(({ rows }) => rows))).toEqual(
      read.calibration.map(({ points }) => points.map(({ rows }) => rows)),
    );
  });

  test('equal-mass bins: ties that fill several bins are one edge', () => {
    expect([...equalMassEdges(scoreTable(Array(10).fill(true), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), 5)]).toEqual([
      2, 4, 6, 8,
    ]);
    expect([...equalMassEdges(scoreTable(Array(10).fill(true), [1, 1, 1, 1, 1, 1, 1, 8, 9, 10]), 5)]).toEqual([1, 8]);
    expect([...equalMassEdges(scoreTable([true], [0.5]), 5)]).toEqual([]);
  });

  test('a calibrated score: the interval reaches down to 0; one far off: it does not', () => {
    const { labels, scores } = drawnBinary(13, 2000, 2 ** 32);
    expect(metricOf(binary(labels, scores), 'calibration-error', '1')!.interval![0]).toBeGreaterThan(0.05);
    const calibrated = scores.map((score) => 0.1 + 0.7 * score * score);
    expect(metricOf(binary(labels, calibrated), 'calibration-error', '1')!.interval![0]).toBe(0);
  });

  test('every value lies in its interval', () => {
    const rows = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 20 })), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(rows, (pairs) => {
        const found = binary(
          pairs.map(([label]) => (label ? 1 : 0)),
          pairs.map(([, score]) => score / 20),
        );
        const { value, interval } = metricOf(found, 'calibration-error', '1')!;
        expect(interval![0]).toBeLessThanOrEqual(interval![1]);
        expect(interval![0]).toBeLessThanOrEqual(value! + 1e-12);
        expect(interval![1]).toBeLessThanOrEqual(1);
      }),
    );
  });
});
