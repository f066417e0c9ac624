import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logChiSquaredUpperTail } from '../../src/math/chi-squared.ts';
import { expectLog } from './reference-values.ts';

describe('chi-squared tail', () => {
  test('with two degrees of freedom is exp(−x/2)', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), (x) => {
        expectLog(logChiSquaredUpperTail(x, 2), -x / 2, 1e-13, `x = ${x}`);
      }),
    );
  });

  test('by table: scipy.stats.chi2.sf', () => {
    expect(Math.exp(logChiSquaredUpperTail(3.84, 1))).toBeCloseTo(0.05004352124870519, 14);
    expect(Math.exp(logChiSquaredUpperTail(20, 5))).toBeCloseTo(0.0012497305630313773, 15);
    expectLog(logChiSquaredUpperTail(1000, 10), Math.log(1.870290720915977e-208), 1e-14, 'far tail');
  });

  test('grows with the degrees of freedom', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 1e4, noNaN: true }), fc.integer({ min: 1, max: 120 }), (x, df) => {
        expect(logChiSquaredUpperTail(x, df + 1)).toBeGreaterThanOrEqual(logChiSquaredUpperTail(x, df));
      }),
    );
  });
});
