import type { Side } from '../model/profile.ts';
import type { RepeatCounts } from '../model/quality.ts';
import type { DatasetInfo, SourceOptions } from '../model/run.ts';
import type { ImposedSchema, SourceColumn } from './source.ts';

/**
 * Where the rows are. Only aggregates leave it, and single columns' values within stated bounds; every method answers for all
 * columns it is asked about in a fixed number of scans. Counts are exact integers, whatever the number of threads.
 */
export interface Engine {
  /** name and version, for the audit trail */
  readonly description: string;
  readonly threads: number;
  open(side: Side, options: SourceOptions, hash: 'ends' | 'full', imposed?: ImposedSchema): Promise<Dataset>;
  /** stops whatever runs; pending calls reject with INTERRUPTED */
  interrupt(): void;
  close(): Promise<void>;
}

/** A failure of one column; the answers of the others stand. */
export class ColumnFailure {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}
export type Answer<T> = T | ColumnFailure;

/** A column read as numbers: its own values, the lengths of its texts in characters, or its texts as times in seconds since 1970 UTC. */
export interface NumberReading {
  readonly column: SourceColumn;
  readonly as: 'value' | 'length' | 'time';
}

export interface ColumnCounts {
  /** rows with a value */
  readonly present: number;
  readonly castFailures: number;
  readonly distinct: number;
}

export interface NumberCounts extends ColumnCounts {
  readonly nan: number;
  readonly positiveInfinity: number;
  readonly negativeInfinity: number;
  /** of the finite values; NaN when there is none */
  readonly min: number;
  readonly max: number;
}

export interface CategoryCounts extends ColumnCounts {
  /** the longest value in bytes */
  readonly longest: number;
}

/** Distinct finite values, ascending, with their rows. */
export interface NumberTable {
  readonly values: Float64Array;
  readonly counts: Float64Array;
}

/** Distinct values with their rows, most frequent first, ties by code unit. */
export interface CategoryTableSide {
  readonly values: readonly string[];
  readonly counts: Float64Array;
  /** false when there are more values than were asked for */
  readonly complete: boolean;
}

export interface IntervalRequest extends NumberReading {
  /**
   * Ascending, distinct, finite; where 0 is among them so is the next larger double, so that zeros are an interval of their own.
   * Interval i holds the values with exactly i edges ≤ x.
   */
  readonly edges: Float64Array;
  /** smallest and largest finite value, see countNumbers; what cannot occur is not summed */
  readonly min: number;
  readonly max: number;
  /** sums are of (x − center)·scale, scale a power of two, so that they neither cancel nor overflow */
  readonly center: number;
  readonly scale: number;
}

export interface IntervalCounts {
  /** finite values by interval, length edges + 1 */
  readonly counts: Float64Array;
  readonly zeros: number;
  /** Σ d, Σ d², Σ d³, Σ d⁴ with d = (x − center)·scale */
  readonly powerSums: readonly [number, number, number, number];
  /** Σ x over the first and the last interval */
  readonly sumBelow: number;
  readonly sumAbove: number;
}

/** Half-open: from ≤ x < to. */
export type Range = readonly [from: number, to: number];

/** Ascending and disjoint ranges. */
export interface RangeRequest extends NumberReading {
  readonly ranges: readonly Range[];
}

export interface RangeCountRequest extends RangeRequest {
  /** ascending and distinct, the ranges' ends among them */
  readonly edges: Float64Array;
}

export interface SampleRequest extends NumberReading {
  /** only values inside these */
  readonly ranges?: readonly Range[];
}

/** Equal stretches of time: stretch i from start + i·length up to, not including, the next; seconds since 1970 UTC. */
export interface TimeGrid extends NumberReading {
  readonly start: number;
  readonly length: number;
  readonly count: number;
}

/** Stretches of time of any length: stretch i from edges[i] up to, not including, edges[i + 1]; ascending. */
export interface TimeEdges extends NumberReading {
  readonly edges: Float64Array;
}

/** Categories by label; a label's place in the list is its index. */
export interface LabelledColumn {
  readonly column: SourceColumn;
  /** as {@link Dataset.categoryTables} gives them */
  readonly labels: readonly string[];
}

