import { defineQualityCheck } from '../model/quality.ts';

/**
 * A missing column and a new one that may be the same under another name.
 *
 * Asks       did a column get renamed?
 * Compared   the names without case and punctuation; and, over the reference's own cells, the values of the new column with those
 *            of the missing one.
 * Judged     a suggestion when the names agree, or when the values are proven to be within the tolerance over at least four cells
 *            and this is true of no other pair of the two. The missing column stays a finding of its own.
 * Cost       only when a column is missing and another is new: one count of the candidates.
 */
export const renamedColumns = defineQualityCheck({
  id: 'renamed-columns',
  title: 'Renamed columns',
  summary: 'a missing and a new column whose names or values agree',
  about: 'dataset',
  needs: ['schema'],
  measure: ({ pairs }) =>
    pairs.map(({ missing, added, cells }) => {
      const sameName = plainName(missing.name) === plainName(added) && plainName(added) !== '';
      return {
        column: missing.name,
        role: missing.role,
        reference: null,
        current: null,
        detail: { newName: added, sameName },
        evidence: { form: 'resemblance', sameName, cells, missing: missing.name, added },
      };
    }),
});

/** `annualIncome`, `annual_income` and `Annual income` are one name. */
export function plainName(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
}
