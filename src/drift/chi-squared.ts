import { logChiSquaredUpperTail } from '../math/chi-squared.ts';
import { defineMeasure } from '../model/measure.ts';
import { type PairedCounts, type SampleSizes, sampleSizes } from './samples.ts';

/**
 * Pearson's chi-squared test of homogeneity on the 2 × B table of both sides' counts.
 *
 *   X² = Σ (O − E)²/E over both sides = Σ_b (m r_b − n c_b)² / (n m (r_b + c_b))
 *
 * Asks       can both samples have come from one distribution over the cells? The reference is a sample too, not the truth.
 * Units      none; grows with the number of rows.
 * Range      0 … N = n + m.
 * Ties…      nulls and NaN are cells; a cell empty on both sides is left out; no continuity correction.
 * p-value    upper tail of chi-squared with B − 1 degrees of freedom; approximate when expected counts are below 5.
 * Cost       O(B) time.
 * Accuracy   1e-14 relative in X².
 * Sources    Pearson (1911), doi:10.1093/biomet/8.1-2.250; Cramér (1946), Mathematical Methods of Statistics, § 21.9 (V = √(X²/N));
 *            agrees with scipy.stats.chi2_contingency(correction=False) (fixtures/reference-values/two-sample.json).
 *
 * @throws {DriftError} EMPTY_SAMPLE when either side has no row
 * @example
 * // reference 40 10, current 20 30  =>  50/3
 */
export const chiSquared = defineMeasure({
  id: 'chi-squared',
  alias: 'chi2',
  title: 'Chi-squared',
  summary: 'homogeneity of both sides over the cells; a test, not a size',
  kinds: ['numeric', 'datetime', 'categorical', 'boolean'],
  needs: ['cells'],
  range: [0, Infinity],
  symmetric: true,
  measure({ cells }) {
    const { n, m, statistic, filled } = homogeneity(cells);
    const degreesOfFreedom = filled - 1;
    return {
      statistic,
      logPValue: degreesOfFreedom === 0 ? 0 : logChiSquaredUpperTail(statistic, degreesOfFreedom),
      exact: true,
      detail: { degreesOfFreedom, cramersV: Math.sqrt(statistic / (n + m)) },
    };
  },
});

/**
 * X² and the number of cells that are not empty on both sides.
 *
 * @throws {DriftError} EMPTY_SAMPLE when either side has no row
 */
export function homogeneity(
  counts: PairedCounts,
): SampleSizes & { readonly statistic: number; readonly filled: number } {
  const { n, m } = sampleSizes(counts);
  let statistic = 0;
  let filled = 0;
  for (const [i, r] of counts.reference.entries()) {
    const c = counts.current[i]!;
    if (r + c === 0) continue;
    filled += 1;
    const cross = m * r - n * c;
    statistic += (cross / (n * m)) * (cross / (r + c));
  }
  return { n, m, statistic, filled };
}
