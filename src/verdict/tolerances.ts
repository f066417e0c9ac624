import type { ColumnEvidence } from '../model/evidence.ts';
import type { Role } from '../model/profile.ts';
import type { Tolerance, Tolerances, VerdictSettings } from '../model/settings.ts';

/**
 * How much drift is still acceptable, for three temperaments.
 *
 * The two scales of a tolerance are kept indifferent to the same mean shift: a normal column cut at its own deciles that moves by
 * s standard deviations has φ² = 2 Σ (p−q)²/(p+q) and a largest cell change of Φ(s + z) − Φ(z), z = Φ⁻¹(0.1), in its end decile.
 * Solving the first for s and reading the second gives
 *
 *   φ²             0.01   0.02   0.05   0.1    0.25   0.5
 *   mean shift s   0.102  0.145  0.230  0.327  0.526  0.767
 *   cell change    1.9    2.8    4.6    7.0    12.5   20.3 points
 *
 * and the cell changes below are these, rounded to the half point or better. A prediction is the sum of all that moved
 * before it, so it is held to a tighter tolerance than a feature.
 */
export const sensitivities = {
  high: {
    feature: { warn: tolerance(0.02, 0.03), fail: tolerance(0.1, 0.07) },
    prediction: { warn: tolerance(0.01, 0.02), fail: tolerance(0.05, 0.05) },
  },
  standard: {
    feature: { warn: tolerance(0.1, 0.07), fail: tolerance(0.25, 0.12) },
    prediction: { warn: tolerance(0.05, 0.05), fail: tolerance(0.1, 0.07) },
  },
  low: {
    feature: { warn: tolerance(0.25, 0.12), fail: tolerance(0.5, 0.2) },
    prediction: { warn: tolerance(0.1, 0.07), fail: tolerance(0.25, 0.12) },
  },
} as const satisfies Record<string, VerdictSettings['tolerances']>;

export type Sensitivity = keyof typeof sensitivities;

/**
 * Data quality, all in the daily report: nothing here stops a pipeline unless it is asked to. Each number is a change that is still
 * acceptable, and is exceeded only when sampling does not explain it.
 */
const defaultQuality: VerdictSettings['quality'] = {
  'duplicate-rows': { threshold: 0.01, severity: 'P3' },
  'renamed-columns': { threshold: null, severity: 'P3' },
  'mixed-types': { threshold: 0.005, severity: 'P3' },
  cardinality: { threshold: 2, severity: 'P3' },
  'almost-constant': { threshold: 0.99, severity: 'P3' },
  entropy: { threshold: 0.5, severity: 'P3' },
};

/** What holds when nothing was said. */
export const defaultVerdictSettings: VerdictSettings = {
  alpha: 0.01,
  tolerances: sensitivities.standard,
  columns: {},
  severity: {
    column_missing: 'P1',
    prediction_collapse: 'P1',
    drift_fail: 'P2',
    drift_warn: 'P3',
    many_drift_warn: 'P2',
    type_changed: 'P2',
    nulls_up: 'P2',
    unseen_categories: 'P2',
    out_of_range: 'P2',
    constant_changed: 'P2',
    // an inference log always has columns that the training set never had: a line for each would be noise on every clean run
    new_column: 'off',
    new_values_noted: 'P3',
    performance_drop: 'P1',
    performance_slip: 'P3',
    estimated_drop: 'P2',
    labels_biased: 'P3',
    label_join: 'P3',
    confidence_drop: 'P2',
    scores_invalid: 'P2',
    prediction_bounds: 'P2',
    service_level: 'P2',
    segment_drift: 'P2',
    data_stale: 'P2',
    time_disorder: 'P3',
  },
  quality: defaultQuality,
  noise: 'time',
  window: { by: 'auto' },
  timeZone: 'UTC',
  staleAfter: null,
  gate: { failOn: 'P2', minRows: 100, strict: false },
};

/** The tolerance of one column: that of its role, with what the user said of it by name laid over. */
export function tolerancesOf(
  { name, role }: Pick<ColumnEvidence, 'name' | 'role'>,
  settings: VerdictSettings,
): Tolerances {
  const base = isPrediction(role) ? settings.tolerances.prediction : settings.tolerances.feature;
  // own keys only: a log may well have a column called "constructor"
  const own = Object.hasOwn(settings.columns, name) ? settings.columns[name]?.tolerance : undefined;
  const warn: Tolerance = { ...base.warn, ...own?.warn };
  const fail: Tolerance = { ...base.fail, ...own?.fail };
  // what lies above `fail` lies above `warn`: the family of hypotheses rests on it, also when only `warn` was raised
  return {
    warn,
    fail: tolerance(Math.max(warn.phiSquared, fail.phiSquared), Math.max(warn.cellChange, fail.cellChange)),
  };
}

export function isPrediction(role: Role): boolean {
  return role === 'prediction' || role === 'score';
}

function tolerance(phiSquared: number, cellChange: number): Tolerance {
  return { phiSquared, cellChange };
}
