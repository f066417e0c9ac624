import {
  type Answer,
  ColumnFailure,
  type CrossCounts,
  type Dataset,
  type NumberReading,
  type NumberTable,
} from '../engine/engine.ts';
import type { SourceColumn } from '../engine/source.ts';
import { nextUp } from '../math/floats.ts';
import { DriftError } from '../model/errors.ts';
import type { Role } from '../model/profile.ts';
import {
  type LatencyPercentile,
  type LatencySummary,
  type LatencyUnit,
  latencyPercentiles,
  type Percentile,
  type ServiceReport,
  type ServiceWindow,
  type StatusSummary,
} from '../model/service.ts';
import type { ServiceSettings, VerdictSettings } from '../model/settings.ts';
import { printable, quoted } from '../model/text.ts';
import type { TimeSpan } from '../model/windows.ts';
import type { CountedWindows } from '../profile/batch-windows.ts';
import { quantilesOfTable, roundDerived, total } from '../profile/numbers.ts';
import { exactTableLimit, nominationLimit, numberReading, type ReferenceColumn } from '../profile/side.ts';
import { type JudgedService, judgeService } from '../verdict/service.ts';
import { columnsOfRole } from './columns.ts';
import type { LayerTime, OpenLayer } from './layer.ts';
import { isoMoment } from './moments.ts';

/**
 * How the service answered: latency, errors and throughput of the log, over all of it and by time. The columns are often in the log
 * alone; where the reference has them too, it is shown beside.
 */

/** Rows that propose the ends of intervals. */
const sampleRows = 60_000;
/** Rows of one interval that are read out to find a percentile exactly. */
const readLimit = 1_000_000;
/** Distinct statuses that are told apart. */
const mostStatuses = 10_000;
const shownStatuses = 20;
/** Statuses that are counted by window as errors. */
const errorLabels = 200;

const shares: Readonly<Record<LatencyPercentile, number>> = { p50: 0.5, p95: 0.95, p99: 0.99 };

/** Statuses that mean a failed request, in lower case with every run of other characters as one underscore. */
export const defaultErrorValues = [
  ...['error', 'err', 'errored', 'fail', 'failed', 'failure', 'exception', 'crash', 'crashed'],
  ...['timeout', 'timed_out', 'deadline_exceeded', 'unavailable', 'service_unavailable', 'internal', 'internal_error'],
  ...['internal_server_error', 'server_error', 'bad_gateway', 'gateway_timeout', 'aborted', 'data_loss', '5xx'],
] as const;

