import { type Answer, ColumnFailure, type Dataset, type GroupedRequest, type TimeGrid } from '../engine/engine.ts';
import type { SourceColumn } from '../engine/source.ts';
import { nextUp } from '../math/floats.ts';
import type { PeriodRange, Timeline, TimeSpan } from '../model/windows.ts';
import { gateColumnOf, gateCountsOf, requestFor } from './gate-cells.ts';
import { total } from './numbers.ts';
import { numberReading, type ReferenceColumn, type SideCounts } from './side.ts';

/**
 * The reference in fine, equal periods of time. Windows as long as the batch are joined from whole periods afterwards, so that the
 * reference need not wait for the batch, and a saved one can serve batches of any length.
 */

/** Most periods: a year of days, three months of six hours. */
const mostPeriods = 400;
/** Most bytes that a saved profile needs for its counts by period, over all columns: one of 100 columns has to stay below 1 MB. */
const mostBytes = 370_000;
/** Rows that a period holds on average, at least: periods finer than windows could use cost time and say nothing. */
const rowsPerPeriod = 50;
const fewestPeriods = 24;
/** A first period that is covered to this share counts as whole. */
const wholeFrom = 0.9;
/** One row in 1970 must not swallow the log: times beyond these shares belong to no period … */
const spanShares = [0.001, 0.999] as const;
/** … unless they lie so near, as a share of the span between, that nothing is swallowed. */
const near = 0.01;
/** Rows that tell from when to when the batch lies. */
const spanRows = 60_000;

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** Lengths that divide a day, or are made of days and weeks, so that windows of the same hours or weekdays can be joined. */
const periodLengths = [
  ...[1, 2, 5, 10, 15, 30],
  ...[1, 2, 5, 10, 15, 30].map((n) => n * minute),
  ...[1, 2, 3, 4, 6, 8, 12].map((n) => n * hour),
  ...[1, 2, 7, 14, 28].map((n) => n * day),
];
const granularities = [day, hour, minute, 1] as const;

/** One column's rows by period; each array has one entry a period. */
export interface PeriodCells {
  /** numbers: one array a gate cell, infinities in the end cells; categories: one array a label, the reference's first hundred */
  readonly cells: readonly Float64Array[];
  /** values of categories without a label */
  readonly other: Float64Array;
  /** without a value, cast failures among them */
  readonly null: Float64Array;
  readonly nan: Float64Array;
}

/** What a reference keeps of its time. */
export interface ReferencePeriods {
  readonly timeline: Timeline;
  readonly columns: ReadonlyMap<ReferenceColumn, PeriodCells>;
}

/**
 * Counts the gate's cells of every tested column by period, in one scan. Null when the reference has no timestamp. A column that fails has no counts here.
 */
export async function countPeriods(
  data: Dataset,
  columns: readonly ReferenceColumn[],
): Promise<ReferencePeriods | null> {
  const time = timestampOf(columns);
  if (time === null) return null;
  const requests = columns.flatMap((column) => {
    const request = requestFor(column, column.source);
    return request === null ? [] : [{ column, request }];
  });
  const grid = gridOf(time, affordablePeriods(requests.map(({ column }) => rowsByCell(column))));
  if (grid === null) return null;
  const { rows, answers } = await data.groupedCells(
    requests.map(({ request }) => request),
    { form: 'time', ...grid },
  );
  return {
    timeline: {
      column: time.source.name,
      start: grid.start,
      length: grid.length,
      rows,
      outside: data.rows - total(rows),
      granularity: grid.granularity,
    },
    columns: new Map(
      requests.flatMap(({ column }, i) => {
        const cells = periodCells(answers[i]!, rows);
        return cells === null ? [] : [[column, cells] as const];
      }),
    ),
  };
}

/** What the user named before what was guessed. */
export function timestampOf(columns: readonly ReferenceColumn[]): ReferenceColumn | null {
  const times = columns.filter(
    ({ role, kind, counts }) => role === 'timestamp' && kind === 'datetime' && counts !== null,
  );
  return times.find(({ roleReason }) => roleReason === null) ?? times[0] ?? null;
}

