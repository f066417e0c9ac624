import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logBinomial } from '../../src/math/gamma.ts';
import {
  logKolmogorovFiniteUpperTail,
  logKolmogorovTwoSampleUpperTail,
  logKolmogorovUpperTail,
  logSmirnovUpperTail,
} from '../../src/math/kolmogorov.ts';
import { expectLog, referenceRows, relativeError } from './reference-values.ts';

const LIMITING = 1e-14;
const FINITE_AGAINST_SCIPY = 1e-11;
const EXACT = 1e-12;

describe('limiting law', () => {
  test.each(referenceRows('kolmogorov'))('at %s agrees with mpmath', ([z], expected) => {
    expectLog(logKolmogorovUpperTail(z!), expected, LIMITING, `${z}`);
  });

  test('falls, also where the two series meet', () => {
    expect(logKolmogorovUpperTail(0)).toBe(0);
    fc.assert(
      fc.property(fc.double({ min: 0.2, max: 30, noNaN: true }), (z) => {
        expect(logKolmogorovUpperTail(z + 1e-6)).toBeLessThanOrEqual(logKolmogorovUpperTail(z));
      }),
    );
  });
});

describe('one-sided law of a finite sample', () => {
  test.each(referenceRows('smirnov'))('n, d = %s agrees with mpmath', ([n, d], expected) => {
    expectLog(logSmirnovUpperTail(n!, d!), expected, EXACT, `${n} ${d}`);
  });

  test('every s-th summand times s is the whole sum', () => {
    // Maag & Dicaire (1971): exp(−(6nd+1)²/(18n)) up to O(1/n)
    for (const n of [1e6, 1e8]) {
      for (const z of [1.5, 3, 6]) {
        const d = z / Math.sqrt(n);
        expect(Math.abs(logSmirnovUpperTail(n, d) + (6 * n * d + 1) ** 2 / (18 * n))).toBeLessThan((20 * z ** 4) / n);
      }
    }
  });
});

describe('two-sided law of a finite sample', () => {
  test('by hand: one observation', () => {
    // D₁ = max(U, 1−U), so P(D₁ ≥ d) = 2(1−d)
    expect(Math.exp(logKolmogorovFiniteUpperTail(1, 0.75))).toBeCloseTo(0.5, 15);
    expect(logKolmogorovFiniteUpperTail(1, 0.5)).toBe(0);
    expect(logKolmogorovFiniteUpperTail(5, 1)).toBe(-Infinity);
  });

  test.each(referenceRows('scipy_kstwo'))('n, d = %s agrees with scipy.stats.kstwo.sf', ([n, d], expected) => {
    const logTail = logKolmogorovFiniteUpperTail(n!, d!);
    // SciPy gives up at n d² = 370
    if (expected === 0) expect(logTail).toBeLessThan(-700);
    else expect(relativeError(Math.exp(logTail), expected)).toBeLessThan(FINITE_AGAINST_SCIPY);
  });

  test('falls in d', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.double({ min: 0.05, max: 6, noNaN: true }), (n, z) => {
        const d = Math.min(0.99, z / Math.sqrt(n));
        const tail = logKolmogorovFiniteUpperTail(n, d);
        expect(tail).not.toBeNaN();
        // the methods meet within their own accuracy
        expect(logKolmogorovFiniteUpperTail(n, d * 1.001)).toBeLessThanOrEqual(tail + 1e-6 * Math.abs(tail) + 1e-12);
      }),
    );
  });
});

describe('exact two-sample law', () => {
  test('by hand: one row on each side always differ', () => {
    expect(logKolmogorovTwoSampleUpperTail(1, 1, 1)).toBe(0);
    // two and two: only 2 of the 6 orders separate the samples
    expect(Math.exp(logKolmogorovTwoSampleUpperTail(2, 2, 4))).toBeCloseTo(1 / 3, 15);
    expect(logKolmogorovTwoSampleUpperTail(2, 2, 0)).toBe(0);
    expect(logKolmogorovTwoSampleUpperTail(2, 2, 5)).toBe(-Infinity);
  });

  test.each(referenceRows('two_sample'))(
    'n, m, n m D = %s agrees with whole-number counting',
    ([n, m, numerator], expected) => {
      expectLog(logKolmogorovTwoSampleUpperTail(n!, m!, numerator!), expected, EXACT, `${n} ${m} ${numerator}`);
    },
  );

  test('separate samples have two orders of n+m over n', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 500 }), (n, m) => {
        expectLog(logKolmogorovTwoSampleUpperTail(n, m, n * m), Math.LN2 - logBinomial(n + m, n), 1e-12, `${n} ${m}`);
        expect(logKolmogorovTwoSampleUpperTail(n, m, 7)).toBe(logKolmogorovTwoSampleUpperTail(m, n, 7));
      }),
      { numRuns: 30 },
    );
  });
});
