import { describe, expect, it } from 'vitest';
import { logNormalUpperTail } from '../../src/math/normal.ts';
import { crossing } from '../../src/verdict/invert.ts';
import { defaultVerdictSettings, sensitivities, tolerancesOf } from '../../src/verdict/tolerances.ts';

/** Above each decile of a standard normal law that was moved by a shift. */
const above = (shift: number) => (z: number) => Math.exp(logNormalUpperTail(z - shift));
const deciles = Array.from({ length: 9 }, (_, i) =>
  crossing((z) => Math.exp(logNormalUpperTail(z)) - (9 - i) / 10, -10, 10),
);

function cellShares(shift: number): readonly number[] {
  const tails = [1, ...deciles.map(above(shift)), 0];
  return tails.slice(1).map((tail, i) => tails[i]! - tail);
}

describe('sensitivities', () => {
  const all = Object.entries(sensitivities).flatMap(([name, roles]) =>
    Object.entries(roles).flatMap(([role, levels]) =>
      Object.entries(levels).map(([level, tolerance]) => ({ what: `${name} ${role} ${level}`, ...tolerance })),
    ),
  );

  it.each(all)('$what: both scales are indifferent to the same mean shift', ({ phiSquared, cellChange }) => {
    const shift = crossing(
      (s) => cellShares(s).reduce((sum, q) => sum + (2 * (q - 0.1) ** 2) / (q + 0.1), 0) - phiSquared,
      0,
      3,
    );
    const change = Math.max(...cellShares(shift).map((q) => Math.abs(q - 0.1)));
    expect(Math.abs(change - cellChange)).toBeLessThan(0.0051);
  });

  it('hold predictions to a tighter tolerance than features, and warn before they fail', () => {
    for (const { feature, prediction } of Object.values(sensitivities)) {
      expect(prediction.warn.phiSquared).toBeLessThan(feature.warn.phiSquared);
      expect(prediction.fail.cellChange).toBeLessThan(feature.fail.cellChange);
      expect(feature.warn.phiSquared).toBeLessThan(feature.fail.phiSquared);
      expect(prediction.warn.cellChange).toBeLessThan(prediction.fail.cellChange);
    }
  });
});

describe('the tolerance of a column', () => {
  const settings = defaultVerdictSettings;

  it('follows its role', () => {
    expect(tolerancesOf({ name: 'x', role: 'feature' }, settings)).toEqual(sensitivities.standard.feature);
    expect(tolerancesOf({ name: 'x', role: 'label' }, settings)).toEqual(sensitivities.standard.feature);
    expect(tolerancesOf({ name: 'x', role: 'prediction' }, settings)).toEqual(sensitivities.standard.prediction);
    expect(tolerancesOf({ name: 'x', role: 'score' }, settings)).toEqual(sensitivities.standard.prediction);
  });

  it('takes what the user said of it, and the rest from the role', () => {
    const own = { ...settings, columns: { x: { tolerance: { warn: { phiSquared: 0.2 } } } } };
    expect(tolerancesOf({ name: 'x', role: 'feature' }, own)).toEqual({
      warn: { phiSquared: 0.2, cellChange: 0.07 },
      fail: { phiSquared: 0.25, cellChange: 0.12 },
    });
    expect(tolerancesOf({ name: 'y', role: 'feature' }, own)).toEqual(sensitivities.standard.feature);
  });

  it('fails no earlier than it warns', () => {
    const own = { ...settings, columns: { x: { tolerance: { warn: { phiSquared: 0.4, cellChange: 0.3 } } } } };
    expect(tolerancesOf({ name: 'x', role: 'feature' }, own).fail).toEqual({ phiSquared: 0.4, cellChange: 0.3 });
  });

  it('is not confused by a column called "constructor" or "__proto__"', () => {
    expect(tolerancesOf({ name: 'constructor', role: 'feature' }, settings)).toEqual(sensitivities.standard.feature);
    expect(tolerancesOf({ name: '__proto__', role: 'feature' }, settings)).toEqual(sensitivities.standard.feature);
  });
});

describe('crossing', () => {
  it.each([
    ['a line', (x: number) => x - 0.3, 0.3],
    ['a cube, flat at its zero', (x: number) => (x - 0.5) ** 3, 0.5],
    ['a steep exponential', (x: number) => 1e-3 - Math.exp(-50 * x), Math.log(1e3) / 50],
    ['a falling curve', (x: number) => 0.5 - x * x, Math.SQRT1_2],
  ])('finds the zero of %s', (_, f, zero) => {
    expect(crossing(f, 0, 1)).toBeCloseTo(zero, 5);
  });

  it('returns the nearer end when there is none', () => {
    expect(crossing((x) => x + 1, 0, 1)).toBe(0);
    expect(crossing((x) => x - 2, 0, 1)).toBe(1);
  });
});
