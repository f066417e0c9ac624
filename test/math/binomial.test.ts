import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logBinomialProbability, logBinomialUpperTail } from '../../src/math/binomial.ts';
import { expectLog, referenceRows } from './reference-values.ts';

const TAIL = 1e-13;

describe('binomial tail', () => {
  test('by hand: two coins', () => {
    expect(Math.exp(logBinomialUpperTail(2, 0.5, 1))).toBeCloseTo(3 / 4, 15);
    expect(Math.exp(logBinomialUpperTail(2, 0.5, 2))).toBeCloseTo(1 / 4, 15);
    expect(logBinomialUpperTail(2, 0.5, 0)).toBe(0);
    expect(logBinomialUpperTail(2, 0.5, 3)).toBe(-Infinity);
    expect(logBinomialUpperTail(2, 0, 1)).toBe(-Infinity);
    expect(logBinomialUpperTail(2, 1, 2)).toBe(0);
  });

  test.each(referenceRows('binomial'))('n, p, k = %s agrees with mpmath', ([n, p, k], expected) => {
    expectLog(logBinomialUpperTail(n!, p!, k!), expected, TAIL, `${n} ${p} ${k}`);
  });

  test('its steps are the probabilities', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2000 }),
        fc.double({ min: 1e-6, max: 0.999999, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (n, p, at) => {
          const k = Math.floor(at * n);
          const step = Math.exp(logBinomialUpperTail(n, p, k)) - Math.exp(logBinomialUpperTail(n, p, k + 1));
          expect(step).toBeCloseTo(Math.exp(logBinomialProbability(n, p, k)), 12);
        },
      ),
    );
  });
});
