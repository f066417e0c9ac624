import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { andersonDarling } from '../../src/drift/anderson-darling.ts';
import { logBinomial } from '../../src/math/gamma.ts';
import type { MeasureResult } from '../../src/model/measure.ts';
import { Random } from '../support/random.ts';
import { deals, expectRelative, mergedInput, sample, tableInput, valuesInput } from './inputs.ts';
import { STATISTIC_TOLERANCE, twoSample } from './two-sample-values.ts';

const ad = (reference: readonly number[], current: readonly number[]): MeasureResult =>
  andersonDarling.measure(valuesInput(reference, current));

const squares = (result: MeasureResult) => Number(result.detail?.A2);

describe('Anderson–Darling by hand', () => {
  test('as documented: 1 1 against 2 2 is A² = 3', () => {
    // h = ¼ and ¾, Δ = ½ at both, variances 1/16: (4−1)·4/16·(½·¼ + ½·¼)·16
    expect(squares(ad([1, 1], [2, 2]))).toBeCloseTo(3, 14);
  });

  test('two values: A² is Pearson’s X² · (N−1)/N', () => {
    const { detail, logPValue } = ad([0, 0, 0, 0, 1], [0, 1, 1, 1, 1]);
    expect(detail?.A2).toBeCloseTo(3.6 * 0.9, 13);
    expect(logPValue).toBeLessThan(0);
  });
});

test.each(twoSample.numeric)(
  'Anderson–Darling agrees with scipy.stats.anderson_ksamp: $name',
  ({ reference, current, expected }) => {
    const result = ad(reference, current);
    const { A2_normalised, p_permutation, resamples } = expected.anderson_darling_ksamp_midrank;
    // the statistic is a difference from 1: relative to its parts
    expect(Math.abs(result.statistic - A2_normalised)).toBeLessThan(
      STATISTIC_TOLERANCE * Math.max(1, Math.abs(A2_normalised)),
    );
    // five rows have ten ways to be dealt, and two values behave like X² without a correction for continuity
    if (p_permutation === undefined || reference.length < 10 || new Set([...reference, ...current]).size === 2) return;
    const p = Math.exp(result.logPValue!);
    expect(Math.abs(p - p_permutation)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / resamples!) + 2 / resamples!);
  },
);

describe('p-value of Anderson–Darling', () => {
  test.each([
    ['no ties', Array.from({ length: 16 }, (_, i) => i), 8, 0.01],
    ['unequal sizes', Array.from({ length: 18 }, (_, i) => i), 4, 0.013],
    ['ties', [0, 0, 0, 1, 1, 2, 3, 3, 3, 3, 4, 5, 5, 6, 7, 8], 8, 0.03],
  ] as const)('agrees with every way to deal the rows: %s', (_, pool, n, tolerance) => {
    const all = deals(pool, n).map(({ reference, current }) => ad(reference, current));
    expect(all.reduce((sum, result) => sum + squares(result), 0) / all.length).toBeCloseTo(1, 12);
    const sorted = all.toSorted((a, b) => b.statistic - a.statistic);
    for (const wanted of [0.5, 0.25, 0.1, 0.05, 0.02, 0.01, 0.001]) {
      const one = sorted[Math.floor(wanted * all.length)]!;
      // ties leave few values, so that p lies anywhere between "more" and "at least as much"
      const more = all.filter(({ statistic }) => statistic > one.statistic + 1e-9).length / all.length;
      const atLeast = all.filter(({ statistic }) => statistic >= one.statistic - 1e-9).length / all.length;
      const p = Math.exp(one.logPValue!);
      expect(p, `${more} … ${atLeast}`).toBeGreaterThan(more - tolerance);
      expect(p, `${more} … ${atLeast}`).toBeLessThan(atLeast + tolerance);
    }
  });

  test.each([
    ['continuous', (random: Random) => random.normal()],
    ['small integers', (random: Random) => Math.floor(random.uniform() ** 2 * 5)],
    ['three fifths zeros', (random: Random) => Math.max(0, random.normal() - 0.25)],
  ] as const)('holds its level beyond the published table: %s, 300 against 60 rows', (_, draw) => {
    const random = new Random(20261121);
    const runs = 4000;
    const logs = Array.from({ length: runs }, () => {
      const side = (rows: number) => Array.from({ length: rows }, () => draw(random));
      return ad(side(300), side(60)).logPValue!;
    });
    for (const level of [0.5, 0.05, 0.005]) {
      const share = logs.filter((log) => log < Math.log(level)).length / runs;
      expect(Math.abs(share - level), `level ${level}`).toBeLessThan(4 * Math.sqrt((level * (1 - level)) / runs));
    }
  });

  test('is never below one way to deal the rows', () => {
    const table = {
      form: 'values' as const,
      support: Float64Array.of(0, 1),
      reference: Float64Array.of(1e6, 0),
      current: Float64Array.of(0, 100),
    };
    expect((andersonDarling.measure(tableInput(table)) as MeasureResult).logPValue).toBe(-logBinomial(1e6 + 100, 1e6));
  });
});

