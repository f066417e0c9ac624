import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalQuantile } from '../../src/math/normal.ts';
import { SeededRandom } from '../../src/math/random.ts';
import type { PerformanceEstimate } from '../../src/model/outcome.ts';
import { confidenceEstimates } from '../../src/outcome/confidence-estimate.ts';
import { metricOf, performanceOf } from '../../src/outcome/performance.ts';
import { confidenceCells, confidenceReference, type ScoredRow } from './estimates.ts';
import { binaryCounts, confusionOf, expectClose } from './rows.ts';

const logistic = (x: number) => 1 / (1 + Math.exp(-x));

/** Scores that overstate: logit(score) = 0.8 logit(P) + 0.3, cut at ½; `shift` moves the feature, the labels' law stays. */
function drawnRows(random: SeededRandom, count: number, shift = 0): ScoredRow[] {
  return Array.from({ length: count }, () => {
    const logit = 1.5 * (normalQuantile(random.uniform()) + shift) - 1;
    const score = logistic(0.8 * logit + 0.3);
    const label = random.uniform() < logistic(logit) ? 'yes' : 'no';
    return { scores: [score], predicted: score >= 0.5 ? 'yes' : 'no', label };
  });
}

function drawnSeveral(random: SeededRandom, count: number): ScoredRow[] {
  return Array.from({ length: count }, () => {
    const logits = [0, 0.2, -0.4].map((centre) => centre + 1.2 * normalQuantile(random.uniform()));
    const softmax = (scale: number) => {
      const parts = logits.map((logit) => Math.exp(scale * logit));
      const whole = parts.reduce((sum, part) => sum + part, 0);
      return parts.map((part) => part / whole);
    };
    const [first, second] = softmax(1);
    const u = random.uniform();
    const scores = softmax(0.7);
    const label = u < first! ? 'a' : u < first! + second! ? 'b' : 'c';
    return { scores, predicted: 'abc'[scores.indexOf(Math.max(...scores))]!, label };
  });
}

const observed = (rows: readonly ScoredRow[]) =>
  performanceOf({
    task: 'classification',
    positive: null,
    confusion: confusionOf(
      rows.map(({ label }) => label),
      rows.map(({ predicted }) => predicted),
    ),
    scores: null,
  });
const estimateOf = (estimate: PerformanceEstimate, id: string, className: string | null = null) =>
  estimate.metrics.find((metric) => metric.id === id && metric.className === className)!;

describe('confidence-based estimation by hand', () => {
  // score .9: 90 of 100 positive, predicted; score .2: 20 of 200 positive, not predicted
  const side = (rows: readonly number[], positives: readonly number[]) => ({
    rows: Float64Array.from(rows),
    positives: Float64Array.from(positives),
  });
  const half = { predicted: side([0, 50], [0, 45]), other: side([100, 0], [10, 0]) };
  const reference = {
    classes: [{ name: 'yes', edges: Float64Array.of(0.5), halves: [half, half] as const }],
    rest: 'no',
  };

  test('20 rows predicted positive at .9, 60 others at .2', () => {
    const window = {
      rows: 80,
      classes: [{ predicted: Float64Array.of(0, 20), other: Float64Array.of(60, 0), outside: 0 }],
    };
    const [estimate] = confidenceEstimates(reference, [window]);
    expect(estimate!.refused).toBeNull();
    // E TP = 18, E FN = 6, E TN = 54
    expect(estimateOf(estimate!, 'accuracy').value).toBeCloseTo(72 / 80, 15);
    expect(estimateOf(estimate!, 'precision', 'yes').value).toBeCloseTo(0.9, 15);
    expect(estimateOf(estimate!, 'recall', 'yes').value).toBeCloseTo(18 / 24, 15);
    expect(estimateOf(estimate!, 'f1', 'yes').value).toBeCloseTo(36 / 44, 15);
    expect(estimateOf(estimate!, 'recall', 'no').value).toBeCloseTo(54 / 56, 15);
    // 18 of 24 positives above 54 of 56 negatives: (18 · 54 + ½ (18 · 2 + 6 · 54)) / (24 · 56)
    expect(estimateOf(estimate!, 'roc-auc', 'yes').value).toBeCloseTo(
      (18 * 54 + (18 * 2 + 6 * 54) / 2) / (24 * 56),
      14,
    );
    // chance of the labels and error of the calibration, half a row of each kind added to the reference
    const [high, low] = [90.5 / 101, 20.5 / 201];
    const variance = high * (1 - high) * (20 + 400 / 100) + low * (1 - low) * (60 + 3600 / 200);
    expectClose(estimateOf(estimate!, 'accuracy').standardError, Math.sqrt(variance) / 80, 1e-12, 'error');
  });

  test('a window each, in their order', () => {
    const window = (predicted: number) => ({
      rows: 80,
      classes: [{ predicted: Float64Array.of(0, predicted), other: Float64Array.of(80 - predicted, 0), outside: 0 }],
    });
    const accuracies = confidenceEstimates(reference, [window(0), window(40), window(80)]).map(
      (estimate) => estimateOf(estimate, 'accuracy').value,
    );
    expect(accuracies).toEqual([0.9, 0.9, 0.9]);
    expect(estimateOf(confidenceEstimates(reference, [window(0)])[0]!, 'precision', 'yes')).toMatchObject({
      value: null,
    });
  });
});

