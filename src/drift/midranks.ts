import { bridgeFormMoments, logBridgeFormUpperTail } from '../math/bridge-form.ts';
import { type PairedCounts, type SampleSizes, sampleSizes } from './samples.ts';

/**
 * The values (or intervals, whose rows then count as tied) that hold a row, each seen from its middle: half of its rows before it,
 * half behind.
 */
export interface Midranks extends SampleSizes {
  /** rows of both sides at each value */
  readonly tied: Float64Array;
  /** h: the share of all rows before the middle, and its complement */
  readonly below: Float64Array;
  readonly above: Float64Array;
  /** h (1 − h) − tied/(4N): the variance of the bridge at the middle */
  readonly variances: Float64Array;
  /** F_reference − F_current at the middle */
  readonly differences: Float64Array;
}

/** @throws {DriftError} EMPTY_SAMPLE when either side has no row */
export function midranksOf(counts: PairedCounts): Midranks {
  const { n, m } = sampleSizes(counts);
  const total = n + m;
  const filled = Array.from(counts.reference.keys()).filter((i) => counts.reference[i]! + counts.current[i]! > 0);
  const column = () => new Float64Array(filled.length);
  const ranks = {
    n,
    m,
    tied: column(),
    below: column(),
    above: column(),
    variances: column(),
    differences: column(),
  };
  let referenceBelow = 0;
  let currentBelow = 0;
  for (const [j, i] of filled.entries()) {
    const r = counts.reference[i]!;
    const c = counts.current[i]!;
    const tied = r + c;
    const twiceBelow = 2 * (referenceBelow + currentBelow) + tied;
    ranks.tied[j] = tied;
    ranks.below[j] = twiceBelow / (2 * total);
    ranks.above[j] = (2 * total - twiceBelow) / (2 * total);
    ranks.variances[j] = ranks.below[j]! * ranks.above[j]! - tied / (4 * total);
    // whole numbers up to the division
    ranks.differences[j] = ((2 * referenceBelow + r) * m - (2 * currentBelow + c) * n) / (2 * n * m);
    referenceBelow += r;
    currentBelow += c;
  }
  return ranks;
}

/** Σ gⱼ Δⱼ² · (N−1) n m/N²: a weighted rank statistic, scaled so that its mean under exchangeable rows is Σ gⱼ Var(Bⱼ). */
export function weightedSquares({ n, m, differences }: Midranks, weights: Float64Array): number {
  const total = n + m;
  let sum = 0;
  for (const [j, difference] of differences.entries()) sum += weights[j]! * difference * difference;
  return sum * (n / total) * (m / total) * (total - 1);
}

/**
 * log p of {@link weightedSquares} when the rows of both sides are exchangeable and their ties are as they are.
 *
 * Given the ties, Δ is a Brownian bridge looked at in the middles of the values, up to O(1/min(n, m)); its law is taken as it is
 * (src/math/bridge-form.ts), moved to the exact mean and standard deviation over all (N over n) ways to deal the rows. So it holds
 * for continuous columns, for integers and for two values alike. Never below one way in (N over n), `logOneWay`.
 */
export function logExchangeableUpperTail(
  ranks: Midranks,
  weights: Float64Array,
  statistic: number,
  logOneWay: number,
): number {
  const { below, above, variances } = ranks;
  const form = { weights, below, above, variances };
  const { mean, squares } = bridgeFormMoments(form);
  const deviation = exchangeableDeviation(ranks, weights, mean, squares);
  const matched = deviation > 0 ? mean + ((statistic - mean) / deviation) * Math.sqrt(2 * squares) : statistic;
  return Math.min(0, Math.max(logOneWay, logBridgeFormUpperTail(form, matched)));
}

/**
 * The standard deviation of {@link weightedSquares} over all ways to deal N rows into n and m: a quadratic form Σ a_ik zᵢ zₖ of
 * the indicators, its kernel centred, needs only Σ a_ii, Σ a_ii² and Σ a_ik². NaN below four rows.
 */
function exchangeableDeviation(ranks: Midranks, weights: Float64Array, mean: number, squares: number): number {
  const { n, m, tied } = ranks;
  const kernel = kernelDiagonal(ranks, weights);
  const total = n + m;
  const trace = total * mean;
  const all = total * total * squares;
  const own = tied.reduce((sum, rows, j) => sum + rows * kernel[j]! ** 2, 0);
  const one = n / total;
  const two = one * ((n - 1) / (total - 1));
  const three = two * ((n - 2) / (total - 2));
  const four = three * ((n - 3) / (total - 3));
  const variance =
    trace * trace * (two - 2 * three + four - (one - two) ** 2) +
    own * (one - 7 * two + 12 * three - 6 * four) +
    all * (2 * two - 4 * three + 2 * four);
  return (Math.sqrt(variance) * (total - 1)) / (n * m);
}

/** Σⱼ gⱼ (aⱼ − hⱼ)² for a row of each value, aⱼ being 1, ½ or 0 as the row lies before, at or behind value j. */
function kernelDiagonal({ below, above }: Midranks, weights: Float64Array): Float64Array {
  const kernel = weights.map((weight, j) => weight * (0.5 - below[j]!) ** 2);
  let before = 0;
  let behind = 0;
  for (let j = 0, k = kernel.length - 1; k >= 0; j++, k--) {
    kernel[j]! += before;
    before += weights[j]! * below[j]! ** 2;
    kernel[k]! += behind;
    behind += weights[k]! * above[k]! ** 2;
  }
  return kernel;
}