/** Stretches of time, or blocks of rows. */
export type Stretches =
  | (TimeGrid & { readonly form: 'time' })
  | (TimeEdges & { readonly form: 'moments' })
  /** so many rows each, in the order of the files; needs a data set that was opened as ordered. The last block takes what is left */
  | { readonly form: 'rows'; readonly length: number; readonly count: number };

/** What rows are grouped by. A row that belongs to no group is left out. */
export type Grouping =
  | Stretches
  /** group i·(number of the second's labels) + j holds the rows with label i of the first and label j of the second column; likewise for more */
  | { readonly form: 'labels'; readonly columns: readonly LabelledColumn[] }
  /** by the places on the axes, the last axis running fastest; every row has its group, those without a place on an axis too */
  | { readonly form: 'axes'; readonly axes: readonly Axis[] };

export function groupsOf(by: Grouping): number {
  if (by.form === 'moments') return by.edges.length - 1;
  if (by.form === 'axes') return by.axes.reduce((product, axis) => product * axisSize(axis), 1);
  return by.form === 'labels' ? by.columns.reduce((product, { labels }) => product * labels.length, 1) : by.count;
}

/** What is counted by group: numbers over edges, or categories by label. */
export type GroupedRequest =
  | (NumberReading & { readonly form: 'numbers'; readonly edges: Float64Array })
  | (LabelledColumn & { readonly form: 'categories' });

/** Every array has one entry a group. */
export interface GroupedCells {
  /**
   * numbers: one array a cell, cell i holding the values with exactly i edges ≤ x, infinities in the end cells;
   * categories: one array a label
   */
  readonly cells: readonly Float64Array[];
  /** rows with a value, NaN among them */
  readonly present: Float64Array;
  readonly nan: Float64Array;
}

export interface GroupedAnswers {
  /** all rows by group; zeros when nothing was asked or all of it failed */
  readonly rows: Float64Array;
  readonly answers: Answer<GroupedCells>[];
}

/** One direction of a table of counts. Index `size − 1`, see {@link axisSize}, holds the rows that have no place on it. */
export type Axis =
  | Stretches
  /** by the number of edges ≤ x; without a place: NULL and NaN */
  | (NumberReading & { readonly form: 'numbers'; readonly edges: Float64Array })
  /** the same of what is computed from a row */
  | { readonly form: 'computed'; readonly term: Term; readonly edges: Float64Array }
  /** the labels, then all other values; without a place: NULL */
  | (LabelledColumn & { readonly form: 'categories' });

export function axisSize(axis: Axis): number {
  if (axis.form === 'time' || axis.form === 'rows') return axis.count + 1;
  if (axis.form === 'moments') return axis.edges.length;
  return axis.form === 'categories' ? axis.labels.length + 2 : axis.edges.length + 2;
}

/** Arithmetic on the columns of one row, computed in double precision; NULL where something in it is. */
export type Term =
  | number
  | { readonly op: 'value'; readonly reading: NumberReading }
  /** 1 where the column holds the label, 0 where it holds another */
  | { readonly op: 'is'; readonly column: SourceColumn; readonly label: string }
  /** 1 where both hold the same text, else 0 */
  | { readonly op: 'same'; readonly columns: readonly [SourceColumn, SourceColumn] }
  | { readonly op: '+' | '-' | '*' | '/'; readonly terms: readonly [Term, Term] }
  | { readonly op: 'least' | 'greatest'; readonly terms: readonly [Term, Term, ...Term[]] }
  | { readonly op: 'abs' | 'ln'; readonly term: Term };

export interface CrossRequest {
  readonly axes: readonly Axis[];
  /** summed by cell over the rows where they are finite */
  readonly sums: readonly Term[];
  /** only rows where every one of these is 1 or more */
  readonly where?: readonly Term[];
  /**
   * Counted by interval inside every cell, which costs less than a fine axis: interval i holds the numbers with exactly i edges ≤ x.
   * The edges are finite
   */
  readonly inside?: readonly { readonly term: Term; readonly edges: Float64Array }[];
}

