import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logFUpperTail, logStudentTTwoSided } from '../../src/math/f-distribution.ts';
import { logRegularizedBeta } from '../../src/math/incomplete-beta.ts';
import { logNormalUpperTail } from '../../src/math/normal.ts';
import { expectLog, referenceRows } from './reference-values.ts';

const TAIL = 2e-13;

describe('regularized incomplete beta function', () => {
  test.each(referenceRows('log_beta'))('log I%s agrees with mpmath', ([x, y, a, b], expected) => {
    expectLog(logRegularizedBeta(x!, y!, a!, b!), expected, TAIL, `I(${x}; ${a}, ${b})`);
  });

  test('by hand: the uniform law, and both ends', () => {
    expect(Math.exp(logRegularizedBeta(0.25, 0.75, 1, 1))).toBeCloseTo(0.25, 15);
    expect(logRegularizedBeta(0, 1, 2, 3)).toBe(-Infinity);
    expect(logRegularizedBeta(1, 0, 2, 3)).toBe(0);
  });
});

describe('F law', () => {
  test.each(referenceRows('f_upper'))('P(F > %s) agrees with mpmath', ([x, df1, df2], expected) => {
    expectLog(logFUpperTail(x!, df1!, df2!), expected, TAIL, `F(${x}; ${df1}, ${df2})`);
  });

  test('exchanging the degrees of freedom turns the law round', () => {
    const df = fc.double({ min: 0.5, max: 1e4, noNaN: true });
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 100, noNaN: true }), df, df, (x, df1, df2) => {
        const both = Math.exp(logFUpperTail(x, df1, df2)) + Math.exp(logFUpperTail(1 / x, df2, df1));
        expect(both).toBeCloseTo(1, 11);
      }),
    );
  });

  test('edges', () => {
    expect(logFUpperTail(0, 3, 4)).toBe(0);
    expect(logFUpperTail(Infinity, 3, 4)).toBe(-Infinity);
    expect(logFUpperTail(Number.NaN, 3, 4)).toBeNaN();
    // the tail of a ratio: half of df2 times log x
    expectLog(logFUpperTail(1e300, 4, 1e-3) - logFUpperTail(1e200, 4, 1e-3), -5e-4 * Math.log(1e100), 1e-12, 'far');
    expect(logFUpperTail(1e308, 1e3, 1)).toBeLessThan(-300);
  });
});

describe("Student's law", () => {
  test.each(referenceRows('student_two_sided'))('P(|T| > %s) agrees with mpmath', ([t, df], expected) => {
    expectLog(logStudentTTwoSided(t!, df!), expected, TAIL, `t(${t}; ${df})`);
    expect(logStudentTTwoSided(-t!, df!)).toBe(logStudentTTwoSided(t!, df!));
  });

  test('by hand: one degree of freedom is Cauchy, very many are normal', () => {
    expect(Math.exp(logStudentTTwoSided(1, 1))).toBeCloseTo(0.5, 15);
    for (const z of [0.5, 1.7, 1.8, 6]) {
      expectLog(logStudentTTwoSided(z, 2e8), Math.LN2 + logNormalUpperTail(z), 1e-6, `z = ${z}`);
    }
  });

  test('far tails are finite', () => {
    expect(logStudentTTwoSided(1e4, 1e8)).toBeLessThan(-3e7);
    expect(Number.isFinite(logStudentTTwoSided(1e150, 1e8))).toBe(true);
  });
});
