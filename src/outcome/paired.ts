import { logBinomialUpperTail } from '../math/binomial.ts';
import { logStudentTTwoSided } from '../math/f-distribution.ts';
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
  /** Σ (v − u), Σ (v − u)²: of losses that are nearly the same, nothing would be left of them in the other sums */
  readonly difference: number;
  readonly differenceSquares: number;
}

/** Rows of one class, misplaced by the champion's scores and by the challenger's; see the engine's `MisplacedRows`. */
export interface MisplacedSums {
  readonly rows: number;
  readonly sums: readonly [number, number];
  readonly squares: readonly [number, number];
  readonly difference: number;
  readonly differenceSquares: number;
}

/** Whether more of the number is better, as of accuracy, or less, as of a loss. */
export type Better = 'higher' | 'lower';

/** What is estimated of both on the same rows, and how the two estimates vary together. */
export interface PairedMeans {
  readonly rows: number;
  readonly champion: number;
  readonly challenger: number;
  /** the challenger's less the champion's, with all its digits */
  readonly difference: number;
  readonly championVariance: number;
  readonly challengerVariance: number;
  readonly differenceVariance: number;
  readonly covariance: number;
  /** what half a row as large as the root mean square adds to a variance, so that equal rows prove nothing by being equal */
  readonly half: number;
}

/** Less than this share of a mean square is what rounding leaves of no variance. */
const roundingLeft = 1e-13;

/** Means over the pairs, with s²/n. */
export function pairedMeans(sums: PairedSums): PairedMeans {
  const { rows: n } = sums;
  const largest = Math.max(sums.championSquares, sums.challengerSquares) / n;
  const variance = (sum: number, squares: number) => {
    const spread = squares / n - (sum / n) ** 2;
    return n > 1 && spread > roundingLeft * (squares / n) ? spread / (n - 1) : 0;
  };
  const championVariance = variance(sums.champion, sums.championSquares);
  const challengerVariance = variance(sums.challenger, sums.challengerSquares);
  const differenceVariance = variance(sums.difference, sums.differenceSquares);
  return {
    rows: n,
    champion: sums.champion / n,
    challenger: sums.challenger / n,
    difference: sums.difference / n,
    championVariance,
    challengerVariance,
    differenceVariance,
    covariance: (championVariance + challengerVariance - differenceVariance) / 2,
    half: (0.5 * largest) / n ** 2,
  };
}

/**
 * The areas under both ROC curves of the same rows, and DeLong's covariance of the two.
 *
 *   θ = 1 − Σ m/(P N),   Cov(θ₁, θ₂) = S₁₀/P + S₀₁/N
 *
 * S₁₀ is the covariance over the positives of m₁/N and m₂/N, the shares of negatives on the wrong side of a positive (one half of those at
 * its score) by either ranking, with P − 1; S₀₁ that of the negatives. Ties count one half, as by midranks.
 *
 * Undefined  with fewer than two rows of a class: null.
 * Accuracy   the variance of the difference is that of m₂ − m₁, row by row, so that models of nearly one ranking keep its digits.
 * Sources    DeLong, DeLong & Clarke-Pearson (1988), doi:10.2307/2531595; agrees with its definition in fractions
 *            (fixtures/outcomes/paired.json).
 */
export function pairedAreas(positives: MisplacedSums, negatives: MisplacedSums): PairedMeans | null {
  const [p, n] = [positives.rows, negatives.rows];
  if (p < 2 || n < 2) return null;
  const part = (sum: number, squares: number, rows: number, others: number) => {
    const square = squares / rows / others ** 2;
    const spread = square - (sum / rows / others) ** 2;
    return spread > roundingLeft * square ? spread / (rows - 1) : 0;
  };
  const variance = (sum: (of: MisplacedSums) => number, squares: (of: MisplacedSums) => number) =>
    part(sum(positives), squares(positives), p, n) + part(sum(negatives), squares(negatives), n, p);
  const [championVariance, challengerVariance] = ([0, 1] as const).map((i) =>
    variance(
      ({ sums }) => sums[i],
      ({ squares }) => squares[i],
    ),
  ) as [number, number];
  const differenceVariance = variance(
    ({ difference }) => difference,
    ({ differenceSquares }) => differenceSquares,
  );
  const pairs = p * n;
  return {
    rows: p + n,
    champion: (pairs - positives.sums[0]) / pairs,
    challenger: (pairs - positives.sums[1]) / pairs,
    difference: 0 - positives.difference / pairs,
    championVariance,
    challengerVariance,
    differenceVariance,
    covariance: (championVariance + challengerVariance - differenceVariance) / 2,
    half: halfOfPlacements(positives, n) + halfOfPlacements(negatives, p),
  };
}

