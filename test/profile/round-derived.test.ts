import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nextDown, nextUp } from '../../src/math/floats.ts';
import { roundDerived } from '../../src/profile/numbers.ts';

it('keeps eleven digits, counted from the scale', () => {
  expect(roundDerived(1.23456789012345)).toBe(1.2345678901);
  expect(roundDerived(-123456789012345)).toBe(-123456789010000);
  expect(roundDerived(0.0123456789012345, 1)).toBe(0.0123456789);
  expect(roundDerived(1e-17, 1)).toBe(0);
  expect(roundDerived(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
  expect(roundDerived(0)).toBe(0);
});

it('does not tell neighbours apart where the digits end in a half', () => {
  // 27 / 32, 1811 / 2048 …: means of whole numbers over powers of two
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 4095 }), (power, k) => {
      const half = k / 2 ** power;
      for (const scale of [half, 1, 10]) {
        const rounded = roundDerived(half, scale);
        expect(roundDerived(nextUp(half), scale)).toBe(rounded);
        expect(roundDerived(nextDown(half), scale)).toBe(rounded);
      }
    }),
  );
  const mean = 0.88364453125;
  expect(roundDerived(nextUp(mean), 10)).toBe(roundDerived(nextDown(mean), 10));
});
