import { describe, expect, it } from 'vitest';
import type { ConfidenceProfile } from '../../src/model/predictions.ts';
import { confidenceFell, nearlyCollapsed } from '../../src/verdict/predictions.ts';
import { shareRose } from '../../src/verdict/quality.ts';
import { Random } from '../support/random.ts';

/** Each question of the prediction layer by itself at alpha 0.01. SIMULATIONS=20000 for as many runs as a claim needs. */
const simulations = Number(process.env.SIMULATIONS ?? 0);
const level = Math.log(0.01);

function profileOf(values: readonly number[]): ConfidenceProfile {
  const rows = values.length;
  const mean = values.reduce((a, b) => a + b) / rows;
  const std = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, rows - 1));
  const quantiles = { q01: 0, q05: 0, q25: 0, q50: 0, q75: 0, q95: 0, q99: 0 };
  return { rows, mean, std, quantiles, nearThreshold: 0, entropy: null };
}

const sizes = [
  { n: 200, m: 100 },
  { n: 1000, m: 1000 },
  { n: 10_000, m: 200 },
];

/** Shares of alarms, at 1 % and three standard errors above. */
function alarms(runs: number, draw: () => number): number {
  let found = 0;
  for (let i = 0; i < runs; i++) if (draw() <= level) found += 1;
  return found / runs;
}
const most = (runs: number) => 0.01 + 3 * Math.sqrt((0.01 * 0.99) / runs);

describe('confidence', () => {
  // a law of confidences, and the same fallen by exactly 15 % in the mean
  const laws: Readonly<Record<string, (random: Random, fallen: boolean) => number>> = {
    'spread evenly': (random, fallen) => (0.5 + random.uniform() / 2) * (fallen ? 0.85 : 1),
    'nearly always sure': (random, fallen) => {
      const unsure = 0.02 + (fallen ? (0.15 * (0.98 + 0.02 * 0.55)) / 0.45 : 0);
      return random.uniform() < unsure ? 0.55 : 1;
    },
    // from 0.5 + 0.1·0.5 to 0.85 of it, by sure rows alone
    'rarely sure': (random, fallen) =>
      0.45 + (random.uniform() < (fallen ? (0.85 * 0.55 - 0.45) / 0.5 : 0.2) ? 0.5 : 0),
  };

  it.each(sizes)(
    'that fell by exactly what is tolerated is told in 1 % of $n against $m rows',
    { timeout: 600_000 },
    ({ n, m }) => {
      const random = new Random(n + m);
      const runs = simulations || 400;
      for (const [name, law] of Object.entries(laws)) {
        const draw = (rows: number, fallen: boolean) =>
          profileOf(Array.from({ length: rows }, () => law(random, fallen)));
        const told = alarms(runs, () => confidenceFell(draw(n, false), draw(m, true), 0.15));
        const clean = alarms(runs, () => confidenceFell(draw(n, false), draw(m, false), 0.15));
        if (simulations) console.log(`confidence, ${name}`, { n, m, told, clean });
        expect(told, name).toBeLessThanOrEqual(most(runs));
        expect(clean, name).toBe(0);
      }
    },
  );

  it('proves nothing by being equal, and finds what is far', () => {
    const all = (value: number, rows: number) => profileOf(Array<number>(rows).fill(value));
    expect(confidenceFell(all(1, 1000), all(1, 100), 0.15)).toBeCloseTo(0, 9);
    expect(confidenceFell(all(1, 1000), all(0.6, 100), 0.15)).toBeLessThan(-100);
    expect(confidenceFell(all(1, 200), all(0.84, 1), 0.15)).toBeGreaterThan(level);
  });
});

describe('rows that break a rule', () => {
  const rose = (reference: number, n: number, current: number, m: number) =>
    shareRose(
      {
        form: 'share',
        reference: { rows: reference, of: n },
        current: { rows: current, of: m },
        growth: 1,
        dispersion: 1,
      },
      0.001,
    );

  it.each([...sizes, { n: 100_000, m: 100_000 }])(
    'do not alarm where as many broke it before, or by no more than the tolerated share: $n against $m rows',
    { timeout: 600_000 },
    ({ n, m }) => {
      const random = new Random(n - m + 5);
      const runs = simulations ? Math.min(simulations, 2000) : n * 1 > 50_000 ? 30 : 300;
      for (const share of [0, 0.0005, 0.005]) {
        const clean = alarms(runs, () => rose(random.binomial(n, share), n, random.binomial(m, share), m));
        const at = alarms(runs, () => rose(random.binomial(n, share), n, random.binomial(m, share + 0.001), m));
        if (simulations) console.log('rule broken', { n, m, share, clean, at });
        expect(clean).toBeLessThanOrEqual(most(runs));
        expect(at).toBeLessThanOrEqual(most(runs));
      }
    },
  );

  it('alarm when many do', () => {
    expect(rose(0, 1000, 20, 1000)).toBeLessThan(Math.log(0.0005));
  });
});

describe('nearly every prediction the same', () => {
  const asked = (then: number, n: number, now: number, m: number) =>
    nearlyCollapsed({ reference: { rows: n - then, of: n }, current: { rows: m - now, of: m } });

  it.each([
    // exactly 99 % now, however it was; or a fifth of what it was, below 1 %
    { before: 0.3, share: 0.01 },
    { before: 0.02, share: 0.004 },
    { before: 0.005, share: 0.005 },
    { before: 0.02, share: 0.02 },
  ])('does not alarm at its edges: others went from $before to $share', { timeout: 600_000 }, ({ before, share }) => {
    const random = new Random(3);
    const runs = simulations || 300;
    for (const { n, m } of [...sizes, { n: 5000, m: 5000 }]) {
      const told = alarms(runs, () => asked(random.binomial(n, before), n, random.binomial(m, share), m));
      if (simulations) console.log('collapse', { before, share, n, m, told });
      expect(told).toBeLessThanOrEqual(most(runs));
    }
  });

  it('is proven by enough rows', () => {
    expect(asked(300, 1000, 1, 2000)).toBeLessThan(Math.log(0.0001));
    expect(asked(300, 1000, 1, 200)).toBeGreaterThan(level);
  });
});
