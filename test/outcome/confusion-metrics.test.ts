import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Metric } from '../../src/model/outcome.ts';
import { wilsonInterval } from '../../src/outcome/intervals.ts';
import { metricOf, performanceOf } from '../../src/outcome/performance.ts';
import { expectClose } from './rows.ts';

const performance = (classes: readonly string[], counts: readonly number[], positive: string | null = null) =>
  performanceOf({
    task: 'classification',
    positive,
    confusion: { classes, counts: Float64Array.from(counts) },
    scores: null,
  });
const values = (metrics: readonly Metric[]) =>
  metrics.map(({ id, className, value }) => [id, className, value === null ? null : Math.round(value * 1e12) / 1e12]);

describe('confusion metrics by hand', () => {
  test('as documented: labels 1 1 0 0, predictions 1 0 0 0', () => {
    const found = performance(['0', '1'], [2, 0, 1, 1], '1');
    expect(metricOf(found, 'accuracy')?.value).toBe(3 / 4);
    expect(metricOf(found, 'precision', '1')?.value).toBe(1);
    expect(metricOf(found, 'recall', '1')?.value).toBe(1 / 2);
    expect(metricOf(found, 'f1', '1')?.value).toBe(2 / 3);
    expect(metricOf(found, 'matthews-correlation')?.value).toBeCloseTo(1 / Math.sqrt(3), 15);
    expect(metricOf(found, 'balanced-accuracy')?.value).toBe(3 / 4);
  });

  test('shares carry what they are made of, and Wilson’s interval', () => {
    const recall = metricOf(performance(['0', '1'], [2, 0, 1, 1], '1'), 'recall', '1')!;
    expect(recall).toMatchObject({
      rows: 2,
      proportion: { successes: 1, trials: 2 },
      method: 'Wilson',
      direction: 'higher',
    });
    // (1 + z²/2 ∓ z √(1/2 + z²/4)) / (2 + z²)
    expect(recall.interval![0]).toBeCloseTo(0.0945312057, 9);
    expect(recall.interval![1]).toBeCloseTo(0.9054687943, 9);
  });

  test('F1 has the interval of its share of right rows, 2J/(1 + J)', () => {
    const f1 = metricOf(performance(['0', '1'], [50, 10, 20, 30], '1'), 'f1', '1')!;
    const [low, high] = wilsonInterval(30, 60, 1.959963984540054);
    expectClose(f1.interval![0], (2 * low) / (1 + low), 1e-12, 'low');
    expectClose(f1.interval![1], (2 * high) / (1 + high), 1e-12, 'high');
    // the delta method on all four counts: √(Σ C g²)
    const [tp, wrong, d] = [30, 30, 90];
    const delta = Math.sqrt(tp * ((2 * wrong) / d ** 2) ** 2 + wrong * ((2 * tp) / d ** 2) ** 2);
    expectClose(f1.standardError, delta, 0.02, 'standard error');
  });
});

describe('confusion metrics at the edges', () => {
  test('a class never predicted: its precision is 0 for 0/0, said, without an interval', () => {
    const found = performance(['0', '1'], [3, 0, 2, 0], '1');
    expect(metricOf(found, 'precision', '1')).toMatchObject({ value: 0, interval: null, standardError: null });
    expect(metricOf(found, 'precision', '1')!.reason).toMatch(/no row was predicted as it; 0 stands for 0\/0/);
    expect(metricOf(found, 'precision-macro')).toMatchObject({ value: 0.3, interval: null });
    expect(metricOf(found, 'recall', '1')).toMatchObject({
      value: 0,
      proportion: { successes: 0, trials: 2 },
      reason: null,
    });
    expect(metricOf(found, 'f1', '1')).toMatchObject({ value: 0, reason: null });
    expect(metricOf(found, 'matthews-correlation')).toMatchObject({ value: 0, interval: null });
  });

  test('a positive class that occurs nowhere', () => {
    const found = performance(['0'], [5], '1');
    for (const id of ['precision', 'recall', 'f1'] as const) {
      expect(metricOf(found, id, '1')).toMatchObject({ value: 0, interval: null, rows: 0 });
    }
    expect(metricOf(found, 'accuracy')).toMatchObject({ value: 1 });
  });

  test('no rows: nothing is defined', () => {
    for (const metric of performance([], [], '1').metrics) {
      expect(metric).toMatchObject({
        value: null,
        interval: null,
        reason: 'no row has both a label and a predicted class',
      });
    }
  });

  test('all right: no interval is a point', () => {
    for (const { id, value, interval } of performance(['0', '1'], [30, 0, 0, 20], '1').metrics) {
      expect(value, id).toBe(1);
      expect(interval![0], id).toBeLessThan(0.999);
      expect(interval![0], id).toBeGreaterThan(0.6);
      expect(interval![1], id).toBe(1);
    }
  });

  test('hundreds of millions of rows keep their digits', () => {
    const found = performance(
      ['0', '1'],
      [2e8, 1e8, 1e8, 1e8].map((count) => count + 1),
      '1',
    );
    expect(metricOf(found, 'matthews-correlation')!.value).toBeCloseTo(1 / 6, 8);
    expect(metricOf(found, 'accuracy')!.standardError).toBeCloseTo(Math.sqrt(0.24 / 5e8), 9);
  });
});

