import { logStudentTTwoSided } from '../math/f-distribution.ts';
import { DriftError } from '../model/errors.ts';
import type { IntervalTable, ValueTable } from '../model/frequency-table.ts';
import { defineMeasure, type MeasureInput } from '../model/measure.ts';
import { centredSupport, knownMoments, momentsOfRows } from './sample-moments.ts';
import { orderedTable, requireRowsEach, sampleSizes } from './samples.ts';

/**
 * Welch's t-test of the two means.
 *
 *   t = (x̄_ref − x̄_cur) / √(s²_ref/n + s²_cur/m),   Glass's Δ = (x̄_cur − x̄_ref)/s_ref
 *
 * Asks       do both samples have one mean, their spreads being what they are?
 * Units      standard errors; `glassDelta` is the shift in standard deviations of the reference, `shift` in units of the column.
 * Range      −∞ … ∞; negative when the current values are larger (SciPy's sign), while Δ is then positive.
 * Ties…      no matter. Nulls and non-finite values were counted before.
 * p-value    two-sided, Student's law with Satterthwaite's degrees of freedom, in logarithms.
 * Cost       O(k) time; k is the length of the table.
 * Accuracy   1e-14 relative from a table of all values, about a pivot, however far from 0 they lie. On a merged table from the
 *            profile's means and standard deviations of all rows, which are rounded to 11 digits; `exact` is then false.
 * Sources    Welch (1947), doi:10.1093/biomet/34.1-2.28; Satterthwaite (1946), doi:10.2307/3002019; Glass (1976),
 *            doi:10.3102/0013189X005010003; agrees with scipy.stats.ttest_ind(equal_var=False)
 *            (fixtures/reference-values/two-sample.json).
 *
 * @throws {DriftError} EMPTY_SAMPLE when a side has fewer than two values, or two different constants are compared
 * @example
 * // reference 1 2 3, current 2 3 4  =>  −√(3/2), Δ = 1
 */
export const welchT = defineMeasure({
  id: 'welch-t',
  alias: 't',
  title: 'Welch t',
  summary: 'difference of the means in standard errors; Glass’s Δ beside it in standard deviations',
  kinds: ['numeric', 'datetime'],
  needs: ['table', 'moments'],
  range: [-Infinity, Infinity],
  symmetric: false,
  measure({ table, moments }) {
    const ordered = orderedTable(table);
    requireRowsEach(sampleSizes(ordered), 2, "Welch's t");
    const { reference, current, unit } = meansOf(ordered, moments);
    // squared standard errors
    const [a, b] = [reference.variance / reference.rows, current.variance / current.rows];
    const shift = current.mean - reference.mean;
    if (a + b === 0 && shift !== 0) {
      throw new DriftError(
        'EMPTY_SAMPLE',
        "both sides are constant; Welch's t has no spread to compare their means with",
      );
    }
    const statistic = shift === 0 ? 0 : -shift / Math.sqrt(a + b);
    const degreesOfFreedom =
      a + b === 0
        ? reference.rows + current.rows - 2
        : 1 / ((a / (a + b)) ** 2 / (reference.rows - 1) + (b / (a + b)) ** 2 / (current.rows - 1));
    return {
      statistic,
      logPValue: logStudentTTwoSided(statistic, degreesOfFreedom),
      exact: ordered.form === 'values',
      detail: {
        degreesOfFreedom,
        shift: shift / unit,
        ...(reference.variance > 0 ? { glassDelta: shift / Math.sqrt(reference.variance) } : {}),
      },
    };
  },
});

/** Means, from a common point, and variances, in units of 1/unit of the column's. */
function meansOf(table: ValueTable | IntervalTable, moments: MeasureInput['moments']) {
  if (table.form === 'values') {
    const { values, unit } = centredSupport(table);
    const of = (counts: Float64Array) => {
      const { rows, mean, squares } = momentsOfRows(values, counts);
      return { rows, mean, variance: squares / (rows - 1) };
    };
    return { reference: of(table.reference), current: of(table.current), unit };
  }
  const known = knownMoments(moments, "Welch's t");
  const { n, m } = sampleSizes(table);
  return {
    reference: { rows: n, mean: known.reference.mean, variance: known.reference.std ** 2 },
    current: { rows: m, mean: known.current.mean, variance: known.current.std ** 2 },
    unit: 1,
  };
}
