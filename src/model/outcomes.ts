import {
  type CalibrationPoint,
  type EstimateCondition,
  type EstimatedMetric,
  type Metric,
  type MetricId,
  metricIds,
} from './outcome.ts';

/** What the report says of outcomes: how right the model was where labels have arrived, and how right it probably is elsewhere. */

export type OutcomeTask = 'binary' | 'multiclass' | 'regression';

/** Which columns the outcomes are made of. */
export interface OutcomeColumns {
  /** as the labels are called */
  readonly label: string;
  /** the log itself, or a file of labels */
  readonly labelsFrom: 'log' | 'file';
  /** null when the predicted class follows from the scores */
  readonly prediction: string | null;
  /** each with the class whose probability it is */
  readonly scores: readonly { readonly column: string; readonly className: string }[];
  /** scores at or above this are predicted as positive; null when there is a predicted class, or several scores */
  readonly threshold: number | null;
}

/** How labels of a file of their own met the log. */
export interface ReportedJoin {
  readonly paths: readonly string[];
  /** key of the log and of the labels */
  readonly key: string;
  readonly labelKey: string;
  /** labelled keys in the file, and rows with a key and a label */
  readonly labels: number;
  readonly labelKeys: number;
  /** rows of the labels without a key, and without a label */
  readonly keyless: number;
  readonly empty: number;
  readonly matched: number;
  readonly unlabelled: number;
  readonly orphanKeys: number;
  /** keys with several labels that agree; those that do not agree, whose rows count as unlabelled; and how many rows that are */
  readonly repeatedKeys: number;
  readonly conflictingKeys: number;
  readonly contradictedRows: number;
  /** rows of the log without a key, and rows beyond the first of their key: each gets the label */
  readonly rowsWithoutKey: number;
  readonly repeatedRows: number;
  /** seconds from a row to its label; null when a side has no time */
  readonly lag: {
    readonly least: number;
    readonly q50: number;
    readonly q90: number;
    readonly q99: number;
    readonly most: number;
  } | null;
}

export type ReportedMetric = Omit<Metric, 'proportion'>;

export interface ReportedCalibration {
  readonly className: string;
  readonly bins: 'equal-width' | 'equal-mass';
  readonly points: readonly CalibrationPoint[];
  readonly expectedByChance: number;
}

/** Rows by residual, prediction − label, in at most 40 intervals. */
export interface ResidualHistogram {
  /** one more than there are intervals */
  readonly edges: readonly number[];
  readonly rows: readonly number[];
}

/** One side, as far as it is labelled. */
export interface SidePerformance {
  readonly rows: number;
  /** rows with a label and with a prediction or score */
  readonly labelled: number;
  readonly metrics: readonly ReportedMetric[];
  /** row-major, rows of label i that were predicted as j */
  readonly confusion: { readonly classes: readonly string[]; readonly counts: readonly number[] } | null;
  readonly calibration: readonly ReportedCalibration[];
  readonly residuals: ResidualHistogram | null;
}

export type GatedOutcome = 'down' | 'slipped' | 'held' | 'undetermined';

/** A metric against its baseline, as judged. */
export interface JudgedMetric {
  readonly id: MetricId;
  readonly className: string | null;
  /** measured on labels, or estimated without them */
  readonly from: 'labels' | 'estimate';
  readonly baseline: number | null;
  /** the reference's own labels and predictions, or a number of the configuration */
  readonly baselineFrom: 'reference' | 'config';
  readonly current: number | null;
  /** worsening as a share of the baseline; negative for an improvement */
  readonly relative: number | null;
  readonly tolerated: { readonly warn: number; readonly fail: number };
  /** natural logarithms of the p-values of "worse by at most that share"; null when not tested */
  readonly logPWarn: number | null;
  readonly logPFail: number | null;
  readonly rejected: 'fail' | 'warn' | null;
  /** the window, by its place, that the strongest evidence comes from; null when it is the whole batch */
  readonly window: number | null;
  /** why it was not tested */
  readonly reason: string | null;
}

export interface SeriesMetric {
  readonly id: MetricId;
  readonly className: string | null;
  readonly value: number | null;
  readonly interval: readonly [number, number] | null;
}

