import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { metricOf, performanceOf } from '../../src/outcome/performance.ts';
import { binaryCounts, drawnBinary, expectClose, scoreTable } from './rows.ts';

const binary = (labels: readonly number[], scores: readonly number[]) =>
  performanceOf(binaryCounts({ labels, scores }));
const area = (labels: readonly number[], scores: readonly number[]) =>
  metricOf(binary(labels, scores), 'roc-auc', '1')!;
const precision = (labels: readonly number[], scores: readonly number[]) =>
  metricOf(binary(labels, scores), 'average-precision', '1')!;

describe('AUC and average precision by hand', () => {
  test('as documented: labels 0 0 1 1, scores .1 .4 .35 .8', () => {
    expect(area([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]).value).toBe(3 / 4);
    expect(precision([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]).value).toBeCloseTo(5 / 6, 15);
  });

  test('DeLong: placements ½ and 1 of the positives, 1 and ½ of the negatives', () => {
    // variance ½·(1/8) + ½·(1/8)
    expect(area([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]).standardError).toBeCloseTo(Math.sqrt(1 / 8), 15);
  });

  test('the slopes of average precision are those of its counts', () => {
    const { positives, negatives, scores } = scoreTable([true, false, true, true, false], [0.9, 0.8, 0.8, 0.4, 0.1]);
    const metricFrom = (p: Float64Array, n: Float64Array) =>
      metricOf(
        performanceOf({
          ...binaryCounts({ labels: [0], scores: [0.5] }),
          scores: {
            ...binaryCounts({ labels: [0], scores: [0.5] }).scores!,
            classes: [
              {
                name: '1',
                ranking: { form: 'table', scores, positives: p, negatives: n, exact: true },
                calibration: null,
              },
            ],
          },
        }),
        'average-precision',
        '1',
      )!;
    const base = metricFrom(positives, negatives);
    let variance = 0;
    for (const counts of [positives, negatives]) {
      for (const [i, count] of counts.entries()) {
        const moved = (by: number) => {
          const changed = counts.with(i, count + by);
          return counts === positives ? metricFrom(changed, negatives).value! : metricFrom(positives, changed).value!;
        };
        variance += count * ((moved(1e-5) - moved(-1e-5)) / 2e-5) ** 2;
      }
    }
    expectClose(base.standardError, Math.sqrt(variance), 1e-7, 'standard error');
  });
});

describe('AUC and average precision at the edges', () => {
  test('one class only: AUC is undefined, and says so', () => {
    expect(area([1, 1], [0.2, 0.9])).toMatchObject({
      value: null,
      reason: 'every row has it as its label; two classes are needed',
    });
    expect(area([0, 0], [0.2, 0.9])).toMatchObject({
      value: null,
      reason: 'no row has it as its label; two classes are needed',
    });
    expect(precision([0, 0], [0.2, 0.9])).toMatchObject({ value: null, reason: 'no row has it as its label' });
    expect(precision([1, 1], [0.2, 0.9])).toMatchObject({ value: 1, interval: null });
  });

  test('perfect order: the lower end is the exact one of so many disjoint pairs', () => {
    const labels = [...Array(40).fill(0), ...Array(10).fill(1)];
    const perfect = area(
      labels,
      labels.map((_, i) => i / 50),
    );
    expect(perfect).toMatchObject({ value: 1, interval: [expect.closeTo(0.025 ** (1 / 10), 12), 1] });
    expect(perfect.standardError).toBeGreaterThan(0.1);
    const [low, high] = precision(
      labels,
      labels.map((_, i) => i / 50),
    ).interval!;
    expect(low).toBeGreaterThan(0.1);
    expect(low).toBeLessThan(0.8);
    expect(high).toBe(1);
  });

  test('perfectly wrong order', () => {
    expect(area([1, 1, 1, 0, 0], [0.1, 0.2, 0.3, 0.7, 0.9])).toMatchObject({
      value: 0,
      interval: [0, expect.closeTo(1 - 0.025 ** 0.5, 12)],
    });
  });

  test('one score for all: ½, and no false certainty', () => {
    const flat = area([0, 1, 1, 0, 1, 0], Array(6).fill(0.3));
    expect(flat.value).toBe(0.5);
    expect(flat.interval![1] - flat.interval![0]).toBeGreaterThan(0.3);
  });

  test('a single positive among many', () => {
    const { value, interval } = area([0, 0, 0, 1], [0.1, 0.2, 0.6, 0.4]);
    expect(value).toBe(2 / 3);
    expect(interval![0]).toBeLessThan(0.2);
  });
});

describe('AUC and average precision by law', () => {
  const rows = fc
    .array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 8 })), { minLength: 4, maxLength: 60 })
    .map((pairs) => ({ labels: pairs.map(([label]) => (label ? 1 : 0)), scores: pairs.map(([, score]) => score / 8) }))
    .filter(({ labels }) => labels.includes(1) && labels.includes(0));

  test('an increasing map of the scores changes nothing', () => {
    fc.assert(
      fc.property(rows, ({ labels, scores }) => {
        const mapped = scores.map((score) => score ** 3 / 2);
        expect(area(labels, mapped)).toEqual(area(labels, scores));
        expect(precision(labels, mapped)).toEqual(precision(labels, scores));
      }),
    );
  });

  test('exchanging the classes and turning the scores over gives the same AUC and error', () => {
    fc.assert(
      fc.property(rows, ({ labels, scores }) => {
        const one = area(labels, scores);
        const other = area(
          labels.map((label) => 1 - label),
          scores.map((score) => 1 - score),
        );
        expectClose(other.value, one.value!, 1e-12, 'AUC', 1);
        expectClose(other.standardError, one.standardError!, 1e-9, 'error', 1e-3);
      }),
    );
  });

  test('doubling every row leaves the values and narrows the intervals', () => {
    fc.assert(
      fc.property(rows, ({ labels, scores }) => {
        const twice = (values: readonly number[]) => [...values, ...values];
        for (const metric of [area, precision]) {
          const [one, two] = [metric(labels, scores), metric(twice(labels), twice(scores))];
          expectClose(two.value, one.value!, 1e-12, 'value', 1);
          // a perfect order has a bound for few rows instead, which is no variance
          if (one.interval === null || one.value === 1) continue;
          expect(two.interval![1] - two.interval![0]).toBeLessThanOrEqual(
            (one.interval[1] - one.interval[0]) * (1 + 1e-9),
          );
        }
      }),
    );
  });

  test('a merged table is off by at most half its tied pairs', () => {
    const { labels, scores } = drawnBinary(11, 2000, 2 ** 32);
    const merged = scores.map((score) => Math.floor(score * 200) / 200);
    const table = scoreTable(
      labels.map((label) => label === 1),
      merged,
    );
    const pairs = labels.filter((label) => label === 1).length * labels.filter((label) => label === 0).length;
    const tied = table.positives.reduce((sum, k, i) => sum + k * table.negatives[i]!, 0);
    expect(Math.abs(area(labels, merged).value! - area(labels, scores).value!)).toBeLessThanOrEqual(tied / pairs / 2);
  });
});
