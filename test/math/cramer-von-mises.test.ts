import { describe, expect, test } from 'vitest';
import { logCramerVonMisesUpperTail } from '../../src/math/cramer-von-mises.ts';
import { expectLog, referenceRows } from './reference-values.ts';

const TAIL = 2e-14;

describe('limiting law of Cramér–von Mises', () => {
  test('by hand: the published critical value, 0.46136 at 5 %', () => {
    expect(Math.exp(logCramerVonMisesUpperTail(0.46136))).toBeCloseTo(0.05, 5);
  });

  test.each(referenceRows('cramer_von_mises'))('P(ω² > %s) agrees with mpmath', ([x], expected) => {
    expectLog(logCramerVonMisesUpperTail(x!), expected, TAIL, `x = ${x}`);
  });

  test('falls, and tends to 2 e^(−xπ²/2) / (π √(πx))', () => {
    let before = 0;
    for (let x = 0.02; x < 50; x *= 1.1) {
      const here = logCramerVonMisesUpperTail(x);
      expect(here).toBeLessThan(before);
      before = here;
    }
    for (const x of [1e4, 1e7]) {
      const leading = -(x * Math.PI ** 2) / 2 + Math.log(2 / (Math.PI * Math.sqrt(Math.PI * x)));
      expectLog(logCramerVonMisesUpperTail(x), leading, 1e-8, `x = ${x}`);
    }
  });

  test('edges', () => {
    expect(logCramerVonMisesUpperTail(0)).toBe(0);
    expect(logCramerVonMisesUpperTail(-1)).toBe(0);
    expect(logCramerVonMisesUpperTail(Infinity)).toBe(-Infinity);
    expect(logCramerVonMisesUpperTail(Number.NaN)).toBeNaN();
  });
});