/** The cells of a table that hold a row, in no order. */
export interface CrossCounts {
  /** one array an axis: the cell's index on it */
  readonly places: readonly Int32Array[];
  readonly rows: Float64Array;
  /** one array a sum */
  readonly sums: readonly Float64Array[];
  /** one array a sum: rows that took part in it */
  readonly summed: readonly Float64Array[];
  /** what was asked inside every cell: one array a cell, of edges + 1 counts */
  readonly inside: readonly (readonly Float64Array[])[];
}

/** A column made from others, row by row. */
export type Derivation =
  | { readonly as: 'itself'; readonly column: SourceColumn }
  /** text; a whole number reads the same whether it is stored as an integer or with a fraction: 1 and 1.0 are one class */
  | { readonly as: 'class'; readonly column: SourceColumn }
  /** a finite double; other values become NULL, and all do in a row where one of `together` is none */
  | { readonly as: 'number'; readonly reading: NumberReading; readonly together?: readonly SourceColumn[] }
  /** one finite number less another */
  | { readonly as: 'difference'; readonly columns: readonly [SourceColumn, SourceColumn] }
  /** `above` where the number is at least the threshold, `below` where it is less */
  | {
      readonly as: 'threshold';
      readonly column: SourceColumn;
      readonly threshold: number;
      readonly above: string;
      readonly below: string;
    }
  /** the name of the largest score, the first of equal ones; NULL where one is missing */
  | { readonly as: 'largest'; readonly scores: readonly { readonly name: string; readonly column: SourceColumn }[] }
  /** a whole number for each of the texts; NULL for others */
  | { readonly as: 'code'; readonly column: SourceColumn; readonly codes: ReadonlyMap<string, number> }
  /** 1 where the column holds one of these texts, 0 where it holds another, NULL where it holds nothing */
  | { readonly as: 'among'; readonly column: SourceColumn; readonly texts: readonly string[] }
  /** 0 or 1, half of the rows each, by a hash of these columns */
  | { readonly as: 'half'; readonly columns: readonly SourceColumn[] }
  /** 1 for a row with a value, 0 for one without */
  | { readonly as: 'present'; readonly column: SourceColumn }
  /** the index of the stretch that a row lies in; NULL outside of all */
  | { readonly as: 'stretch'; readonly by: Stretches };

export interface DerivedColumn {
  readonly name: string;
  readonly derivation: Derivation;
}

/** Labels of another data set, met by key. */
export interface LabelJoin {
  /** of this data set */
  readonly key: SourceColumn;
  readonly labels: Dataset;
  readonly labelKey: SourceColumn;
  readonly label: SourceColumn;
  /** when a label came; null when nothing tells */
  readonly labelTime: NumberReading | null;
  /** when a row was logged */
  readonly time: NumberReading | null;
  /** what the joined rows hold beside the label */
  readonly columns: readonly SourceColumn[];
}

export interface LabelJoinCounts {
  /** rows with a key and a label in the labels' data set, and the distinct keys among them */
  readonly labels: number;
  readonly labelKeys: number;
  /** rows of the labels' data set without a key, and with a key and no label */
  readonly keyless: number;
  readonly empty: number;
  /** keys with several labels that agree, and with several that do not: the latter are not used */
  readonly repeatedKeys: number;
  readonly conflictingKeys: number;
  /** distinct keys with a label that no row of this data set has */
  readonly orphanKeys: number;
  /** rows that got a label */
  readonly matched: number;
  /** rows whose key has labels that contradict each other */
  readonly contradicted: number;
  /** rows of this data set without a key, and rows beyond the first of their key */
  readonly rowsWithoutKey: number;
  readonly repeatedRows: number;
  /** seconds from the row to its label at each of {@link lagProbabilities}; null when no row has both times */
  readonly lags: readonly number[] | null;
}

/** How keys may be meant that are not the same text. */
export type KeyReading = 'without-case' | 'without-zeros' | 'trimmed';

export const lagProbabilities = [0, 0.5, 0.9, 0.99, 1] as const;

export interface LabelledRows {
  /** this data set's rows, in the columns asked for and `label` */
  readonly data: Dataset;
  readonly label: SourceColumn;
  readonly counts: LabelJoinCounts;
}

