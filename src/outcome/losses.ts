import type { Metric } from '../model/outcome.ts';
import type { PivotedSums } from '../model/outcome-counts.ts';
import { logInterval, waldInterval } from './intervals.ts';
import { bareMetric, estimatedMetric, type MetricName, TOO_LARGE, undefinedMetric } from './metric.ts';

/** What scikit-learn's log_loss clips a 64-bit score to: ε … 1 − ε. */
export const SMALLEST_PROBABILITY = 2 ** -52;

/** −ln p of what happened, p clipped to ε … 1 − ε. */
export function logLossOf(probability: number): number {
  return -Math.log(Math.min(1 - SMALLEST_PROBABILITY, Math.max(SMALLEST_PROBABILITY, probability)));
}

/** Why a mean has no interval: no spread was seen, which does not make it certain. */
export const NO_VARIANCE = 'all rows are off alike: no variance to tell its error from';

export interface MeanAndError {
  readonly rows: number;
  readonly mean: number;
  /** s/√n with n − 1; NaN for one row */
  readonly standardError: number;
}

export function meanOf({ rows, pivot, sum, squares }: PivotedSums): MeanAndError {
  const shift = sum / rows;
  return { rows, mean: pivot + shift, standardError: errorOfMean(rows, squares - sum * shift) };
}

/** From the sum of squared deviations from the mean; rounding may have left it below 0. */
export function errorOfMean(rows: number, squares: number): number {
  return rows > 1 ? Math.sqrt(Math.max(0, squares) / (rows - 1) / rows) : Number.NaN;
}

/** A mean of losses that are never below 0, at most `most`: skewed to the right, so on the scale of the logarithm. */
export function meanLossMetric(name: Omit<MetricName, 'rows'>, sums: PivotedSums, z: number, most: number): Metric {
  const metric = meanMetric(name, sums, z);
  const { value, standardError } = metric;
  if (!(value! > 0) || standardError === null) return metric;
  const [low, high] = logInterval(value!, standardError, z);
  return { ...metric, interval: [low, Math.min(most, high)], method: 'normal, of the logarithm of the mean' };
}

/** A mean over rows. */
export function meanMetric(name: Omit<MetricName, 'rows'>, sums: PivotedSums, z: number): Metric {
  const named = { ...name, rows: sums.rows };
  if (sums.rows === 0) return undefinedMetric(named, 'no row has a label and a prediction');
  const { mean, standardError } = meanOf(sums);
  if (!Number.isFinite(mean)) return undefinedMetric(named, TOO_LARGE);
  if (!(standardError > 0)) return bareMetric(named, mean, NO_VARIANCE);
  const interval = waldInterval(mean, standardError, z, [-Number.MAX_VALUE, Number.MAX_VALUE]);
  return estimatedMetric(named, { value: mean, standardError, interval, method: 'normal, of the mean' });
}
