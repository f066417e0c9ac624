import { describe, expect, it } from 'vitest';
import { logBinomialProbability } from '../../src/math/binomial.ts';
import { SeededRandom, seedOf } from '../../src/math/random.ts';

describe('seeded draws', () => {
  it('are the same for the same seed, and others for another', () => {
    const draws = (seed: number) => {
      const random = new SeededRandom(seed);
      return Array.from({ length: 5 }, () => random.uniform());
    };
    expect(draws(7)).toEqual(draws(7));
    expect(draws(7)).not.toEqual(draws(8));
  });

  it('stay inside (0, 1)', () => {
    const random = new SeededRandom(1);
    for (let i = 0; i < 10_000; i++) {
      const u = random.uniform();
      expect(u > 0 && u < 1).toBe(true);
    }
  });

  // walked, rejected, mirrored, large
  it.each([
    [12, 0.3],
    [50, 0.04],
    [60, 0.4],
    [1000, 0.93],
  ])('binomials of %d trials at %d have the right frequencies', (n, p) => {
    const random = new SeededRandom(n);
    const runs = 20_000;
    const seen = new Map<number, number>();
    for (let i = 0; i < runs; i++) {
      const k = random.binomial(n, p);
      seen.set(k, (seen.get(k) ?? 0) + 1);
    }
    let chiSquared = 0;
    let cells = 0;
    for (let k = 0; k <= n; k++) {
      const expected = runs * Math.exp(logBinomialProbability(n, p, k));
      if (expected < 20) continue;
      chiSquared += ((seen.get(k) ?? 0) - expected) ** 2 / expected;
      cells += 1;
    }
    // five standard deviations
    expect(chiSquared).toBeLessThan(cells + 5 * Math.sqrt(2 * cells));
  });

  it('binomials of a hundred million trials have the right mean and variance', () => {
    const random = new SeededRandom(4);
    const [n, p] = [1e8, 0.2];
    const z = Array.from({ length: 4000 }, () => (random.binomial(n, p) - n * p) / Math.sqrt(n * p * (1 - p)));
    const mean = z.reduce((a, b) => a + b, 0) / z.length;
    const variance = z.reduce((a, b) => a + b * b, 0) / z.length;
    expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(z.length));
    expect(Math.abs(variance - 1)).toBeLessThan(5 * Math.sqrt(2 / z.length));
  });

  it('nothing, certainty and impossibility', () => {
    const random = new SeededRandom(1);
    expect([random.binomial(0, 0.5), random.binomial(9, 0), random.binomial(9, 1), random.binomial(9, 1.1)]).toEqual([
      0, 0, 9, 9,
    ]);
  });

  it('a multinomial has all its rows, and none where there is no share', () => {
    const random = new SeededRandom(2);
    const into = new Float64Array(4);
    for (let i = 0; i < 200; i++) {
      random.multinomial(1000, Float64Array.of(0.1, 0, 0.9, 0), into);
      expect(into[0]! + into[2]!).toBe(1000);
      expect(into[1]! + into[3]!).toBe(0);
    }
  });

  it('a text has one seed', () => {
    expect(seedOf('')).toBe(0x811c9dc5);
    expect(seedOf('a')).toBe(0xe40c292c);
    expect(seedOf('age')).not.toBe(seedOf('aeg'));
  });
});
