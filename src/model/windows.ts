/**
 * Time, as the verdict sees it. The reference is counted in fine, equal periods before the batch is known; windows as long as the
 * batch are joined from whole periods afterwards.
 */

/** The reference's rows by period. Period i holds the times from start + i·length up to, not including, the next. */
export interface Timeline {
  /** the timestamp column */
  readonly column: string;
  /** seconds since 1970-01-01 UTC */
  readonly start: number;
  /** seconds */
  readonly length: number;
  readonly rows: Float64Array;
  /** rows before the first or after the last period, or without a time */
  readonly outside: number;
  /** every time is a whole multiple of this many seconds: 86,400 for dates; 0 when of none that is worth knowing */
  readonly granularity: number;
}

/** From where to where nearly all of a batch's rows lie, in seconds since 1970-01-01 UTC; `to` is where its last moment ends. */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

/** Periods `from` up to, not including, `to`. */
export interface PeriodRange {
  readonly from: number;
  readonly to: number;
}

/** Which part of a rhythm all windows share: the same hours of the day, the same days of the week. */
export type Phase = 'hours' | 'weekdays';

/** The windows of the reference that the batch is compared with. */
export interface WindowPlan {
  /** oldest first, disjoint; empty when there are none */
  readonly windows: readonly PeriodRange[];
  /** the timestamp column; null when there is none */
  readonly column: string | null;
  /** why there are no windows */
  readonly unknown: 'off' | 'no-timestamp' | 'no-batch-time' | null;
  /** seconds; null when there are none */
  readonly windowSeconds: number | null;
  readonly batchSeconds: number | null;
  /** the batch's length in windows where it is shorter than one, else 1 */
  readonly batchInWindows: number;
  /** all windows share this part of the day or week, and so does the batch */
  readonly samePhase: Phase | null;
  /** the phase that had too few windows, so that all windows serve */
  readonly widened: { readonly phase: Phase; readonly found: number } | null;
  /** rows of the reference that lie in no period, see {@link Timeline.outside} */
  readonly outsideRows: number;
  /** windows left out because they hold too few rows */
  readonly sparse: number;
  /** fewest rows that a window needs, of any column */
  readonly leastRows: number;
}

/** A reference column's rows in the tested cells by window of the plan. */
export interface WindowCounts {
  /** one array a tested cell, one count a window */
  readonly cells: readonly Float64Array[];
  /** the same for the main cells */
  readonly main: readonly Float64Array[];
  /** rows without a value, one count a window; absent where they are not counted */
  readonly missing?: Float64Array;
}
