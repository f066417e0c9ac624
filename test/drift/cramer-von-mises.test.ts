import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cramerVonMises } from '../../src/drift/cramer-von-mises.ts';
import type { MeasureResult } from '../../src/model/measure.ts';
import { Random } from '../support/random.ts';
import { deals, expectRelative, farApart, mergedInput, sample, tableInput, valuesInput } from './inputs.ts';
import { P_VALUE_TOLERANCE, STATISTIC_TOLERANCE, twoSample } from './two-sample-values.ts';

const cvm = (reference: readonly number[], current: readonly number[]): MeasureResult =>
  cramerVonMises.measure(valuesInput(reference, current));

/** Below, SciPy's p is what its series for 1 − p left out and rounded. */
const SCIPY_NOISE = 1e-8;

describe('Cramér–von Mises by hand', () => {
  test('as documented: 1 2 4 against 3 5 is 29/30 − 23/30', () => {
    const { statistic, exact } = cvm([1, 2, 4], [3, 5]);
    expect(statistic).toBeCloseTo(1 / 5, 15);
    expect(exact).toBe(true);
  });

  test('no overlap: ω² is nearly 1/3', () => {
    const low = Array.from({ length: 100 }, (_, i) => i);
    const { detail } = cvm(
      low,
      low.map((value) => value + 1000),
    );
    expect(detail?.omegaSquared).toBeCloseTo(1 / 3, 4);
  });
});

test.each(twoSample.numeric)(
  'Cramér–von Mises agrees with scipy.stats.cramervonmises_2samp: $name',
  ({ reference, current, expected }) => {
    const { statistic, logPValue } = cvm(reference, current);
    const { T, p_asymptotic: p } = expected.cramer_von_mises;
    expectRelative(statistic, T, STATISTIC_TOLERANCE);
    if (p > SCIPY_NOISE * 100) expectRelative(Math.exp(logPValue!), p, P_VALUE_TOLERANCE);
    else expect(Math.abs(Math.exp(logPValue!) - p)).toBeLessThan(SCIPY_NOISE);
  },
);

describe('Cramér–von Mises by law', () => {
  test('symmetric; an increasing map changes nothing; ω² is 0 for the same shares', () => {
    fc.assert(
      fc.property(sample, sample, (reference, current) => {
        const { statistic, logPValue, detail } = cvm(reference, current);
        const swapped = cvm(current, reference);
        expectRelative(swapped.statistic, statistic, 1e-11);
        expect(swapped.logPValue).toBeCloseTo(logPValue!, 9);
        expectRelative(Number(swapped.detail?.omegaSquared), Number(detail?.omegaSquared), 1e-12);
        const map = (values: readonly number[]) => values.map((value) => Math.exp(value));
        expect(cvm(map(reference), map(current)).statistic).toBe(statistic);
        expect(cvm(reference, [...reference, ...reference]).detail).toMatchObject({ omegaSquared: 0 });
      }),
    );
  });

  test('p given the ties holds its level where ties make T meaningless: three values, 400 against 40 rows', () => {
    const random = new Random(20261121);
    const shares = [0.7, 0.2, 0.1];
    const table = () => ({
      form: 'values' as const,
      support: Float64Array.of(0, 1, 2),
      reference: random.multinomial(400, shares),
      current: random.multinomial(40, shares),
    });
    const runs = 3000;
    const results = Array.from({ length: runs }, () => cramerVonMises.measure(tableInput(table())) as MeasureResult);
    const rejected = (log: (result: MeasureResult) => number) =>
      results.filter((result) => log(result) < Math.log(0.05)).length / runs;
    expect(rejected(({ logPValue }) => logPValue!)).toBe(1);
    const given = rejected(({ detail }) => Number(detail?.log10PGivenTies) * Math.LN10);
    expect(given).toBeGreaterThan(0.035);
    expect(given).toBeLessThan(0.065);
  });

  test('p given the ties agrees with every way to deal sixteen rows', () => {
    const pool = [0, 0, 0, 1, 1, 2, 3, 3, 3, 3, 4, 5, 5, 6, 7, 8];
    const all = deals(pool, 8).map(({ reference, current }) => {
      const { omegaSquared, log10PGivenTies } = cvm(reference, current).detail!;
      return { square: Number(omegaSquared), p: 10 ** Number(log10PGivenTies) };
    });
    for (const wanted of [0.5, 0.2, 0.1, 0.05, 0.01]) {
      const { square, p } = all.toSorted((a, b) => b.square - a.square)[Math.floor(wanted * all.length)]!;
      // a tied table leaves few values, so that p lies anywhere between "more" and "at least as much"
      const more = all.filter((other) => other.square > square + 1e-12).length / all.length;
      const atLeast = all.filter((other) => other.square >= square - 1e-12).length / all.length;
      expect(p, `${more} … ${atLeast}`).toBeGreaterThan(more - 0.01);
      expect(p, `${more} … ${atLeast}`).toBeLessThan(atLeast + 0.01);
    }
  });
});

describe('Cramér–von Mises of a merged table', () => {
  test('is the grouped statistic: that of the values when every interval holds one, and says so', () => {
    const reference = [1, 2, 2, 3, 5, 8];
    const current = [2, 3, 3, 8, 9];
    const grouped: MeasureResult = cramerVonMises.measure(mergedInput(reference, current, [2, 3, 5, 8, 9]));
    const { omegaSquared } = cvm(reference, current).detail!;
    expect(grouped.exact).toBe(false);
    expect(grouped.detail).toMatchObject({ omegaSquared, form: expect.stringContaining('grouped') });
    expectRelative(grouped.statistic, ((6 * 5) / 11) * Number(omegaSquared), 1e-14);
  });

  test('many small intervals come close to the statistic of the values, whatever the sizes', () => {
    const random = new Random(7);
    const draw = (rows: number, shift: number) => Array.from({ length: rows }, () => random.normal() + shift);
    const [reference, current] = [draw(8000, 0), draw(400, 0.15)];
    const edges = Array.from({ length: 255 }, (_, i) => -3 + (6 * i) / 254);
    const grouped: MeasureResult = cramerVonMises.measure(mergedInput(reference, current, edges));
    const raw = cvm(reference, current);
    expectRelative(grouped.statistic, raw.statistic, 5e-3);
    expectRelative(grouped.logPValue, raw.logPValue!, 5e-3);
  });
});

describe('Cramér–von Mises at the edges', () => {
  test('far tails are above zero', () => {
    const { statistic, logPValue, detail } = cramerVonMises.measure(tableInput(farApart)) as MeasureResult;
    expect(Number.isFinite(statistic)).toBe(true);
    expect(logPValue!).toBeLessThan(-1e7);
    expect(Number.isFinite(logPValue!)).toBe(true);
    expect(Number.isFinite(Number(detail?.log10PGivenTies))).toBe(true);
  });

  test('one row on each side; one constant on both', () => {
    expect(cvm([1], [2]).logPValue).toBeLessThanOrEqual(0);
    expect(cvm([1], [1]).statistic).not.toBeNaN();
    expect(cvm([5, 5, 5], [5, 5]).detail).toEqual({ omegaSquared: 0, log10PGivenTies: 0 });
  });

  test.each([
    ['reference', [], [1]],
    ['current', [1], []],
  ])('an empty %s is EMPTY_SAMPLE', (_, reference, current) => {
    expect(() => cvm(reference, current)).toThrowError(expect.objectContaining({ code: 'EMPTY_SAMPLE' }));
  });
});
