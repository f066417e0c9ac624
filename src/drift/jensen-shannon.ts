import { defineMeasure } from '../model/measure.ts';
import { cellShares } from './samples.ts';

/**
 * Jensen–Shannon distance, base 2: the square root of the divergence in bits.
 *
 *   √( ½ Σ p log₂(p/μ) + q log₂(q/μ) ),   μ = (p + q)/2,  p = r/n,  q = c/m
 *
 * Asks       how far apart are the shares of the cells, on a bounded scale that is a metric?
 * Units      √bit. Other tools print nats, or the divergence without the root: multiply by √ln 2 = 0.8326, or square.
 * Range      0 (the same shares) … 1 (no cell in common).
 * Ties…      nulls and NaN are cells; empty cells need no smoothing.
 * Cost       O(B) time.
 * Accuracy   1e-14 relative: with u = (p−q)/(p+q) a cell gives (p+q)/2 · (2u artanh u + ln(1−u²)), which does not cancel.
 * Sources    Lin (1991), doi:10.1109/18.61115; Endres & Schindelin (2003), doi:10.1109/TIT.2003.813506 (the metric); agrees with
 *            scipy.spatial.distance.jensenshannon(base=2) (fixtures/reference-values/two-sample.json).
 *
 * @throws {DriftError} EMPTY_SAMPLE when either side has no row
 * @example
 * // reference 1 0, current 0 1  =>  1
 */
export const jensenShannon = defineMeasure({
  id: 'jensen-shannon',
  alias: 'js',
  title: 'Jensen–Shannon distance (base 2)',
  summary: 'square root of the divergence in bits, between 0 and 1',
  kinds: ['numeric', 'datetime', 'categorical', 'boolean'],
  needs: ['cells'],
  range: [0, 1],
  symmetric: true,
  measure({ cells }) {
    let nats = 0;
    for (const { difference, sum } of cellShares(cells)) {
      if (difference !== 0) nats += (sum / 2) * entropyGap(difference / sum);
    }
    return {
      statistic: Math.min(1, Math.sqrt(nats / (2 * Math.LN2))),
      exact: true,
      detail: { base: 2, form: 'distance', divergenceBits: nats / (2 * Math.LN2) },
    };
  },
});

/** (1+u) ln(1+u) + (1−u) ln(1−u) */
function entropyGap(u: number): number {
  return Math.abs(u) >= 1 ? 2 * Math.LN2 : 2 * u * Math.atanh(u) + Math.log1p(-u * u);
}
