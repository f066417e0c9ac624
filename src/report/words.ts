import type { Role } from '../model/profile.ts';
import type { QualityId } from '../model/quality.ts';
import type { Report, ReportColumn } from '../model/report.ts';
import { type Severity, severities } from '../model/settings.ts';
import { printable, quoted } from '../model/text.ts';
import type { TimeReport } from '../model/time.ts';
import type { Finding, FindingCode, GateStatus, JudgedTest, Outcome } from '../model/verdict.ts';
import { formatCount, formatDistance, formatInstant, formatQuantity } from './numbers.ts';

/** The words that every rendering for people shares. Symbols differ in form, so that no meaning rests on colour. */

export const statusWords = {
  pass: { word: 'PASS', symbol: '✓', meaning: 'no change that the gate stops for' },
  breach: { word: 'BREACH', symbol: '✕', meaning: 'a change that the gate stops for' },
  'no-verdict': { word: 'NO VERDICT', symbol: '?', meaning: 'it could not be told' },
} satisfies Record<GateStatus, { word: string; symbol: string; meaning: string }>;

export const outcomeWords = {
  drift: { word: 'drift', symbol: '▲', meaning: 'proven to have changed by more than was declared acceptable' },
  undetermined: { word: 'undetermined', symbol: '◇', meaning: 'neither change nor stability could be proven' },
  stable: { word: 'stable', symbol: '●', meaning: 'proven to have changed by less than was declared acceptable' },
  'not-tested': { word: 'not tested', symbol: '○', meaning: 'shown only' },
} satisfies Record<Outcome, { word: string; symbol: string; meaning: string }>;

/** Worst first: the order in which outcomes are told. */
export const outcomes = Object.keys(outcomeWords) as readonly Outcome[];

export const severityWords = {
  P1: 'page someone',
  P2: 'investigate within hours',
  P3: 'daily report',
} satisfies Record<Severity, string>;

export const findingTitles = {
  COLUMN_MISSING: 'column missing',
  TYPE_CHANGED: 'type changed',
  NEW_COLUMN: 'new column',
  DRIFT_FAIL: 'drift, fail level',
  DRIFT_WARN: 'drift, warn level',
  MANY_DRIFT_WARN: 'many columns at warn level',
  PREDICTION_COLLAPSE: 'every prediction the same',
  NULLS_UP: 'more missing values',
  UNSEEN_CATEGORIES: 'unseen categories',
  OUT_OF_RANGE: 'values out of range',
  CONSTANT_BECAME_VARYING: 'constant became varying',
  VARYING_BECAME_CONSTANT: 'varying became constant',
  NEW_VALUES_NOTED: 'a few new values',
  DUPLICATE_ROWS: 'duplicate rows',
  COLUMN_RENAMED: 'column renamed?',
  MIXED_TYPES: 'mixed types',
  CARDINALITY_UP: 'many more distinct values',
  ALMOST_CONSTANT: 'almost constant',
  ENTROPY_CHANGED: 'entropy changed',
  PERFORMANCE_DOWN: 'performance fell',
  PERFORMANCE_SLIPPED: 'performance slipped',
  ESTIMATED_PERFORMANCE_DOWN: 'estimated performance fell',
  LABELS_BIASED: 'labelled rows differ',
  LABEL_JOIN: 'labels do not fit',
  CONFIDENCE_DOWN: 'less confident',
  SCORES_INVALID: 'invalid scores',
  PREDICTIONS_OUT_OF_BOUNDS: 'predictions out of bounds',
  SERVICE_LEVEL_MISSED: 'service level missed',
  SEGMENT_DRIFT: 'segment drifted',
  DATA_STALE: 'data is stale',
  TIME_DISORDER: 'time out of order',
} satisfies Record<FindingCode, string>;

export const ruleWords = {
  drift: 'distribution',
  nulls: 'missing values',
  unseen: 'unseen categories',
  range: 'out of range',
  constant: 'constant or varying',
  collapse: 'every prediction the same',
} satisfies Record<JudgedTest['rule'], string>;

export const qualityTitles = {
  'duplicate-rows': 'duplicate rows',
  'missing-columns': 'missing columns',
  'new-columns': 'new columns',
  'renamed-columns': 'renamed columns',
  'mixed-types': 'values of another type',
  cardinality: 'distinct values',
  'almost-constant': 'most frequent value',
  entropy: 'entropy',
} satisfies Record<QualityId, string>;

export const roleWords = {
  feature: 'feature',
  prediction: 'prediction',
  score: 'score',
  label: 'label',
  timestamp: 'timestamp',
  id: 'id',
  segment: 'segment',
  model_version: 'model version',
  latency: 'latency',
  status: 'status',
  ignore: 'ignored',
} satisfies Record<Role, string>;

