import type { TestedCells } from './frequency-table.ts';
import type { Timeline, TimeSpan } from './windows.ts';

/** The batch by windows of its own: how they are cut, what is counted in them, what the report says of them. */

/** How the batch is cut: by the tool's choice, into so many windows, into so many rows each, or into lengths of time. */
export type WindowRule =
  | { readonly by: 'auto' }
  | { readonly by: 'count'; readonly count: number }
  | { readonly by: 'rows'; readonly rows: number }
  | { readonly by: 'time'; readonly unit: 'hour' | 'day' | 'week' | 'month'; readonly count: number };

/** One window of the batch. */
export interface BatchWindow {
  /** when it begins and ends, seconds since 1970-01-01 UTC; null for windows of rows */
  readonly span: TimeSpan | null;
  readonly rows: number;
}

/** The windows of the batch, and what the reference's own time is known by. */
export interface BatchWindows {
  /** the timestamp column; null for windows of rows */
  readonly column: string | null;
  /** oldest first, end to end */
  readonly windows: readonly BatchWindow[];
  /** the reference by period; null when it has no timestamp, or is not to be asked */
  readonly timeline: Timeline | null;
}

/** Counts by cell, one array a cell. */
export interface CellSeries {
  readonly cells: readonly Float64Array[];
  readonly main: readonly Float64Array[];
}

/** One column of the batch by window, in cells that are cut for the size of a window. */
export interface BatchEvidence {
  /** labels and the reference's counts; the current counts are of all windows together */
  readonly cells: TestedCells;
  /** one count a window of the batch */
  readonly batch: CellSeries;
  /** one count a period of the reference; null when there is none */
  readonly reference: CellSeries | null;
  /** rows without a value, one count a window; null where they are no evidence (labels arrive late) */
  readonly missing: Float64Array | null;
}

/** One window, as reported. */
export interface ReportedWindow {
  /** ISO 8601, UTC; null for windows of rows */
  readonly from: string | null;
  /** not included */
  readonly to: string | null;
  readonly rows: number;
  /** whether it holds enough rows to be judged */
  readonly judged: boolean;
}

/** When the rows of the batch came about. */
export interface TimeReport {
  /** the timestamp column; null when there is none */
  readonly column: string | null;
  /** the zone of its days */
  readonly zone: string;
  /** of the batch, oldest first, in which every column is judged; empty when it was not cut */
  readonly windows: readonly ReportedWindow[];
  /** rows before the first window, after the last, or without a time */
  readonly outsideRows: number;
  /** ISO 8601, UTC */
  readonly oldest: string | null;
  readonly newest: string | null;
  /** rows without a time */
  readonly missingRows: number;
  /** rows dated after the run began */
  readonly futureRows: number;
  /** rows earlier than the one before them in their file; null when not counted */
  readonly disorderedRows: number | null;
  /** rows with a time whose order was looked at: all of them, or those among the first of the files; null when not counted */
  readonly disorderedOf: number | null;
  /** stretches without a row that chance does not explain and the reference has nothing as long as; longest first, at most ten */
  readonly gaps: readonly { readonly from: string; readonly to: string }[];
}

/** Rows that are earlier than the one before them in their file, of those with a time that were looked at. */
export interface RowOrderCount {
  readonly rows: number;
  readonly of: number;
}

/** What was counted of the batch's time. */
export interface TimeEvidence {
  readonly column: string;
  readonly rows: number;
  readonly missingRows: number;
  /** seconds since 1970 UTC; null when no row has a time */
  readonly oldest: number | null;
  readonly newest: number | null;
  readonly futureRows: number;
  readonly disorder: RowOrderCount | null;
  /** the batch's rows by short equal stretches between its oldest and newest usual rows; null when not counted */
  readonly stretches: { readonly start: number; readonly length: number; readonly rows: Float64Array } | null;
}
