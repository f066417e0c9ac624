import type { Kind } from './measure.ts';
import type { ColumnProfile, Role } from './profile.ts';
import type { ReadRows } from './quality.ts';
import type { ConfigRecord, DatasetInfo } from './run.ts';

/**
 * A data set's profile as it is saved: everything that a later check needs of it, and not one row. The contract is
 * docs/profile.schema.json; docs/profiles.md says what it reveals.
 */

export const profileFormat = 'driftgate-profile';
/** Raised when an older reader would break. */
export const profileSchemaVersion = 2;

/** Doubles or counts in one string, see profile/saved/packing.ts. */
export type Packed = string;

/** A double that JSON has no number for is written as text. */
export type Real = number | 'NaN' | 'Infinity' | '-Infinity';

/** An exact sum as doubles that add up to it, largest first. */
export type ExactSum = readonly Real[];

/** How many values come how many times: ascending times as the steps between them. */
export interface SavedOccurrences {
  readonly size: number;
  readonly times: Packed;
  readonly values: Packed;
}

/** One edge between gate cells: why it is there, as a sum of 1 (decile) and 2, 4, 8, 16 (tails of 0.5, 1, 2, 5 %). */
export type EdgeReasons = number;

/** Counts of a column that is read as numbers. */
export interface SavedNumbers {
  readonly form: 'numbers';
  readonly gate: { readonly at: Packed; readonly reasons: readonly EdgeReasons[] };
  /** the finer cells, the gate's edges among them; interval i holds the values with exactly i edges ≤ x */
  readonly edges: { readonly size: number; readonly at: Packed };
  readonly counts: Packed;
  readonly min: Real;
  readonly max: Real;
  readonly zeros: number;
  /** Σ d, Σ d², Σ d³, Σ d⁴ with d = (x − center)·scale */
  readonly pivot: { readonly center: number; readonly scale: number };
  readonly powerSums: readonly ExactSum[];
  /** Σ x over the first and the last interval */
  readonly sumBelow: ExactSum;
  readonly sumAbove: ExactSum;
  /** every value, where there are at most 200 */
  readonly table: { readonly size: number; readonly values: Packed; readonly counts: Packed } | null;
  /** the most frequent value, where all of them were counted; the cells tell it apart */
  readonly mode: number | null;
  /** of the values, where all of them were counted and the table does not hold them */
  readonly occurrences: SavedOccurrences | null;
}

/** Counts of a column that is read as categories. */
export interface SavedCategories {
  readonly form: 'categories';
  /** rows with a value */
  readonly rows: number;
  /** at most 200; the first hundred are cells of the gate, in this order */
  readonly names: readonly string[];
  readonly counts: Packed;
  /** rows by what their values read as */
  readonly reads: ReadRows;
  readonly further: SavedFurther;
}

/** Values without a name here. */
export interface SavedFurther {
  /** rows that hold one */
  readonly rows: number;
  /** how many there are, and of these hashes of 48 bits in ascending order, each with a class: once, twice, more often; null when unknown */
  readonly values: number | null;
  readonly hashes: Packed | null;
  readonly classes: Packed | null;
  /** null when they are not all known */
  readonly occurrences: SavedOccurrences | null;
  /** of a data set that was profiled like another: rows of values that the other does not know; null where it cannot tell */
  readonly unseenRows: number | null;
  /** the most frequent of these */
  readonly unseen: readonly { readonly value: string; readonly rows: number }[];
}

/** How the values are handled, see engine/source.ts. */
export const families = ['number', 'integer', 'boolean', 'string', 'datetime', 'embedding', 'unsupported'] as const;
type Family = (typeof families)[number];

export interface SavedColumn {
  readonly name: string;
  readonly family: Family;
  readonly native: string;
  readonly notation?: string;
  readonly ticks?: number;
  readonly role: Role;
  readonly roleReason: string | null;
  readonly kind: Kind;
  readonly kindReason: string | null;
  /** what the settings said of it when it was profiled */
  readonly said: { readonly role: Role | null; readonly kind: Kind | null };
  readonly error: string | null;
  /** the data has no such column; its counts are zeros */
  readonly absent: boolean;
  readonly profile: ColumnProfile | null;
  /** distinct values of the part that has most of them; null when not counted */
  readonly distinct: number | null;
  readonly pivot: { readonly center: number; readonly scale: number };
  readonly counts: SavedNumbers | SavedCategories | null;
  /** the gate's cells by period, cell after cell, then other values, missing, NaN; null when not counted */
  readonly periods: Packed | null;
  /** the same by window of the batch */
  readonly windows: Packed | null;
}

/** The rows by fine, equal periods; see model/windows.ts. */
export interface SavedTimeline {
  readonly column: string;
  /** a moment on which a period begins; the same in every profile that can be merged */
  readonly origin: number;
  readonly length: number;
  /** the first period begins so many lengths after the origin, or before it */
  readonly first: number;
  readonly periods: number;
  readonly rows: Packed;
  readonly outside: number;
  readonly granularity: number;
}

/** A column that the other profile lacks. */
export interface SavedNewColumn {
  readonly name: string;
  readonly family: Family;
  readonly native: string;
  /** counted as if it were a column that is missing here, for each that it may be under a new name */
  readonly as: readonly SavedColumn[];
}

/** Of a batch: from when to when it lies, its windows, and what the other profile lacks. */
export interface SavedBatch {
  readonly added: readonly SavedNewColumn[];
  readonly time: {
    readonly column: string;
    readonly from: number;
    readonly to: number;
    readonly granularity: number;
  } | null;
  readonly windows: {
    readonly column: string | null;
    readonly spans: readonly (readonly [number, number])[] | null;
    readonly rows: readonly number[];
    readonly outside: number;
  } | null;
}

export interface SavedProfile {
  readonly format: typeof profileFormat;
  readonly schemaVersion: number;
  readonly tool: { readonly version: string; readonly engine: string };
  readonly rows: number;
  /** what was read; several of a merged profile */
  readonly datasets: readonly DatasetInfo[];
  readonly config: ConfigRecord;
  readonly privacy: {
    /** categories of fewer rows are not told apart; null for no such bound */
    readonly minCount: number | null;
    /** columns whose categories are hashes */
    readonly redacted: readonly string[];
    /** tells the salt of these hashes from another; null when there are none */
    readonly saltCheck: string | null;
  };
  /** of what everything is counted over: profiles with the same can be merged and compared */
  readonly cells: string;
  /** checksum of the profile that it was made like; null for one of its own */
  readonly like: string | null;
  readonly columns: readonly SavedColumn[];
  readonly timeline: SavedTimeline | null;
  /** null unless it was profiled as a current side */
  readonly batch: SavedBatch | null;
  /** rows that repeat others: by which columns, and how many differ; null when not known */
  readonly repeats: {
    readonly ids: boolean;
    readonly columns: readonly string[];
    readonly rows: number;
    readonly distinct: number;
  } | null;
  /** what the layers beside the columns keep of a reference */
  readonly layers: Readonly<Record<string, unknown>>;
  readonly notes: readonly string[];
  /** SHA-256 of all of the above */
  readonly checksum: string;
}
