import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { log1mexp, logAddExp, logSumExp } from '../../src/math/logarithms.ts';

const logs = fc.double({ min: -800, max: 800, noNaN: true });

describe('log-space arithmetic', () => {
  test('adds 1/4 and 1/2', () => {
    expect(logAddExp(Math.log(0.25), Math.log(0.5))).toBeCloseTo(Math.log(0.75), 15);
    expect(logSumExp([Math.log(0.25), Math.log(0.5), -Infinity])).toBeCloseTo(Math.log(0.75), 15);
  });

  test('the logarithm of nothing is −∞', () => {
    expect(logSumExp([])).toBe(-Infinity);
    expect(logAddExp(-Infinity, -Infinity)).toBe(-Infinity);
    expect(logAddExp(3, -Infinity)).toBe(3);
    expect(log1mexp(0)).toBe(-Infinity);
    expect(log1mexp(-Infinity)).toBe(-0);
  });

  test('neither overflows nor underflows', () => {
    expect(logSumExp([-5000, -5000])).toBeCloseTo(-5000 + Math.LN2, 12);
    expect(logAddExp(5000, 5000)).toBeCloseTo(5000 + Math.LN2, 12);
    expect(log1mexp(-1e-300)).toBeCloseTo(-300 * Math.LN10, 10);
    expect(log1mexp(-50)).toBe(-Math.exp(-50));
  });

  test('addition is symmetric and at least its larger part', () => {
    fc.assert(
      fc.property(logs, logs, (a, b) => {
        expect(logAddExp(a, b)).toBe(logAddExp(b, a));
        expect(logAddExp(a, b)).toBeGreaterThanOrEqual(Math.max(a, b));
        expect(logAddExp(a, b)).toBeCloseTo(logSumExp([a, b]), 10);
      }),
    );
  });
});
