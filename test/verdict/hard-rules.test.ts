import { describe, expect, it } from 'vitest';
import {
  constantBecameVarying,
  missingWentUp,
  outOfRange,
  unseenCategories,
  varyingBecameConstant,
  wasConstant,
} from '../../src/verdict/hard-rules.ts';

const nothing = Number.NaN;

describe('unseen categories', () => {
  const counts = { referenceRows: 9, currentRows: 1, unseenRows: 1, singletons: 1, doubletons: 0, examples: [] };

  it('is the expected unseen share for a single row: μ = (f1+1)/(n+1)', () => {
    expect(unseenCategories(counts)?.logPHard).toBeCloseTo(Math.log(0.2), 12);
    expect(unseenCategories(counts)?.expectedShare).toBeCloseTo(0.2, 12);
  });

  it('is the second moment of the beta law for two rows of two', () => {
    // μ = 1/5, s² = 2/81, so a + b = μ(1−μ)/s² − 1 = 5.48, a = 1.096: P = a (a+1) / ((a+b)(a+b+1))
    const two = { ...counts, currentRows: 2, unseenRows: 2 };
    expect(unseenCategories(two)?.logPHard).toBeCloseTo(Math.log((1.096 * 2.096) / (5.48 * 6.48)), 12);
  });

  it('asks for more than 1 % as well: the sums of both laws by mpmath, the larger', () => {
    const ordinary = {
      ...counts,
      referenceRows: 1000,
      currentRows: 1000,
      singletons: 20,
      doubletons: 5,
      unseenRows: 60,
    };
    expect(unseenCategories(ordinary)?.logPHard).toBeCloseTo(-10.3914178104124, 10);
    // no value was seen once: a single unseen row is rare, but is no 1 %
    const settled = { ...counts, referenceRows: 1_000_000, currentRows: 1000, singletons: 0, unseenRows: 1 };
    expect(unseenCategories(settled)?.logPHard).toBeCloseTo(Math.log(1 - 0.99 ** 1000), 12);
    expect(unseenCategories(settled)?.logPNoted).toBeLessThan(Math.log(0.002));
  });

  it('notes nothing below a tenth of a per cent of rows', () => {
    const few = { ...counts, referenceRows: 1_000_000, currentRows: 100_000, singletons: 0, unseenRows: 99 };
    expect(unseenCategories(few)?.logPNoted).toBe(0);
    expect(unseenCategories({ ...few, unseenRows: 100 })?.logPNoted).toBeLessThan(-100);
  });

  it('is certain of nothing when there is nothing unseen', () => {
    expect(unseenCategories({ ...counts, unseenRows: 0 })).toMatchObject({ logPHard: 0, logPNoted: 0 });
  });

  it('is not asked of a reference of which nine rows in ten are expected to be new', () => {
    expect(unseenCategories({ ...counts, singletons: 8 })).toBeNull();
    expect(unseenCategories({ ...counts, singletons: 7 })).not.toBeNull();
    expect(unseenCategories({ ...counts, referenceRows: 0, singletons: 0 })).toBeNull();
  });
});

describe('out of range', () => {
  const range = {
    referenceRows: 3,
    currentRows: 1,
    below: 0,
    above: 1,
    referenceMin: 0,
    referenceMax: 1,
    currentMin: nothing,
    currentMax: nothing,
  };

  it('is the mass outside three rows, Beta(2, 2): one half, and 3/10 for two rows of two', () => {
    expect(outOfRange(range)?.logPHard).toBeCloseTo(Math.log(1 / 2), 12);
    expect(outOfRange({ ...range, currentRows: 2, below: 1 })?.logPHard).toBeCloseTo(Math.log(3 / 10), 12);
    expect(outOfRange(range)?.expectedShare).toBeCloseTo(1 / 2, 12);
  });

  it('asks for more than 1 % as well: scipy binom.logsf, and the beta-binomial sum by mpmath', () => {
    const large = { ...range, referenceRows: 10_000, currentRows: 1000, below: 10, above: 20 };
    expect(outOfRange(large)?.logPHard).toBeCloseTo(-15.395395080321014, 8);
    expect(outOfRange(large)?.logPNoted).toBeCloseTo(-68.9920868738934, 10);
  });

  it('is not asked when the reference has no range', () => {
    expect(outOfRange({ ...range, referenceRows: 1 })).toBeNull();
    expect(outOfRange({ ...range, referenceRows: 0 })).toBeNull();
  });
});

