import { type Severity, type SeverityRule, type SeveritySetting, severities } from '../model/settings.ts';
import type { Finding, LayerCode, VerdictCode } from '../model/verdict.ts';
import { qualityCodes } from './quality-messages.ts';

/** The rule that gives each finding its severity, in the order in which findings of one severity are told. */
export const ruleOf = {
  COLUMN_MISSING: 'column_missing',
  PREDICTION_COLLAPSE: 'prediction_collapse',
  TYPE_CHANGED: 'type_changed',
  MANY_DRIFT_WARN: 'many_drift_warn',
  DRIFT_FAIL: 'drift_fail',
  VARYING_BECAME_CONSTANT: 'constant_changed',
  CONSTANT_BECAME_VARYING: 'constant_changed',
  NULLS_UP: 'nulls_up',
  UNSEEN_CATEGORIES: 'unseen_categories',
  OUT_OF_RANGE: 'out_of_range',
  DRIFT_WARN: 'drift_warn',
  NEW_VALUES_NOTED: 'new_values_noted',
  NEW_COLUMN: 'new_column',
} as const satisfies Record<VerdictCode, SeverityRule>;

/** The same for what is found beside the columns. */
export const layerRuleOf = {
  PERFORMANCE_DOWN: 'performance_drop',
  SERVICE_LEVEL_MISSED: 'service_level',
  SCORES_INVALID: 'scores_invalid',
  PREDICTIONS_OUT_OF_BOUNDS: 'prediction_bounds',
  CONFIDENCE_DOWN: 'confidence_drop',
  ESTIMATED_PERFORMANCE_DOWN: 'estimated_drop',
  SEGMENT_DRIFT: 'segment_drift',
  DATA_STALE: 'data_stale',
  PERFORMANCE_SLIPPED: 'performance_slip',
  LABELS_BIASED: 'labels_biased',
  LABEL_JOIN: 'label_join',
  TIME_DISORDER: 'time_disorder',
} as const satisfies Record<LayerCode, SeverityRule>;

// what is known of the model itself is told before what is known of its inputs
const codeOrder: readonly string[] = [...Object.keys(layerRuleOf), ...Object.keys(ruleOf), ...qualityCodes];

export type SeverityRules = Readonly<Record<SeverityRule, SeveritySetting>>;

/** More columns than this moving at once is a finding of its own: look upstream before looking at any of them. */
export const fewColumns = 3;

/** A finding with how far it lies beyond its threshold; comparable among findings of one code. */
export interface Ranked {
  readonly finding: Finding;
  readonly excess: number;
}

/** Worst first: severity, then the order of codes, then how far beyond; the name settles what is left. */
export function byWeight(a: Ranked, b: Ranked): number {
  return (
    severities.indexOf(a.finding.severity) - severities.indexOf(b.finding.severity) ||
    codeOrder.indexOf(a.finding.code) - codeOrder.indexOf(b.finding.code) ||
    b.excess - a.excess ||
    compareText(a.finding.column ?? '', b.finding.column ?? '')
  );
}

/** The same order for findings alone; it leaves equals as they are. */
export function findingOrder(a: Finding, b: Finding): number {
  return (
    severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
    codeOrder.indexOf(a.code) - codeOrder.indexOf(b.code)
  );
}

export function worst(findings: readonly Finding[]): Severity | null {
  return severities.find((severity) => findings.some((finding) => finding.severity === severity)) ?? null;
}

export function atOrAbove(severity: Severity, threshold: Severity): boolean {
  return severities.indexOf(severity) <= severities.indexOf(threshold);
}

/** By code units: the same order on every machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
