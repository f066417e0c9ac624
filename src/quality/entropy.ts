import { defineQualityCheck } from '../model/quality.ts';
import { isJudged } from './sides.ts';

/**
 * Shannon entropy of the categories, then and now.
 *
 *   H = −Σ p log₂ p + (K − 1)/(2n ln 2),   K the cells with a row, n the rows
 *
 * Asks       did the values become much less, or much more, varied?
 * Compared   over the verdict's cells, missing values among them, so that rare categories are one cell on both sides.
 * Units      bits: 0 for one value, 1 for a fair coin, log₂ K for K equally frequent ones.
 * Judged     the change, by more than its sampling spread (delta method: variance (Σ p log₂² p − H²)/n).
 * Cost       none beyond the counts there are.
 * Sources    Miller (1955), Information Theory in Psychology, 95–100, for the correction; Basharin (1959),
 *            doi:10.1137/1104033, for the variance.
 *
 * @example
 * // shares 1/2 1/4 1/4  =>  1.5 bits, before the correction
 */
export const entropy = defineQualityCheck({
  id: 'entropy',
  title: 'Entropy',
  summary: 'variety of the categories in bits',
  about: 'column',
  needs: ['cells'],
  measure({ kind, role, cells }) {
    if (!isJudged(role) || cells === null || (kind !== 'categorical' && kind !== 'boolean')) return null;
    const [then, now] = [entropyOf(cells.reference), entropyOf(cells.current)];
    if (then === null || now === null || cells.labels.length < 2) return null;
    return {
      reference: then.bits,
      current: now.bits,
      detail: { cells: cells.labels.length },
      evidence: {
        form: 'difference',
        difference: now.bits - then.bits,
        standardError: Math.sqrt(then.variance + now.variance),
      },
    };
  },
});

/** Entropy in bits with its variance; null without a row. */
export function entropyOf(counts: Float64Array): { readonly bits: number; readonly variance: number } | null {
  const rows = counts.reduce((sum, count) => sum + count, 0);
  if (!(rows > 0)) return null;
  const shares = [...counts].filter((count) => count > 0).map((count) => count / rows);
  const plain = -shares.reduce((sum, p) => sum + p * Math.log2(p), 0);
  // half a row more in every cell, so that a constant has a variance too
  const steady = [...counts].map((count) => (count + 0.5) / (rows + counts.length / 2));
  const mean = -steady.reduce((sum, p) => sum + p * Math.log2(p), 0);
  const square = steady.reduce((sum, p) => sum + p * Math.log2(p) ** 2, 0);
  return {
    bits: Math.max(0, plain) + (shares.length - 1) / (2 * rows * Math.LN2),
    variance: Math.max(0, square - mean ** 2) / rows,
  };
}
