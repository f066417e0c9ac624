import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BridgeForm, bridgeFormMoments, logBridgeFormUpperTail } from '../../src/math/bridge-form.ts';
import { logChiSquaredUpperTail } from '../../src/math/chi-squared.ts';
import { logCramerVonMisesUpperTail } from '../../src/math/cramer-von-mises.ts';
import { Random } from '../support/random.ts';
import { expectLog, referenceRows } from './reference-values.ts';

const TAIL = 1e-12;

/** The bridge in the middles of values with these shares, weighted by them, or also by one over its variance. */
function middles(shares: readonly number[], standardised: boolean): BridgeForm {
  let before = 0;
  const below = shares.map((share) => {
    before += share;
    return before - share / 2;
  });
  const variances = shares.map((share, j) => below[j]! * (1 - below[j]!) - share / 4);
  return {
    weights: Float64Array.from(shares, (share, j) => (standardised ? share / variances[j]! : share)),
    below: Float64Array.from(below),
    above: Float64Array.from(below, (h) => 1 - h),
    variances: Float64Array.from(variances),
  };
}

const even = (points: number) => new Array<number>(points).fill(1 / points);

describe('by hand', () => {
  test('two values are one square: chi-squared with one degree of freedom, into the far tail', () => {
    for (const share of [0.5, 0.1, 0.999]) {
      for (const x of [1e-6, 1e-3, 0.1, 1, 1.9, 2.1, 3.84, 30, 1e4, 1e8]) {
        const log = logBridgeFormUpperTail(middles([share, 1 - share], true), x);
        expectLog(log, logChiSquaredUpperTail(x, 1), TAIL, `${share}, ${x}`);
      }
    }
  });

  test.each(referenceRows('two_parts'))('two parts of variances and at %s agree with mpmath', ([a, b, x], expected) => {
    // two points that do not depend on each other: h = 0 for the first
    const form = {
      weights: Float64Array.of(1, 1),
      below: Float64Array.of(0, 0.5),
      above: Float64Array.of(1, 0.5),
      variances: Float64Array.of(a!, b!),
    };
    expectLog(logBridgeFormUpperTail(form, x!), expected, TAIL, `${a} ${b} ${x}`);
  });

  test('mean and sum of squares of the parts', () => {
    const { mean, squares } = bridgeFormMoments(middles(even(4000), true));
    expect(mean).toBeCloseTo(1, 12);
    // Σ 1/(k (k+1))² = π²/3 − 3
    expect(squares).toBeCloseTo(Math.PI ** 2 / 3 - 3, 3);
  });
});

describe('by law', () => {
  test('very many points give the published limits: Anderson–Darling 1.933, 2.492, 3.878 at 10, 5 and 1 %', () => {
    const form = middles(even(20_000), true);
    expect(Math.exp(logBridgeFormUpperTail(form, 1.933))).toBeCloseTo(0.1, 4);
    expect(Math.exp(logBridgeFormUpperTail(form, 2.492))).toBeCloseTo(0.05, 4);
    expect(Math.exp(logBridgeFormUpperTail(form, 3.878))).toBeCloseTo(0.01, 4);
  });

  test('very many points, weighted by their shares, give the limiting law of Cramér–von Mises', () => {
    const form = middles(even(20_000), false);
    for (const x of [0.03, 0.05, 0.2, 0.3, 1, 4, 20]) {
      expectLog(logBridgeFormUpperTail(form, x), logCramerVonMisesUpperTail(x), 2e-4, `x = ${x}`);
    }
  });

  test('agrees with a simulation of uneven points', () => {
    const shares = [0.4, 0.05, 0.3, 0.02, 0.13, 0.1];
    const form = middles(shares, true);
    const random = new Random(20261121);
    const runs = 40_000;
    const values = Array.from({ length: runs }, () => {
      const steps = shares.map((share) => random.normal() * Math.sqrt(share));
      const end = steps.reduce((sum, step) => sum + step, 0);
      let walk = 0;
      let before = 0;
      return shares.reduce((sum, share, j) => {
        // the middle of a value is half of its own step, without noise of its own
        const bridge = walk + steps[j]! / 2 - (before + share / 2) * end;
        walk += steps[j]!;
        before += share;
        return sum + form.weights[j]! * bridge * bridge;
      }, 0);
    });
    for (const x of [0.3, 1, 2, 4, 6]) {
      const p = Math.exp(logBridgeFormUpperTail(form, x));
      const share = values.filter((value) => value > x).length / runs;
      expect(Math.abs(share - p), `x = ${x}`).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / runs));
    }
  });

  test('scales with its weights, and falls', () => {
    const shares = fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(shares, fc.double({ min: 0.05, max: 100, noNaN: true }), (raw, x) => {
        const total = raw.reduce((sum, share) => sum + share, 0);
        const form = middles(
          raw.map((share) => share / total),
          true,
        );
        const log = logBridgeFormUpperTail(form, x);
        const doubled = { ...form, weights: form.weights.map((weight) => 2 * weight) };
        expectLog(logBridgeFormUpperTail(doubled, 2 * x), log, 1e-10, 'scaled');
        expect(logBridgeFormUpperTail(form, 1.1 * x)).toBeLessThan(log);
      }),
    );
  });
});

test('edges', () => {
  const form = middles([0.2, 0.3, 0.5], true);
  expect(logBridgeFormUpperTail(form, 0)).toBe(0);
  expect(logBridgeFormUpperTail(form, -1)).toBe(0);
  expect(logBridgeFormUpperTail(form, Infinity)).toBe(-Infinity);
  expect(logBridgeFormUpperTail(form, Number.NaN)).toBeNaN();
  expect(Number.isFinite(logBridgeFormUpperTail(form, 1e12))).toBe(true);
  expect(logBridgeFormUpperTail(form, 1e-3)).toBeGreaterThan(-0.01);
  // nothing lies below a tiny x: practically 1, and quickly
  expect(logBridgeFormUpperTail(middles(even(20_000), true), 0.01)).toBeGreaterThan(-1e-20);
});
