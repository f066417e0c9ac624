import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chiSquared } from '../../src/drift/chi-squared.ts';
import { cramersV } from '../../src/drift/cramers-v.ts';
import { gTest } from '../../src/drift/g-test.ts';
import { hellinger } from '../../src/drift/hellinger.ts';
import { jensenShannon } from '../../src/drift/jensen-shannon.ts';
import { kullbackLeibler } from '../../src/drift/kullback-leibler.ts';
import { lInfinity } from '../../src/drift/l-infinity.ts';
import { largestCellChange } from '../../src/drift/largest-cell-change.ts';
import { phiSquared } from '../../src/drift/phi-squared.ts';
import { populationStabilityIndex } from '../../src/drift/population-stability-index.ts';
import { totalVariation } from '../../src/drift/total-variation.ts';
import type { Measure } from '../../src/model/measure.ts';
import { cellsInput, expectRelative, pairedCounts } from './inputs.ts';

/** What holds for every measure of cell shares, so that it is said once. */
const all: readonly Measure[] = [
  populationStabilityIndex,
  phiSquared,
  largestCellChange,
  jensenShannon,
  hellinger,
  totalVariation,
  chiSquared,
  gTest,
  cramersV,
  lInfinity,
  kullbackLeibler,
];
/** Smoothing sees the number of rows and of cells. */
const smoothed: readonly Measure[] = [populationStabilityIndex, kullbackLeibler];
/** What joining two cells may raise: one of them may be the largest, and smoothing and corrections depend on their number. */
const mayGrow: readonly Measure[] = [...smoothed, largestCellChange, lInfinity, cramersV];

describe.each(all)('$id', (measure) => {
  test('is 0 for the same shares', () => {
    expect(measure.measure(cellsInput([5, 3, 2], [5, 3, 2])).statistic).toBe(0);
    if (!smoothed.includes(measure)) {
      expect(measure.measure(cellsInput([5, 3, 2], [5000, 3000, 2000])).statistic).toBe(0);
    }
  });

  test('stays within its range, is symmetric if it says so, does not mind the order of the cells', () => {
    fc.assert(
      fc.property(pairedCounts, ({ reference, current }) => {
        const { statistic } = measure.measure(cellsInput(reference, current));
        const [least, most] = measure.range;
        expect(statistic).toBeGreaterThanOrEqual(least);
        expect(statistic).toBeLessThanOrEqual(most);
        if (measure.symmetric) {
          expectRelative(measure.measure(cellsInput(current, reference)).statistic, statistic, 1e-12);
        }
        expectRelative(
          measure.measure(cellsInput(reference.toReversed(), current.toReversed())).statistic,
          statistic,
          1e-12,
        );
      }),
    );
  });

  test('is never NaN, and never larger when two cells are joined', () => {
    fc.assert(
      fc.property(pairedCounts, ({ reference, current }) => {
        const { statistic } = measure.measure(cellsInput(reference, current));
        expect(statistic).not.toBeNaN();
        if (mayGrow.includes(measure) || reference.length < 2) return;
        const join = ([a, b, ...rest]: readonly number[]) => [a! + b!, ...rest];
        const joined = measure.measure(cellsInput(join(reference), join(current))).statistic;
        expect(joined).toBeLessThanOrEqual(statistic * (1 + 1e-12) + 1e-12);
      }),
    );
  });

  test('does not change when a cell that is empty on both sides is added', () => {
    if (smoothed.includes(measure)) return;
    const { statistic } = measure.measure(cellsInput([7, 3], [4, 9]));
    expectRelative(measure.measure(cellsInput([7, 3, 0], [4, 9, 0])).statistic, statistic, 1e-15);
  });

  test.each([
    ['reference', [0, 0], [1, 2]],
    ['current', [1, 2], [0, 0]],
    ['reference', [], []],
  ])('an empty %s is EMPTY_SAMPLE', (side, reference, current) => {
    expect(() => measure.measure(cellsInput(reference, current))).toThrowError(
      expect.objectContaining({ code: 'EMPTY_SAMPLE', message: expect.stringContaining(side) }),
    );
  });

  test('one row on each side, one cell', () => {
    const { statistic, logPValue } = measure.measure(cellsInput([1], [1]));
    expect(statistic).toBe(0);
    expect(logPValue ?? 0).toBe(0);
  });

  test('keeps its digits when a billion rows differ by one', () => {
    const { statistic } = measure.measure(cellsInput([5e8, 5e8], [5e8 + 1, 5e8 - 1]));
    // what chance explains is taken away
    if (measure !== cramersV) expect(statistic).toBeGreaterThan(0);
    expect(statistic).toBeLessThan(1e-7);
  });
});

describe('between measures', () => {
  test('φ² ≤ unsmoothed PSI; H² ≤ TV ≤ H √(2 − H²); the largest cell ≤ TV', () => {
    fc.assert(
      fc.property(pairedCounts, ({ reference, current }) => {
        const input = cellsInput(reference, current);
        const tv = totalVariation.measure(input).statistic;
        const h = hellinger.measure(input).statistic;
        expect(h * h).toBeLessThanOrEqual(tv + 1e-12);
        expect(tv).toBeLessThanOrEqual(h * Math.sqrt(2 - h * h) + 1e-12);
        expect(largestCellChange.measure(input).statistic).toBeLessThanOrEqual(tv + 1e-12);
      }),
    );
  });

  test('small changes: φ² ≈ PSI ≈ 8 H² ≈ 8 JSD in nats, X² ≈ φ² n m/N', () => {
    const reference = [100_000, 200_000, 300_000];
    const current = [101_000, 199_500, 299_500];
    const input = cellsInput(reference, current);
    const phi = phiSquared.measure(input).statistic;
    expect(populationStabilityIndex.measure(input).statistic / phi).toBeCloseTo(1, 3);
    expect((8 * hellinger.measure(input).statistic ** 2) / phi).toBeCloseTo(1, 3);
    expect((8 * Math.LN2 * jensenShannon.measure(input).statistic ** 2) / phi).toBeCloseTo(1, 3);
    expect(chiSquared.measure(input).statistic / (phi * 300_000)).toBeCloseTo(1, 3);
  });
});