export const serviceLayer: OpenLayer = async (referenceData, columns, { verdict }, _engine, _timeline, memory) => {
  const namesOf = (wanted: Role) => columns.flatMap(({ role, source }) => (role === wanted ? [source.name] : []));
  const { latencyUnit, errorValues } = verdict.service;
  const then = await Promise.all([
    memory.recall(['latency', namesOf('latency'), latencyUnit], () =>
      summaries(referenceData, 'latency', columns, (source) => latencySummary(referenceData, source, verdict)),
    ),
    memory.recall(['status', namesOf('status'), errorValues], () =>
      summaries(referenceData, 'status', columns, (source) => statusSummary(referenceData, source, verdict.service)),
    ),
  ]);
  const notes: string[] = [];
  let report: Omit<ServiceReport, 'levels'>;
  let judged: JudgedService;
  return {
    current: async (data, _, known) => {
      const of = (role: 'latency' | 'status') => columnsOfRole(data, role, columns, verdict.columns);
      const latencySources = of('latency').map(({ source }) => source);
      const statusSources = of('status').map(({ source }) => source);
      const inReference = new Set(columns.map(({ source }) => source.name));
      const guessed = [...of('latency'), ...of('status')].filter(
        ({ source, reason }) => reason !== null && !inReference.has(source.name),
      );
      if (guessed.length > 0) {
        notes.push(
          `only the log has ${guessed.map(({ source }) => quoted(source.name, 40)).join(', ')}, taken for latency or status by the name`,
        );
      }
      const absent = {
        latency: latencySources.length > 0 ? [] : [...then[0].keys()],
        status: statusSources.length > 0 ? [] : [...then[1].keys()],
      };
      requireColumns(
        verdict.service,
        latencySources.length + absent.latency.length,
        statusSources.length + absent.status.length,
      );
      const { windows } = known;
      const time = await timeOf(data, known);
      const latencies = await Promise.all(latencySources.map((source) => countLatency(data, source, verdict, windows)));
      const statuses = await Promise.all(
        statusSources.map((source) => countStatus(data, source, verdict.service, windows)),
      );
      for (const [i, { summary }] of latencies.entries()) {
        const name = quoted(latencySources[i]!.name, 40);
        if (summary === null)
          notes.push(
            `latency ${name} is stored as ${printable(latencySources[i]!.native, 40)}, so it was not measured`,
          );
        else if (summary.invalid > 0) {
          notes.push(
            `${summary.invalid} values of latency ${name} are negative or infinite, which no duration is; they were left out`,
          );
        }
      }
      report = {
        latencies: latencies.map(({ summary }, i) => {
          const { name } = latencySources[i]!;
          return {
            column: name,
            ...unitOf(name, verdict.service),
            reference: then[0].get(name) ?? null,
            current: summary,
          };
        }),
        statuses: statuses.map(({ summary }, i) => {
          const { name } = statusSources[i]!;
          return { column: name, reference: then[1].get(name) ?? null, current: summary };
        }),
        time: time && {
          column: time.column,
          from: isoMoment(time.span.from),
          to: isoMoment(time.span.to),
          throughput: roundDerived(time.rows / (time.span.to - time.span.from)),
        },
        windows: windowsOf(windows, time, latencies, statuses),
      };
      const sizes = { reference: referenceData.rows, current: data.rows };
      judged = judgeService(report, absent, sizes, verdict, windows?.windows ?? []);
    },
    ask: () => ({ questions: [], facts: judged.facts }),
    report: () => {
      const nothing = report.latencies.length + report.statuses.length + judged.levels.length === 0;
      return nothing ? {} : { service: { ...report, levels: judged.levels } };
    },
    notes: () => notes,
  };
};

/**
 * A level that nothing can be held against must not read as kept.
 *
 * @throws {DriftError} UNKNOWN_COLUMN
 */
function requireColumns({ latency, errorRate }: ServiceSettings, latencies: number, statuses: number): void {
  const percentile = latencyPercentiles.find((name) => latency[name] !== null);
  const missing = (key: string, what: string, flag: string) =>
    new DriftError('UNKNOWN_COLUMN', `${key} is set, and no column is known as a ${what}; name it with ${flag} COLUMN`);
  if (percentile !== undefined && latencies === 0)
    throw missing(`service.latency_ms.${percentile}`, 'latency', '--latency');
  if (errorRate !== null && statuses === 0) throw missing('service.error_rate', 'status', '--status');
}

/** By column; a role's columns that cannot be read are left out. */
async function summaries<T>(
  data: Dataset,
  role: 'latency' | 'status',
  columns: readonly ReferenceColumn[],
  summarize: (source: SourceColumn) => Promise<T | null>,
): Promise<Map<string, T>> {
  const found = new Map<string, T>();
  for (const column of columns) {
    const source = column.role === role ? data.columns.find(({ name }) => name === column.source.name) : undefined;
    const summary = source === undefined ? null : await summarize(source);
    if (summary !== null) found.set(column.source.name, summary);
  }
  return found;
}

// ---- time

interface LogTime {
  readonly column: string;
  readonly span: TimeSpan;
  /** rows inside the span */
  readonly rows: number;
}

async function timeOf(data: Dataset, { column, span }: LayerTime): Promise<LogTime | null> {
  if (column === null || span === null) return null;
  const reading = numberReading(column, 'datetime');
  const [inside] = await data.crossCounts([
    { axes: [{ form: 'numbers', ...reading, edges: Float64Array.of(span.from, span.to) }], sums: [] },
  ]);
  if (failed(inside)) return null;
  const rows = inside.rows.reduce((all, count, i) => (inside.places[0]![i] === 1 ? all + count : all), 0);
  return { column: column.name, span, rows };
}

