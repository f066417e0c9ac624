import type { SourceColumn } from '../../engine/source.ts';
import { DriftError } from '../../model/errors.ts';
import type { Occurrences } from '../../model/quality.ts';
import {
  profileFormat,
  profileSchemaVersion,
  type SavedCategories,
  type SavedColumn,
  type SavedNumbers,
  type SavedOccurrences,
  type SavedProfile,
  type SavedTimeline,
} from '../../model/saved-profile.ts';
import { Mismatch } from '../../model/shape.ts';
import { printable, quoted } from '../../model/text.ts';
import type { CountedWindows } from '../batch-windows.ts';
import { requestFor } from '../gate-cells.ts';
import { total } from '../numbers.ts';
import { cellsOf, fittedPeriods, type PeriodCells, type ReferencePeriods } from '../periods.ts';
import type { CurrentColumn, ReferenceColumn, SideCounts } from '../side.ts';
import { hashOf, Unpackable, unpackCounts, unpackNumbers, unpackSeries, unpackSteps } from './packing.ts';
import { profileShape } from './shape.ts';
import { sumOf } from './sums.ts';
import { cellsHash, checksumOf, gateEdge } from './write.ts';

/**
 * A saved profile, checked: it is whole, of this contract, and as it was written.
 *
 * @param source what to call the text in an error
 * @throws {DriftError} BAD_PROFILE
 */
export function parseProfile(text: string, source: string): SavedProfile {
  const bad = (what: string, cause?: unknown) => new DriftError('BAD_PROFILE', `${source} ${what}`, { cause });
  let value: unknown;
  try {
    value = JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text);
  } catch (cause) {
    throw bad(`is no profile, or one that was cut off: ${printable((cause as Error).message, 200)}`, cause);
  }
  const head = value as { readonly format?: unknown; readonly schemaVersion?: unknown } | null;
  if (typeof head !== 'object' || head?.format !== profileFormat) {
    throw bad('is no driftgate profile; expected what "driftgate profile" wrote');
  }
  const { schemaVersion } = head;
  if (typeof schemaVersion === 'number' && schemaVersion !== profileSchemaVersion) {
    const [age, remedy] =
      schemaVersion > profileSchemaVersion ? ['a newer', 'update driftgate'] : ['an older', 'profile the data again'];
    throw bad(
      `was written by ${age} driftgate: profile version ${schemaVersion}, this one reads version ${profileSchemaVersion}; ${remedy}`,
    );
  }
  try {
    const profile = profileShape.read(value, '', 'refuse');
    const { checksum, ...content } = profile;
    if (checksumOf(content) !== checksum || cellsHash(profile) !== profile.cells) {
      throw bad('is not as it was written: its content does not fit its checksum; profile the data again');
    }
    return profile;
  } catch (cause) {
    if (cause instanceof Mismatch) throw bad(`is damaged: ${printable(cause.message, 300)}`, cause);
    throw cause;
  }
}

/** What a check reads of a reference, from its profile. */
export interface RestoredProfile {
  readonly columns: readonly ReferenceColumn[];
  readonly periods: ReferencePeriods | null;
}

/** @throws {DriftError} BAD_PROFILE when an array does not unpack to what it should be */
export function restoreProfile(profile: SavedProfile, source: string): RestoredProfile {
  try {
    const restored = profile.columns.map((saved, index) => ({ saved, column: restoreColumn(saved, index) }));
    const { timeline } = profile;
    const columns = restored.map(({ column }) => column);
    if (timeline === null) return { columns, periods: null };
    const time = restoreTimeline(timeline);
    const cells = restored.flatMap(({ saved, column }) => {
      const own = restorePeriods(column, saved.periods, time.rows);
      return own === null ? [] : [[column, own] as const];
    });
    const periods = { timeline: time, columns: new Map(cells) };
    const clock = columns.find(({ source }) => source.name === time.column);
    const ownPeriods = profile.like === null && profile.datasets.length === 1;
    return { columns, periods: ownPeriods || clock === undefined ? periods : fittedPeriods(periods, clock) };
  } catch (cause) {
    if (!(cause instanceof Unpackable)) throw cause;
    throw new DriftError('BAD_PROFILE', `${source} is damaged: an array ${cause.message}`, { cause });
  }
}