/** Measures whose names are more than their ids' words. */
const measureTitles: Readonly<Record<string, string>> = {
  'kolmogorov-smirnov': 'Kolmogorov–Smirnov',
  'cramer-von-mises': 'Cramér–von Mises',
  'anderson-darling': 'Anderson–Darling',
  'mann-whitney': 'Mann–Whitney',
  'welch-t': 'Welch t',
  'brown-forsythe': 'Brown–Forsythe',
  'jensen-shannon': 'Jensen–Shannon',
  'kullback-leibler': 'Kullback–Leibler',
  'l-infinity': 'L∞',
  'g-test': 'G-test',
  'cramers-v': 'Cramér’s V',
  'fisher-exact': 'Fisher exact',
};

/** The id of a measure as a title. */
export function measureTitle(id: string): string {
  if (Object.hasOwn(measureTitles, id)) return measureTitles[id]!;
  const words = id.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The span of time that one side covers, when a column tells it. */
export function period(report: Report, side: 'reference' | 'current'): string | null {
  const numbers = report.columns.find((column) => column.role === 'timestamp' && column[side]?.numbers)?.[side]
    ?.numbers;
  if (!numbers) return null;
  return `${formatInstant(numbers.min)} to ${formatInstant(numbers.max)}`;
}

/** Rows without a usable value: nulls, NaN and values that do not read as the column's type. */
export function missingRows(profile: NonNullable<ReportColumn['reference']>): number {
  return profile.nulls + profile.nan + profile.castFailures;
}

/** Natural to decimal logarithm. */
export function log10FromNatural(log: number): number {
  return log / Math.LN10;
}

/** Whether the gate stops for this finding. */
export function stopsTheGate({ gate }: Report, { severity }: Finding): boolean {
  return severities.indexOf(severity) <= severities.indexOf(gate.failOn);
}

/** The name of a column on one line, seen even when it is nothing but spaces. */
export function shownName(name: string, limit: number): string {
  return name.trim() === '' ? quoted(name, limit) : printable(name, limit);
}

/** Names that were told apart by what is not shown, told apart again: `a`, `a (2)`. */
export function unique(names: readonly string[]): string[] {
  const taken = new Set(names);
  const seen = new Map<string, number>();
  return names.map((name) => {
    let number = (seen.get(name) ?? 0) + 1;
    seen.set(name, number);
    if (number === 1) return name;
    while (taken.has(`${name} (${number})`)) number += 1;
    seen.set(name, number);
    taken.add(`${name} (${number})`);
    return `${name} (${number})`;
  });
}

/** How far an undetermined column moved, and what a batch of this size could have proven; null when it was not measured. */
export function provable({ outcome, gating }: ReportColumn): string | null {
  if (outcome !== 'undetermined' || gating === null) return null;
  if (gating.measure) return `${gating.measure.title} ${formatDistance(gating.measure.statistic)}`;
  // 4 is the greatest there is
  const least =
    gating.smallestProvable >= 4
      ? 'nothing provable'
      : // beyond what one question alone could prove, so what stands in the way is the others, or the noise between periods
        gating.phiSquared > gating.smallestProvable
        ? 'not proven'
        : `provable from ${formatDistance(gating.smallestProvable)}`;
  return `φ² ${formatDistance(gating.phiSquared)}, ${least}`;
}

/** Which part of the batch drifted, where it says more than the whole: `since 2026-03-20`; null for the whole. */
export function driftedPart(findings: readonly Finding[]): string | null {
  const drift = findings.find(({ code }) => code === 'DRIFT_FAIL' || code === 'DRIFT_WARN');
  const { part, since, until } = drift?.data ?? {};
  // reports of older versions know nothing of parts
  if (typeof since !== 'string' || part === 'whole') return null;
  return part === 'suffix' ? `since ${since}` : `from ${since} to ${until}`;
}

/** As a sentence begins. */
export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Rows that are earlier than the one before them; an older report does not say of how many. */
export function outOfOrder({
  disorderedRows,
  disorderedOf,
}: Pick<TimeReport, 'disorderedRows' | 'disorderedOf'>): string {
  if (disorderedRows === null) return 'not counted';
  if (typeof disorderedOf !== 'number') return formatQuantity(disorderedRows, 'row');
  return `${formatCount(disorderedRows)} of ${formatQuantity(disorderedOf, 'row')}`;
}

/** With a capital and a full stop. */
export function asSentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.?!]$/.test(text) ? '' : '.'}`;
}