/** One window of the current side. */
export interface OutcomeWindow {
  /** ISO 8601, UTC; null for windows of rows */
  readonly from: string | null;
  /** not included */
  readonly to: string | null;
  readonly rows: number;
  readonly labelled: number;
  readonly realised: readonly SeriesMetric[];
  readonly estimated: readonly SeriesMetric[];
  /** why there is no estimate */
  readonly refused: string | null;
}

export interface ReportedEstimate {
  readonly method: 'confidence-based' | 'direct-loss';
  readonly rows: number;
  readonly metrics: readonly EstimatedMetric[];
  readonly conditions: readonly EstimateCondition[];
  readonly refused: string | null;
}

/** Whether the rows whose label has arrived are like the others. */
export interface LabelBias {
  readonly column: string;
  readonly phiSquared: number;
  readonly cell: string;
  /** shares of that cell among labelled and unlabelled rows */
  readonly labelled: number;
  readonly unlabelled: number;
  readonly rejected: 'fail' | 'warn' | null;
}

export interface OutcomesReport {
  readonly task: OutcomeTask;
  /** the class that precision, recall and the score are about; null with more than two */
  readonly positive: string | null;
  readonly columns: OutcomeColumns;
  readonly join: ReportedJoin | null;
  /** null when the reference has no labels */
  readonly reference: SidePerformance | null;
  /** null when no label of the current side was measured */
  readonly current: SidePerformance | null;
  /** why the current side was not measured; null when it was */
  readonly refused: string | null;
  readonly judged: readonly JudgedMetric[];
  readonly estimate: ReportedEstimate | null;
  readonly bias: readonly LabelBias[];
  /** oldest first; empty without windows */
  readonly windows: readonly OutcomeWindow[];
}

/** Shown, never gated. */
const ungated = [
  'calibration-error',
  'calibration-error-equal-mass',
  'adjusted-r-squared',
  'mean-error',
  'residual-quantile',
] as const satisfies readonly MetricId[];
export type GateableMetric = Exclude<MetricId, (typeof ungated)[number]>;
/** Metrics that can be gated, by their name in the configuration. */
export const gateableMetrics: readonly GateableMetric[] = metricIds.filter(
  (id): id is GateableMetric => !(ungated as readonly MetricId[]).includes(id),
);

/** What the user said of outcomes; complete but for what is decided on the data. */
export interface OutcomeSettings {
  /** undefined: decided on the data */
  readonly task?: 'classification' | 'regression';
  readonly positive?: string;
  /** the score from which on a row is predicted as positive, where there are scores only */
  readonly threshold: number;
  /** undefined: the default of the task */
  readonly metrics?: readonly GateableMetric[];
  /** shares of the baseline by which a metric may get worse */
  readonly drop: { readonly warn: number; readonly fail: number };
  readonly baseline: Readonly<Partial<Record<GateableMetric, number>>>;
}

/** How outcomes are measured and judged when nothing was said. */
export const defaultOutcomeSettings: OutcomeSettings = {
  threshold: 0.5,
  drop: { warn: 0.05, fail: 0.2 },
  baseline: {},
};

const metricTitles: Readonly<Partial<Record<MetricId, string>>> = {
  f1: 'F1',
  'f1-macro': 'macro F1',
  'f1-weighted': 'weighted F1',
  'precision-macro': 'macro precision',
  'recall-macro': 'macro recall',
  'precision-weighted': 'weighted precision',
  'recall-weighted': 'weighted recall',
  'roc-auc': 'ROC-AUC',
  'roc-auc-macro': 'macro ROC-AUC',
  'roc-auc-weighted': 'weighted ROC-AUC',
  'brier-score': 'Brier score',
  'r-squared': 'R²',
  'adjusted-r-squared': 'adjusted R²',
  'matthews-correlation': 'Matthews correlation',
  'mean-absolute-error': 'MAE',
  'root-mean-squared-error': 'RMSE',
  'mean-absolute-percentage-error': 'MAPE',
};

/** A metric's id as words. */
export function metricTitle(id: MetricId): string {
  return metricTitles[id] ?? id.replaceAll('-', ' ');
}
