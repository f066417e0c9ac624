import type { Report, ReportColumn } from '../../model/report.ts';
import type { TimeReport } from '../../model/time.ts';
import { clip, displayWidth, terminalText, wrap } from '../display-width.ts';
import { cells, code } from '../markdown-text.ts';
import { formatCount, formatQuantity } from '../numbers.ts';
import type { Family } from '../prometheus.ts';
import { shownWindows } from '../windows.ts';

/** When the rows of the batch came about, and which columns are beyond their tolerance in which window. */

const columnsShown = 10;
const mostShown = 60;
const nameWidth = 28;
/** A window of a column in one character; what they mean stands beside them. */
const marks = { fail: '#', warn: '+', none: '·', unjudged: ' ' } as const;

export function terminalLines(report: Report, width: number): string[] {
  const { time, columns } = report;
  if (!time || time.windows.length < 2) return [];
  const shown = beyondSomewhere(columns);
  const head = wrap(
    `windows: ${windowsStory(time)}${shown.length === 0 ? '; no column beyond its tolerance in any' : ''}`,
    width,
  );
  if (shown.length === 0 || time.windows.length > mostShown) return head;
  const names = shown.slice(0, columnsShown).map(({ name }) => clip(terminalText(name), nameWidth));
  const room = Math.max(...names.map(displayWidth));
  const lines = names.map(
    (name, i) => `  ${name}${' '.repeat(room - displayWidth(name))}  ${marksOf(shown[i]!, time)}`,
  );
  const more =
    shown.length > columnsShown ? [`  and ${formatQuantity(shown.length - columnsShown, 'more column')}`] : [];
  const legend = `  ${marks.fail} beyond fail, ${marks.warn} beyond warn${time.windows.every(({ judged }) => judged) ? '' : ', blank: too few rows'}`;
  return [...head, ...lines, ...more, legend].map((line) => clip(line, width));
}

function beyondSomewhere(columns: readonly ReportColumn[]): ReportColumn[] {
  return columns.filter(({ windows }) => windows?.beyond.some((level) => level !== null));
}

function marksOf({ windows }: ReportColumn, time: TimeReport): string {
  return time.windows
    .map(({ judged }, i) => (judged ? marks[windows!.beyond[i] ?? 'none'] : marks.unjudged))
    .join('')
    .trimEnd();
}

function windowsStory({ windows, zone }: TimeReport): string {
  const [first, last] = [windows[0]!, windows.at(-1)!];
  const few = windows.filter(({ judged }) => !judged).length;
  const told = few === 0 ? '' : `, ${formatCount(few)} with too few rows`;
  if (first.from === null || last.to === null) {
    return `${formatCount(windows.length)} of ${formatQuantity(first.rows, 'row')} each${told}`;
  }
  const place = zone === 'UTC' ? '' : `, days of ${zone}`;
  return `${formatCount(windows.length)} from ${minute(first.from)} to ${minute(last.to)}${place}${told}`;
}

/** 2026-03-01, or 2026-03-01 14:05 UTC. */
function minute(iso: string): string {
  return iso.replace(/T00:00:00\.000Z$/, '').replace(/^(\S+)T(\d\d:\d\d).*$/, '$1 $2 UTC');
}

export function markdownLines(report: Report): string[] {
  const { time, columns } = report;
  if (!time) return [];
  const shown = time.windows.length < 2 ? [] : beyondSomewhere(columns);
  if (shown.length === 0) return [];
  const windows = shownWindows(time.windows, time.zone);
  return [
    '### Windows',
    '',
    `${windowsStory(time)}. ${marks.fail} beyond fail, ${marks.warn} beyond warn.`.replace(/^./, (letter) =>
      letter.toUpperCase(),
    ),
    '',
    cells(['column', 'windows', 'first beyond']),
    cells(['---', '---', '---']),
    ...shown.slice(0, 2 * columnsShown).map((column) => {
      const first = column.windows!.beyond.findIndex((level) => level !== null);
      const series = time.windows.length > mostShown ? '' : code(marksOf(column, time).replaceAll(' ', '_'));
      return cells([code(column.name), series, windows[first]!.name]);
    }),
  ];
}

export function prometheusFamilies({ time }: Report): Family[] {
  if (!time) return [];
  const seconds = (iso: string | null) =>
    iso === null || Number.isNaN(Date.parse(iso)) ? null : Date.parse(iso) / 1000;
  const single = (name: string, help: string, value: number | null): Family => ({
    name,
    help,
    samples: value === null ? [] : [{ labels: {}, value }],
  });
  return [
    single(
      'driftgate_oldest_row_timestamp_seconds',
      'Time of the oldest row of the current data.',
      seconds(time.oldest),
    ),
    single(
      'driftgate_newest_row_timestamp_seconds',
      'Time of the newest row of the current data.',
      seconds(time.newest),
    ),
    single('future_rows', 'Rows of the current data dated after the run.', time.futureRows),
    single('time_gaps', 'Unusual gaps without a row in the current data.', time.gaps.length),
    single('windows', 'Windows that the current data was judged in.', time.windows.length),
  ].filter(({ samples }) => samples.length > 0);
}
