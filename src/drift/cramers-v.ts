import { logChiSquaredUpperTail } from '../math/chi-squared.ts';
import { defineMeasure } from '../model/measure.ts';
import { homogeneity } from './chi-squared.ts';

/**
 * Cramér's V of the 2 × B table of both sides' counts, corrected for bias.
 *
 *   φ² = X²/N,   φ̃² = max(0, φ² − (B−1)/(N−1)),   Ṽ = √( φ̃² / min(B̃ − 1, 2̃ − 1) ),   k̃ = k − (k−1)²/(N−1)
 *
 * `raw` in the detail is √(X²/N), without correction.
 *
 * Asks       how strongly does the side that a row is on depend on its cell?
 * Units      none; does not grow with the rows.
 * Range      0 (no more than chance explains) … 1 (no cell in common).
 * Ties…      nulls and NaN are cells; a cell empty on both sides is left out.
 * p-value    that of chi-squared.
 * Cost       O(B) time.
 * Accuracy   1e-14 relative in `raw`.
 * Sources    Cramér (1946), Mathematical Methods of Statistics, § 21.9; Bergsma (2013), doi:10.1016/j.jkss.2012.10.002; raw agrees with
 *            SciPy (fixtures/reference-values/two-sample.json).
 *
 * @throws {DriftError} EMPTY_SAMPLE when either side has no row
 * @example
 * // reference 40 10, current 20 30  =>  X² = 50/3, raw √(1/6), corrected √((1/6 − 1/99)/(1 − 1/99)) = √(31/196)
 */
export const cramersV = defineMeasure({
  id: 'cramers-v',
  alias: 'v',
  title: 'Cramér’s V',
  summary: 'dependence of the side on the cell, between 0 and 1; corrected for bias',
  kinds: ['numeric', 'datetime', 'categorical', 'boolean'],
  needs: ['cells'],
  range: [0, 1],
  symmetric: true,
  measure({ cells }) {
    const { n, m, statistic, filled } = homogeneity(cells);
    const total = n + m;
    const raw = Math.min(1, Math.sqrt(statistic / total));
    const degreesOfFreedom = filled - 1;
    const chance = degreesOfFreedom / (total - 1);
    const corrected = (levels: number) => levels - 1 - (levels - 1) ** 2 / (total - 1);
    const most = Math.min(corrected(filled), corrected(2));
    return {
      // two rows in all leave nothing to correct by
      statistic: most > 0 ? Math.min(1, Math.sqrt(Math.max(0, statistic / total - chance) / most)) : 0,
      logPValue: degreesOfFreedom === 0 ? 0 : logChiSquaredUpperTail(statistic, degreesOfFreedom),
      exact: true,
      detail: { raw, degreesOfFreedom },
    };
  },
});
