import { describe, expect, test } from 'vitest';
import { jensenShannon } from '../../src/drift/jensen-shannon.ts';
import { cellsInput, expectRelative } from './inputs.ts';
import { STATISTIC_TOLERANCE, twoSample } from './two-sample-values.ts';

const js = (reference: readonly number[], current: readonly number[]) =>
  jensenShannon.measure(cellsInput(reference, current));

describe('Jensen–Shannon distance', () => {
  test('by hand and as documented', () => {
    expect(js([1, 0], [0, 1]).statistic).toBe(1);
    // μ = 3/4, 1/4: ½ (½ log₂(2/3) + ½ log₂ 2 + log₂(4/3))
    expect(js([1, 1], [1, 0]).statistic ** 2).toBeCloseTo(0.5 * (0.5 * Math.log2(2 / 3) + 0.5 + Math.log2(4 / 3)), 15);
  });

  test.each(twoSample.categorical)(
    'agrees with scipy.spatial.distance.jensenshannon: $name',
    ({ reference, current, expected }) => {
      expectRelative(js(reference, current).statistic, expected.js_distance_base2, STATISTIC_TOLERANCE);
    },
  );

  test('by law: it is a metric', () => {
    const [a, b, c] = [
      [5, 3, 2],
      [1, 1, 8],
      [0, 7, 3],
    ] as const;
    expect(js(a, c).statistic).toBeLessThanOrEqual(js(a, b).statistic + js(b, c).statistic);
  });

  test('at the edges: tiny differences neither vanish nor turn into NaN', () => {
    const { statistic } = js([5e15, 5e15], [5e15 + 2, 5e15 - 2]);
    expect(statistic).toBeGreaterThanOrEqual(0);
    // ≈ |p − q| / √(2 ln 2) for two equal cells
    expectRelative(js([5e7, 5e7], [5e7 + 5, 5e7 - 5]).statistic, 5e-8 / Math.sqrt(2 * Math.LN2), 1e-7);
  });

  test('says its base and form', () => {
    expect(js([1, 2], [2, 1]).detail).toMatchObject({ base: 2, form: 'distance' });
  });
});
