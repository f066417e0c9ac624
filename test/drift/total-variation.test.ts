import { describe, expect, test } from 'vitest';
import { totalVariation } from '../../src/drift/total-variation.ts';
import { cellsInput, expectRelative } from './inputs.ts';
import { STATISTIC_TOLERANCE, twoSample } from './two-sample-values.ts';

const distance = (reference: readonly number[], current: readonly number[]) =>
  totalVariation.measure(cellsInput(reference, current)).statistic;

describe('total variation', () => {
  test('by hand and as documented', () => {
    expect(distance([1, 1], [3, 1])).toBe(1 / 4);
    expect(distance([1, 0], [0, 1])).toBe(1);
  });

  test.each(twoSample.categorical)('agrees with numpy: $name', ({ reference, current, expected }) => {
    expectRelative(distance(reference, current), expected.total_variation, STATISTIC_TOLERANCE);
  });

  test('at the edges: never above 1', () => {
    const many = Array.from({ length: 101 }, (_, i) => i + 1);
    const none = many.map(() => 0);
    const apart = distance([...many, ...none], [...none, ...many]);
    expect(apart).toBeLessThanOrEqual(1);
    expect(apart).toBeCloseTo(1, 14);
  });
});
