import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logBetaBinomialProbability, logBetaBinomialUpperTail } from '../../src/math/beta-binomial.ts';
import { logBinomialUpperTail } from '../../src/math/binomial.ts';
import { expectLog, referenceRows } from './reference-values.ts';

const TAIL = 1e-12;

describe('beta-binomial tail', () => {
  test('by hand: Beta(1, 1) makes every count equally likely', () => {
    for (let k = 0; k <= 9; k++) expect(Math.exp(logBetaBinomialUpperTail(9, 1, 1, k))).toBeCloseTo((10 - k) / 10, 14);
    expect(logBetaBinomialUpperTail(9, 1, 1, 10)).toBe(-Infinity);
    expect(Math.exp(logBetaBinomialUpperTail(1e8, 1, 1, 25e6))).toBeCloseTo(0.75, 7);
  });

  test.each(referenceRows('beta_binomial'))('m, a, b, k = %s agrees with mpmath', ([m, a, b, k], expected) => {
    expectLog(logBetaBinomialUpperTail(m!, a!, b!, k!), expected, TAIL, `${m} ${a} ${b} ${k}`);
  });

  test('tends to the binomial law when the share is known', () => {
    expectLog(logBetaBinomialUpperTail(1000, 1e14, 99e14, 25), logBinomialUpperTail(1000, 0.01, 25), 1e-9, 'a = 1e14');
  });

  test('one by one and by integration are the same', () => {
    // 30,000 trials are more than are summed one by one
    for (const [a, b] of [
      [0.5, 0.5],
      [2, 3],
      [0.3, 20],
      [40, 2],
    ] as const) {
      const terms = Array.from({ length: 30_001 }, (_, k) => Math.exp(logBetaBinomialProbability(30_000, a, b, k)));
      for (const k of [50, 5000, 15_000, 29_990]) {
        const direct = terms.slice(k).reduceRight((sum, term) => sum + term, 0);
        expectLog(logBetaBinomialUpperTail(30_000, a, b, k), Math.log(direct), TAIL, `${a} ${b} ${k}`);
      }
    }
  });

  test('falls in k, for any size and shape', () => {
    const parameter = fc.double({ min: -2, max: 6, noNaN: true }).map((exponent) => 10 ** exponent);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e8 }),
        parameter,
        parameter,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (m, a, b, at) => {
          const k = Math.ceil(at * m);
          const tail = logBetaBinomialUpperTail(m, a, b, k);
          expect(tail).toBeLessThanOrEqual(0);
          expect(logBetaBinomialUpperTail(m, a, b, k + Math.ceil(m / 100))).toBeLessThanOrEqual(tail + 1e-10);
        },
      ),
      { numRuns: 300 },
    );
  });
});
