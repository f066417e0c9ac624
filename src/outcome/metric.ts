import type { Direction, Metric, MetricId } from '../model/outcome.ts';
import { type Interval, wilsonInterval } from './intervals.ts';

const BETTER: Readonly<Record<MetricId, Direction | null>> = {
  accuracy: 'higher',
  'balanced-accuracy': 'higher',
  precision: 'higher',
  recall: 'higher',
  f1: 'higher',
  'precision-macro': 'higher',
  'recall-macro': 'higher',
  'f1-macro': 'higher',
  'precision-weighted': 'higher',
  'recall-weighted': 'higher',
  'f1-weighted': 'higher',
  'matthews-correlation': 'higher',
  'roc-auc': 'higher',
  'roc-auc-macro': 'higher',
  'roc-auc-weighted': 'higher',
  'average-precision': 'higher',
  'log-loss': 'lower',
  'brier-score': 'lower',
  'calibration-error': 'lower',
  'calibration-error-equal-mass': 'lower',
  'mean-absolute-error': 'lower',
  'root-mean-squared-error': 'lower',
  'r-squared': 'higher',
  'adjusted-r-squared': 'higher',
  'mean-absolute-percentage-error': 'lower',
  'mean-error': null,
  'residual-quantile': null,
};

export function directionOf(id: MetricId): Direction | null {
  return BETTER[id];
}

/** Which metric, and of how many rows. */
export interface MetricName {
  readonly id: MetricId;
  readonly className?: string | null;
  readonly rows: number;
}

export const TOO_LARGE = 'its sums are too large for a number';

/** A metric that has no value. */
export function undefinedMetric(name: MetricName, reason: string): Metric {
  return { ...bare(name), value: null, reason };
}

/** A value without an interval: one that stands in for 0/0, or one from too few rows. */
export function bareMetric(name: MetricName, value: number, reason: string): Metric {
  return { ...bare(name), value, reason };
}

export interface Estimated {
  readonly value: number;
  readonly standardError: number;
  readonly interval: Interval;
  readonly method: string;
}

export function estimatedMetric(name: MetricName, estimated: Estimated): Metric {
  if (!Number.isFinite(estimated.value)) return undefinedMetric(name, TOO_LARGE);
  if (!Number.isFinite(estimated.standardError)) return bareMetric(name, estimated.value, TOO_LARGE);
  return { ...bare(name), ...estimated, reason: null };
}

/** A share of independent rows, with Wilson's interval. */
export function proportionMetric(name: MetricName, successes: number, trials: number, z: number): Metric {
  const value = successes / trials;
  return {
    ...bare(name),
    value,
    interval: wilsonInterval(successes, trials, z),
    standardError: smoothedDeviation(successes, trials) / Math.sqrt(trials),
    proportion: { successes, trials },
    method: 'Wilson',
    reason: null,
  };
}

/** √(p (1 − p)) of a share with half a success and half a failure added, so that it is above 0 when all or none succeeded. */
export function smoothedDeviation(successes: number, trials: number): number {
  const share = (successes + 0.5) / (trials + 1);
  return Math.sqrt(share * (1 - share));
}

function bare({ id, className = null, rows }: MetricName): Omit<Metric, 'value' | 'reason'> {
  return {
    id,
    className,
    probability: null,
    interval: null,
    standardError: null,
    direction: directionOf(id),
    rows,
    proportion: null,
    method: null,
  };
}
