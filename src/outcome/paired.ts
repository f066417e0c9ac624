import { logBinomialUpperTail } from '../math/binomial.ts';
import { logNormalUpperTail, normalQuantile } from '../math/normal.ts';

/**
 * Two models on the same requests. What one is given, the other is given too, so their results go together and the difference of
 * the two is known much better than that of two samples; all from sums over the pairs.
 */

/** Sums over pairs of u, the champion's number, and v, the challenger's. */
export interface PairedSums {
  readonly rows: number;
  readonly champion: number;
  readonly challenger: number;
  readonly championSquares: number;
  readonly challengerSquares: number;
  /** Σ u v */
  readonly products: number;
}

/** Whether more of the number is better, as of accuracy, or less, as of a loss. */
export type Better = 'higher' | 'lower';

/**
 * The mean of v − κ u and its standard error. Half a pair as large as the root mean square is added to the variance, so that equal
 * pairs prove nothing by being equal.
 */
export function contrast(sums: PairedSums, factor: number): { readonly mean: number; readonly standardError: number } {
  const { rows: n, championSquares, challengerSquares, products } = sums;
  const mean = (sums.challenger - factor * sums.champion) / n;
  const square = (challengerSquares + factor ** 2 * championSquares - 2 * factor * products) / n;
  const size = Math.max(championSquares, challengerSquares) / n;
  const variance = Math.max(0, square - mean ** 2) + (0.5 * size) / n;
  return { mean, standardError: Math.sqrt(variance / n) };
}

/**
 * Natural logarithm of the one-sided p-value of "the challenger's loss is at most κ times the champion's", or of "its gain is at
 * least κ times", by the normal law of the mean of v − κ u.
 */
export function logPWorse(sums: PairedSums, factor: number, better: Better): number {
  const { mean, standardError } = contrast(sums, factor);
  return standardError > 0 ? logNormalUpperTail((better === 'higher' ? -mean : mean) / standardError) : 0;
}

/**
 * Bounds of the ratio of the means by Fieller's theorem: the factors κ at which v − κ u is just not proven to differ from 0. The
 * square of mean = ± z · standard error is a quadratic equation in κ; null where the champion's mean is not proven to differ from 0.
 */
export function ratioInterval(sums: PairedSums, alpha: number): readonly [number, number] | null {
  const { rows: n, championSquares, challengerSquares, products } = sums;
  const [u, v] = [sums.champion / n, sums.challenger / n];
  const w = normalQuantile(1 - alpha) ** 2 / n;
  const steady = (0.5 * Math.max(championSquares, challengerSquares)) / n / n;
  const varianceU = Math.max(0, championSquares / n - u * u);
  const varianceV = Math.max(0, challengerSquares / n - v * v) + steady;
  const covariance = products / n - u * v;
  const a = u * u - w * varianceU;
  const b = u * v - w * covariance;
  const c = v * v - w * varianceV;
  const root = b * b - a * c;
  if (!(a > 0 && root >= 0)) return null;
  return [(b - Math.sqrt(root)) / a, (b + Math.sqrt(root)) / a];
}

/**
 * McNemar's exact test, two-sided: of the pairs on which just one is right, either is right half of the time.
 *
 * Sources    McNemar (1947), doi:10.1007/BF02295996.
 *
 * @param champion pairs on which the champion alone is right
 */
export function logMcNemar(champion: number, challenger: number): number {
  if (champion + challenger === 0) return 0;
  const tail = logBinomialUpperTail(champion + challenger, 0.5, Math.max(champion, challenger));
  return Math.min(0, Math.LN2 + tail);
}

/** The paired z-test of "no difference", two-sided. */
export function logPairedZ(sums: PairedSums): number {
  const { mean, standardError } = contrast(sums, 1);
  return standardError > 0 ? Math.min(0, Math.LN2 + logNormalUpperTail(Math.abs(mean) / standardError)) : 0;
}

/** Wilson's score interval of a share, each bound at alpha. */
export function wilson(count: number, rows: number, alpha: number): readonly [number, number] {
  const z = normalQuantile(1 - alpha);
  const share = count / rows;
  const scale = 1 + z ** 2 / rows;
  const middle = (share + z ** 2 / (2 * rows)) / scale;
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / rows + z ** 2 / (4 * rows ** 2));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}