export function cellsOf(request: GroupedRequest): number {
  return request.form === 'numbers' ? request.edges.length + 1 : request.labels.length;
}

export function periodCells(
  answer: Answer<{ cells: readonly Float64Array[]; present: Float64Array; nan: Float64Array }>,
  rows: Float64Array,
): PeriodCells | null {
  if (answer instanceof ColumnFailure) return null;
  const { cells, present, nan } = answer;
  return {
    cells,
    other: present.map((count, i) => cells.reduce((rest, cell) => rest - cell[i]!, count - nan[i]!)),
    null: rows.map((count, i) => count - present[i]!),
    nan,
  };
}

/**
 * The most periods whose counts can be saved. What a count needs is about the entropy of a Poisson one, ½ log₂ (1 + 2πe λ) bits for λ rows
 * a cell and period, and of every column the fullest cell follows from the others.
 *
 * @param columns the rows of each one's cells
 */
function affordablePeriods(columns: readonly Float64Array[]): number {
  const saved = columns.flatMap((rows) => [...rows.toSorted().slice(0, -1)]);
  const bits = (periods: number) =>
    saved.reduce((sum, rows) => sum + (periods * Math.log2(1 + (2 * Math.PI * Math.E * rows) / periods)) / 2, 0);
  let most = mostPeriods;
  while (most > 1 && bits(most) > 8 * mostBytes) most--;
  return most;
}

function rowsByCell(column: ReferenceColumn): Float64Array {
  const missing = { null: 0, nan: 0 };
  const counts = gateCountsOf(gateColumnOf(column)!, column.counts!, column.profile!, missing);
  return counts === null ? new Float64Array(0) : Float64Array.of(...counts.cells, counts.other);
}

/** Equal periods that end where the reference ends; null when it has no two moments. */
function gridOf(
  { source, counts }: ReferenceColumn,
  affordable: number,
): (TimeGrid & { readonly granularity: number }) | null {
  if (counts === null || counts.form === 'categories') return null;
  const granularity = counts.form === 'values' ? granularityOf(counts.values) : 0;
  const span = spanOf(counts, granularity);
  if (span === null) return null;
  const seconds = span.to - span.from;
  const useful = Math.min(mostPeriods, affordable, Math.floor(total(counts.counts) / rowsPerPeriod));
  const most = Math.max(fewestPeriods, useful);
  const length = periodLength(Math.max(seconds / most, granularity));
  const count = Math.max(1, Math.floor(seconds / length + 1 - wholeFrom));
  return { ...numberReading(source, 'datetime'), start: span.to - count * length, length, count, granularity };
}

/** The shortest usual length that is at least this long, in seconds. */
export function periodLength(least: number): number {
  const usual = periodLengths.find((length) => length >= least);
  if (usual !== undefined && least > 0.5) return usual;
  if (least > 0.5) return 28 * day * 2 ** Math.ceil(Math.log2(least / (28 * day)));
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((n) => n * power).find((length) => length >= least)!;
}

/** The longest of a day, an hour, a minute and a second that every time is a whole multiple of; 0 for none. */
function granularityOf(times: Float64Array): number {
  return granularities.find((unit) => times.every((time) => time % unit === 0)) ?? 0;
}

/** From where to where nearly all times lie; the last moment lasts as long as the granularity. Null for a single moment. */
function spanOf(counts: Exclude<SideCounts, { form: 'categories' }>, granularity: number): TimeSpan | null {
  const rows = total(counts.counts);
  if (rows === 0) return null;
  const [first, last] = spanShares.map((share) => cellAt(counts.counts, Math.min(rows - 1, Math.floor(share * rows))));
  // an interval's ends stand for the times inside it: so many are cut that it hardly matters
  const from = counts.form === 'values' ? counts.values[first!]! : (counts.edges[first! - 1] ?? counts.min);
  const to = counts.form === 'values' ? counts.values[last!]! : (counts.edges[last!] ?? counts.max);
  const [least, most] =
    counts.form === 'values' ? [counts.values[0]!, counts.values.at(-1)!] : [counts.min, counts.max];
  return spanning({ from, to }, { from: least, to: most }, granularity);
}

