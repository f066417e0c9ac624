import { logNormalUpperTail } from '../math/normal.ts';
import { defineMeasure } from '../model/measure.ts';
import { intervalSteps, orderedTable, type PairedCounts, type SampleSizes, sampleSizes } from './samples.ts';

/**
 * Mann–Whitney U test, reported as the area under the ROC curve.
 *
 *   AUC = P(current > reference) + ½ P(current = reference) = 1 − U/(n m),  U the reference's
 *
 * Asks       is a row of the current data larger than one of the reference as often as smaller?
 * Units      a probability.
 * Range      0 (all smaller) … ½ (no shift) … 1 (all larger).
 * Ties…      count one half, and lower the variance. Nulls and non-finite values were counted before.
 * p-value    two-sided, normal, corrected for ties and for continuity.
 * Cost       O(k) time; k is the length of the table.
 * Accuracy   exact on an exact table. On a merged one rows of one interval count as tied; the truth is at most ½ Σ r c/(n m)
 *            away, the half-width of `interval`.
 * Sources    Mann & Whitney (1947), doi:10.1214/aoms/1177730491; agrees with scipy.stats.mannwhitneyu(method='asymptotic')
 *            (fixtures/reference-values/two-sample.json).
 *
 * @throws {DriftError} EMPTY_SAMPLE when either side has no finite value
 * @example
 * // reference 1 2 3, current 2 3 4  =>  (6 + 2/2)/9 = 7/9
 */
export const mannWhitney = defineMeasure({
  id: 'mann-whitney',
  alias: 'mwu',
  title: 'Mann–Whitney (AUC)',
  summary: 'probability that a current value is larger than a reference value',
  kinds: ['numeric', 'datetime'],
  needs: ['table'],
  range: [0, 1],
  symmetric: false,
  measure({ table }) {
    const ordered = orderedTable(table);
    const sizes = sampleSizes(ordered);
    const pairs = sizes.n * sizes.m;
    const u = referenceU(ordered);
    const statistic = 1 - u / pairs;
    const result = { statistic, logPValue: logTwoSided(ordered, sizes, u), detail: { U: u } };
    if (ordered.form === 'values') return { ...result, exact: true };
    const undecided = intervalSteps(ordered).reduce(
      (sum, { reference, current, single }) => (single ? sum : sum + reference * current),
      0,
    );
    const halfWidth = undecided / 2;
    return {
      ...result,
      exact: halfWidth === 0,
      interval: [Math.max(0, statistic - halfWidth), Math.min(1, statistic + halfWidth)],
    };
  },
});

/** Pairs in which the reference's value is larger, equal ones as one half. */
function referenceU({ reference, current }: PairedCounts): number {
  let below = 0;
  let u = 0;
  for (const [i, r] of reference.entries()) {
    const c = current[i]!;
    u += r * (below + c / 2);
    below += c;
  }
  return u;
}

function logTwoSided(counts: PairedCounts, { n, m }: SampleSizes, u: number): number {
  const total = n + m;
  const middle = (total + 1) / 2;
  // (N+1) − Σ(t³−t)/(N(N−1)) would cancel when one value holds nearly all rows; the midranks' own variance does not
  let below = 0;
  let squares = 0;
  for (const [i, r] of counts.reference.entries()) {
    const tied = r + counts.current[i]!;
    squares += tied * (below + (tied + 1) / 2 - middle) ** 2;
    below += tied;
  }
  const deviation = Math.sqrt((n / total) * (m / (total - 1)) * squares);
  const distance = Math.abs(u - (n * m) / 2) - 0.5;
  if (deviation === 0 || distance <= 0) return 0;
  return Math.min(0, Math.LN2 + logNormalUpperTail(distance / deviation));
}
