import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logNormalUpperTail, normalQuantile, normalUpperTail } from '../../src/math/normal.ts';
import { expectLog, referenceRows, relativeError } from './reference-values.ts';

const TAIL = 1e-14;
const LOG_TAIL = 2e-15;
const QUANTILE = 4e-15;
/** Below the smallest normal double a probability has fewer digits; only its logarithm is exact. */
const SUBNORMAL_FROM = 37.5;

const file = new URL('../../fixtures/reference-values/distributions.json', import.meta.url);
const { normal } = JSON.parse(readFileSync(file, 'utf8')) as { normal: [number, number, number][] };

describe('normal tail', () => {
  test.each(normal)('at %s agrees with mpmath', (z, tail, logTail) => {
    if (z < SUBNORMAL_FROM) expect(relativeError(normalUpperTail(z), tail)).toBeLessThan(TAIL);
    expect(relativeError(logNormalUpperTail(z), logTail)).toBeLessThan(
      z < 0 && logTail > -1e-12 ? TAIL * 10 : LOG_TAIL * 4,
    );
  });

  test('edges', () => {
    expect(normalUpperTail(0)).toBe(0.5);
    expect(normalUpperTail(Infinity)).toBe(0);
    expect(normalUpperTail(-Infinity)).toBe(1);
    expect(normalUpperTail(NaN)).toBeNaN();
    expect(logNormalUpperTail(1e150)).toBeLessThan(-1e299);
  });

  test('falls, and both tails sum to one', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -40, max: 40, noNaN: true }),
        fc.double({ min: 1e-9, max: 1, noNaN: true }),
        (z, step) => {
          expect(logNormalUpperTail(z + step)).toBeLessThanOrEqual(logNormalUpperTail(z));
          expect(normalUpperTail(z) + normalUpperTail(-z)).toBeCloseTo(1, 15);
        },
      ),
    );
  });
});

describe('normal quantile', () => {
  test.each(referenceRows('normal_quantile'))('at %s agrees with mpmath', ([p], expected) => {
    expectLog(normalQuantile(p!), expected, QUANTILE, `quantile ${p}`);
  });

  test('undoes the tail', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-200, max: 0.5, noNaN: true }), (p) => {
        expect(relativeError(normalUpperTail(-normalQuantile(p)), p)).toBeLessThan(1e-12);
      }),
    );
  });

  test('edges', () => {
    expect(normalQuantile(0)).toBe(-Infinity);
    expect(normalQuantile(1)).toBe(Infinity);
    expect(normalQuantile(1.5)).toBeNaN();
  });
});
