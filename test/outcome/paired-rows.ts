import type { MisplacedSums, PairedSums } from '../../src/outcome/paired.ts';
import { draws } from './rows.ts';

/** Rows of two models, and their sums counted the plain way: what the engine's queries answer. */

export interface PairedScores {
  readonly labels: readonly number[];
  readonly champion: readonly number[];
  readonly challenger: readonly number[];
}

/** As fixtures/outcomes/make_paired_values.py draws them, bit by bit. */
export function drawnScores(seed: number, rows: number, steps: number, share: number): PairedScores {
  const next = draws(seed);
  const labels: number[] = [];
  const champion: number[] = [];
  const challenger: number[] = [];
  for (let i = 0; i < rows; i++) {
    const u = next();
    const own = next();
    champion.push(Math.floor(u * steps) / steps);
    challenger.push(Math.floor((share * u + (1 - share) * own) * steps) / steps);
    labels.push(next() < 0.1 + 0.7 * u * u ? 1 : 0);
  }
  return { labels, champion, challenger };
}

export function drawnValues(seed: number, rows: number, shift: number): PairedScores {
  const next = draws(seed);
  const labels: number[] = [];
  const champion: number[] = [];
  const challenger: number[] = [];
  for (let i = 0; i < rows; i++) {
    const label = shift + 1000 * (next() - 0.5);
    const common = 40 * (next() - 0.5);
    labels.push(label);
    champion.push(label + common + 20 * (next() - 0.5));
    challenger.push(label + common + 30 * (next() - 0.45));
  }
  return { labels, champion, challenger };
}

export function sumsOf(champion: readonly number[], challenger: readonly number[]): PairedSums {
  const sum = (of: (u: number, v: number) => number) => total(champion.map((u, i) => of(u, challenger[i]!)));
  return {
    rows: champion.length,
    champion: sum((u) => u),
    challenger: sum((_, v) => v),
    championSquares: sum((u) => u * u),
    challengerSquares: sum((_, v) => v * v),
    products: sum((u, v) => u * v),
    difference: sum((u, v) => v - u),
    differenceSquares: sum((u, v) => (v - u) ** 2),
  };
}

/** Rows of one class, each against every row of the other. */
export function misplacedSums({ labels, champion, challenger }: PairedScores, positive: boolean): MisplacedSums {
  const places = [...labels.keys()];
  const own = places.filter((i) => (labels[i] === 1) === positive);
  const others = places.filter((i) => (labels[i] === 1) !== positive);
  const misplaced = (scores: readonly number[]) =>
    own.map((i) => {
      const wrong = (j: number) => (positive ? scores[j]! > scores[i]! : scores[j]! < scores[i]!);
      return others.reduce((sum, j) => sum + (scores[j] === scores[i] ? 0.5 : wrong(j) ? 1 : 0), 0);
    });
  const sums = sumsOf(misplaced(champion), misplaced(challenger));
  return {
    rows: own.length,
    sums: [sums.champion, sums.challenger],
    squares: [sums.championSquares, sums.challengerSquares],
    difference: sums.difference,
    differenceSquares: sums.differenceSquares,
  };
}

/** Neumaier's sum, as the engine's. */
function total(values: readonly number[]): number {
  let sum = 0;
  let carry = 0;
  for (const value of values) {
    const next = sum + value;
    carry += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return sum + carry;
}
