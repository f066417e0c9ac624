import type { Role } from './profile.ts';
import type { Severity } from './settings.ts';
import type { Phase } from './windows.ts';

export type Outcome = 'stable' | 'drift' | 'undetermined' | 'not-tested';

/** What data-quality checks find; the sentences stand in verdict/quality-messages.ts. */
export type QualityCode =
  | 'DUPLICATE_ROWS'
  | 'COLUMN_RENAMED'
  | 'MIXED_TYPES'
  | 'CARDINALITY_UP'
  | 'ALMOST_CONSTANT'
  | 'ENTROPY_CHANGED';

/** What is found beside the columns; the sentences stand with each layer in verdict/. */
export type LayerCode =
  | 'PERFORMANCE_DOWN'
  | 'PERFORMANCE_SLIPPED'
  | 'ESTIMATED_PERFORMANCE_DOWN'
  | 'LABELS_BIASED'
  | 'LABEL_JOIN'
  | 'CONFIDENCE_DOWN'
  | 'SCORES_INVALID'
  | 'PREDICTIONS_OUT_OF_BOUNDS'
  | 'SERVICE_LEVEL_MISSED'
  | 'SEGMENT_DRIFT'
  | 'DATA_STALE'
  | 'TIME_DISORDER';

/** What the verdict itself finds. */
export type VerdictCode = Exclude<FindingCode, QualityCode | LayerCode>;

export type FindingCode =
  | QualityCode
  | LayerCode
  | 'COLUMN_MISSING'
  | 'TYPE_CHANGED'
  | 'NEW_COLUMN'
  | 'DRIFT_FAIL'
  | 'DRIFT_WARN'
  | 'MANY_DRIFT_WARN'
  | 'PREDICTION_COLLAPSE'
  | 'NULLS_UP'
  | 'UNSEEN_CATEGORIES'
  | 'OUT_OF_RANGE'
  | 'CONSTANT_BECAME_VARYING'
  | 'VARYING_BECAME_CONSTANT'
  | 'NEW_VALUES_NOTED';

/** One thing worth saying, as data; its sentence comes from one table. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** null when it is about the dataset */
  readonly column: string | null;
  readonly role: Role | null;
  /** the sentence for people, with the number, the threshold and how it was formed */
  readonly message: string;
  /** the numbers of the sentence */
  readonly data: Readonly<Record<string, number | string | boolean | null>>;
}

/** One member of the run's family of hypotheses, as judged. */
export interface JudgedTest {
  readonly rule: 'drift' | 'nulls' | 'unseen' | 'range' | 'constant' | 'collapse';
  /**
   * natural logarithm of the p-value at fail, and at the weaker level warn where the rule has one: for drift the warn tolerance, for
   * unseen and range "more than a reference of this size leaves unseen", which is noted and no drift; never below −1e6
   */
  readonly logPFail: number;
  readonly logPWarn: number | null;
  /** rejected at which level */
  readonly rejected: 'fail' | 'warn' | null;
}

/** How much the reference's own windows, as long as the batch, differ in one column; see verdict/noise.ts. */
export interface PeriodNoise {
  /** windows that took part */
  readonly windows: number;
  /** φ² of the batch against the windows' rows when they share a part of the day or week, else against the whole reference */
  readonly phiSquared: number;
  /** φ² of a window against the rest of the reference: in the median, and at most */
  readonly median: number;
  readonly largest: number;
  /** s²: the noise between windows on the scale of φ², sampling taken out */
  readonly between: number;
  /** T: what φ² of the batch is on average when there is nothing but sampling and this noise */
  readonly expected: number;
  /** of the numerator; 1 with fewer than 8 windows */
  readonly degreesOfFreedom: number;
  /** how many times larger than by sampling the windows' φ² is on average, at least 1 */
  readonly overdispersion: number;
  /** natural logarithm of the p-value of "no more than the reference's windows differ by" */
  readonly logP: number;
}

/** What the reference's own periods could say. */
export interface NoiseSource {
  /** the timestamp column; null when there is none */
  readonly column: string | null;
  /** windows of the reference that took part */
  readonly windows: number;
  readonly windowSeconds: number | null;
  readonly batchSeconds: number | null;
  /** rows of the reference outside the 0.1–99.9 % range of its times, or without a time: in no window */
  readonly outsideRows: number;
  /** all windows cover the same hours of the day, or the same days of the week, as the batch */
  readonly samePhase: Phase | null;
  /** none: fewer than 3 windows, noise unknown; direction: 3 to 7, only strong drift is proven; weak: 8 to 11; full: 12 and more */
  readonly strength: 'none' | 'direction' | 'weak' | 'full';
  /** the drift rules of the gate, asked of the reference's own windows against the rest of it; null with fewer than 4 windows */
  readonly backTest: { readonly windows: number; readonly fired: number } | null;
}