function failed<T>(answer: Answer<T> | undefined): answer is ColumnFailure | undefined {
  return answer === undefined || answer instanceof ColumnFailure;
}

function windowsOf(
  windows: CountedWindows | null,
  time: LogTime | null,
  latencies: readonly CountedLatency[],
  statuses: readonly CountedStatus[],
): ServiceWindow[] {
  return (windows?.windows ?? []).map(({ span, rows }, w) => {
    // the log may begin or end in the middle of the first and the last
    const filled = span !== null && time !== null && span.from >= time.span.from && span.to <= time.span.to;
    return {
      from: span && isoMoment(span.from),
      to: span && isoMoment(span.to),
      rows,
      throughput: filled ? roundDerived(rows / (span.to - span.from)) : null,
      latencies: latencies.map(({ byWindow }) => byWindow[w] ?? null),
      errors: statuses.map(({ byWindow }) => byWindow[w] ?? null),
    };
  });
}

// ---- latency

/** How many of a unit make a millisecond. */
const perMillisecond: Readonly<Record<LatencyUnit, number>> = { s: 0.001, ms: 1, us: 1000, ns: 1_000_000 };
const unitNames: readonly (readonly [LatencyUnit, RegExp])[] = [
  ['ms', /(^|_)(ms|msec|msecs|millis|millisec|millisecs|millisecond|milliseconds)$/],
  ['us', /(^|_)(us|usec|usecs|micros|microsec|microsecs|microsecond|microseconds)$/],
  ['ns', /(^|_)(ns|nsec|nsecs|nanos|nanosec|nanosecs|nanosecond|nanoseconds)$/],
  ['s', /(^|_)(s|sec|secs|second|seconds)$/],
];

/** The unit of a latency column, by the end of its name: `latency_ms`, `latencyMs`, `duration_us`. */
export function unitOf(
  name: string,
  { latencyUnit }: Pick<ServiceSettings, 'latencyUnit'>,
): { unit: LatencyUnit; reason: string } {
  if (latencyUnit !== null) return { unit: latencyUnit, reason: 'service.latency_unit says so' };
  const plain = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_');
  const found = unitNames.find(([, ending]) => ending.test(plain))?.[0];
  return found === undefined
    ? { unit: 'ms', reason: 'its name has no unit; service.latency_unit sets another' }
    : { unit: found, reason: 'its name ends with it' };
}

function toMilliseconds(value: number, unit: LatencyUnit): number {
  return roundDerived(unit === 's' ? value * 1000 : value / perMillisecond[unit]);
}

function fromMilliseconds(value: number, unit: LatencyUnit): number {
  return unit === 's' ? value / 1000 : value * perMillisecond[unit];
}

interface CountedLatency {
  readonly summary: LatencySummary | null;
  readonly byWindow: readonly (Readonly<Record<LatencyPercentile, number>> | null)[];
}

async function latencySummary(
  data: Dataset,
  source: SourceColumn,
  verdict: VerdictSettings,
): Promise<LatencySummary | null> {
  return (await countLatency(data, source, verdict, null)).summary;
}

/**
 * Percentiles by nearest rank. A table, or a sample of many values, proposes intervals that end at values; one scan counts them, by
 * window too, and the interval that holds a percentile is read out. The levels are ends of intervals, so
 * whether one is missed is exact in every window.
 */
