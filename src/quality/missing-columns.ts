import { defineQualityCheck } from '../model/quality.ts';

/**
 * Columns of the reference that the current data lacks.
 *
 * Asks       is everything that the model reads still there?
 * Judged     by the rule `column_missing`, one finding a column: a missing model input is a P1. Labels may arrive late and columns
 *            that are not tested may be left out of a log: neither counts.
 */
export const missingColumns = defineQualityCheck({
  id: 'missing-columns',
  title: 'Missing columns',
  summary: 'columns of the reference that the current data lacks',
  about: 'dataset',
  needs: ['schema'],
  measure({ missing }) {
    const names = missing.map(({ name }) => name);
    return [
      { column: null, role: null, reference: null, current: names.length, detail: listed(names), evidence: null },
    ];
  },
});

/** A few names, for people. */
export function listed(names: readonly string[]): { readonly names: string } {
  const more = names.length - 5;
  return { names: [...names.slice(0, 5), ...(more > 0 ? [`${more} more`] : [])].join(', ') };
}