/** A measure that the user chose as a column's gate, with what is known of the population's value. */
export interface OwnMeasure {
  readonly id: string;
  readonly title: string;
  /** what the number is, where it is not the measure's statistic itself */
  readonly scale: string | null;
  readonly statistic: number;
  /** bounds that surely hold the statistic of the raw values; null when it is that of the raw values */
  readonly certain: readonly [number, number] | null;
  /** lower and upper bound of the population's value, each at the run's alpha */
  readonly interval: readonly [number, number];
  readonly tolerance: { readonly warn: number; readonly fail: number };
  /** how the p-value was formed */
  readonly method: string;
}

/** Natural logarithms of the p-values at both levels. */
export interface LevelLogP {
  readonly fail: number;
  readonly warn: number;
}

/** What a column's own gating measure found. */
export type MeasureGate =
  | {
      readonly own: OwnMeasure;
      /** at the lower certain bound of the statistic, and at the upper one */
      readonly surely: LevelLogP;
      readonly perhaps: LevelLogP;
    }
  | { readonly failed: string };

/** How far the batch moved, on the gate's own scales. */
export interface GatingMeasure {
  readonly phiSquared: number;
  /** number of tested cells, and 1/n + 1/m */
  readonly cells: number;
  readonly samplingVariance: number;
  /** the cell whose share changed most: label, share then and now */
  readonly largestCellChange: { readonly cell: string; readonly reference: number; readonly current: number } | null;
  readonly tolerance: {
    readonly warn: { phiSquared: number; cellChange: number };
    readonly fail: { phiSquared: number; cellChange: number };
  };
  /** the smallest φ² that this batch, of this size, would have proven to be above the warn tolerance when the column stood alone; 4, the greatest there is, for none */
  readonly smallestProvable: number;
  /**
   * lower and upper bound of the population's φ², each at the run's alpha, by inverting the non-central law; with many cells and few
   * rows φ² itself, which sampling inflates by (cells − 1) · samplingVariance, may lie above it
   */
  readonly interval: readonly [number, number];
  /** null when the reference's periods say nothing of this column */
  readonly noise: PeriodNoise | null;
  /** the measure that gates this column in place of φ² and the largest cell change; absent when these do */
  readonly measure?: OwnMeasure;
}

/** One column by window of the batch; one entry a window. */
export interface ColumnWindows {
  /** φ² of the window against the reference; null for a window with too few rows */
  readonly phiSquared: readonly (number | null)[];
  /** the largest change of the share of one cell, likewise */
  readonly cellChange: readonly (number | null)[];
  /** share of rows without a value; null where they say nothing */
  readonly missing: readonly (number | null)[];
  /** the level that this window is beyond by itself, among all windows of the column; shown, the column's outcome is what counts */
  readonly beyond: readonly ('fail' | 'warn' | null)[];
}

export interface ColumnVerdict {
  readonly name: string;
  readonly outcome: Outcome;
  /** why not tested, why undetermined, or in a few words why this outcome */
  readonly reason: string;
  readonly severity: Severity | null;
  readonly gating: GatingMeasure | null;
  readonly tests: readonly JudgedTest[];
  readonly findings: readonly Finding[];
  /** absent when the batch has no windows */
  readonly windows?: ColumnWindows;
  /**
   * Benjamini and Hochberg's, from the classical p-value of φ² ("no difference at all") over all tested columns: of the columns with
   * this or a smaller one, so large a share is expected not to differ. Shown, never gated; absent for a column without that test
   */
  readonly qValue?: number;
}

export type GateStatus = 'pass' | 'breach' | 'no-verdict';

export interface Verdict {
  readonly columns: readonly ColumnVerdict[];
  /** of all columns and of the dataset, worst first */
  readonly findings: readonly Finding[];
  readonly gate: {
    readonly status: GateStatus;
    /** 0 pass, 1 breach, 2 no verdict */
    readonly exitCode: 0 | 1 | 2;
    readonly reason: string;
    readonly failOn: Severity;
    readonly counts: Readonly<Record<Outcome, number>>;
  };
  readonly method: {
    readonly alpha: number;
    /** number of hypotheses in the family */
    readonly familySize: number;
    /** what is known of the noise between periods of the reference */
    readonly noise: string;
    /** the same as data */
    readonly periods: NoiseSource;
  };
}
