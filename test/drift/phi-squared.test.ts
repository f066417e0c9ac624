import { describe, expect, test } from 'vitest';
import { phiSquared } from '../../src/drift/phi-squared.ts';
import { cellsInput, expectRelative } from './inputs.ts';
import { STATISTIC_TOLERANCE, twoSample } from './two-sample-values.ts';

const phi2 = (reference: readonly number[], current: readonly number[]) =>
  phiSquared.measure(cellsInput(reference, current));

describe('φ²', () => {
  test('by hand and as documented', () => {
    expect(phi2([1, 1], [1, 0]).statistic).toBeCloseTo(4 / 3, 15);
    expect(phi2([1, 0], [0, 1]).statistic).toBe(4);
    // a new category of 4.9 % is about 0.1, one of 11.8 % about 0.25
    expect(phi2([1000, 0], [951, 49]).statistic).toBeCloseTo(0.1, 2);
    expect(phi2([1000, 0], [882, 118]).statistic).toBeCloseTo(0.25, 2);
  });

  test.each(twoSample.categorical.filter(({ reference, current }) => sum(reference) === sum(current)))(
    'by reference: at equal sizes φ²/(1/n + 1/m) is the chi-squared statistic: $name',
    ({ reference, current, expected }) => {
      const { statistic, logPValue } = phi2(reference, current);
      expectRelative(statistic / (2 / sum(reference)), expected.chi_square.X2, STATISTIC_TOLERANCE);
      expectRelative(Math.exp(logPValue!), expected.chi_square.p, 1e-11);
    },
  );

  test('by law: doubling all counts leaves it as it is and lowers p', () => {
    const once = phi2([60, 40], [50, 50]);
    const twice = phi2([120, 80], [100, 100]);
    expectRelative(twice.statistic, once.statistic, STATISTIC_TOLERANCE);
    expect(twice.logPValue!).toBeLessThan(once.logPValue!);
  });

  test('at the edges: far tails are above zero', () => {
    const { logPValue } = phi2([1e7, 1e3], [1e3, 1e7]);
    expect(logPValue!).toBeLessThan(-1e6);
    expect(Number.isFinite(logPValue!)).toBe(true);
  });
});

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