describe('confusion metrics by law', () => {
  const matrix = fc
    .integer({ min: 2, max: 4 })
    .chain((size) => fc.array(fc.integer({ min: 0, max: 40 }), { minLength: size * size, maxLength: size * size }))
    .filter((counts) => counts.some((count) => count > 0));
  const namesOf = (counts: readonly number[]) => ['a', 'b', 'c', 'd'].slice(0, Math.sqrt(counts.length));

  test('every value and interval lies in its range', () => {
    fc.assert(
      fc.property(matrix, (counts) => {
        for (const { id, value, interval } of performance(namesOf(counts), counts).metrics) {
          const least = id === 'matthews-correlation' ? -1 : 0;
          for (const end of [value!, ...(interval ?? [])]) {
            expect(end, id).toBeGreaterThanOrEqual(least - 1e-12);
            expect(end, id).toBeLessThanOrEqual(1 + 1e-12);
          }
        }
      }),
    );
  });

  test('the order of the classes changes nothing', () => {
    fc.assert(
      fc.property(matrix, (counts) => {
        const names = namesOf(counts);
        const size = names.length;
        const reversed = counts.map((_, cell) => counts[size * size - 1 - cell]!);
        const other = performance(names.toReversed(), reversed).metrics.toSorted(byName);
        expect(values(other)).toEqual(values(performance(names, counts).metrics.toSorted(byName)));
      }),
    );
  });

  test('exchanging labels and predictions exchanges precision and recall', () => {
    fc.assert(
      fc.property(matrix, (counts) => {
        const names = namesOf(counts);
        const size = names.length;
        const turned = counts.map((_, cell) => counts[(cell % size) * size + Math.floor(cell / size)]!);
        const [one, other] = [performance(names, counts), performance(names, turned)];
        for (const name of names) {
          expect(metricOf(one, 'precision', name)!.value).toBe(metricOf(other, 'recall', name)!.value);
          expect(metricOf(one, 'f1', name)!.value).toBe(metricOf(other, 'f1', name)!.value);
        }
        expectClose(
          metricOf(one, 'matthews-correlation')!.value,
          metricOf(other, 'matthews-correlation')!.value!,
          1e-12,
          'Matthews',
          1,
        );
      }),
    );
  });

  test('the weighted recall is the accuracy', () => {
    fc.assert(
      fc.property(matrix, (counts) => {
        const found = performance(namesOf(counts), counts);
        expectClose(metricOf(found, 'recall-weighted')!.value, metricOf(found, 'accuracy')!.value!, 1e-12, 'recall', 1);
      }),
    );
  });

  test('more rows of the same kind: a shorter interval', () => {
    const widths = [1, 10, 100].map((times) => {
      const found = performance(
        ['a', 'b', 'c'],
        [8, 1, 2, 1, 7, 1, 3, 1, 9].map((count) => count * times),
      );
      return ['accuracy', 'f1-macro', 'matthews-correlation', 'balanced-accuracy'].map((id) => {
        const [low, high] = metricOf(found, id as 'accuracy')!.interval!;
        return high - low;
      });
    });
    for (const [i, width] of widths[1]!.entries()) {
      expect(width / widths[0]![i]!).toBeLessThan(0.4);
      expect(widths[2]![i]! / width).toBeCloseTo(1 / Math.sqrt(10), 1);
    }
  });

  function byName(one: Metric, other: Metric): number {
    const name = ({ id, className }: Metric) => `${id} ${className}`;
    return name(one) < name(other) ? -1 : 1;
  }
});