describe('more missing values', () => {
  it('is twice the normal tail beyond two points: scipy norm.logsf', () => {
    const rise = missingWentUp({ reference: 10, current: 19 }, { reference: 100, current: 100 });
    expect(rise?.logP).toBeCloseTo(-1.8286594675199925, 10);
    expect(rise?.by).toBe('points');
  });

  it('is twice the exact test when the share at least doubled', () => {
    // two of 200 rows, both among the current 100: 100·99 / (200·199); exactly two points are half a chance
    const rise = missingWentUp({ reference: 0, current: 2 }, { reference: 100, current: 100 });
    expect(rise?.logP).toBeCloseTo(Math.log((2 * 100 * 99) / (200 * 199)), 12);
    expect(rise?.by).toBe('ratio');
  });

  it('does not call it doubled below half a point, or below the double', () => {
    const rows = { reference: 1_000_000, current: 1_000_000 };
    expect(missingWentUp({ reference: 100, current: 5099 }, rows)?.logP).toBe(0);
    expect(missingWentUp({ reference: 100, current: 5100 }, rows)?.logP).toBeLessThan(-1000);
    expect(missingWentUp({ reference: 10_001, current: 20_001 }, rows)?.logP).toBe(0);
    expect(missingWentUp({ reference: 10_001, current: 20_002 }, rows)?.logP).toBeLessThan(-1000);
  });

  it('is silent when fewer are missing', () => {
    expect(missingWentUp({ reference: 50, current: 0 }, { reference: 100, current: 100 })?.logP).toBe(0);
  });

  it('is not asked without rows', () => {
    expect(missingWentUp({ reference: 0, current: 0 }, { reference: 0, current: 100 })).toBeNull();
  });
});

describe('a constant', () => {
  const mode = {
    value: 'a',
    referenceRows: 3,
    referenceOffMode: 0,
    currentRows: 2,
    currentOffMode: 2,
    currentConstant: false,
  };

  it('became varying: two of two rows, with Beta(1, 3) left by three, are 1/10', () => {
    expect(wasConstant(mode)).toBe(true);
    expect(constantBecameVarying(mode)).toBeCloseTo(Math.log(1 / 10), 12);
  });

  it('became varying in one row of many: n/(n+m) is the chance that none does', () => {
    expect(constantBecameVarying({ ...mode, referenceRows: 90, currentRows: 10, currentOffMode: 1 })).toBeCloseTo(
      Math.log(1 - 90 / 100),
      12,
    );
    // after a million rows the tolerated 1 % speaks
    expect(
      constantBecameVarying({ ...mode, referenceRows: 1_000_000, currentRows: 10, currentOffMode: 1 }),
    ).toBeCloseTo(Math.log(1 - 0.99 ** 10), 12);
    expect(constantBecameVarying({ ...mode, currentOffMode: 0 })).toBe(0);
  });

  it('came of what varied: none of two rows meets the one of five that is off: C(4,2)/C(5,2)', () => {
    const now = { ...mode, referenceOffMode: 1, currentOffMode: 0, currentConstant: true };
    expect(wasConstant(now)).toBe(false);
    expect(varyingBecameConstant(now)).toBeCloseTo(Math.log(6 / 10), 12);
    expect(varyingBecameConstant({ ...now, currentConstant: false })).toBe(0);
  });

  it('is likely enough in 100 rows of a model with 2 % positives', () => {
    let chance = 1;
    for (let i = 0; i < 20; i++) chance *= (1000 - i) / (1100 - i);
    const now = { ...mode, referenceRows: 1000, referenceOffMode: 20, currentRows: 100, currentConstant: true };
    expect(varyingBecameConstant(now)).toBeCloseTo(Math.log(chance), 10);
    expect(Math.exp(varyingBecameConstant(now))).toBeGreaterThan(0.13);
  });
});
