import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logChiSquaredUpperTail } from '../../src/math/chi-squared.ts';
import {
  logNoncentralChiSquaredLowerTail,
  logNoncentralChiSquaredUpperTail,
} from '../../src/math/noncentral-chi-squared.ts';
import { logNormalUpperTail } from '../../src/math/normal.ts';
import { expectLog, referenceRows } from './reference-values.ts';

const TAIL = 2e-13;

const df = fc.integer({ min: 1, max: 120 });
const lambda = fc.double({ min: 0, max: 1e5, noNaN: true });
const deviations = fc.double({ min: -8, max: 40, noNaN: true });

/** An x so many standard deviations from the mean. */
const place = (k: number, nc: number, z: number) => Math.max(0, k + nc + z * Math.sqrt(2 * (k + 2 * nc)));

describe('non-central chi-squared tails', () => {
  test.each(referenceRows('noncentral_upper'))('upper, x, df, λ = %s, agrees with mpmath', ([x, k, nc], expected) => {
    expectLog(logNoncentralChiSquaredUpperTail(x!, k!, nc!), expected, TAIL, `${x} ${k} ${nc}`);
  });

  test.each(referenceRows('noncentral_lower'))('lower, x, df, λ = %s, agrees with mpmath', ([x, k, nc], expected) => {
    expectLog(logNoncentralChiSquaredLowerTail(x!, k!, nc!), expected, TAIL, `${x} ${k} ${nc}`);
  });

  test('is the central law at λ = 0', () => {
    expect(logNoncentralChiSquaredUpperTail(7, 3, 0)).toBe(logChiSquaredUpperTail(7, 3));
  });

  test('with one degree of freedom is the square of a normal variable', () => {
    // P((Z+μ)² > x) = P(Z > √x − μ) + P(Z > √x + μ)
    for (const mean of [0.5, 3, 300, 10_000]) {
      for (const z of [-2, 0, 3, 12]) {
        const root = mean + z;
        if (root <= 0) continue;
        const expected =
          logNormalUpperTail(z) + Math.log1p(Math.exp(logNormalUpperTail(root + mean) - logNormalUpperTail(z)));
        // x is known to 2^-53 only, and the tail's logarithm changes by (1+z) √x times that
        const tolerance = 1e-13 + 4 * (1 + Math.abs(z)) * root * 2 ** -53 * (1 + mean);
        expectLog(logNoncentralChiSquaredUpperTail(root ** 2, 1, mean ** 2), expected, tolerance, `${mean} ${z}`);
      }
    }
  });

  test('edges are never NaN', () => {
    expect(logNoncentralChiSquaredUpperTail(0, 9, 100)).toBe(0);
    expect(logNoncentralChiSquaredLowerTail(0, 9, 100)).toBe(-Infinity);
    for (const nc of [1e-300, 1e-29, 1e-12, 1e-8, 1, 1e6, 1e8]) {
      for (const x of [1e-300, 1e-5, 1, 1e3, 1e6, 1e8, 4e8]) {
        for (const k of [1, 11, 120]) {
          expect(logNoncentralChiSquaredUpperTail(x, k, nc)).toBeLessThanOrEqual(0);
          expect(logNoncentralChiSquaredLowerTail(x, k, nc)).toBeLessThanOrEqual(0);
        }
      }
    }
  });

  test('falls in x, grows in λ, and both tails sum to one', () => {
    fc.assert(
      fc.property(df, lambda, deviations, (k, nc, z) => {
        const x = place(k, nc, z);
        const upper = logNoncentralChiSquaredUpperTail(x, k, nc);
        const slack = 1e-11 * Math.max(1, Math.abs(upper));
        expect(logNoncentralChiSquaredUpperTail(x * 1.001, k, nc)).toBeLessThanOrEqual(upper + slack);
        expect(logNoncentralChiSquaredUpperTail(x, k, nc * 1.001 + 0.001)).toBeGreaterThanOrEqual(upper - slack);
        expect(Math.exp(upper) + Math.exp(logNoncentralChiSquaredLowerTail(x, k, nc))).toBeCloseTo(1, 11);
      }),
    );
  });

  test('stays cheap: a thousand columns at λ = 50,000', () => {
    logNoncentralChiSquaredUpperTail(60_000, 11, 50_000);
    const start = performance.now();
    for (let column = 0; column < 1000; column++) logNoncentralChiSquaredUpperTail(50_000 + column, 11, 50_000);
    // about 0.03 ms each; the bound leaves room for a busy machine
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
