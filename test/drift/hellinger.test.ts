import { describe, expect, test } from 'vitest';
import { hellinger } from '../../src/drift/hellinger.ts';
import { cellsInput, expectRelative } from './inputs.ts';
import { STATISTIC_TOLERANCE, twoSample } from './two-sample-values.ts';

const distance = (reference: readonly number[], current: readonly number[]) =>
  hellinger.measure(cellsInput(reference, current)).statistic;

describe('Hellinger distance', () => {
  test('by hand and as documented', () => {
    expect(distance([1, 0], [0, 1])).toBe(1);
    // H² = 1 − √(1/2)
    expect(distance([1, 1], [1, 0]) ** 2).toBeCloseTo(1 - Math.SQRT1_2, 15);
  });

  test.each(twoSample.categorical)('agrees with numpy: $name', ({ reference, current, expected }) => {
    expectRelative(distance(reference, current), expected.hellinger, STATISTIC_TOLERANCE);
  });

  test('at the edges: keeps its digits below 1e-8, where √(1 − Σ√(pq)) is 0', () => {
    expectRelative(distance([5e8, 5e8], [5e8 + 5, 5e8 - 5]), 5e-9 / Math.SQRT2, 1e-7);
  });
});
