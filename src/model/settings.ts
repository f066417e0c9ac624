import type { Kind } from './measure.ts';
import type { Role } from './profile.ts';

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

/** What the user said of one column. */
export interface ColumnSettings {
  readonly role?: Role;
  readonly kind?: Kind;
  readonly tolerance?: { readonly warn?: Partial<Tolerance>; readonly fail?: Partial<Tolerance> };
}

/** Everything the verdict obeys. Complete: defaults, config file and flags were merged before. */
export interface VerdictSettings {
  /** family-wise error rate of one run */
  readonly alpha: number;
  readonly tolerances: { readonly feature: Tolerances; readonly prediction: Tolerances };
  /** by column name, only what differs */
  readonly columns: Readonly<Record<string, ColumnSettings>>;
  readonly severity: Readonly<Record<SeverityRule, SeveritySetting>>;
  readonly gate: {
    /** exit 1 when a finding is at or above this */
    readonly failOn: Severity;
    readonly minRows: number;
    /** exit 2 when a column is undetermined */
    readonly strict: boolean;
  };
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
  | 'new_values_noted';
