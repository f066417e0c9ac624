import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { kolmogorovSmirnov } from '../../src/drift/kolmogorov-smirnov.ts';
import { nextUp } from '../../src/math/floats.ts';
import { logKolmogorovFiniteUpperTail } from '../../src/math/kolmogorov.ts';
import type { MeasureResult } from '../../src/model/measure.ts';
import { expectRelative, intervalTable, sample, tableInput, valuesInput, valueTable } from './inputs.ts';
import { P_VALUE_TOLERANCE, STATISTIC_TOLERANCE, twoSample } from './two-sample-values.ts';

const ks = (reference: readonly number[], current: readonly number[]): MeasureResult =>
  kolmogorovSmirnov.measure(valuesInput(reference, current));

describe('Kolmogorov–Smirnov by hand', () => {
  test('as documented: 1 2 3 against 2 3 4 is 1/3', () => {
    expect(ks([1, 2, 3], [2, 3, 4])).toMatchObject({
      statistic: 1 / 3,
      exact: true,
      detail: { at: 1, current: 'larger' },
    });
  });

  test('ties are consumed before the difference is taken', () => {
    expect(ks([0, 0, 1], [0, 1, 1]).statistic).toBe(1 / 3);
    expect(ks([0, 0, 1, 1], [0, 1]).statistic).toBe(0);
  });

  test('one row on each side', () => {
    expect(ks([1], [2])).toMatchObject({ statistic: 1, logPValue: 0 });
    expect(ks([1], [1])).toMatchObject({ statistic: 0, logPValue: 0 });
  });
});

describe.each(twoSample.numeric)('Kolmogorov–Smirnov by reference: $name', ({ reference, current, expected }) => {
  const n = reference.length;
  const m = current.length;

  test('D and p agree with scipy.stats.ks_2samp', () => {
    const { statistic, logPValue } = ks(reference, current);
    expectRelative(statistic, expected.ks.D, STATISTIC_TOLERANCE);
    expectRelative(Math.exp(logPValue!), expected.ks.p_exact ?? expected.ks.p_asymptotic, P_VALUE_TOLERANCE);
  });

  test('the finite-sample law agrees with method="asymp"', () => {
    const logTail = logKolmogorovFiniteUpperTail(Math.round((n * m) / (n + m)), expected.ks.D);
    expectRelative(Math.exp(logTail), expected.ks.p_asymptotic, P_VALUE_TOLERANCE);
  });
});

describe('Kolmogorov–Smirnov by law', () => {
  test('symmetric; unchanged by an increasing map; larger samples of the same shares lower p', () => {
    fc.assert(
      fc.property(sample, sample, (reference, current) => {
        const { statistic, logPValue } = ks(reference, current);
        expect(statistic).toBeGreaterThanOrEqual(0);
        expect(statistic).toBeLessThanOrEqual(1);
        expect(ks(current, reference).statistic).toBe(statistic);
        const map = (values: readonly number[]) => values.map((value) => Math.exp(value) - 5);
        expect(ks(map(reference), map(current)).statistic).toBe(statistic);
        const double = (values: readonly number[]) => [...values, ...values];
        const doubled = ks(double(reference), double(current));
        expectRelative(doubled.statistic, statistic, 1e-15);
        expect(doubled.logPValue!).toBeLessThanOrEqual(logPValue! + 1e-12);
      }),
    );
  });

  test('a merged table holds the true D in its interval', () => {
    fc.assert(
      fc.property(
        sample,
        sample,
        fc.uniqueArray(fc.integer({ min: -9, max: 9 }), { maxLength: 8 }),
        (reference, current, cuts) => {
          const truth = ks(reference, current).statistic;
          const edges = cuts.sort((a, b) => a - b);
          const merged = kolmogorovSmirnov.measure(tableInput(intervalTable(reference, current, edges)));
          const [lower, upper] = (merged as MeasureResult).interval!;
          expect(merged.statistic).toBe(lower);
          expect(truth).toBeGreaterThanOrEqual(lower - 1e-15);
          expect(truth).toBeLessThanOrEqual(upper + 1e-15);
        },
      ),
    );
  });

  test('intervals of one value each are exact', () => {
    fc.assert(
      fc.property(sample, sample, (reference, current) => {
        const edges = [...valueTable(reference, current).support].flatMap((value) => [value, nextUp(value)]);
        const merged: MeasureResult = kolmogorovSmirnov.measure(tableInput(intervalTable(reference, current, edges)));
        const truth = ks(reference, current);
        expect(merged.exact).toBe(true);
        expectRelative(merged.statistic, truth.statistic, STATISTIC_TOLERANCE);
        expectRelative(merged.logPValue!, truth.logPValue!, STATISTIC_TOLERANCE);
      }),
    );
  });
});

describe('Kolmogorov–Smirnov at the edges', () => {
  test.each([
    ['reference', [], [1]],
    ['current', [1], []],
  ])('an empty %s is EMPTY_SAMPLE', (side, reference, current) => {
    expect(() => ks(reference, current)).toThrowError(
      expect.objectContaining({ code: 'EMPTY_SAMPLE', message: expect.stringContaining(side) }),
    );
  });

  test('−0 and 0 are one value; 1e15 beside 1 is kept apart', () => {
    expect(ks([0, 1], [-0, 1]).statistic).toBe(0);
    expect(ks([1, 1e15], [1e15, 1e15 + 1]).statistic).toBe(0.5);
  });

  test('enormous drift at production size: a finite logarithm, never below what two samples can give', () => {
    const table = {
      form: 'values' as const,
      support: Float64Array.of(0, 1),
      reference: Float64Array.of(1e8, 0),
      current: Float64Array.of(0, 1e8),
    };
    const { statistic, logPValue } = kolmogorovSmirnov.measure(tableInput(table));
    expect(statistic).toBe(1);
    // ln 2 − ln(2e8 over 1e8) ≈ −2e8 ln 2
    expectRelative(logPValue, -2e8 * Math.LN2, 1e-6);
  });

  test('categories have no order: a defect of the caller', () => {
    const table = {
      form: 'categories' as const,
      support: ['a'],
      reference: Float64Array.of(1),
      current: Float64Array.of(1),
    };
    expect(() => kolmogorovSmirnov.measure({ ...valuesInput([1], [1]), table })).toThrow(TypeError);
  });
});