/** One class against the rest, by score; rows without a label or a score are left out. */
export interface RankingRequest {
  /** finite or NULL */
  readonly score: SourceColumn;
  /** 1 for a row of the class, 0 for another, NULL without a label */
  readonly positive: SourceColumn;
  /** groups 0 … count − 1 by a column of whole numbers; null for all rows together */
  readonly by: { readonly column: SourceColumn; readonly count: number } | null;
}

/** Distinct scores, ascending, with their rows. */
export interface ScoreRows {
  readonly scores: Float64Array;
  readonly positives: Float64Array;
  readonly negatives: Float64Array;
}

/** The sums that ranks of scores need; see RankSums in model/outcome-counts.ts for what each is. */
export interface ScoreRanking {
  readonly positives: number;
  readonly negatives: number;
  readonly discordant: number;
  readonly positiveSquares: number;
  readonly negativeSquares: number;
  readonly precisions: number;
  readonly precisionSquares: number;
}

/** Two scores of the same rows, each against one class; rows without one of the three are left out. */
export interface PairedRankingRequest {
  /** finite or NULL */
  readonly scores: readonly [SourceColumn, SourceColumn];
  /** 1 for a row of the class, 0 for another, NULL without a label */
  readonly positive: SourceColumn;
  /** scores that differ by less than a cell of the log-odds count as one, so that few are held however many rows there are */
  readonly merged: boolean;
}

/** Rows of one class. A row is misplaced by the rows of the other class on its wrong side, those of an equal score one half each. */
export interface MisplacedRows {
  readonly rows: number;
  /** by either score: Σ m, Σ m² */
  readonly sums: readonly [number, number];
  readonly squares: readonly [number, number];
  /** Σ (m₂ − m₁), Σ (m₂ − m₁)² */
  readonly difference: number;
  readonly differenceSquares: number;
  /** by either score: Σ rows of the other class that have the same */
  readonly tied: readonly [number, number];
}

export interface PairedRanking {
  readonly positives: MisplacedRows;
  readonly negatives: MisplacedRows;
}

/** Rows of this data set and of another, met by a key that both name a row by. */
export interface PairRequest {
  readonly key: SourceColumn;
  readonly other: Dataset;
  readonly otherKey: SourceColumn;
  /** what a pair holds: of this row, and of the other's */
  readonly columns: readonly SourceColumn[];
  readonly otherColumns: readonly SourceColumn[];
  /** of this row, or of the other's where this one has no value */
  readonly shared: readonly (readonly [SourceColumn, SourceColumn])[];
}

/** What came of the rows of one side. */
export interface PairedSide {
  readonly keyless: number;
  /** rows that share their key with another of the side: which of them is meant is not known */
  readonly repeated: number;
  /** rows with a key of their own that the other side does not have */
  readonly alone: number;
}

export interface PairedRows {
  /** one row a pair, in the columns asked for, the others', and the shared ones */
  readonly data: Dataset;
  readonly columns: readonly SourceColumn[];
  readonly otherColumns: readonly SourceColumn[];
  readonly shared: readonly SourceColumn[];
  readonly sides: readonly [PairedSide, PairedSide];
}

/** How the times of a log go up in the order of its rows, or why that is not known. */
export type Disorder =
  | {
      /** earlier than the row before them in their file */
      readonly rows: number;
      /** rows with a time that were looked at: all, or those among the first of the files */
      readonly of: number;
    }
  | { readonly none: string };

export interface Dataset {
  readonly rows: number;
  /** its rows take much memory: another such data set should wait until this is closed */
  readonly loaded: boolean;
  readonly columns: readonly SourceColumn[];
  readonly info: DatasetInfo;
  /** single values come over a network, so that a scan more may be cheaper than many of them */
  readonly remote: boolean;

  /** @param distinct false where the number of distinct values will be known from a table: the estimate is most of the cost */
  countNumbers(readings: readonly NumberReading[], distinct?: boolean): Promise<Answer<NumberCounts>[]>;
  /** @param distinct likewise */
  countCategories(columns: readonly SourceColumn[], distinct?: boolean): Promise<Answer<CategoryCounts>[]>;
  /** for columns that cannot be read: only how many rows hold something */
  countPresent(
    columns: readonly SourceColumn[],
  ): Promise<Answer<{ readonly present: number; readonly castFailures: number }>[]>;
  /** exact number of distinct values */
  countDistinct(columns: readonly SourceColumn[]): Promise<Answer<number>[]>;
  /**
   * Rows, and how many of them differ in these columns; exact.
   *
   * @param filled leaves out rows without a value in one of the columns
   */
  countDuplicates(columns: readonly SourceColumn[], filled: boolean): Promise<Answer<RepeatCounts>>;

