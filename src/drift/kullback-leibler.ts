import { deviance } from '../math/gamma.ts';
import { defineMeasure } from '../model/measure.ts';
import { type PairedCounts, sampleSizes } from './samples.ts';

/**
 * Kullback–Leibler divergence of the current data from the reference, with Jeffreys smoothing.
 *
 *   KL(current ‖ reference) = Σ q̃ ln(q̃/p̃),   p̃ = (r + ½)/(n + B/2),  q̃ = (c + ½)/(m + B/2)
 *
 * Asks       how surprising is the current data to whoever expects the reference? New mass weighs more than mass that went away.
 * Units      nats.
 * Range      0 (the same shares) … ∞; finite for finite counts.
 * Ties…      nulls and NaN are cells; values beyond the reference's range are in the end cells.
 * Cost       O(B) time; B is the number of cells.
 * Accuracy   1e-14 relative: q ln(q/p) + p − q is summed, which has one sign and sums to the same.
 * Sources    Kullback & Leibler (1951), doi:10.1214/aoms/1177729694; Krichevsky & Trofimov (1981),
 *            doi:10.1109/TIT.1981.1056331 (the ½); unsmoothed it agrees with scipy.stats.entropy
 *            (fixtures/reference-values/two-sample.json).
 *
 * @throws {DriftError} EMPTY_SAMPLE when either side has no row
 * @example
 * // reference 1 0, current 0 1  =>  ¾ ln 3 − ¼ ln 3 = ½ ln 3
 */
export const kullbackLeibler = defineMeasure({
  id: 'kullback-leibler',
  alias: 'kl',
  title: 'Kullback–Leibler divergence (current from reference)',
  summary: 'surprise of the current shares to who expects the reference, in nats; smoothed with half a row a cell',
  kinds: ['numeric', 'datetime', 'categorical', 'boolean'],
  needs: ['cells'],
  range: [0, Infinity],
  symmetric: false,
  measure({ cells }) {
    const { n, m } = sampleSizes(cells);
    const count = cells.reference.length;
    const forward = divergence(cells.current, cells.reference, m + count / 2, n + count / 2, 0.5);
    const backward = divergence(cells.reference, cells.current, n + count / 2, m + count / 2, 0.5);
    return {
      statistic: forward,
      exact: true,
      detail: {
        direction: 'current from reference',
        currentFromReference: forward,
        referenceFromCurrent: backward,
        cells: count,
        smoothing: '(rows + 1/2) / (all rows + cells/2) on both sides',
      },
    };
  },
});

/**
 * KL(current ‖ reference) without smoothing: infinite when the current data has a cell that the reference never had.
 *
 * @throws {DriftError} EMPTY_SAMPLE when either side has no row
 */
export function unsmoothedKullbackLeibler(counts: PairedCounts): number {
  const { n, m } = sampleSizes(counts);
  return divergence(counts.current, counts.reference, m, n, 0);
}

/** Σ p ln(p/q) of p = (of + added)/ofAll and q = (from + added)/fromAll. */
function divergence(of: Float64Array, from: Float64Array, ofAll: number, fromAll: number, added: number): number {
  let sum = 0;
  for (const [i, rows] of of.entries()) {
    // whole (or half) numbers, so that two nearly equal shares keep their digits
    sum += deviance((rows + added) * fromAll, (from[i]! + added) * ofAll);
  }
  return sum / (ofAll * fromAll);
}