export function restoreTimeline({ column, origin, length, first, periods, rows, outside, granularity }: SavedTimeline) {
  const start = origin + first * length;
  return { column, start, length, rows: unpackCounts(rows, periods), outside, granularity };
}

/** @param rows of each period */
export function restorePeriods(column: ReferenceColumn, packed: string | null, rows: Float64Array): PeriodCells | null {
  const request = requestFor(column, column.source);
  if (packed === null || request === null) return null;
  const series = unpackSeries(packed, rows);
  const cells = cellsOf(request);
  if (series.length !== cells + 3) throw new Unpackable(`holds ${series.length} series instead of ${cells + 3}`);
  return {
    cells: series.slice(0, cells),
    other: series[cells]!,
    null: series[cells + 1]!,
    nan: series[cells + 2]!,
  };
}

function restoreColumn(saved: SavedColumn, index: number): ReferenceColumn {
  const { name, family, native, notation, ticks, counts } = saved;
  const { role, roleReason, kind, kindReason, profile, pivot, error } = saved;
  const source: SourceColumn = {
    ...{ index, name, family, native },
    ...(notation === undefined ? {} : { notation }),
    ...(ticks === undefined ? {} : { ticks }),
  };
  const base = { source, role, roleReason, kind, kindReason, profile, pivot, error };
  if (counts === null) {
    if (profile?.numbers) throw new Unpackable('of counts is missing');
    return { ...base, counts: null, gate: null };
  }
  if (counts.form === 'categories') return { ...base, counts: restoreCategories(counts), gate: null };
  const at = unpackNumbers(counts.gate.at, counts.gate.reasons.length);
  return {
    ...base,
    counts: restoreNumbers(counts),
    edges: unpackNumbers(counts.edges.at, counts.edges.size),
    gate: counts.gate.reasons.map((reasons, i) => gateEdge(at[i]!, reasons)),
  };
}

export function restoreNumbers(saved: SavedNumbers): SideCounts {
  const { table, edges, pivot, zeros, powerSums, mode, occurrences } = saved;
  if (table !== null) {
    return {
      form: 'values',
      values: unpackNumbers(table.values, table.size),
      counts: unpackCounts(table.counts, table.size),
    };
  }
  return {
    form: 'intervals',
    edges: unpackNumbers(edges.at, edges.size),
    counts: unpackCounts(saved.counts, edges.size + 1),
    min: Number(saved.min),
    max: Number(saved.max),
    sumBelow: sumOf(saved.sumBelow),
    sumAbove: sumOf(saved.sumAbove),
    sums: { zeros, powerSums: powerSums.map(sumOf), ...pivot },
    ...(mode === null ? {} : { mode }),
    ...(occurrences === null ? {} : { occurrences: restoreOccurrences(occurrences) }),
  };
}

function restoreOccurrences({ size, times, values }: SavedOccurrences): Occurrences {
  return { times: unpackSteps(times, size), values: unpackCounts(values, size) };
}

function restoreCategories({ rows, names, counts, reads, further }: SavedCategories): SideCounts {
  const base = { form: 'categories', rows, values: names, counts: unpackCounts(counts, names.length), reads } as const;
  if (further.rows === 0) return { ...base, complete: true };
  const known = further.values !== null && further.hashes !== null && further.classes !== null;
  const hashes = new Set(known ? unpackSteps(further.hashes!, further.values!) : []);
  const classes = known ? unpackCounts(further.classes!, further.values!) : new Float64Array(0);
  return {
    ...base,
    complete: known,
    further: {
      rows: further.rows,
      values: further.values,
      singletons: total(classes.map((count) => Number(count === 1))),
      doubletons: total(classes.map((count) => Number(count === 2))),
      occurrences: further.occurrences && restoreOccurrences(further.occurrences),
      has: (value) => hashes.size > 0 && hashes.has(hashOf(value)),
      unseenRows: null,
    },
  };
}

