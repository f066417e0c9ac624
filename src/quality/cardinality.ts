import { defineQualityCheck, type QualityColumn } from '../model/quality.ts';
import { isJudged, presentRows } from './sides.ts';

/**
 * The number of distinct values, against what the reference lets expect of as many rows.
 *
 *   m ≤ n    E = Σ_i 1 − (1 − m/n)^(r_i)            the reference thinned to m rows
 *   m > n    E = D + (m − n) · (f₁ + 1)/n           no new value comes more often than at the end of the reference
 *
 * with r_i the rows of value i, D their number and f₁ the values seen once.
 *
 * Asks       does a column suddenly hold many more different values: ids in a category, a changed rounding, a broken join?
 * Judged     D now against a multiple of E, by more than its sampling spread (its variance is at most its mean).
 * Limits     where the current values are too many to be held, their number is an estimate, told as a sixth smaller. There, and of
 *            a saved profile that does not know how often each value came, E = D · max(1, m/n), which is never too small.
 * Cost       none beyond the counts there are.
 * Sources    Good & Toulmin (1956), doi:10.1093/biomet/43.1-2.45; Hurlbert (1971), doi:10.2307/1934145, for the thinning.
 *
 * @example
 * // reference a a b, 1 row now  =>  E = 1 − (2/3)² + 1 − 2/3 = 8/9
 */
export const cardinality = defineQualityCheck({
  id: 'cardinality',
  title: 'Distinct values',
  summary: 'number of distinct values against what the reference lets expect of as many rows',
  about: 'column',
  needs: ['profiles', 'occurrences'],
  measure(column) {
    const { kind, role, profiles } = column;
    if (!isJudged(role) || (kind !== 'categorical' && kind !== 'numeric')) return null;
    const then = profiles.reference.distinct;
    const now = profiles.current.distinct;
    // an estimate of the reference bounds nothing
    if (then === null || now === null || !then.exact) return null;
    const expectation = expectedDistinct(column, then.value);
    if (expectation === null) return null;
    const found = now.exact ? now.value : Math.floor(now.value * (1 - estimateError));
    return {
      reference: then.value,
      current: found,
      detail: { expected: expectation.expected, exact: now.exact, values: presentRows(profiles.current) },
      evidence: { form: 'count', found, ...expectation },
    };
  },
});

/** An approximate count is off by up to a sixth. */
const estimateError = 1 / 6;

/** How many distinct values the current rows should hold, and the variance of that estimate. */
export function expectedDistinct(
  { profiles, occurrences }: Pick<QualityColumn, 'profiles' | 'occurrences'>,
  distinct: number,
): { readonly expected: number; readonly variance: number } | null {
  const n = presentRows(profiles.reference);
  const m = presentRows(profiles.current);
  if (!(n > 0 && m > 0)) return null;
  if (occurrences === null || profiles.current.distinct?.exact !== true)
    return { expected: distinct * Math.max(1, m / n), variance: distinct };
  const { times, values } = occurrences;
  if (m <= n) {
    let expected = 0;
    const left = Math.log1p(-m / n);
    for (const [i, rows] of times.entries()) expected -= values[i]! * (m === n ? -1 : Math.expm1(rows * left));
    return { expected, variance: expected };
  }
  const singletons = times[0] === 1 ? values[0]! : 0;
  const beyond = (m - n) / n;
  return {
    expected: distinct + beyond * (singletons + 1),
    variance: (1 + beyond ** 2) * (singletons + 1),
  };
}