async function countLatency(
  data: Dataset,
  source: SourceColumn,
  { service }: VerdictSettings,
  windows: CountedWindows | null,
): Promise<CountedLatency> {
  const nothing: CountedLatency = { summary: null, byWindow: [] };
  if (source.family !== 'number' && source.family !== 'integer') return nothing;
  const reading: NumberReading = { column: source, as: 'value' };
  const [first] = await data.countNumbers([reading]);
  if (failed(first)) return nothing;
  const { unit } = unitOf(source.name, service);
  const levels = latencyPercentiles
    .flatMap((name) => service.latency[name] ?? [])
    .map((level) => fromMilliseconds(level, unit));
  const table = first.distinct <= nominationLimit ? await tableOf(data, reading) : null;
  const ends = table === null ? await sampledEnds(data, reading) : endsOfTable(table);
  const values = Float64Array.from(
    new Set([...ends, ...levels].filter((end) => end >= 0 && Number.isFinite(end))),
  ).sort();
  // cell 0 holds what is negative, the last what is infinite, cell i between them what is at most value i − 1
  const edges = Float64Array.from([0, ...values.map(nextUp), Number.POSITIVE_INFINITY]);
  const grid = windows === null ? [] : [windows.by];
  const [counted] = await data.crossCounts([{ axes: [{ form: 'numbers', ...reading, edges }, ...grid], sums: [] }]);
  if (failed(counted)) return nothing;
  const { all, byWindow } = tablesOf(counted, edges.length + 1, windows);
  const valid = all.slice(1, -1);
  const rows = total(valid);
  const present = first.present - first.nan;
  const endOf = (cell: number): number => values[cell] ?? first.max;
  const exact = async (name: LatencyPercentile): Promise<Percentile> => {
    const rank = rankOf(rows, name);
    const { cell, below } = cellOf(valid, rank);
    const end = endOf(cell);
    const start = cell === 0 ? 0 : nextUp(values[cell - 1]!);
    const value =
      start === end ? end : await valueAt(data, reading, [start, nextUp(end)], rank - below, valid[cell]!, table);
    return { value: toMilliseconds(value ?? end, unit), exact: value !== null };
  };
  const summary: LatencySummary = {
    rows,
    missing: data.rows - present,
    invalid: present - rows,
    percentiles: rows === 0 ? null : { p50: await exact('p50'), p95: await exact('p95'), p99: await exact('p99') },
    max: rows === 0 ? null : toMilliseconds(first.max, unit),
  };
  return {
    summary,
    byWindow: byWindow.map((cells) => {
      const own = cells.slice(1, -1);
      const many = total(own);
      if (many === 0) return null;
      const of = (name: LatencyPercentile) => toMilliseconds(endOf(cellOf(own, rankOf(many, name)).cell), unit);
      return { p50: of('p50'), p95: of('p95'), p99: of('p99') };
    }),
  };
}

/** 1-based; the tiny number keeps 0.95 · 60 at 57. */
function rankOf(rows: number, name: LatencyPercentile): number {
  return Math.max(1, Math.ceil(shares[name] * rows - 1e-9 * rows));
}

/** The cell that holds a rank, and the rows before it. */
function cellOf(cells: Float64Array, rank: number): { readonly cell: number; readonly below: number } {
  let below = 0;
  for (const [cell, rows] of cells.entries()) {
    if (below + rows >= rank) return { cell, below };
    below += rows;
  }
  return { cell: cells.length - 1, below };
}

async function tableOf(data: Dataset, reading: NumberReading): Promise<NumberTable | null> {
  const [table] = await data.numberTables([reading], exactTableLimit);
  return failed(table) ? null : table;
}

/** Ranks, from 0 to 1, whose values end intervals: closer together where the percentiles lie. */
const endRanks = Float64Array.from([
  ...Array.from({ length: 90 }, (_, i) => (i + 1) / 100),
  ...Array.from({ length: 100 }, (_, i) => 0.9 + (i + 1) / 1000),
]);
/** Up to so many distinct values, each is an interval of its own. */
const fewValues = 400;

function endsOfTable(table: NumberTable): Iterable<number> {
  if (table.values.length <= fewValues) return table.values;
  const quantile = quantilesOfTable(table);
  return endRanks.map((rank) => quantile(rank));
}

async function sampledEnds(data: Dataset, reading: NumberReading): Promise<Iterable<number>> {
  // rows are told apart by the latency and the first other columns
  const key = [
    reading.column,
    ...data.columns.filter((column) => column !== reading.column && column.family !== 'unsupported'),
  ];
  const [sample] = await data.sample([reading], key.slice(0, 4), Math.max(1, Math.floor(data.rows / sampleRows)));
  if (failed(sample) || sample.length === 0) return [];
  sample.sort();
  return endRanks.map((rank) => sample[Math.min(sample.length - 1, Math.floor(rank * sample.length))]!);
}

