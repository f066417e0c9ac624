import { defineMeasure } from '../model/measure.ts';
import { cellShares } from './samples.ts';

/**
 * Total variation distance of the cells' shares.
 *
 *   ½ Σ | p − q |,   p = r/n,  q = c/m
 *
 * Asks       what part of the rows would have to move to another cell?
 * Units      a share of the rows: 0.12 is twelve rows in a hundred.
 * Range      0 (the same shares) … 1 (no cell in common).
 * Ties…      nulls and NaN are cells.
 * Cost       O(B) time.
 * Accuracy   exact to rounding.
 * Sources    agrees with numpy (fixtures/reference-values/two-sample.json).
 *
 * @throws {DriftError} EMPTY_SAMPLE when either side has no row
 * @example
 * // reference 1 1, current 3 1  =>  1/4
 */
export const totalVariation = defineMeasure({
  id: 'total-variation',
  alias: 'tv',
  title: 'Total variation',
  summary: 'share of the rows that would have to move to another cell',
  kinds: ['numeric', 'datetime', 'categorical', 'boolean'],
  needs: ['cells'],
  range: [0, 1],
  symmetric: true,
  measure({ cells }) {
    const total = cellShares(cells).reduce((sum, { difference }) => sum + Math.abs(difference), 0);
    return { statistic: Math.min(1, total / 2), exact: true };
  },
});
