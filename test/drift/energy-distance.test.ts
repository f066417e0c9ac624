import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { energyDistance } from '../../src/drift/energy-distance.ts';
import type { MeasureResult } from '../../src/model/measure.ts';
import {
  describeMergedDistance,
  expectBoundsToMeet,
  expectRelative,
  expectTruthWithin,
  sample,
  valuesInput,
} from './inputs.ts';
import { STATISTIC_TOLERANCE, twoSample } from './two-sample-values.ts';

const energy = (reference: readonly number[], current: readonly number[]): MeasureResult =>
  energyDistance.measure(valuesInput(reference, current));

describe('energy distance by hand', () => {
  test('as documented: 1 2 3 against 2 3 4 is √(2/3)', () => {
    // |X−Y| is 11/9 on average, |X−X′| and |Y−Y′| are 8/9
    const { statistic, detail, exact } = energy([1, 2, 3], [2, 3, 4]);
    expect(statistic).toBeCloseTo(Math.sqrt(2 / 3), 15);
    expect(detail?.coefficient).toBeCloseTo(2 / 3 / (22 / 9), 15);
    expect(exact).toBe(true);
  });

  test('two constants: √(2 d), coefficient 1', () => {
    expect(energy([0], [8])).toMatchObject({ statistic: expect.closeTo(4, 14), detail: { coefficient: 1 } });
  });
});

test.each(twoSample.numeric)(
  'energy distance agrees with scipy.stats.energy_distance: $name',
  ({ reference, current, expected }) => {
    expectRelative(energy(reference, current).statistic, expected.energy_distance, STATISTIC_TOLERANCE);
  },
);

describe('energy distance by law', () => {
  test('symmetric; √ of the scale; the coefficient has none; the two forms agree', () => {
    fc.assert(
      fc.property(sample, sample, (reference, current) => {
        const { statistic, detail } = energy(reference, current);
        expectRelative(energy(current, reference).statistic, statistic, 1e-13);
        const map = (values: readonly number[]) => values.map((value) => 4 * value - 7);
        const scaled = energy(map(reference), map(current));
        expectRelative(scaled.statistic, 2 * statistic, 1e-13);
        expectRelative(Number(scaled.detail?.coefficient), Number(detail?.coefficient), 1e-12);
        const mean = (a: readonly number[], b: readonly number[]) =>
          a.reduce((sum, x) => sum + b.reduce((inner, y) => inner + Math.abs(x - y), 0), 0) / (a.length * b.length);
        const square = 2 * mean(reference, current) - mean(reference, reference) - mean(current, current);
        expect(statistic ** 2).toBeCloseTo(square, 10);
      }),
    );
  });

  test('a merged table holds the true distance in its interval, and its estimate too', () => {
    expectTruthWithin(energyDistance, 1e-7);
  });

  test('one value per interval: the bounds meet at the truth', () => {
    expectBoundsToMeet(energyDistance, 7);
  });
});

describe('energy distance of a merged table', () => {
  describeMergedDistance(energyDistance, 1e-5, 0.07);
});

describe('energy distance at the edges', () => {
  test('the largest doubles do not become NaN or infinite', () => {
    expect(energy([-1.7e308], [1.7e308])).toEqual({ statistic: Number.MAX_VALUE, exact: true });
    expect(energy([-1.7e308, 1.7e308], [-1.7e308, 1.7e308]).statistic).toBe(0);
  });

  test('one constant on both sides', () => {
    expect(energy([5, 5], [5])).toMatchObject({ statistic: 0, detail: { coefficient: 0 } });
  });

  test.each([
    ['reference', [], [1]],
    ['current', [1], []],
  ])('an empty %s is EMPTY_SAMPLE', (_, reference, current) => {
    expect(() => energy(reference, current)).toThrowError(expect.objectContaining({ code: 'EMPTY_SAMPLE' }));
  });
});
