import type { FrequencyTable, TestedCells } from './frequency-table.ts';
import type { Kind } from './measure.ts';
import type { ColumnProfile, Role } from './profile.ts';
import type { Severity } from './settings.ts';

/** Data-quality checks, by their file's name, in the order in which reports show them. */
export const qualityIds = [
  'duplicate-rows',
  'missing-columns',
  'new-columns',
  'renamed-columns',
  'mixed-types',
  'cardinality',
  'almost-constant',
  'entropy',
] as const;
export type QualityId = (typeof qualityIds)[number];

/** How many values come how many times. */
export interface Occurrences {
  /** ascending */
  readonly times: Float64Array;
  readonly values: Float64Array;
}

/** What a text may be read as. */
export const textReadings = ['number', 'date', 'truth', 'word'] as const;
export type TextReading = (typeof textReadings)[number];
/** Rows by what their texts read as. */
export type ReadRows = Readonly<Record<TextReading, number>>;

/** A column of strings by what its values read as. */
export interface ReadTexts {
  readonly reference: ReadRows;
  readonly current: ReadRows;
  /** of the current side, most frequent first */
  readonly values: readonly string[];
}

/** What a column check reads: both sides of one column, counted. */
export interface QualityColumn {
  readonly name: string;
  readonly role: Role;
  readonly kind: Kind;
  readonly rows: BothRows;
  readonly profiles: { readonly reference: ColumnProfile; readonly current: ColumnProfile };
  /** null when there are no counts of both sides */
  readonly table: FrequencyTable | null;
  /** the verdict's cells; null for a column that is not tested */
  readonly cells: TestedCells | null;
  /** of the reference's values; null when they are not all known */
  readonly occurrences: Occurrences | null;
  /** null for what is no category */
  readonly texts: ReadTexts | null;
}

export interface BothRows {
  readonly reference: number;
  readonly current: number;
}

/** Rows that were looked at, and how many of them differ from one another. */
export interface RepeatCounts {
  readonly rows: number;
  readonly distinct: number;
}

/** What a check of the whole data set reads. */
export interface QualityDataset {
  readonly rows: BothRows;
  /** null when repeated rows were not counted */
  readonly repeats: {
    /** columns that name a row; null when whole rows were compared */
    readonly ids: readonly string[] | null;
    readonly reference: RepeatCounts;
    readonly current: RepeatCounts;
  } | null;
  /** columns of the reference that the current side lacks, labels and untested roles not among them */
  readonly missing: readonly NamedColumn[];
  /** columns that only the current side has */
  readonly added: readonly string[];
  /** a missing and a new column each, where one may be the other under a new name */
  readonly pairs: readonly ColumnPair[];
}

export interface NamedColumn {
  readonly name: string;
  readonly role: Role;
}

export interface ColumnPair {
  readonly missing: NamedColumn;
  readonly added: string;
  /** the reference's column against the new one; null when their values cannot be compared */
  readonly cells: TestedCells | null;
}

/** Rows with a property, of all. */
export interface Counted {
  readonly rows: number;
  readonly of: number;
}

/** What the verdict needs to tell a finding from what sampling explains; each form has its own test. */
export type QualityEvidence =
  | {
      /** a share that must not rise */
      readonly form: 'share';
      readonly reference: Counted;
      readonly current: Counted;
      /** how many times the reference's share is to be expected by the sizes alone; 1 as a rule */
      readonly growth: number;
      /** variance of the share as a multiple of the binomial one; 1 when rows are counted one by one */
      readonly dispersion: number;
    }
  | {
      /** a number of distinct values that must not be a multiple of what was to be expected */
      readonly form: 'count';
      readonly found: number;
      readonly expected: number;
      /** of the expectation, which is an estimate itself */
      readonly variance: number;
    }
  | {
      /** rows off one value, which must not vanish */
      readonly form: 'rest';
      readonly reference: Counted;
      readonly current: Counted;
    }
  | {
      /** a number that must stay where it is */
      readonly form: 'difference';
      readonly difference: number;
      readonly standardError: number;
    }
  | {
      /** two columns that may be one */
      readonly form: 'resemblance';
      /** the names differ in case and punctuation at most */
      readonly sameName: boolean;
      readonly cells: TestedCells | null;
      readonly missing: string;
      readonly added: string;
    };

/** What a check measured. It never compares with a threshold. */
export interface QualityMeasurement {
  /** the number on the check's own scale; null where a side has none */
  readonly reference: number | null;
  readonly current: number | null;
  /** further numbers, as the finding's sentence and the report tell them */
  readonly detail: QualityDetail;
  /** null when there is nothing to judge: shown only, or told by a rule of the verdict */
  readonly evidence: QualityEvidence | null;
}

export type QualityDetail = Readonly<Record<string, number | string | boolean | null>>;

/** A measurement with what it is about. */
export interface QualityFact extends QualityMeasurement {
  readonly id: QualityId;
  /** null when it is about the data set */
  readonly column: string | null;
  readonly role: Role | null;
}

/** Parts of {@link QualityColumn} and {@link QualityDataset} that a check reads. */
export type QualityNeed = 'profiles' | 'table' | 'cells' | 'occurrences' | 'texts' | 'repeats' | 'schema';

interface Described {
  readonly id: QualityId;
  readonly title: string;
  /** one line: what is looked at */
  readonly summary: string;
  readonly needs: readonly QualityNeed[];
}

export interface ColumnCheck extends Described {
  readonly about: 'column';
  /** null when the column has nothing of the kind */
  measure(column: QualityColumn): QualityMeasurement | null;
}

export interface DatasetCheck extends Described {
  readonly about: 'dataset';
  /** one fact, or one a column concerned */
  measure(dataset: QualityDataset): readonly Omit<QualityFact, 'id'>[];
}

export type QualityCheck = ColumnCheck | DatasetCheck;

/** Identity; gives a check its type and keeps its literal id. */
export function defineQualityCheck<const C extends QualityCheck>(check: C): C {
  return check;
}

/** One check of one column, or of the data set, as it stands in the report. */
export interface QualityResult {
  readonly id: QualityId;
  readonly column: string | null;
  readonly reference: number | null;
  readonly current: number | null;
  /** beyond this it would have been a finding; null for a check without a threshold */
  readonly threshold: number | null;
  /** natural logarithm of the p-value of "within the threshold"; null when nothing was tested */
  readonly logP: number | null;
  /** the finding's severity; null when there is none */
  readonly severity: Severity | null;
  readonly detail: QualityDetail;
}
