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
