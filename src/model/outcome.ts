/** Performance metrics, in the order in which reports show them. */
export const metricIds = [
  'accuracy',
  'balanced-accuracy',
  'precision',
  'recall',
  'f1',
  'precision-macro',
  'recall-macro',
  'f1-macro',
  'precision-weighted',
  'recall-weighted',
  'f1-weighted',
  'matthews-correlation',
  'roc-auc',
  'roc-auc-macro',
  'roc-auc-weighted',
  'average-precision',
  'log-loss',
  'brier-score',
  'calibration-error',
  'calibration-error-equal-mass',
  'mean-absolute-error',
  'root-mean-squared-error',
  'r-squared',
  'adjusted-r-squared',
  'mean-absolute-percentage-error',
  'mean-error',
  'residual-quantile',
] as const;
export type MetricId = (typeof metricIds)[number];

/** Which way is better; null for a number that should merely be near 0 or stay where it is. */
export type Direction = 'higher' | 'lower';

/** One metric of one set of rows. It is never compared with a threshold here. */
export interface Metric {
  readonly id: MetricId;
  /** the class against the rest that it is about; null when about all */
  readonly className: string | null;
  /** of a residual quantile, its probability; null otherwise */
  readonly probability: number | null;
  /** null when undefined, `reason` says why */
  readonly value: number | null;
  /** null when undefined or when the rows are too few to tell */
  readonly interval: readonly [number, number] | null;
  /** on the metric's own scale; null where there is no interval */
  readonly standardError: number | null;
  readonly direction: Direction | null;
  /** rows (or rows of a class) it was made from */
  readonly rows: number;
  /** of a proportion of independent rows, what it is made of */
  readonly proportion: { readonly successes: number; readonly trials: number } | null;
  /** how the interval was formed */
  readonly method: string | null;
  /** why there is no value, or no interval */
  readonly reason: string | null;
}

/** Observed share of positives by mean score: a calibrated score lies on the diagonal. */
export interface CalibrationPoint {
  readonly rows: number;
  readonly meanScore: number;
  readonly observed: number;
  /** of the observed share */
  readonly interval: readonly [number, number];
}

export interface CalibrationCurve {
  readonly className: string;
  readonly bins: 'equal-width' | 'equal-mass';
  /** bins that hold a row */
  readonly points: readonly CalibrationPoint[];
  /** the calibration error that as many rows would show if the score were calibrated */
  readonly expectedByChance: number;
}

/** What one set of labelled rows says of the model. */
export interface Performance {
  readonly metrics: readonly Metric[];
  readonly calibration: readonly CalibrationCurve[];
}

/** By how much a metric got worse, and what says that it did not by more than a given share. */
export interface MetricDrop {
  /** worsening as a share of the baseline; negative for an improvement; null when undefined */
  readonly relative: number | null;
  readonly standardError: number | null;
  /** one a limit: natural logarithm of the one-sided p-value of "worse by at most this share"; −∞ when impossible */
  readonly tests: readonly { readonly limit: number; readonly logP: number }[];
  /** why there is no test */
  readonly reason: string | null;
}

/** A metric estimated without labels. */
export interface EstimatedMetric {
  readonly id: MetricId;
  readonly className: string | null;
  readonly value: number | null;
  /** of the metric that the labels will show, once they arrive */
  readonly interval: readonly [number, number] | null;
  readonly standardError: number | null;
  readonly direction: Direction | null;
  readonly reason: string | null;
}

/** A condition under which the estimate holds. */
export interface EstimateCondition {
  readonly id:
    | 'reference-rows'
    | 'reference-classes'
    | 'current-rows'
    | 'calibration'
    | 'score-range'
    | 'unseen-values';
  /** null when it could not be looked at */
  readonly value: number | null;
  readonly limit: number;
  readonly holds: boolean;
  /** one clause, for a message */
  readonly says: string;
}

/** Performance of a batch, or a window of it, whose labels have not arrived. */
export interface PerformanceEstimate {
  readonly method: 'confidence-based' | 'direct-loss';
  readonly rows: number;
  /** empty when refused */
  readonly metrics: readonly EstimatedMetric[];
  readonly conditions: readonly EstimateCondition[];
  /** the conditions that do not hold, in words; null when all hold */
  readonly refused: string | null;
}
