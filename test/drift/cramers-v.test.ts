import { describe, expect, test } from 'vitest';
import { cramersV } from '../../src/drift/cramers-v.ts';
import { Random } from '../support/random.ts';
import { cellsInput, expectRelative } from './inputs.ts';
import { P_VALUE_TOLERANCE, STATISTIC_TOLERANCE, twoSample } from './two-sample-values.ts';

const v = (reference: readonly number[], current: readonly number[]) =>
  cramersV.measure(cellsInput(reference, current));

describe('Cramér’s V', () => {
  test('by hand and as documented', () => {
    const { statistic, detail } = v([40, 10], [20, 30]);
    expect(detail?.raw).toBeCloseTo(Math.sqrt(1 / 6), 15);
    // (1/6 − 1/99)/(1 − 1/99)
    expect(statistic).toBeCloseTo(Math.sqrt(31 / 196), 14);
  });

  test.each(twoSample.categorical)('raw agrees with SciPy: $name', ({ reference, current, expected }) => {
    const { statistic, logPValue, detail } = v(reference, current);
    expectRelative(Number(detail?.raw), expected.cramers_v, STATISTIC_TOLERANCE);
    expect(statistic).toBeLessThanOrEqual(expected.cramers_v);
    expectRelative(Math.exp(logPValue!), expected.chi_square.p, P_VALUE_TOLERANCE);
  });

  test('by law: without drift the correction takes away what chance explains, raw it is 0.2 at 100 against 100 rows', () => {
    const random = new Random(20261121);
    const shares = new Array<number>(10).fill(0.1);
    const runs = 2000;
    let raw = 0;
    let corrected = 0;
    for (let run = 0; run < runs; run++) {
      const { statistic, detail } = cramersV.measure({
        ...cellsInput([], []),
        cells: cellsInput([...random.multinomial(100, shares)], [...random.multinomial(100, shares)]).cells,
      });
      raw += Number(detail?.raw) / runs;
      corrected += statistic ** 2 / runs;
    }
    expect(raw).toBeGreaterThan(0.19);
    expect(corrected).toBeLessThan(0.015);
  });

  test('at the edges: no cell in common is 1, one row on each side is 0', () => {
    expect(v([50, 0], [0, 50]).statistic).toBeCloseTo(1, 14);
    expect(v([1, 0], [0, 1]).statistic).toBe(0);
    expect(v([3], [4])).toMatchObject({ statistic: 0, logPValue: 0 });
  });
});
