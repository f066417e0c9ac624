import type { CrossCounts } from '../../engine/engine.ts';
import type { ConfidenceMoments } from '../../model/predictions.ts';
import { roundDerived } from '../../profile/numbers.ts';

/** The counts of predictions and scores by stretch: a window of the batch, or a period of the reference. */

/** What is counted of each, by stretch. */
export interface Sums {
  readonly rows: Float64Array;
  readonly sums: readonly Float64Array[];
}

/**
 * Rows and sums by stretch, which is the last axis of the counts; what lies in none is left out.
 *
 * @param holds which of the entries count, by their place among them
 */
export function sumsBy(counts: CrossCounts, stretches: number, holds: (entry: number) => boolean = () => true): Sums {
  const rows = new Float64Array(stretches);
  const sums = counts.sums.map(() => new Float64Array(stretches));
  const stretchOf = counts.places.at(-1)!;
  for (const [entry, count] of counts.rows.entries()) {
    const at = stretchOf[entry]!;
    if (at >= stretches || !holds(entry)) continue;
    rows[at] = rows[at]! + count;
    for (const [s, sum] of sums.entries()) sum[at] = sum[at]! + counts.sums[s]![entry]!;
  }
  return { rows, sums };
}

/** Mean and spread of numbers of 0 … 1 from their sum and that of their squares. */
export function momentsOf(rows: number, total: number, squares: number): ConfidenceMoments {
  const mean = roundDerived(total / rows, 1);
  const variance = rows < 2 ? 0 : Math.max(0, roundDerived((squares - rows * mean ** 2) / (rows - 1), 1));
  return { rows, mean, std: roundDerived(Math.sqrt(variance), 1) };
}

/** Of every stretch; null where there is no row. */
export function momentsBy({ rows, sums: [totals, squares] }: Sums): (ConfidenceMoments | null)[] {
  return Array.from(rows, (count, i) => (count === 0 ? null : momentsOf(count, totals![i]!, squares![i]!)));
}