/** The value of a rank inside an interval; null when too many rows lie there to read them. */
async function valueAt(
  data: Dataset,
  reading: NumberReading,
  range: readonly [number, number],
  rank: number,
  rows: number,
  table: NumberTable | null,
): Promise<number | null> {
  if (table !== null) {
    let below = 0;
    for (const [i, value] of table.values.entries()) {
      if (value < range[0]) continue;
      below += table.counts[i]!;
      if (below >= rank) return value;
    }
  }
  if (rows > readLimit) return null;
  const [values] = await data.valuesWithin([{ ...reading, ranges: [range] }]);
  return failed(values) ? null : (values[rank - 1] ?? null);
}

/** Counts by cell of the first axis: of all rows, and by window. */
function tablesOf(
  { places, rows }: CrossCounts,
  size: number,
  windows: CountedWindows | null,
): { readonly all: Float64Array; readonly byWindow: readonly Float64Array[] } {
  const all = new Float64Array(size);
  const byWindow = Array.from({ length: windows?.windows.length ?? 0 }, () => new Float64Array(size));
  for (const [i, count] of rows.entries()) {
    const cell = places[0]![i]!;
    if (cell >= size) continue;
    all[cell] = all[cell]! + count;
    const window = places[1] === undefined ? undefined : byWindow[places[1][i]!];
    if (window) window[cell] = window[cell]! + count;
  }
  return { all, byWindow };
}

// ---- status

interface CountedStatus {
  readonly summary: StatusSummary | null;
  readonly byWindow: readonly ({ readonly rows: number; readonly of: number } | null)[];
}

async function statusSummary(
  data: Dataset,
  source: SourceColumn,
  service: ServiceSettings,
): Promise<StatusSummary | null> {
  return (await countStatus(data, source, service, null)).summary;
}

/** Whether a status means a failed request: a number from 500 on, or one of the words. */
export function isFailure(status: string, { errorValues }: Pick<ServiceSettings, 'errorValues'>): boolean {
  const plain = (text: string) =>
    text
      .trim()
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '_');
  if (status.trim() !== '' && Number(status) >= 500) return true;
  return (errorValues ?? defaultErrorValues).some((value) => plain(value) === plain(status) && plain(status) !== '_');
}

async function countStatus(
  data: Dataset,
  source: SourceColumn,
  service: ServiceSettings,
  windows: CountedWindows | null,
): Promise<CountedStatus> {
  const nothing: CountedStatus = { summary: null, byWindow: [] };
  if (source.family === 'unsupported' || source.family === 'embedding') return nothing;
  const [[present], [table]] = await Promise.all([
    data.countPresent([source]),
    data.categoryTables([source], mostStatuses),
  ]);
  if (failed(present) || failed(table)) return nothing;
  const statuses = table.values.map((value, i) => ({
    value,
    rows: table.counts[i]!,
    error: isFailure(value, service),
  }));
  const failures = statuses.filter(({ error }) => error);
  const summary: StatusSummary = {
    rows: present.present,
    missing: data.rows - present.present,
    errors: failures.reduce((all, { rows }) => all + rows, 0),
    top: statuses.slice(0, shownStatuses).map((status) => ({ ...status, value: printable(status.value, 80) })),
  };
  if (windows === null) return { summary, byWindow: [] };
  const labels = failures.slice(0, errorLabels).map(({ value }) => value);
  const [counted] = await data.crossCounts([
    {
      axes: [{ form: 'categories', column: source, labels }, windows.by],
      sums: [],
    },
  ]);
  if (failed(counted)) return { summary, byWindow: [] };
  const { byWindow } = tablesOf(counted, labels.length + 1, windows);
  return {
    summary,
    byWindow: byWindow.map((cells) => {
      const of = total(cells);
      return of === 0 ? null : { rows: of - cells[labels.length]!, of };
    }),
  };
}
