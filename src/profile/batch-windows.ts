import type { Dataset, Stretches } from '../engine/engine.ts';
import type { SourceColumn } from '../engine/source.ts';
import { Calendar } from '../math/calendar.ts';
import { DriftError } from '../model/errors.ts';
import type { ColumnSettings } from '../model/settings.ts';
import type { BatchWindow, WindowRule } from '../model/time.ts';
import type { TimeSpan } from '../model/windows.ts';
import { requestFor } from './gate-cells.ts';
import { type BatchTime, type PeriodCells, periodCells, periodLength, timestampOf } from './periods.ts';
import { decideRole } from './roles.ts';
import { numberReading, type ReferenceColumn } from './side.ts';

/**
 * The batch in windows of its own: by time, where it has one, or in blocks of rows. Unless told otherwise there are at most ten, of a
 * hundred rows on average at least, and whole hours or days long.
 */

const mostWindows = 10;
const rowsPerWindow = 100;
/** Most windows that may be asked for: more than anyone looks at, and each costs memory in every column. */
const mostAsked = 1000;
const day = 86_400;
/** A century; a longer batch is cut without regard to days. */
const mostDays = 36_525;

/** The batch's rows by window. */
export interface CountedWindows {
  readonly column: string | null;
  readonly windows: readonly BatchWindow[];
  /** rows before the first window, after the last, or without a time */
  readonly outside: number;
  readonly columns: ReadonlyMap<ReferenceColumn, PeriodCells>;
  /** by which further counts fall into the same windows */
  readonly by: Stretches;
}

/** The column that tells when a row of the batch came about: the reference's, or one that only the batch has. */
export function batchTimestamp(
  data: Dataset,
  reference: readonly ReferenceColumn[],
  settings: Readonly<Record<string, ColumnSettings>>,
): SourceColumn | null {
  const known = timestampOf(reference);
  if (known !== null) return data.columns.find(({ name }) => name === known.source.name) ?? null;
  const names = new Set(reference.map(({ source }) => source.name));
  const facts = { present: 0, distinct: 0, min: Number.NaN, max: Number.NaN };
  return (
    data.columns.find(({ name, family, native }) => {
      if (names.has(name) || family !== 'datetime') return false;
      const said = Object.hasOwn(settings, name) ? settings[name] : undefined;
      return decideRole({ name, family, native, ...facts }, said).value === 'timestamp';
    }) ?? null
  );
}

/**
 * Where the windows of a batch begin and end; null when they would be fewer than two.
 *
 * @throws {DriftError} BAD_OPTION when there would be more than anyone can look at
 */
export function cutWindows(
  rule: Exclude<WindowRule, { by: 'rows' }>,
  { span, granularity }: Pick<BatchTime, 'span' | 'granularity'>,
  rows: number,
  zone: string,
): Float64Array | null {
  const edges = edgesOf(rule, span, granularity, rows, zone);
  return edges.length > 2 ? edges : null;
}

function edgesOf(
  rule: Exclude<WindowRule, { by: 'rows' }>,
  span: TimeSpan,
  granularity: number,
  rows: number,
  zone: string,
): Float64Array {
  if (rule.by === 'auto') return usualEdges(span, granularity, rows, zone);
  if (rule.by === 'count') {
    if (rule.count > mostAsked) throw tooMany(String(rule.count), `${mostAsked} or fewer`);
    return equalEdges(span, rule.count);
  }
  const edges = new Calendar(zone).edges(span.from, span.to, rule.unit, rule.count, mostAsked);
  if (edges === null) throw tooMany(`${rule.count}${unitNames[rule.unit]}`, `${leastLength(span)} or longer`);
  return edges;
}

function tooMany(asked: string, allowed: string): DriftError {
  return new DriftError(
    'BAD_OPTION',
    `--window ${asked} cuts this batch into more than ${mostAsked.toLocaleString('en')} windows; take ${allowed}`,
  );
}

/** As `--window` has them. */
const unitNames = { hour: 'h', day: 'd', week: 'w', month: 'mo' } as const;

/** The shortest hours, days or weeks that are few enough, as `--window` has them. */
function leastLength({ from, to }: TimeSpan): string {
  // the first and the last may lie in the batch with one row only
  const hours = Math.ceil((to - from) / 3600 / (mostAsked - 2));
  if (hours < 24) return `${hours}h`;
  return hours < 7 * 24 ? `${Math.ceil(hours / 24)}d` : `${Math.ceil(hours / 24 / 7)}w`;
}