/** By how much rows are misplaced, one more row that is wholly so counted in: where none is, half of nothing would prove everything. */
function halfOfPlacements({ rows, squares }: MisplacedSums, others: number): number {
  return (0.5 * (Math.max(...squares) / others ** 2 + 1)) / rows ** 3;
}

/** v − κ u and its standard error, the half row in its variance. */
export function contrast(
  means: PairedMeans,
  factor: number,
): { readonly mean: number; readonly standardError: number } {
  const rest = 1 - factor;
  const { champion, difference, championVariance, differenceVariance, covariance, half } = means;
  const variance =
    differenceVariance + rest ** 2 * championVariance + 2 * rest * (covariance - championVariance) + half;
  return { mean: difference + rest * champion, standardError: Math.sqrt(Math.max(half, variance)) };
}

/**
 * Natural logarithm of the one-sided p-value of "the challenger's loss is at most κ times the champion's", or of "its gain is at
 * least κ times", by the normal law of v − κ u.
 */
export function logPWorse(means: PairedMeans, factor: number, better: Better): number {
  const { mean, standardError } = contrast(means, factor);
  return standardError > 0 ? logNormalUpperTail((better === 'higher' ? -mean : mean) / standardError) : 0;
}

/**
 * Bounds of the ratio of the two by Fieller's theorem: the factors κ at which v − κ u is just not proven to differ from 0. The
 * square of v − κ u = ± z · standard error is a quadratic equation in κ; null where u is not proven to differ from 0.
 */
export function ratioInterval(means: PairedMeans, alpha: number): readonly [number, number] | null {
  const { champion: u, challenger: v, championVariance, challengerVariance, covariance, half } = means;
  const w = normalQuantile(1 - alpha) ** 2;
  const a = u * u - w * championVariance;
  const b = u * v - w * covariance;
  const c = v * v - w * (challengerVariance + half);
  const root = b * b - a * c;
  if (!(a > 0 && root >= 0)) return null;
  return [(b - Math.sqrt(root)) / a, (b + Math.sqrt(root)) / a];
}

/**
 * The difference of the two, or of their square roots, with bounds by the normal law, the half row in its variance. Of roots by the
 * delta method: √v − √u varies as v/(2√V) − u/(2√U); bounds are null where one of the two is 0.
 */
export function differenceInterval(
  means: PairedMeans,
  alpha: number,
  power: 1 | 2,
): { readonly difference: number; readonly interval: readonly [number, number] | null } {
  const z = normalQuantile(1 - alpha);
  const around = (difference: number, variance: number) => {
    const reach = z * Math.sqrt(variance);
    return { difference, interval: [difference - reach, difference + reach] as const };
  };
  const { champion, challenger, difference, championVariance, challengerVariance, covariance, half } = means;
  if (power === 1) return around(difference, means.differenceVariance + half);
  const [u, v] = [Math.sqrt(champion), Math.sqrt(challenger)];
  // without the cancellation of roots that are nearly equal
  const ofRoots = u + v === 0 ? 0 : difference / (u + v);
  if (u === 0 || v === 0) return { difference: ofRoots, interval: null };
  const variance = championVariance / champion + (challengerVariance + half) / challenger - (2 * covariance) / (u * v);
  return around(ofRoots, Math.max(half / challenger, variance) / 4);
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

/**
 * The paired t-test of "no difference", two-sided. Where all pairs differ alike there is no variance to go by, and half a row stands in.
 *
 * Sources    agrees with scipy.stats.ttest_rel (fixtures/outcomes/paired.json).
 */
export function logPairedT(means: PairedMeans): number {
  const { difference, differenceVariance, rows } = means;
  if (difference === 0 || rows < 2) return 0;
  if (!(differenceVariance > 0)) return logPairedZ(means, means.half);
  return Math.min(0, logStudentTTwoSided(difference / Math.sqrt(differenceVariance), rows - 1));
}

/** DeLong's test of "no difference" of two areas, two-sided; half a row stands in for a variance of 0. */
export function logDeLong(means: PairedMeans): number {
  return logPairedZ(means, means.differenceVariance > 0 ? means.differenceVariance : means.half);
}

function logPairedZ({ difference }: PairedMeans, variance: number): number {
  if (difference === 0) return 0;
  return Math.min(0, Math.LN2 + logNormalUpperTail(Math.abs(difference) / Math.sqrt(variance)));
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