function cellAt(counts: Float64Array, rank: number): number {
  let below = 0;
  for (let i = 0; i < counts.length; i++) {
    below += counts[i]!;
    if (rank < below) return i;
  }
  return counts.length - 1;
}

/** @param whole from the first to the last time of all */
function spanning(usual: TimeSpan, whole: TimeSpan, granularity: number): TimeSpan | null {
  const reach = near * (usual.to - usual.from);
  const from = usual.from - whole.from <= reach ? whole.from : usual.from;
  const to = whole.to - usual.to <= reach ? whole.to : usual.to;
  const end = granularity > 0 ? to + granularity : nextUp(to);
  return end > nextUp(from) ? { from, to: end } : null;
}

/** The batch's time. */
export interface BatchTime {
  readonly column: SourceColumn;
  readonly span: TimeSpan;
  /** as a timeline's */
  readonly granularity: number;
}

/**
 * From where to where nearly all rows of the batch lie. A sample chosen by the rows' content tells it, so that neither the order of
 * rows nor of files does. Null when no time can be read.
 */
export async function batchTime(
  data: Dataset,
  column: SourceColumn,
  reference: readonly ReferenceColumn[],
): Promise<BatchTime | null> {
  if (column.family !== 'datetime' && column.family !== 'string' && column.ticks === undefined) return null;
  const oneIn = Math.floor(data.rows / spanRows);
  const [times] = await data.sample([numberReading(column, 'datetime')], sampleKey(data, column, reference), oneIn);
  if (times === undefined || times instanceof ColumnFailure || times.length === 0) return null;
  times.sort();
  const [from, to] = spanShares.map((share) => times[Math.min(times.length - 1, Math.floor(share * times.length))]!);
  const whole = { from: times[0]!, to: times.at(-1)! };
  const granularity = granularityOf(times);
  const span = spanning({ from: from!, to: to! }, whole, granularity);
  return span && { column, span, granularity };
}

/** The time and the columns that tell rows apart best. */
function sampleKey(data: Dataset, time: SourceColumn, reference: readonly ReferenceColumn[]): SourceColumn[] {
  const distinct = new Map(reference.map(({ source, profile }) => [source.name, profile?.distinct?.value ?? 0]));
  const others = data.columns
    .filter((column) => column !== time && (distinct.get(column.name) ?? 0) > 0)
    .sort((a, b) => distinct.get(b.name)! - distinct.get(a.name)! || a.index - b.index);
  return [time, ...others.slice(0, 3)];
}

/**
 * Periods that were laid over other rows, as they would be laid over these: from where to where nearly all lie, and none at the ends
 * that is covered in part only.
 */
export function fittedPeriods({ timeline, columns }: ReferencePeriods, { counts }: ReferenceColumn): ReferencePeriods {
  const { start, length, rows, granularity } = timeline;
  const span = counts === null || counts.form === 'categories' ? null : spanOf(counts, granularity);
  const covered = (i: number) =>
    span === null
      ? 0
      : (Math.min(span.to, start + (i + 1) * length) - Math.max(span.from, start + i * length)) / length;
  // a rounding of the ends must not cost a period
  const whole = (i: number) => covered(i) >= wholeFrom - 1e-6;
  let [from, to] = [0, rows.length];
  while (from < to && !whole(from)) from++;
  while (to > from && !whole(to - 1)) to--;
  if (from === 0 && to === rows.length) return { timeline, columns };
  const cut = (series: Float64Array) => series.slice(from, to);
  const kept = cut(rows);
  return {
    timeline: {
      ...timeline,
      start: start + from * length,
      rows: kept,
      outside: timeline.outside + total(rows) - total(kept),
    },
    columns: new Map(
      [...columns].map(([column, { cells, other, null: none, nan }]) => [
        column,
        { cells: cells.map(cut), other: cut(other), null: cut(none), nan: cut(nan) },
      ]),
    ),
  };
}

/** Counts by period as counts by range of periods. */
export function joinPeriods(counts: Float64Array, ranges: readonly PeriodRange[]): Float64Array {
  return Float64Array.from(ranges, ({ from, to }) => {
    let sum = 0;
    for (let i = from; i < to; i++) sum += counts[i]!;
    return sum;
  });
}