describe('Anderson–Darling by law', () => {
  test('symmetric; an increasing map changes nothing', () => {
    fc.assert(
      fc.property(sample, sample, (reference, current) => {
        fc.pre(reference.length + current.length >= 4);
        const { statistic, logPValue } = ad(reference, current);
        const swapped = ad(current, reference);
        expect(swapped.statistic).toBeCloseTo(statistic, 10);
        expect(swapped.logPValue).toBeCloseTo(logPValue!, 8);
        const map = (values: readonly number[]) => values.map((value) => Math.exp(value));
        expect(ad(map(reference), map(current)).statistic).toBe(statistic);
      }),
    );
  });

  test('a change in the tails weighs more than the same in the middle', () => {
    const middle = Array.from({ length: 100 }, (_, i) => i);
    const at = (from: number) => middle.map((value) => (value >= from && value < from + 6 ? 1000 : value));
    expect(ad(middle, at(90)).statistic).toBeGreaterThan(-1.35);
    expect(ad(middle, at(0)).statistic).toBeGreaterThan(ad(middle, at(90)).statistic);
  });
});

describe('Anderson–Darling of a merged table', () => {
  test('is the grouped statistic with its own p, and says so', () => {
    const reference = [1, 2, 2, 3, 5, 8];
    const current = [2, 3, 3, 8, 9];
    const edges = [2, 3, 5, 8, 9];
    const grouped: MeasureResult = andersonDarling.measure(mergedInput(reference, current, edges));
    const raw = ad(reference, current);
    expect(grouped).toMatchObject({ statistic: raw.statistic, logPValue: raw.logPValue, exact: false });
    expect(grouped.detail).toMatchObject({ form: expect.stringContaining('grouped') });
  });
});

describe('Anderson–Darling at the edges', () => {
  test('one constant on both sides: nothing differs', () => {
    expect(ad([5, 5, 5], [5, 5])).toMatchObject({ logPValue: 0, detail: { A2: 0 } });
  });

  test('hundreds of millions of rows, far apart', () => {
    const table = {
      form: 'values' as const,
      support: Float64Array.of(0, 1, 2),
      reference: Float64Array.of(1e8, 5, 0),
      current: Float64Array.of(0, 5, 1e8),
    };
    const { statistic, logPValue } = andersonDarling.measure(tableInput(table)) as MeasureResult;
    expect(statistic).toBeGreaterThan(1e7);
    expect(logPValue).toBeLessThan(-1e7);
    expect(Number.isFinite(logPValue)).toBe(true);
  });

  test('the published deviation keeps its digits at large sizes: its limit is √(2(π² − 9)/3)', () => {
    const table = {
      form: 'values' as const,
      support: Float64Array.of(0, 1),
      reference: Float64Array.of(5e7, 5e7),
      current: Float64Array.of(5e7, 5e7),
    };
    expectRelative(
      (andersonDarling.measure(tableInput(table)) as MeasureResult).statistic,
      -1 / Math.sqrt((2 * (Math.PI ** 2 - 9)) / 3),
      1e-6,
    );
  });

  test.each([
    ['reference', [], [1, 2, 3, 4]],
    ['current', [1, 2, 3, 4], []],
    ['both sides together have 3', [1, 2], [3]],
  ])('%s: EMPTY_SAMPLE', (said, reference, current) => {
    expect(() => ad(reference, current)).toThrowError(
      expect.objectContaining({ code: 'EMPTY_SAMPLE', message: expect.stringContaining(said) }),
    );
  });
});
