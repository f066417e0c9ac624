import { defineMeasure } from '../model/measure.ts';
import { largestChange } from './largest-cell-change.ts';

/**
 * L∞ distance of the cells' shares: the largest change of any one tested cell.
 *
 *   max_b | q_b − p_b |,   p = r/n,  q = c/m,  over all tested cells
 *
 * Asks       which single cell changed most, the tail cells among them?
 * Units      a difference of shares: 0.07 is seven points.
 * Range      0 (the same shares) … 1; never more than the total variation.
 * Ties…      nulls and NaN are cells; of equal changes the first cell is named.
 * Cost       O(B) time.
 * Accuracy   exact to rounding.
 * Sources    agrees with numpy (fixtures/reference-values/two-sample.json).
 *
 * @throws {DriftError} EMPTY_SAMPLE when either side has no row
 * @example
 * // reference 1 1 2, current 3 1 4  =>  1/8
 */
export const lInfinity = defineMeasure({
  id: 'l-infinity',
  alias: 'linf',
  title: 'L∞ distance',
  summary: 'largest change of one tested cell, tail cells apart, as a fraction of the rows',
  kinds: ['numeric', 'datetime', 'categorical', 'boolean'],
  needs: ['cells'],
  range: [0, 1],
  symmetric: true,
  measure({ cells }) {
    return largestChange(cells);
  },
});
