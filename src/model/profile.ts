/** What a column is for. Only features, segments, predictions, scores and labels are tested. */
export const roles = [
  'feature',
  'prediction',
  'score',
  'label',
  'timestamp',
  'id',
  'segment',
  'model_version',
  'latency',
  'status',
  'ignore',
] as const;
export type Role = (typeof roles)[number];
/** Roles whose columns are shown and never tested. */
export const untestedRoles: ReadonlySet<Role> = new Set<Role>([
  'timestamp',
  'id',
  'model_version',
  'latency',
  'status',
  'ignore',
]);

export type Side = 'reference' | 'current';

/** A count that is exact, or an estimate. */
export interface DistinctCount {
  readonly value: number;
  readonly exact: boolean;
}

/** Moments and order statistics of the finite values of a numeric, datetime (seconds since 1970 UTC) or text (length) column. */
export interface NumericProfile {
  readonly min: number;
  readonly max: number;
  /** null when it overflows */
  readonly mean: number | null;
  /** sample standard deviation (n − 1); null for one row, or when it overflows */
  readonly std: number | null;
  /** moment coefficient g1; null when constant or not measurable */
  readonly skewness: number | null;
  /** excess kurtosis g2 = m4/m2² − 3 */
  readonly kurtosis: number | null;
  readonly zeros: number;
  /** linear interpolation (type 7) when exact; otherwise interpolated inside an interval */
  readonly quantiles: Readonly<Record<QuantileName, number>>;
  readonly quantilesExact: boolean;
}
export const quantileProbabilities = {
  q01: 0.01,
  q05: 0.05,
  q25: 0.25,
  q50: 0.5,
  q75: 0.75,
  q95: 0.95,
  q99: 0.99,
} as const;
export type QuantileName = keyof typeof quantileProbabilities;

/** A value with its number of rows. */
export interface ValueCount {
  readonly value: string;
  readonly rows: number;
}

/** One side of one column, in aggregates. Absent parts are null, never NaN. */
export interface ColumnProfile {
  readonly rows: number;
  /** rows without a value, cast failures not among them */
  readonly nulls: number;
  readonly nan: number;
  readonly positiveInfinity: number;
  readonly negativeInfinity: number;
  /** rows whose value does not read as the column's type; they count as missing */
  readonly castFailures: number;
  /** a few of those values, cut to a readable length */
  readonly castFailureExamples: readonly string[];
  /** distinct values, nulls and NaN not among them */
  readonly distinct: DistinctCount | null;
  /** the most frequent value; null when every value is equally frequent or none was counted */
  readonly mode: ValueCount | null;
  /** most frequent first, at most 20; empty for continuous columns */
  readonly top: readonly ValueCount[];
  /** for text: of the lengths in characters; for datetime: of seconds since 1970 UTC */
  readonly numbers: NumericProfile | null;
}
