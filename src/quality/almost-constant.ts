import type { FrequencyTable } from '../model/frequency-table.ts';
import { defineQualityCheck } from '../model/quality.ts';
import { isJudged, presentRows } from './sides.ts';

/**
 * The share of the current side's most frequent value, then and now.
 *
 * Asks       did a column all but stop saying anything: a default that is filled in, a sensor that hangs?
 * Compared   rows with a value; the reference's share is that of the same value.
 * Judged     the rows off the value are fewer than tolerated, and fewer than half as many as in the reference. A column that is
 *            quite constant is the business of the rule `constant_changed`.
 * Limits     where the reference's values were merged into intervals, its share is that of the whole interval, and so never too
 *            small.
 * Cost       none beyond the counts there are.
 *
 * @example
 * // reference a a b, current a a a b  =>  2/3 then, 3/4 now
 */
export const almostConstant = defineQualityCheck({
  id: 'almost-constant',
  title: 'Almost constant',
  summary: 'share of the most frequent value',
  about: 'column',
  needs: ['profiles', 'table'],
  measure({ kind, role, profiles, table }) {
    if (!isJudged(role) || table === null || kind === 'text' || kind === 'datetime') return null;
    const { mode } = profiles.current;
    if (mode === null) return null;
    const n = presentRows(profiles.reference);
    const m = presentRows(profiles.current);
    if (!(n > 0 && m > 0)) return null;
    const then = Math.min(n, referenceRows(table, mode.value));
    const off = { reference: { rows: n - then, of: n }, current: { rows: m - mode.rows, of: m } };
    return {
      reference: then / n,
      current: mode.rows / m,
      detail: { value: mode.value, constant: mode.rows === m },
      evidence: mode.rows === m ? null : { form: 'rest', ...off },
    };
  },
});

/** Rows of the reference that hold the value, or at most so many. */
function referenceRows(table: FrequencyTable, value: string): number {
  if (table.form === 'categories') return table.reference[table.support.indexOf(value)] ?? 0;
  const x = Number(value);
  if (table.form === 'values') return table.reference[table.support.indexOf(x)] ?? 0;
  const after = table.edges.findIndex((edge) => edge > x);
  return table.reference[after < 0 ? table.edges.length : after]!;
}
