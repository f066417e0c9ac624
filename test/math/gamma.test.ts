import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  deviance,
  logBeta,
  logBinomial,
  logFactorialRemainder,
  logGamma,
  logPoisson,
  logRegularizedGammaLower,
  logRegularizedGammaUpper,
} from '../../src/math/gamma.ts';
import { expectLog, referenceRows } from './reference-values.ts';

const LOG_GAMMA = 4e-15;
const INCOMPLETE_GAMMA = 1e-13;

const shape = fc.double({ min: 0.01, max: 1e5, noNaN: true });
const ratio = fc.double({ min: 0.01, max: 100, noNaN: true });

describe('gamma function', () => {
  test('by hand: factorials and √π', () => {
    expect(logGamma(1)).toBeCloseTo(0, 14);
    expect(logGamma(5)).toBeCloseTo(Math.log(24), 14);
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 14);
    expect(logGamma(0)).toBe(Infinity);
    expect(logGamma(-1)).toBeNaN();
    expect(logBinomial(5, 2)).toBeCloseTo(Math.log(10), 14);
    expect(logBinomial(5, 6)).toBe(-Infinity);
    expect(logBinomial(5, 0)).toBe(0);
    expect(logBeta(2, 3)).toBeCloseTo(Math.log(1 / 12), 14);
    expect(logPoisson(0, 3)).toBe(-3);
    expect(logFactorialRemainder(0)).toBe(0);
    expect(deviance(0, 2)).toBe(2);
    expect(deviance(2, 2)).toBe(0);
  });

  test.each(referenceRows('log_gamma'))('log Γ(%s) agrees with mpmath', ([x], expected) => {
    expectLog(logGamma(x!), expected, LOG_GAMMA, `log Γ(${x})`);
  });

  test.each(referenceRows('log_binomial'))('the coefficient of %s agrees with mpmath', ([n, k], expected) => {
    expectLog(logBinomial(n!, k!), expected, LOG_GAMMA, `${n} over ${k}`);
  });

  test('log Γ(x+1) = log Γ(x) + log x', () => {
    fc.assert(
      fc.property(shape, (x) => expectLog(logGamma(x + 1), logGamma(x) + Math.log(x), 1e-14, `recurrence at ${x}`)),
    );
  });
});

describe('regularized incomplete gamma functions', () => {
  test.each(referenceRows('log_gamma_upper'))('log Q%s agrees with mpmath', ([a, x], expected) => {
    expectLog(logRegularizedGammaUpper(a!, x!), expected, INCOMPLETE_GAMMA, `Q(${a}, ${x})`);
  });

  test.each(referenceRows('log_gamma_lower'))('log P%s agrees with mpmath', ([a, x], expected) => {
    expectLog(logRegularizedGammaLower(a!, x!), expected, INCOMPLETE_GAMMA, `P(${a}, ${x})`);
  });

  test('both tails sum to one and fall or rise in x', () => {
    fc.assert(
      fc.property(shape, ratio, (a, times) => {
        const x = a * times;
        const upper = logRegularizedGammaUpper(a, x);
        expect(Math.exp(upper) + Math.exp(logRegularizedGammaLower(a, x))).toBeCloseTo(1, 12);
        expect(logRegularizedGammaUpper(a, x * 1.001)).toBeLessThanOrEqual(upper);
      }),
    );
  });

  test('edges', () => {
    expect(logRegularizedGammaUpper(3, 0)).toBe(0);
    expect(logRegularizedGammaLower(3, 0)).toBe(-Infinity);
    expect(logRegularizedGammaUpper(3, Infinity)).toBe(-Infinity);
    expect(logRegularizedGammaLower(3, Infinity)).toBe(0);
  });
});
