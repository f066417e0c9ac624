import { logHypergeometricTwoSided } from '../math/hypergeometric.ts';
import { DriftError } from '../model/errors.ts';
import { defineMeasure } from '../model/measure.ts';
import { cellShares, sampleSizes } from './samples.ts';

/**
 * Fisher's exact test of a column with exactly two cells.
 *
 *   p = Σ P(k) over all k with P(k) ≤ P(r₁),   P(k) = (r₁+c₁ over k) (r₂+c₂ over n−k) / (N over n)
 *
 * The statistic is the change of either cell's share, |q₁ − p₁|.
 *
 * Asks       can both samples have come from one share, however few the rows?
 * Units      a difference of shares: 0.07 is seven points.
 * Range      0 (the same shares) … 1 (no cell in common).
 * Ties…      nulls and NaN are cells: a column with two values and nulls has three and is not tested.
 * p-value    two-sided, exact, given both margins: all tables at most as likely as this one, as SciPy and R; conservative.
 * Cost       O(√N) at worst.
 * Accuracy   1e-12 relative in p; tables within 1e-7 of this one's probability count as equally likely.
 * Sources    Fisher (1935), doi:10.2307/2342435; agrees with scipy.stats.fisher_exact
 *            (fixtures/reference-values/two-sample.json).
 *
 * @throws {DriftError} EMPTY_SAMPLE when either side has no row, or there are not exactly two cells
 * @example
 * // reference 3 1, current 1 3  =>  statistic 1/2, p = 34/70
 */
export const fisherExact = defineMeasure({
  id: 'fisher-exact',
  alias: 'fisher',
  title: 'Fisher exact',
  summary: 'change of the share of one of two values, with an exact p however few the rows',
  kinds: ['boolean', 'categorical'],
  needs: ['cells'],
  range: [0, 1],
  symmetric: true,
  measure({ cells }) {
    const { n, m } = sampleSizes(cells);
    const filled = Array.from(cells.reference.keys()).filter((i) => cells.reference[i]! + cells.current[i]! > 0);
    if (filled.length !== 2) {
      throw new DriftError(
        'EMPTY_SAMPLE',
        `the column has ${filled.length} ${filled.length === 1 ? 'cell' : 'cells'} with rows; Fisher's exact test is for exactly 2`,
      );
    }
    const [first, second] = filled as [number, number];
    const [r1, r2] = [cells.reference[first]!, cells.reference[second]!];
    const [c1, c2] = [cells.current[first]!, cells.current[second]!];
    const odds = (r1 * c2) / (r2 * c1);
    return {
      statistic: Math.min(1, Math.abs(cellShares(cells)[first]!.difference)),
      logPValue: logHypergeometricTwoSided(n + m, r1 + c1, n, r1),
      exact: true,
      detail: { cell: cells.labels[first]!, ...(Number.isFinite(odds) ? { oddsRatio: odds } : {}) },
    };
  },
});
