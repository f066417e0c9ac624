/** How the service answered, from the latency and status columns of the log. */

export const latencyUnits = ['ms', 's', 'us', 'ns'] as const;
export type LatencyUnit = (typeof latencyUnits)[number];

export const latencyPercentiles = ['p50', 'p95', 'p99'] as const;
export type LatencyPercentile = (typeof latencyPercentiles)[number];

/** A percentile by nearest rank: the smallest value with at least so many of the rows at or below it. */
export interface Percentile {
  /** milliseconds */
  readonly value: number;
  /** false when it was only found to lie in a narrow interval, whose upper end the value is */
  readonly exact: boolean;
}

export interface LatencySummary {
  /** rows with a latency */
  readonly rows: number;
  /** rows without one, values that do not read as a number and NaN among them */
  readonly missing: number;
  /** rows with a negative or infinite one, which is no duration and left out */
  readonly invalid: number;
  /** null when no row has a latency */
  readonly percentiles: Readonly<Record<LatencyPercentile, Percentile>> | null;
  /** milliseconds */
  readonly max: number | null;
}

export interface StatusSummary {
  /** rows with a status */
  readonly rows: number;
  readonly missing: number;
  readonly errors: number;
  /** the most frequent statuses, and which of them are errors */
  readonly top: readonly { readonly value: string; readonly rows: number; readonly error: boolean }[];
}

/** One window of the batch, cut as for the columns. */
export interface ServiceWindow {
  /** ISO 8601, UTC; null for windows of rows */
  readonly from: string | null;
  /** not included */
  readonly to: string | null;
  readonly rows: number;
  /** rows a second; null for a window that the log does not fill from end to end */
  readonly throughput: number | null;
  /** one entry a latency column, in milliseconds; null without any */
  readonly latencies: readonly (Readonly<Record<LatencyPercentile, number>> | null)[];
  /** one entry a status column: errors among the rows with a status; null without any */
  readonly errors: readonly ({ readonly rows: number; readonly of: number } | null)[];
}

export const serviceMeasures = ['p50', 'p95', 'p99', 'error_rate', 'throughput'] as const;
export type ServiceMeasure = (typeof serviceMeasures)[number];

/** One level that was written down, and whether the log keeps it. */
export interface ServiceLevel {
  readonly measure: ServiceMeasure;
  /** null for throughput */
  readonly column: string | null;
  /** milliseconds, a share, or rows a second */
  readonly level: number;
  /** null when the log does not tell */
  readonly found: number | null;
  /** null when it could not be judged, for the reason */
  readonly missed: boolean | null;
  readonly reason: string | null;
  /** indices of the windows that miss it by themselves */
  readonly windows: readonly number[];
}

export interface ServiceReport {
  readonly latencies: readonly {
    readonly column: string;
    readonly unit: LatencyUnit;
    /** why this unit */
    readonly reason: string;
    /** null when the reference has no such column */
    readonly reference: LatencySummary | null;
    /** null when the column cannot be read as numbers */
    readonly current: LatencySummary | null;
  }[];
  readonly statuses: readonly {
    readonly column: string;
    readonly reference: StatusSummary | null;
    readonly current: StatusSummary | null;
  }[];
  /** null without a timestamp */
  readonly time: {
    readonly column: string;
    /** from when to when nearly all rows lie; ISO 8601, UTC */
    readonly from: string;
    readonly to: string;
    /** rows a second, of the rows in that span */
    readonly throughput: number;
  } | null;
  readonly windows: readonly ServiceWindow[];
  readonly levels: readonly ServiceLevel[];
}
