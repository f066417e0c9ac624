import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finiteLogP, judgeFamily, leastLogP } from '../../src/verdict/family.ts';

/** p-values at fail and, when given, at warn. */
const family = (...pairs: readonly (number | readonly [number, number])[]) =>
  pairs.map((pair) =>
    typeof pair === 'number'
      ? { logPFail: Math.log(pair), logPWarn: null }
      : { logPFail: Math.log(pair[0]), logPWarn: Math.log(pair[1]) },
  );

describe('one family, by hand at alpha 0.05', () => {
  it('steps down through α/3, α/2, α/1', () => {
    expect(judgeFamily(family(0.02, 0.01, 0.04), 0.05)).toEqual(['fail', 'fail', 'fail']);
  });

  it('stops at the first that holds: 0.03 is above α/2, so 0.04 is not looked at', () => {
    expect(judgeFamily(family(0.04, 0.01, 0.03), 0.05)).toEqual([null, 'fail', null]);
  });

  it('is inclusive', () => {
    expect(judgeFamily([{ logPFail: Math.log(0.05 / 2), logPWarn: null }, ...family(1)], 0.05)).toEqual(['fail', null]);
  });

  it('asks at warn with the share of alpha that is left: α/2 after one of three', () => {
    expect(judgeFamily(family([0.01, 0.001], [1, 0.02], [1, 0.03]), 0.05)).toEqual(['fail', 'warn', null]);
  });

  it('does not step on at warn: each keeps its share', () => {
    // by Holm the second would have α/1
    expect(judgeFamily(family([1, 0.001], [1, 0.04]), 0.05)).toEqual(['warn', null]);
  });

  it('counts hard rules among the hypotheses', () => {
    expect(judgeFamily(family([0.02, 0.001], 1), 0.05)).toEqual(['fail', null]);
    expect(judgeFamily(family([0.02, 0.001], 1, 1), 0.05)).toEqual(['warn', null, null]);
  });

  it('has nothing to say of nobody, and is not stopped by rejecting everyone', () => {
    expect(judgeFamily([], 0.05)).toEqual([]);
    expect(judgeFamily(family([0.01, 0.01]), 0.05)).toEqual(['fail']);
  });
});

it('does not depend on the order', () => {
  const p = fc.double({ min: 1e-6, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.tuple(p, p), { maxLength: 12 }), fc.infiniteStream(fc.nat()), (pairs, keys) => {
      const hypotheses = family(...pairs.map(([a, b]) => [Math.max(a, b), Math.min(a, b)] as const));
      const order = hypotheses.map((_, i) => ({ i, key: keys.next().value })).sort((a, b) => a.key - b.key);
      const straight = judgeFamily(hypotheses, 0.05);
      const shuffled = judgeFamily(
        order.map(({ i }) => hypotheses[i]!),
        0.05,
      );
      expect(shuffled).toEqual(order.map(({ i }) => straight[i]));
    }),
  );
});

it('keeps logarithms finite, and takes a NaN for no evidence', () => {
  expect(finiteLogP(Number.NEGATIVE_INFINITY)).toBe(leastLogP);
  expect(finiteLogP(Number.NaN)).toBe(0);
  expect(finiteLogP(1e-17)).toBe(0);
  expect(Object.is(finiteLogP(-0), 0)).toBe(true);
  expect(finiteLogP(-12.5)).toBe(-12.5);
});
