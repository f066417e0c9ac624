import type { Calendar } from '../math/calendar.ts';
import type { BatchWindow } from '../model/time.ts';
import { count } from './numerals.ts';

/** Windows of the batch as every sentence names them: by their moments, and windows of rows by their rows. */

export interface NamedWindows {
  readonly since: string;
  readonly until: string;
}

/** Windows `from` up to, not including, `to`. */
export function namedWindows(
  windows: readonly BatchWindow[],
  { from, to }: { readonly from: number; readonly to: number },
  calendar: Calendar,
): NamedWindows {
  const [first, last] = [windows[from]!, windows[to - 1]!];
  if (first.span && last.span) return { since: calendar.show(first.span.from), until: calendar.show(last.span.to) };
  const rowsOf = (some: readonly BatchWindow[]) => some.reduce((sum, { rows }) => sum + rows, 0);
  return {
    since: `row ${count(rowsOf(windows.slice(0, from)) + 1)}`,
    until: `row ${count(rowsOf(windows.slice(0, to)))}`,
  };
}

/** One window. */
export function namedWindow(windows: readonly BatchWindow[], index: number, calendar: Calendar): NamedWindows {
  return namedWindows(windows, { from: index, to: index + 1 }, calendar);
}