/** What a check reads of a batch, from its profile. */
export interface RestoredBatch {
  readonly columns: ReadonlyMap<ReferenceColumn, CurrentColumn>;
  /** new columns, as each of the columns that they may have been */
  readonly renamed: ReadonlyMap<string, ReadonlyMap<string, CurrentColumn>>;
  readonly windows: CountedWindows | null;
}

/**
 * A batch from its profile, over the columns of the reference that it was counted like.
 *
 * @param known whether the values that it calls new are new to this reference
 */
export function restoreCurrent(
  saved: SavedProfile,
  reference: readonly ReferenceColumn[],
  known: boolean,
  source: string,
): RestoredBatch {
  const windows = saved.batch?.windows ?? null;
  try {
    const columns = new Map<ReferenceColumn, CurrentColumn>();
    const cells = new Map<ReferenceColumn, PeriodCells>();
    for (const [i, column] of saved.columns.entries()) {
      const then = reference[i]!;
      if (column.absent) continue;
      columns.set(then, restoreBatchColumn(column, i, known));
      const series = windows && restorePeriods(then, column.windows, Float64Array.from(windows.rows));
      if (series !== null) cells.set(then, series);
    }
    const renamed = new Map(
      (saved.batch?.added ?? []).map(({ name, as }) => [
        name,
        new Map(as.map((column, i) => [column.name, restoreBatchColumn(column, i, known)])),
      ]),
    );
    if (windows === null) return { columns, renamed, windows: null };
    const { column, spans, rows, outside } = windows;
    const cut = rows.map((count, i) => ({ span: spans && { from: spans[i]![0], to: spans[i]![1] }, rows: count }));
    const by = { form: 'rows', length: 1, count: rows.length } as const;
    return { columns, renamed, windows: { column, windows: cut, outside, columns: cells, by } };
  } catch (cause) {
    if (!(cause instanceof Unpackable)) throw cause;
    throw new DriftError('BAD_PROFILE', `${source} is damaged: an array ${cause.message}`, { cause });
  }
}

function restoreBatchColumn(column: SavedColumn, index: number, known: boolean): CurrentColumn {
  const { source, profile, error, counts } = restoreColumn(column, index);
  const own = column.counts?.form === 'categories' ? restoreBatchCategories(column.counts, known) : counts;
  return { source, profile, error, counts: profile === null ? null : own };
}

/** Values that occur, most frequent first; those that the reference does not know by name as far as they were kept. */
function restoreBatchCategories({ rows, names, counts, reads, further }: SavedCategories, known: boolean): SideCounts {
  const own = unpackCounts(counts, names.length);
  const tells = further.rows === 0 || (known && further.unseenRows !== null);
  const unseen = tells ? further.unseen : [];
  const values = [...names.map((value, i) => ({ value, rows: own[i]! })), ...unseen]
    .filter((entry) => entry.rows > 0)
    .sort((a, b) => b.rows - a.rows || (a.value < b.value ? -1 : 1));
  const shown = unseen.reduce((sum, entry) => sum + entry.rows, 0);
  return {
    form: 'categories',
    rows,
    values: values.map(({ value }) => value),
    counts: Float64Array.from(values, (entry) => entry.rows),
    complete: tells,
    reads,
    further: {
      rows: further.rows - shown,
      values: further.values,
      ...{ singletons: 0, doubletons: 0, occurrences: null, has: () => false },
      unseenRows: tells ? (further.unseenRows ?? 0) - shown : null,
    },
  };
}

/** How a profile is called in a message. */
export function profileName(path: string): string {
  return `the profile ${quoted(path, 200)}`;
}
