import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { phiSquared } from '../../src/drift/phi-squared.ts';
import {
  populationStabilityIndex,
  unsmoothedPopulationStabilityIndex,
} from '../../src/drift/population-stability-index.ts';
import { cellsInput, cellsOf, expectRelative, pairedCounts } from './inputs.ts';
import { STATISTIC_TOLERANCE, twoSample } from './two-sample-values.ts';

const psi = (reference: number[], current: number[]) =>
  populationStabilityIndex.measure(cellsInput(reference, current)).statistic;

describe('population stability index', () => {
  test('by hand: an empty cell counts as half a row', () => {
    // p = 3.5/5, 1.5/5; q = 4.5/5, 0.5/5
    expect(psi([3, 1], [4, 0])).toBeCloseTo(0.2 * Math.log(4.5 / 3.5) + 0.2 * Math.log(3), 15);
    // p = 1.5/2, 0.5/2; q the other way round
    expect(psi([1, 0], [0, 1])).toBeCloseTo(Math.log(3), 15);
  });

  test.each(twoSample.categorical.filter(({ expected }) => expected.psi !== undefined))(
    'unsmoothed agrees with scipy.stats.entropy: $name',
    ({ reference, current, expected }) => {
      expectRelative(
        unsmoothedPopulationStabilityIndex(cellsOf(reference, current)),
        expected.psi!,
        STATISTIC_TOLERANCE,
      );
    },
  );

  test('by law: smoothing vanishes with the rows, and φ² never exceeds the unsmoothed index', () => {
    fc.assert(
      fc.property(pairedCounts, ({ reference, current }) => {
        const unsmoothed = unsmoothedPopulationStabilityIndex(cellsOf(reference, current));
        expect(phiSquared.measure(cellsInput(reference, current)).statistic).toBeLessThanOrEqual(unsmoothed + 1e-12);
        if (unsmoothed === Infinity) return;
        const many = (counts: number[]) => counts.map((count) => count * 1e9);
        expect(psi(many(reference), many(current))).toBeCloseTo(unsmoothed, 5);
      }),
    );
  });

  test('at the edges: unsmoothed, an empty cell on one side is infinite, on both nothing', () => {
    expect(unsmoothedPopulationStabilityIndex(cellsOf([1, 1], [1, 0]))).toBe(Infinity);
    expect(unsmoothedPopulationStabilityIndex(cellsOf([1, 0], [1, 1]))).toBe(Infinity);
    expect(unsmoothedPopulationStabilityIndex(cellsOf([1, 1, 0], [1, 3, 0]))).toBeCloseTo(0.25 * Math.log(3), 15);
  });

  test('at the edges: a cell that empties gives a number that does not hang on a constant', () => {
    // a twentieth of 1000 rows goes away: the same with 1e-4 in place of the empty cell would be 0.31, with 1e-10 1.0
    expect(psi([950, 50], [1000, 0])).toBeCloseTo(0.2329, 3);
  });

  test('as documented', () => {
    expect(unsmoothedPopulationStabilityIndex(cellsOf([50, 30, 20], [48, 33, 19]))).toBeCloseTo(0.004188, 5);
    expect(populationStabilityIndex.measure(cellsInput([1, 2], [2, 1])).detail).toMatchObject({
      cells: 2,
      smoothing: expect.stringContaining('1/2'),
    });
  });
});
