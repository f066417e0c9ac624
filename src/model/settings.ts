import type { Kind } from './measure.ts';
import type { Role } from './profile.ts';
import type { QualityId } from './quality.ts';
import type { WindowRule } from './time.ts';

export const severities = ['P1', 'P2', 'P3'] as const;
/** P1 page someone, P2 investigate within hours, P3 daily report. */
export type Severity = (typeof severities)[number];
/** What a rule leads to: a severity, or `off`. */
export type SeveritySetting = Severity | 'off';

/** The largest drift that is still acceptable, on the two scales of the default gate. */
export interface Tolerance {
  /** on the scale of PSI */
  readonly phiSquared: number;
  /** change of one cell's share, as a fraction: 0.07 is seven points */
  readonly cellChange: number;
}
export interface Tolerances {
  readonly warn: Tolerance;
  readonly fail: Tolerance;
}

/** A measure by its id, and how much of it is still acceptable. */
export interface MeasureTolerance {
  readonly measure: string;
  readonly warn: number;
  readonly fail: number;
}

/** What the user said of one column. */
export interface ColumnSettings {
  readonly role?: Role;
  readonly kind?: Kind;
  readonly tolerance?: { readonly warn?: Partial<Tolerance>; readonly fail?: Partial<Tolerance> };
  /** a measure that gates this column in place of φ² and the largest cell change */
  readonly gate?: MeasureTolerance;
}

/** Everything the verdict obeys. Complete: defaults, config file and flags were merged before. */
export interface VerdictSettings {
  /** family-wise error rate of one run */
  readonly alpha: number;
  readonly tolerances: { readonly feature: Tolerances; readonly prediction: Tolerances };
  /** by column name, only what differs */
  readonly columns: Readonly<Record<string, ColumnSettings>>;
  readonly severity: Readonly<Record<SeverityRule, SeveritySetting>>;
  readonly quality: Readonly<Record<QualityRule, QualitySetting>>;
  /** what tells how much the reference's own periods differ: its timestamp, or nothing */
  readonly noise: 'time' | 'off';
  /** how the batch is cut into windows of its own; null for not at all */
  readonly window: WindowRule | null;
  /** the time zone of days, weeks and months, e.g. Europe/Zurich */
  readonly timeZone: string;
  /** seconds that the newest row may be old; null when age is not judged */
  readonly staleAfter: number | null;
  readonly gate: {
    /** exit 1 when a finding is at or above this */
    readonly failOn: Severity;
    readonly minRows: number;
    /** exit 2 when a column is undetermined */
    readonly strict: boolean;
  };
}

/** Data-quality checks with a finding of their own; missing and new columns have the rules column_missing and new_column. */
export type QualityRule = Exclude<QualityId, 'missing-columns' | 'new-columns'>;

/** When a data-quality check speaks, and how loudly. */
export interface QualitySetting {
  /** on the check's own scale; null for a check that has none */
  readonly threshold: number | null;
  readonly severity: SeveritySetting;
}

/** The rules whose severity can be set. */
export type SeverityRule =
  | 'column_missing'
  | 'prediction_collapse'
  | 'drift_fail'
  | 'drift_warn'
  | 'many_drift_warn'
  | 'type_changed'
  | 'nulls_up'
  | 'unseen_categories'
  | 'out_of_range'
  | 'constant_changed'
  | 'new_column'
  | 'new_values_noted'
  | 'performance_drop'
  | 'performance_slip'
  | 'estimated_drop'
  | 'labels_biased'
  | 'label_join'
  | 'confidence_drop'
  | 'scores_invalid'
  | 'prediction_bounds'
  | 'service_level'
  | 'segment_drift'
  | 'data_stale'
  | 'time_disorder';