describe('confidence-based estimation by law', () => {
  test('on the reference itself the estimate is what was observed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
        const rows = drawnRows(new SeededRandom(seed), 400);
        const reference = confidenceReference(rows, ['yes'], 'no', 64);
        const [estimate] = confidenceEstimates(reference, [confidenceCells(rows, reference)]);
        if (estimate!.refused !== null) return;
        const truth = observed(rows);
        for (const { id, className, value } of estimate!.metrics.filter(({ id }) => id !== 'roc-auc')) {
          expectClose(value, metricOf(truth, id, className)!.value!, 1e-12, id);
        }
      }),
      { numRuns: 30 },
    );
  });

  test('several classes: accuracy and the F1 of each as observed', () => {
    const rows = drawnSeveral(new SeededRandom(5), 3000);
    const reference = confidenceReference(rows, ['a', 'b', 'c'], null);
    const [estimate] = confidenceEstimates(reference, [confidenceCells(rows, reference)]);
    const truth = observed(rows);
    for (const id of ['accuracy', 'f1-macro'] as const) {
      expectClose(estimateOf(estimate!, id).value, metricOf(truth, id)!.value!, 1e-12, id);
    }
  });

  test('intervals hold the metric that the labels show, the feature having moved (seeded: 95 % hold 91–99 %)', () => {
    const random = new SeededRandom(7);
    const held = new Map<string, number>();
    const runs = 200;
    for (let run = 0; run < runs; run++) {
      const reference = confidenceReference(drawnRows(random, 3000), ['yes'], 'no', 128);
      const batch = drawnRows(random, 500, 0.5);
      const [estimate] = confidenceEstimates(reference, [confidenceCells(batch, reference)]);
      expect(estimate!.refused).toBeNull();
      const truth = performanceOf(
        binaryCounts({
          labels: batch.map(({ label }) => (label === 'yes' ? 1 : 0)),
          scores: batch.map(({ scores }) => scores[0]!),
        }),
      );
      for (const { id, className, interval } of estimate!.metrics) {
        const name = className === null ? null : className === 'yes' ? '1' : '0';
        const { value } = metricOf(truth, id, name)!;
        const key = `${id} ${className}`;
        held.set(key, (held.get(key) ?? 0) + (value! >= interval![0] && value! <= interval![1] ? 1 : 0));
      }
    }
    for (const [key, count] of held) {
      expect(count / runs, key).toBeGreaterThan(0.91);
      expect(count / runs, key).toBeLessThan(0.995);
    }
  });
});

describe('confidence-based estimation is refused', () => {
  const random = new SeededRandom(11);
  const rows = drawnRows(random, 2000);
  const reference = confidenceReference(rows, ['yes'], 'no', 64);
  const batch = confidenceCells(rows.slice(0, 300), reference);

  test('not on data like the reference', () => {
    const [estimate] = confidenceEstimates(reference, [batch], { unseenShare: 0.01 });
    expect(estimate).toMatchObject({ refused: null, rows: 300, method: 'confidence-based' });
    expect(estimate!.conditions.every(({ holds }) => holds)).toBe(true);
  });

  test('with too few labelled rows, or too few of a class', () => {
    const few = confidenceReference(rows.slice(0, 150), ['yes'], 'no', 64);
    expect(confidenceEstimates(few, [confidenceCells(rows, few)])[0]).toMatchObject({
      metrics: [],
      refused: expect.stringContaining('the reference has 150 labelled rows'),
    });
    const oneSided = rows.map((row, i) => ({ ...row, label: i < 10 ? 'yes' : 'no' }));
    const rare = confidenceReference(oneSided, ['yes'], 'no', 64);
    expect(confidenceEstimates(rare, [confidenceCells(rows, rare)])[0]!.refused).toContain(
      'the reference has 10 labelled rows of "yes"',
    );
  });

  test('when positives fall as the score rises', () => {
    const inverted = rows.map((row) => ({ ...row, label: row.label === 'yes' ? 'no' : 'yes' }));
    const wrong = confidenceReference(inverted, ['yes'], 'no', 64);
    expect(confidenceEstimates(wrong, [confidenceCells(rows, wrong)])[0]!.refused).toMatch(
      /the scores of "yes" calibrated on one half of the reference miss the other by 0\.\d+/,
    );
  });

  test('when scores lie outside the reference’s, features are new, or the batch is empty', () => {
    const outside = { ...batch, classes: [{ ...batch.classes[0]!, outside: 7 }] };
    expect(confidenceEstimates(reference, [outside])[0]!.refused).toBe(
      `7 of 300 scores of "yes" lie outside the reference's range`,
    );
    expect(confidenceEstimates(reference, [batch], { unseenShare: 0.2 })[0]!.refused).toContain('never had');
    expect(confidenceEstimates(reference, [confidenceCells([], reference)])[0]!.refused).toBe(
      'there is no row with a score and a prediction',
    );
  });

  test('one window alone', () => {
    const outside = { ...batch, classes: [{ ...batch.classes[0]!, outside: 100 }] };
    const estimates = confidenceEstimates(reference, [batch, outside]);
    expect(estimates.map(({ refused }) => refused === null)).toEqual([true, false]);
  });
});
