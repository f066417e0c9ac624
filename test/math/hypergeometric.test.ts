import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logHypergeometricUpperTail, logHypergeometricZero } from '../../src/math/hypergeometric.ts';
import { expectLog, referenceRows } from './reference-values.ts';

const TAIL = 1e-13;

describe('hypergeometric tail', () => {
  test('by hand: two of four are red, two are drawn', () => {
    expect(Math.exp(logHypergeometricUpperTail(4, 2, 2, 1))).toBeCloseTo(5 / 6, 15);
    expect(Math.exp(logHypergeometricUpperTail(4, 2, 2, 2))).toBeCloseTo(1 / 6, 15);
    expect(Math.exp(logHypergeometricZero(4, 2, 2))).toBeCloseTo(1 / 6, 15);
    expect(logHypergeometricUpperTail(4, 2, 2, 3)).toBe(-Infinity);
    expect(logHypergeometricUpperTail(4, 3, 3, 2)).toBe(0);
    expect(logHypergeometricZero(4, 3, 2)).toBe(-Infinity);
    expect(logHypergeometricZero(4, 0, 2)).toBe(0);
  });

  test.each(referenceRows('hypergeometric'))(
    'population, successes, draws, k = %s agrees with mpmath',
    ([N, K, n, k], expected) => {
      const actual = k === 0 ? logHypergeometricZero(N!, K!, n!) : logHypergeometricUpperTail(N!, K!, n!, k!);
      expectLog(actual, expected, TAIL, `${N} ${K} ${n} ${k}`);
    },
  );

  test('at least one is the complement of none; successes and draws may change places', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 1e6 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (population, s, d) => {
          const successes = 1 + Math.floor(s * (population - 1));
          const draws = 1 + Math.floor(d * (population - 1));
          const some = logHypergeometricUpperTail(population, successes, draws, 1);
          expect(Math.exp(some) + Math.exp(logHypergeometricZero(population, successes, draws))).toBeCloseTo(1, 11);
          const k = Math.ceil((successes * draws) / population) + 1;
          expectLog(
            logHypergeometricUpperTail(population, draws, successes, k),
            logHypergeometricUpperTail(population, successes, draws, k),
            1e-11,
            `${population} ${successes} ${draws} ${k}`,
          );
        },
      ),
    );
  });
});
