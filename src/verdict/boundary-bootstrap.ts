import type { PairedCounts } from '../drift/samples.ts';
import { logRegularizedGammaUpper } from '../math/gamma.ts';
import { logNormalUpperTail } from '../math/normal.ts';
import { SeededRandom } from '../math/random.ts';

/**
 * What a measure that has no law of its own would give by sampling alone, when the population's value is exactly the tolerance.
 *
 * Both sides are redrawn from their counts, never from rows: the reference from p̂, the current side from p̂ + t (q̂ − p̂), the
 * observed direction, with t such that the measure of these shares is the tolerance. Multinomials by conditional binomials, from
 * a seed; so the cost depends on the number of cells and not on the rows, and the same counts give the same draws.
 */

/** The measure, from counts (whole or not) over the cells. */
export type Size = (counts: PairedCounts) => number;

/** Binomials drawn for one law at most: with fewer cells there are more redraws. */
const DRAWS = 100_000;
const FEWEST_REDRAWS = 1000;
const MOST_REDRAWS = 4000;
/** So many redraws beyond a value tell its probability by themselves. */
const COUNTED_FROM = 25;

/** The sampling law of a measure at one pair of populations. */
export interface SamplingLaw {
  readonly sorted: Float64Array;
  readonly mean: number;
  readonly deviation: number;
  readonly skewness: number;
}

/** Shares of both sides at which the measure is the tolerance; null when it is not larger at the observed ones. */
export function boundary(size: Size, counts: PairedCounts, tolerance: number): PairedCounts | null {
  const { reference, current } = counts;
  const n = sum(reference);
  const m = sum(current);
  const at = (t: number): PairedCounts => ({
    reference,
    current: current.map((c, i) => m * ((reference[i]! / n) * (1 - t) + (c / m) * t)),
  });
  if (!(size(counts) > tolerance)) return null;
  let low = 0;
  let high = 1;
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (size(at(middle)) > tolerance) high = middle;
    else low = middle;
  }
  return at(low);
}

/** Redraws both sides from these counts' shares. */
export function redraw(size: Size, { reference, current }: PairedCounts, seed: number): SamplingLaw {
  const random = new SeededRandom(seed);
  const cells = reference.length;
  const n = Math.round(sum(reference));
  const m = Math.round(sum(current));
  const p = reference.map((r) => r / sum(reference));
  const q = current.map((c) => c / sum(current));
  const redraws = Math.min(MOST_REDRAWS, Math.max(FEWEST_REDRAWS, Math.floor(DRAWS / (2 * cells))));
  const drawn = { reference: new Float64Array(cells), current: new Float64Array(cells) };
  const values = new Float64Array(redraws);
  for (let i = 0; i < redraws; i++) {
    random.multinomial(n, p, drawn.reference);
    random.multinomial(m, q, drawn.current);
    const value = size(drawn);
    values[i] = Number.isFinite(value) ? value : Number.MAX_VALUE;
  }
  return lawOf(values);
}

export function lawOf(values: Float64Array): SamplingLaw {
  const sorted = values.slice().sort();
  const count = sorted.length;
  const mean = sum(sorted) / count;
  let second = 0;
  let third = 0;
  for (const value of sorted) {
    const off = value - mean;
    second += off * off;
    third += off * off * off;
  }
  const deviation = Math.sqrt(second / (count - 1));
  return { sorted, mean, deviation, skewness: deviation > 0 ? third / count / deviation ** 3 : 0 };
}

/**
 * log P(measure ≥ value): counted, (k + 1)/(R + 1), while 25 redraws or more lie beyond; further out, where counting would need
 * millions of redraws, the tail of the gamma law with the redraws' mean, variance and skewness (Pearson's type III), of the normal
 * law when they are skewed to the left; never above what was counted.
 */
export function logUpperTail(law: SamplingLaw, value: number): number {
  const { sorted, mean, deviation } = law;
  const beyond = sorted.length - firstAtLeast(sorted, value);
  const counted = Math.log((beyond + 1) / (sorted.length + 1));
  if (beyond >= COUNTED_FROM) return counted;
  const most = Math.log((COUNTED_FROM + 1) / (sorted.length + 1));
  if (!(deviation > 0)) return counted;
  return Math.min(most, logFittedTail(law, (value - mean) / deviation));
}

function logFittedTail({ skewness }: SamplingLaw, z: number): number {
  if (!(skewness > 0.02)) return logNormalUpperTail(z);
  const shape = 4 / skewness ** 2;
  // gamma of mean `shape` and variance `shape`
  return logRegularizedGammaUpper(shape, Math.max(0, shape + z * Math.sqrt(shape)));
}

/** The value that is exceeded with this probability, by {@link logUpperTail}. */
export function upperQuantile(law: SamplingLaw, probability: number): number {
  const { sorted, mean, deviation } = law;
  const goal = Math.log(probability);
  let low = sorted[0]!;
  let high = Math.max(sorted.at(-1)!, mean + 60 * deviation);
  if (!(high > low)) return high;
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2;
    if (logUpperTail(law, middle) <= goal) high = middle;
    else low = middle;
  }
  return high;
}

function firstAtLeast(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
