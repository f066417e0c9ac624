import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { brownForsythe } from '../../src/drift/brown-forsythe.ts';
import type { MeasureResult } from '../../src/model/measure.ts';
import { Random } from '../support/random.ts';
import { expectRelative, mergedInput, momentsOf, sample, tableInput, valuesInput } from './inputs.ts';
import { P_VALUE_TOLERANCE, STATISTIC_TOLERANCE, twoSample } from './two-sample-values.ts';

const bf = (reference: readonly number[], current: readonly number[]): MeasureResult =>
  brownForsythe.measure(valuesInput(reference, current));

describe('Brown–Forsythe by hand', () => {
  test('as documented: 0 1 2 3 against 0 2 4 6 is 12/5, the spread doubled', () => {
    const { statistic, detail, exact } = bf([0, 1, 2, 3], [0, 2, 4, 6]);
    expect(statistic).toBeCloseTo(12 / 5, 14);
    expect(detail).toEqual({ spreadRatio: expect.closeTo(2, 15) });
    expect(exact).toBe(true);
  });

  test('an odd and an even number of rows have their medians', () => {
    // z: 1 0 1 about 1, and 1.5 0.5 0.5 1.5 about 3.5
    const { detail } = bf([0, 1, 2], [2, 3, 4, 5]);
    expect(detail?.spreadRatio).toBeCloseTo(1.5, 14);
  });
});

test.each(twoSample.numeric)(
  'Brown–Forsythe agrees with scipy.stats.levene: $name',
  ({ reference, current, expected }) => {
    const { statistic, logPValue } = bf(reference, current);
    expectRelative(statistic, expected.brown_forsythe.W, STATISTIC_TOLERANCE);
    expectRelative(Math.exp(logPValue!), expected.brown_forsythe.p, P_VALUE_TOLERANCE);
  },
);

describe('Brown–Forsythe by law', () => {
  const varied = sample.filter((values) => new Set(values).size > 2);

  test('symmetric; scale and each side’s place change nothing', () => {
    fc.assert(
      fc.property(varied, varied, (reference, current) => {
        const { statistic, logPValue } = bf(reference, current);
        expect(bf(current, reference).statistic).toBeCloseTo(statistic, 9);
        const moved = bf(
          reference.map((value) => 4 * value),
          current.map((value) => 4 * value + 1024),
        );
        expect(moved.statistic).toBeCloseTo(statistic, 9);
        expect(moved.logPValue).toBeCloseTo(logPValue!, 9);
      }),
    );
  });

  test('heavy tails do not make it alarm, as the ratio of variances does', () => {
    const random = new Random(20261121);
    const heavy = () => Array.from({ length: 200 }, () => random.normal() / Math.sqrt(-Math.log(random.uniform())));
    const runs = 1500;
    let rejected = 0;
    for (let run = 0; run < runs; run++) if (bf(heavy(), heavy()).logPValue! < Math.log(0.05)) rejected += 1;
    expect(rejected / runs).toBeLessThan(0.065);
  });
});

describe('Brown–Forsythe of a merged table', () => {
  const random = new Random(3);
  const draw = (rows: number, scale: number) => Array.from({ length: rows }, () => scale * random.normal());
  const [reference, current] = [draw(4000, 1), draw(2000, 1.1)];

  test('is close to that of the values, says that it is grouped', () => {
    const edges = Array.from({ length: 100 }, (_, i) => -2.5 + i / 20);
    const merged: MeasureResult = brownForsythe.measure(
      mergedInput(reference, current, edges, momentsOf(reference, current)),
    );
    const raw = bf(reference, current);
    expect(merged.exact).toBe(false);
    expect(merged.detail).toMatchObject({ form: expect.stringContaining('grouped') });
    expectRelative(merged.statistic, raw.statistic, 0.02);
    expectRelative(Number(merged.detail?.spreadRatio), Number(raw.detail?.spreadRatio), 1e-3);
  });

  test('without moments it is EMPTY_SAMPLE, not NaN', () => {
    expect(() => brownForsythe.measure(mergedInput(reference, current, [0]))).toThrowError(
      expect.objectContaining({ code: 'EMPTY_SAMPLE' }),
    );
  });
});

describe('Brown–Forsythe at the edges', () => {
  test('far tails are above zero; 1e300 does not overflow', () => {
    const table = (unit: number) => ({
      form: 'values' as const,
      support: Float64Array.of(-3 * unit, -unit, unit, 3 * unit),
      reference: Float64Array.of(1, 5e7, 5e7, 1),
      current: Float64Array.of(5e7, 1, 1, 5e7),
    });
    for (const unit of [1, 1e300]) {
      const { statistic, logPValue } = brownForsythe.measure(tableInput(table(unit))) as MeasureResult;
      expect(Number.isFinite(statistic)).toBe(true);
      expect(logPValue).toBeLessThan(-1e7);
      expect(Number.isFinite(logPValue)).toBe(true);
    }
  });

  test('one constant on both sides: nothing differs; deviations that do not vary cannot be tested', () => {
    expect(bf([5, 5], [6, 6])).toMatchObject({ statistic: 0, logPValue: 0 });
    expect(() => bf([5, 5], [0, 2])).toThrowError(expect.objectContaining({ code: 'EMPTY_SAMPLE' }));
  });

  test.each([
    ['reference', [], [1, 2, 3]],
    ['current', [1, 2, 3], []],
    ['both sides together have 2', [1], [2]],
  ])('too few rows: %s', (said, one, other) => {
    expect(() => bf(one, other)).toThrowError(
      expect.objectContaining({ code: 'EMPTY_SAMPLE', message: expect.stringContaining(said) }),
    );
  });
});
