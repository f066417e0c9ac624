import { describe, expect, test } from 'vitest';
import { kullbackLeibler, unsmoothedKullbackLeibler } from '../../src/drift/kullback-leibler.ts';
import { populationStabilityIndex } from '../../src/drift/population-stability-index.ts';
import { cellsInput, cellsOf, expectRelative } from './inputs.ts';
import { STATISTIC_TOLERANCE, twoSample } from './two-sample-values.ts';

const kl = (reference: readonly number[], current: readonly number[]) =>
  kullbackLeibler.measure(cellsInput(reference, current));

describe('Kullback–Leibler divergence', () => {
  test('by hand and as documented: ½ ln 3', () => {
    expect(kl([1, 0], [0, 1]).statistic).toBeCloseTo(Math.log(3) / 2, 15);
    // unsmoothed: all current rows in a cell that holds half of the reference
    expect(unsmoothedKullbackLeibler(cellsOf([1, 1], [1, 0]))).toBeCloseTo(Math.LN2, 15);
  });

  test.each(twoSample.categorical.filter(({ expected }) => expected.kl_nats_current_from_reference !== undefined))(
    'unsmoothed agrees with scipy.stats.entropy in both directions: $name',
    ({ reference, current, expected }) => {
      const forward = unsmoothedKullbackLeibler(cellsOf(reference, current));
      expectRelative(forward, expected.kl_nats_current_from_reference!, STATISTIC_TOLERANCE);
      const backward = unsmoothedKullbackLeibler(cellsOf(current, reference));
      expectRelative(backward, expected.kl_nats_reference_from_current!, STATISTIC_TOLERANCE);
    },
  );

  test('by law: both directions together are the population stability index', () => {
    for (const { reference, current } of twoSample.categorical) {
      const { statistic, detail } = kl(reference, current);
      expect(detail?.currentFromReference).toBe(statistic);
      expectRelative(
        statistic + Number(detail?.referenceFromCurrent),
        populationStabilityIndex.measure(cellsInput(reference, current)).statistic,
        1e-11,
      );
      expectRelative(kl(current, reference).statistic, Number(detail?.referenceFromCurrent), 1e-14);
    }
  });

  test('by law: the direction matters; what is new weighs more than what went away', () => {
    const appeared = kl([1000, 0], [800, 200]).statistic;
    const vanished = kl([800, 200], [1000, 0]).statistic;
    expect(appeared).toBeGreaterThan(3 * vanished);
  });

  test('at the edges: an empty cell is finite, unsmoothed it is infinite in one direction', () => {
    expect(kl([1000, 0], [800, 200]).statistic).toBeLessThan(2);
    expect(unsmoothedKullbackLeibler(cellsOf([1, 0], [1, 1]))).toBe(Infinity);
    expect(unsmoothedKullbackLeibler(cellsOf([1, 1], [1, 0]))).toBeLessThan(1);
    expect(unsmoothedKullbackLeibler(cellsOf([1, 1, 0], [1, 1, 0]))).toBe(0);
  });

  test('says its direction and its smoothing', () => {
    expect(kl([1, 2], [2, 1]).detail).toMatchObject({
      direction: 'current from reference',
      cells: 2,
      smoothing: expect.stringContaining('1/2'),
    });
  });
});
