import type { TestedCells } from '../model/frequency-table.ts';
import { defineMeasure } from '../model/measure.ts';
import { cellShares } from './samples.ts';

/**
 * The largest change of any one cell's share (L∞ distance).
 *
 *   max_b | q_b − p_b |,   p = r/n,  q = c/m,  over the main cells
 *
 * Asks       which single cell changed most, and by how many points?
 * Units      a difference of shares: 0.07 is seven points.
 * Range      0 … 1.
 * Ties…      nulls and NaN are cells; of equal changes the first cell is named.
 * Cost       O(B) time.
 * Accuracy   exact to rounding.
 * Sources    the L∞ distance; agrees with numpy (fixtures/reference-values/two-sample.json).
 *
 * @throws {DriftError} EMPTY_SAMPLE when either side has no row
 * @example
 * // reference 1 1, current 3 1  =>  1/4 at the first cell
 */
export const largestCellChange = defineMeasure({
  id: 'largest-cell-change',
  alias: 'cell',
  title: 'Largest cell change',
  summary: 'largest change of one cell or category, as a fraction of the rows',
  kinds: ['numeric', 'datetime', 'categorical', 'boolean'],
  needs: ['cells'],
  range: [0, 1],
  symmetric: true,
  measure({ cells: { main } }) {
    return largestChange(main);
  },
});

/**
 * The cell whose share changed most; of equal changes the first.
 *
 * @throws {DriftError} EMPTY_SAMPLE when either side has no row
 */
export function largestChange(cells: TestedCells['main']) {
  const shares = cellShares(cells);
  const largest = shares.reduce(
    (best, { difference }, i) => (Math.abs(difference) > Math.abs(shares[best]!.difference) ? i : best),
    0,
  );
  const { p, q, difference } = shares[largest]!;
  return {
    statistic: Math.abs(difference),
    exact: true,
    detail: { cell: cells.labels[largest]!, referenceShare: p, currentShare: q },
  };
}
