import type { Role } from './profile.ts';
import type { Severity } from './settings.ts';

export type Outcome = 'stable' | 'drift' | 'undetermined' | 'not-tested';

export type FindingCode =
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
  };
}