function equalEdges({ from, to }: TimeSpan, count: number): Float64Array {
  return Float64Array.from({ length: count + 1 }, (_, i) => (i === count ? to : from + ((to - from) * i) / count));
}

/** At most ten windows: whole days where a window is longer than one, else of a length that divides the day. */
function usualEdges({ from, to }: TimeSpan, granularity: number, rows: number, zone: string): Float64Array {
  const count = Math.min(mostWindows, Math.floor(rows / rowsPerWindow));
  if (count < 2) return Float64Array.of(from, to);
  const least = Math.max((to - from) / count, granularity);
  if (least > day / 2) {
    const days = new Calendar(zone).edges(from, to, 'day', 1, mostDays);
    if (days !== null) return everyNth(days, Math.ceil((days.length - 1) / count));
  }
  const length = least >= 1 ? periodLength(least) : least;
  const start = least >= 1 ? Math.floor(from / length) * length : from;
  const windows = Math.max(1, Math.ceil((to - start) / length - 1e-9));
  return Float64Array.from({ length: windows + 1 }, (_, i) => start + i * length);
}

/** The last window may be shorter than the others. */
function everyNth(edges: Float64Array, n: number): Float64Array {
  const last = edges.length - 1;
  return edges.filter((_, i) => i === last || i % n === 0);
}

/** Counts the gate's cells of every tested column by window, in one scan. Null when there are no windows. */
export async function countBatchWindows(
  data: Dataset,
  reference: readonly ReferenceColumn[],
  time: BatchTime | null,
  rule: WindowRule,
  zone: string,
): Promise<CountedWindows | null> {
  const by = rule.by === 'rows' ? blocksOf(data, rule.rows) : time && groupingOf(data, time, rule, zone);
  if (by === null) return null;
  const sources = new Map(data.columns.map((column) => [column.name, column]));
  const requests = reference.flatMap((column) => {
    const source = sources.get(column.source.name);
    const request = source === undefined ? null : requestFor(column, source);
    return request === null ? [] : [{ column, request }];
  });
  if (requests.length === 0) return null;
  const { rows, answers } = await data.groupedCells(
    requests.map(({ request }) => request),
    by.grouping,
  );
  return {
    column: by.edges === null ? null : time!.column.name,
    windows: Array.from(rows, (count, i) => ({
      span: by.edges && { from: by.edges[i]!, to: by.edges[i + 1]! },
      rows: count,
    })),
    by: by.grouping,
    outside: data.rows - rows.reduce((sum, count) => sum + count, 0),
    columns: new Map(
      requests.flatMap(({ column }, i) => {
        const cells = periodCells(answers[i]!, rows);
        return cells === null ? [] : [[column, cells] as const];
      }),
    ),
  };
}

/**
 * The gate's cells of one more column by window, of rows that lie in another data set.
 *
 * @param window the window of a row, from 0
 */
export async function countInWindows(
  data: Dataset,
  reference: ReferenceColumn,
  source: SourceColumn,
  window: SourceColumn,
  { windows }: Pick<CountedWindows, 'windows'>,
): Promise<PeriodCells | null> {
  const request = requestFor(reference, source);
  if (request === null) return null;
  const labels = windows.map((_, i) => String(i));
  const { rows, answers } = await data.groupedCells([request], {
    form: 'labels',
    columns: [{ column: window, labels }],
  });
  return periodCells(answers[0]!, rows);
}

interface Cut {
  readonly grouping: Stretches;
  readonly edges: Float64Array | null;
}

function blocksOf(data: Dataset, length: number): Cut | null {
  const count = Math.ceil(data.rows / length);
  if (count > mostAsked) throw tooMany(`${length}rows`, `${Math.ceil(data.rows / mostAsked)}rows or more`);
  // a short last block has too little to say by itself
  const whole = count > 1 && data.rows % length !== 0 && data.rows % length < length / 2 ? count - 1 : count;
  return whole < 2 ? null : { grouping: { form: 'rows', length, count: whole }, edges: null };
}

function groupingOf(
  data: Dataset,
  time: BatchTime,
  rule: Exclude<WindowRule, { by: 'rows' }>,
  zone: string,
): Cut | null {
  const edges = cutWindows(rule, time, data.rows, zone);
  if (edges === null) return null;
  const reading = numberReading(time.column, 'datetime');
  const [start, count] = [edges[0]!, edges.length - 1];
  const length = (edges[count]! - start) / count;
  const even =
    Number.isInteger(start) && Number.isInteger(length) && edges.every((edge, i) => edge === start + i * length);
  return {
    edges,
    grouping: even ? { form: 'time', ...reading, start, length, count } : { form: 'moments', ...reading, edges },
  };
}