  /**
   * All finite values when there are at most `limit` distinct ones, else null.
   */
  numberTables(readings: readonly NumberReading[], limit: number): Promise<Answer<NumberTable | null>[]>;
  /** the most frequent `limit` values */
  categoryTables(columns: readonly SourceColumn[], limit: number): Promise<Answer<CategoryTableSide>[]>;

  /**
   * Finite values of about one row in `oneIn`, chosen by a hash of their content and so by nothing else: not by their order, the
   * number of files or threads.
   *
   * @param key the columns hashed; the more distinct values they have, the better the sample
   */
  sample(
    readings: readonly SampleRequest[],
    key: readonly SourceColumn[],
    oneIn: number,
  ): Promise<Answer<Float64Array>[]>;
  intervalCounts(requests: readonly IntervalRequest[]): Promise<Answer<IntervalCounts>[]>;
  /** counts by interval of the values inside the ranges: interval i holds those with exactly i edges ≤ x */
  countsWithin(requests: readonly RangeCountRequest[]): Promise<Answer<Float64Array>[]>;
  /** the values inside the ranges, ascending; −0 as 0 */
  valuesWithin(requests: readonly RangeRequest[]): Promise<Answer<Float64Array>[]>;
  /** the values inside the ranges that at least `rows` rows hold, ascending */
  heavyValues(requests: readonly RangeRequest[], rows: number): Promise<Answer<Float64Array>[]>;
  /** counts of many columns by group, in one scan */
  groupedCells(requests: readonly GroupedRequest[], by: Grouping): Promise<GroupedAnswers>;
  /** counts and sums over the cells of several axes, in one scan a request; a request that fails says so alone */
  crossCounts(requests: readonly CrossRequest[]): Promise<Answer<CrossCounts>[]>;
  /** the same rows in other columns; nothing is copied, and closing it does nothing */
  derive(columns: readonly DerivedColumn[]): Dataset;
  /** the same rows, kept for many questions where the engine can; close what it gives */
  kept(): Promise<Dataset>;
  /** these rows with the labels that another data set has for them; close what it gives */
  joinLabels(join: LabelJoin): Promise<LabelledRows>;
  /** a few keys of the rows, ascending, as text */
  keyExamples(key: SourceColumn, limit: number): Promise<readonly string[]>;
  /** labels whose key a row has when keys are compared in another way; for the message when none fits */
  countAlike(join: Pick<LabelJoin, 'key' | 'labels' | 'labelKey'>): Promise<Record<KeyReading, number>>;
  /** by group, the last being rows of none; null when there are more than `limit` scores in all */
  scoreTables(request: RankingRequest, limit: number): Promise<Answer<readonly ScoreRows[] | null>>;
  /** by group */
  scoreRankings(request: RankingRequest): Promise<Answer<readonly ScoreRanking[]>>;
  /** the same rows ranked by either of two scores */
  pairedRankings(request: PairedRankingRequest): Promise<Answer<PairedRanking>>;
  /** a few values that did not read as their column's type, as written */
  castFailureExamples(column: SourceColumn, limit: number): Promise<readonly string[]>;

  /** rows that are earlier than the row before them, file by file */
  countDisorder(reading: NumberReading): Promise<Answer<Disorder>>;
  /** the same data, only the rows of a time: from ≤ t < to in seconds since 1970 UTC, ±infinity for no bound. Closing one closes both */
  during(reading: NumberReading, from: number, to: number): Promise<Dataset>;
  /** the same data, only the rows of a category. Closing one closes both */
  only(column: SourceColumn, label: string): Promise<Dataset>;
  /** the rows that have a partner in another data set, beside it; both have to stay open. Closing it does nothing */
  pair(request: PairRequest): Promise<PairedRows>;

  close(): Promise<void>;
}
