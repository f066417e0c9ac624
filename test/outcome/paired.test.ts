import { describe, expect, it } from 'vitest';
import {
  contrast,
  logMcNemar,
  logPairedT,
  logPWorse,
  type PairedMeans,
  pairedAreas,
  pairedMeans,
  ratioInterval,
  wilson,
} from '../../src/outcome/paired.ts';
import { Random } from '../support/random.ts';
import { misplacedSums, sumsOf } from './paired-rows.ts';

/** Paired measures: by hand, against published values, and by simulation. SIMULATIONS=20000 for as many runs as a claim needs. */
const simulations = Number(process.env.SIMULATIONS ?? 0);

function meansOf(pairs: readonly (readonly [champion: number, challenger: number])[]): PairedMeans {
  return pairedMeans(
    sumsOf(
      pairs.map(([u]) => u),
      pairs.map(([, v]) => v),
    ),
  );
}

describe('by hand', () => {
  it('contrasts the means of pairs', () => {
    const { mean, standardError } = contrast(
      meansOf([
        [1, 2],
        [2, 2],
        [3, 5],
        [4, 7],
      ]),
      1,
    );
    expect(mean).toBe(1.5);
    // differences 1 0 2 3: variance 5/3, and half a pair of the mean square 82/4 over 4
    expect(standardError).toBeCloseTo(Math.sqrt((5 / 3 + (0.5 * 20.5) / 4) / 4), 12);
  });

  it("gives McNemar's exact p-value", () => {
    // twice the chance of 10 heads or more in 16 throws: 8008 + 4368 + 1820 + 560 + 120 + 16 + 1 ways of 2^16
    expect(Math.exp(logMcNemar(6, 10))).toBeCloseTo((2 * 14893) / 65536, 14);
    expect(logMcNemar(10, 6)).toBe(logMcNemar(6, 10));
    expect(logMcNemar(0, 0)).toBe(0);
    expect(logMcNemar(5, 5)).toBe(0);
  });

  it('has an interval of a share', () => {
    // by its definition: a bound lies z standard errors of its own from what was seen
    const z = 1.959963984540054;
    for (const bound of wilson(10, 50, 0.025)) {
      expect(Math.abs(bound - 0.2)).toBeCloseTo(z * Math.sqrt((bound * (1 - bound)) / 50), 12);
    }
    expect(wilson(0, 20, 0.01)[0]).toBe(0);
  });

  it('proves nothing by equal pairs, and gives no ratio to nothing', () => {
    const equal = meansOf(Array.from({ length: 500 }, () => [0.2, 0.2] as const));
    expect(logPairedT(equal)).toBe(0);
    expect(logPWorse(equal, 1.05, 'lower')).toBeGreaterThan(Math.log(0.5));
    const none = meansOf(Array.from({ length: 500 }, () => [0, 0] as const));
    expect(logPWorse(none, 1.05, 'lower')).toBe(0);
    expect(ratioInterval(none, 0.01)).toBeNull();
  });
});

describe('at its tolerance', () => {
  // challenger's loss is 1.05 times the champion's on average, and goes with it
  const laws: Readonly<Record<string, (random: Random) => readonly [number, number]>> = {
    'losses of one size': (random) => {
      const u = random.uniform();
      return [u, 1.05 * (0.8 * u + 0.2 * random.uniform())];
    },
    'squared errors': (random) => {
      const common = random.normal();
      const noise = () => 0.6 * common + 0.8 * random.normal();
      return [noise() ** 2, 1.05 * noise() ** 2];
    },
  };

  it.each(Object.entries(laws))(
    '%s: 1 % are told as worse, and the bounds miss in 1 % each',
    { timeout: 600_000 },
    (name, law) => {
      const random = new Random(5);
      const runs = simulations || 600;
      for (const rows of [200, 2000]) {
        const found = { told: 0, below: 0, above: 0 };
        for (let i = 0; i < runs; i++) {
          const means = meansOf(Array.from({ length: rows }, () => law(random)));
          if (logPWorse(means, 1.05, 'lower') <= Math.log(0.01)) found.told += 1;
          const [low, high] = ratioInterval(means, 0.01)!;
          if (low > 1.05) found.above += 1;
          if (high < 1.05) found.below += 1;
        }
        if (simulations)
          console.log(name, rows, { told: found.told / runs, above: found.above / runs, below: found.below / runs });
        // 1 % and three standard errors; squares of few rows are skewed
        const most = 0.01 + 3 * Math.sqrt(0.01 / runs) + (rows < 1000 ? 0.01 : 0);
        expect(found.told / runs).toBeLessThan(most);
        expect(found.above / runs).toBeLessThan(most);
        expect(found.below / runs).toBeLessThan(most);
      }
    },
  );

  it('accuracy that fell by exactly 5 % is told as worse in 1 %', { timeout: 600_000 }, () => {
    const random = new Random(6);
    const runs = simulations || 600;
    let told = 0;
    for (let i = 0; i < runs; i++) {
      const pairs = Array.from({ length: 400 }, () => {
        const champion = random.uniform() < 0.9;
        // right in 0.855 of all: where the champion is, mostly
        const challenger = champion ? random.uniform() < 0.92 : random.uniform() < 0.27;
        return [Number(champion), Number(challenger)] as const;
      });
      if (logPWorse(meansOf(pairs), 0.95, 'higher') <= Math.log(0.01)) told += 1;
    }
    if (simulations) console.log('accuracy', { told: told / runs });
    expect(told / runs).toBeLessThan(0.01 + 3 * Math.sqrt(0.01 / runs));
  });

  it('a ROC-AUC that fell by exactly 5 % is told as worse in 1 %', { timeout: 600_000 }, () => {
    const random = new Random(7);
    const runs = simulations || 300;
    // scores of positives and negatives, normal with one spread: AUC = Φ(distance/√2), here 0.9 and 0.855
    const distances = [1.8123876, 1.4964102];
    for (const rows of [60, 200]) {
      let told = 0;
      for (let i = 0; i < runs; i++) {
        const labels = Array.from({ length: rows }, (_, row) => Number(row % 3 === 0));
        const scores = labels.map((label) => {
          const common = random.normal();
          return distances.map((distance) => label * distance + 0.8 * common + 0.6 * random.normal());
        });
        const [champion, challenger] = [0, 1].map((k) => scores.map((score) => score[k]!)) as [number[], number[]];
        const drawn = { labels, champion, challenger };
        const means = pairedAreas(misplacedSums(drawn, true), misplacedSums(drawn, false))!;
        if (logPWorse(means, 0.95, 'higher') <= Math.log(0.01)) told += 1;
      }
      if (simulations) console.log('ROC-AUC', rows, { told: told / runs });
      expect(told / runs).toBeLessThan(0.01 + 3 * Math.sqrt(0.01 / runs));
    }
  });
});
