import { defineQualityCheck } from '../model/quality.ts';

/**
 * Rows that repeat another row.
 *
 *   share = (rows − distinct rows) / rows
 *
 * Asks       are rows logged, loaded or joined more than once, more often than in the reference?
 * Compared   rows that share their id where there is an id column (rows without one left out); otherwise whole rows, by a 64-bit
 *            hash of all columns of the reference but labels. Both sides in the same way.
 * Natural    rows of few-valued columns repeat by themselves, and the more of them there are the more often: the distinct rows D(m)
 *            of m draws are concave in m, so the repeated share grows at most (m − 1)/(n − 1)-fold from n to m rows.
 * Spread     one row that is exchanged can pair and unpair another, so the variance is at most twice the binomial one.
 * Cost       one aggregate over the two columns with the most distinct values; over all columns only when those repeat.
 * Sources    Efron & Stein (1981), doi:10.1214/aos/1176345462, for the variance.
 *
 * @example
 * // a b b b  =>  4 rows, 2 distinct, share 1/2
 */
export const duplicateRows = defineQualityCheck({
  id: 'duplicate-rows',
  title: 'Duplicate rows',
  summary: 'share of rows that repeat another row, or share their id with one',
  about: 'dataset',
  needs: ['repeats'],
  measure({ repeats }) {
    if (repeats === null || !(repeats.reference.rows > 1 && repeats.current.rows > 1)) return [];
    const repeated = (side: 'reference' | 'current') => ({
      rows: repeats[side].rows - repeats[side].distinct,
      of: repeats[side].rows,
    });
    const [reference, current] = [repeated('reference'), repeated('current')];
    const growth = Math.max(1, (current.of - 1) / (reference.of - 1));
    return [
      {
        column: null,
        role: null,
        reference: reference.rows / reference.of,
        current: current.rows / current.of,
        detail: {
          by: repeats.ids === null ? 'whole rows' : 'id',
          ids: repeats.ids?.join(', ') ?? null,
          repeated: current.rows,
          rows: current.of,
          expected: Math.min(1, (growth * reference.rows) / reference.of),
        },
        evidence: { form: 'share', reference, current, growth, dispersion: 2 },
      },
    ];
  },
});
