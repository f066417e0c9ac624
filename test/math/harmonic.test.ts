import { expect, test } from 'vitest';
import { harmonic, harmonicSquares } from '../../src/math/harmonic.ts';
import { relativeError } from './reference-values.ts';

test('by hand', () => {
  expect(harmonic(0)).toBe(0);
  expect(harmonic(4)).toBeCloseTo(25 / 12, 15);
  expect(harmonicSquares(3)).toBeCloseTo(49 / 36, 15);
});

test('the series are the sums', () => {
  let first = 0;
  let second = 0;
  for (let n = 1; n <= 3000; n++) {
    first += 1 / n;
    second += 1 / (n * n);
    expect(relativeError(harmonic(n), first), `H(${n})`).toBeLessThan(2e-14);
    expect(relativeError(harmonicSquares(n), second), `H₂(${n})`).toBeLessThan(2e-14);
  }
});

test('very many terms', () => {
  expect(harmonic(1e9)).toBeCloseTo(Math.log(1e9) + 0.5772156649, 8);
  expect(harmonicSquares(1e9)).toBeCloseTo(Math.PI ** 2 / 6, 8);
});
