import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  logHypergeometricProbability,
  logHypergeometricTwoSided,
  logHypergeometricUpperTail,
  logHypergeometricZero,
} from '../../src/math/hypergeometric.ts';
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

describe('hypergeometric law on both sides', () => {
  test('by hand: the lady tasting tea', () => {
    expect(Math.exp(logHypergeometricTwoSided(8, 4, 4, 3))).toBeCloseTo(34 / 70, 15);
    expect(Math.exp(logHypergeometricTwoSided(8, 4, 4, 0))).toBeCloseTo(2 / 70, 15);
    expect(logHypergeometricTwoSided(8, 4, 4, 2)).toBe(0);
    expect(logHypergeometricTwoSided(8, 0, 4, 0)).toBe(0);
  });

  test.each(referenceRows('fisher_two_sided'))(
    'population, successes, draws, k = %s agrees with whole numbers',
    ([N, K, n, k], expected) => {
      expectLog(logHypergeometricTwoSided(N!, K!, n!, k!), expected, TAIL, `${N} ${K} ${n} ${k}`);
    },
  );

  test('every small table: the sum over all that are at most as likely', () => {
    for (let population = 2; population <= 14; population++) {
      for (let successes = 0; successes <= population; successes++) {
        for (let draws = 0; draws <= population; draws++) {
          const least = Math.max(0, draws + successes - population);
          const all = Array.from({ length: Math.min(draws, successes) - least + 1 }, (_, i) =>
            Math.exp(logHypergeometricProbability(population, successes, draws, least + i)),
          );
          for (const [i, own] of all.entries()) {
            const expected = all.filter((p) => p <= own * (1 + 1e-9)).reduce((sum, p) => sum + p, 0);
            const actual = Math.exp(logHypergeometricTwoSided(population, successes, draws, least + i));
            expect(actual, `${population} ${successes} ${draws} ${least + i}`).toBeCloseTo(expected, 12);
          }
        }
      }
    }
  });

  test('far tails of large tables are finite, and symmetric', () => {
    const log = logHypergeometricTwoSided(2e8, 1e8, 1e8, 4e7);
    expect(log).toBeLessThan(-1e6);
    expectLog(logHypergeometricTwoSided(2e8, 1e8, 1e8, 6e7), log, 1e-12, 'the other side');
  });
});
