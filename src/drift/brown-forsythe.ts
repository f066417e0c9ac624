import { logFUpperTail } from '../math/f-distribution.ts';
import { DriftError } from '../model/errors.ts';
import type { IntervalTable, ValueTable } from '../model/frequency-table.ts';
import { defineMeasure, type MeasureInput, type Moments } from '../model/measure.ts';
import { knownMoments, medianOf, momentsOfRows, type SampleMoments, scaledSupport } from './sample-moments.ts';
import { intervalSteps, orderedTable, requireRowsTogether, sampleSizes } from './samples.ts';

/**
 * Brown–Forsythe test of equal spread: Levene's test about the medians.
 *
 *   z = |x − median of its side|,   W = (N − 2) (n m/N) (z̄_ref − z̄_cur)² / (Σ (z − z̄_ref)² + Σ (z − z̄_cur)²)
 *
 * Asks       do both samples spread equally about their medians, wherever these lie?
 * Units      none; grows with the number of rows. `spreadRatio` = z̄_cur/z̄_ref is the size.
 * Range      0 (equal) … ∞.
 * Ties…      no matter. Nulls and non-finite values were counted before.
 * p-value    upper tail of F with 1 and N − 2 degrees of freedom, in logarithms.
 * Cost       O(k) time; k is the length of the table.
 * Accuracy   1e-13 relative from a table of all values. On a merged one the statistic of the grouped data: squares and means are those
 *            of all rows, medians and Σ|x − median| take rows as spread evenly inside an interval; `exact` is then false.
 * Sources    Levene (1960); Brown & Forsythe (1974), doi:10.1080/01621459.1974.10482955; agrees with
 *            scipy.stats.levene(center='median') (fixtures/reference-values/two-sample.json).
 *
 * @throws {DriftError} EMPTY_SAMPLE when a side has no value, both together fewer than three, or no deviation varies
 * @example
 * // reference 0 1 2 3, current 0 2 4 6  =>  z̄ 1 and 2, W = 6 · 2 · 1/(1 + 4) = 12/5
 */
export const brownForsythe = defineMeasure({
  id: 'brown-forsythe',
  alias: 'bf',
  title: 'Brown–Forsythe',
  summary: 'difference of the spreads about the medians, as an F statistic; their ratio beside it',
  kinds: ['numeric', 'datetime'],
  needs: ['table', 'moments'],
  range: [0, Infinity],
  symmetric: true,
  measure({ table, moments }) {
    const ordered = orderedTable(table);
    const { n, m } = sampleSizes(ordered);
    requireRowsTogether({ n, m }, 3, 'the Brown–Forsythe test');
    const { reference, current } = deviationsOf(ordered, moments);
    const within = reference.squares + current.squares;
    const difference = reference.mean - current.mean;
    if (within === 0 && difference !== 0) {
      throw new DriftError(
        'EMPTY_SAMPLE',
        'the deviations from the medians are constant on both sides; they cannot be tested',
      );
    }
    const statistic = difference === 0 ? 0 : (n + m - 2) * ((n * m) / (n + m)) * (difference / within) * difference;
    return {
      statistic,
      logPValue: logFUpperTail(statistic, 1, n + m - 2),
      exact: ordered.form === 'values',
      detail: {
        ...(reference.mean > 0 ? { spreadRatio: current.mean / reference.mean } : {}),
        ...(ordered.form === 'values' ? {} : { form: 'grouped data: rows spread evenly inside an interval' }),
      },
    };
  },
});

interface Deviations {
  readonly reference: SampleMoments;
  readonly current: SampleMoments;
}

function deviationsOf(table: ValueTable | IntervalTable, moments: MeasureInput['moments']): Deviations {
  if (table.form === 'values') {
    const { values } = scaledSupport(table);
    const of = (counts: Float64Array) => {
      const median = medianOf(values, counts);
      return momentsOfRows(
        values.map((value) => Math.abs(value - median)),
        counts,
      );
    };
    return { reference: of(table.reference), current: of(table.current) };
  }
  const known = knownMoments(moments, 'the Brown–Forsythe test');
  const { n, m } = sampleSizes(table);
  const steps = intervalSteps(table);
  const of = (side: 'reference' | 'current', rows: number): SampleMoments => {
    const { mean, std, median } = known[side];
    const shares = steps.map((step) => ({ from: step.from, to: step.to, share: step[side] }));
    const { min, max, sumBelow } = table.outer[side];
    const below = meanBelow(shares, known[side], min, max, sumBelow / rows);
    // the mean of |x − median| is that of x − median, and twice what lies below it turned round
    const deviation = mean - median + 2 * below;
    return {
      rows,
      mean: deviation,
      squares: Math.max(0, (rows - 1) * std * std + rows * ((mean - median) ** 2 - deviation * deviation)),
    };
  };
  return { reference: of('reference', n), current: of('current', m) };
}

/** The mean over all rows of median − x where that is positive; rows are spread evenly inside an interval. */
function meanBelow(
  intervals: readonly { readonly from: number; readonly to: number; readonly share: number }[],
  { median }: Moments,
  min: number,
  max: number,
  outerSum: number,
): number {
  return intervals.reduce((sum, { from, to, share }, i) => {
    if (share === 0) return sum;
    const [start, end] = [Math.max(from, min), Math.min(to, max)];
    if (start >= median) return sum;
    // of the first interval the sum of the values is known
    if (end <= median) return sum + (i === 0 ? share * median - outerSum : share * (median - (start + end) / 2));
    return sum + (share * (median - start) ** 2) / (2 * (end - start));
  }, 0);
}
