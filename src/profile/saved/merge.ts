import { DriftError } from '../../model/errors.ts';
import type { ReadRows } from '../../model/quality.ts';
import type {
  SavedBatch,
  SavedCategories,
  SavedColumn,
  SavedFurther,
  SavedNumbers,
  SavedProfile,
  SavedTimeline,
} from '../../model/saved-profile.ts';
import { quoted } from '../../model/text.ts';
import { derivedProfile, type Tallies } from './derive.ts';
import {
  packCounts,
  packNumbers,
  packSeries,
  real,
  unpackCounts,
  unpackNumbers,
  unpackSeries,
  unpackSteps,
} from './packing.ts';
import { profileName } from './read.ts';
import { mergeSums } from './sums.ts';
import { furtherOf, hashesPerColumn, mostTableValues, sealed } from './write.ts';

/** A profile and what it is called in a message. */
export interface NamedProfile {
  readonly path: string;
  readonly profile: SavedProfile;
}

/**
 * Profiles of parts as the profile of the whole. Counts are added, sums without rounding, so that neither order nor grouping matters.
 *
 * @throws {DriftError} BAD_PROFILE when they were counted over different cells
 */
export function mergeProfiles(parts: readonly NamedProfile[]): SavedProfile {
  const [first, ...others] = parts;
  if (first === undefined || others.length === 0)
    throw new DriftError('BAD_OPTION', 'merge needs two profiles or more');
  const seen = new Map([[first.profile.checksum, first.path]]);
  for (const { path, profile } of others) {
    requireAlike(first, { path, profile });
    const twice = seen.get(profile.checksum);
    if (twice !== undefined) {
      throw new DriftError(
        'BAD_OPTION',
        `${profileName(path)} is the same as ${quoted(twice, 200)}; its rows would count twice`,
      );
    }
    seen.set(profile.checksum, path);
  }
  return sealed(
    others.reduce<Omit<SavedProfile, 'checksum'>>((whole, { profile }) => added(whole, profile), first.profile),
  );
}

function requireAlike(first: NamedProfile, { path, profile }: NamedProfile): void {
  const bad = (what: string) =>
    new DriftError(
      'BAD_PROFILE',
      `${profileName(path)} ${what}; profile its data with --like ${quoted(first.path, 200)}`,
    );
  const names = new Set(first.profile.columns.map(({ name }) => name));
  const unknown = profile.columns.find(({ name }) => !names.has(name));
  if (unknown) throw bad(`has a column ${quoted(unknown.name, 60)} that ${quoted(first.path, 200)} has not`);
  if (profile.cells !== first.profile.cells) {
    const own = new Map(profile.columns.map((column) => [column.name, column]));
    const other = first.profile.columns.find((column) => cellsOf(column) !== cellsOf(own.get(column.name)));
    const what = other === undefined ? 'time' : quoted(other.name, 60);
    throw bad(`counts ${what} over other cells than ${quoted(first.path, 200)}`);
  }
  const absent = profile.columns.find((column, i) => column.absent !== first.profile.columns[i]!.absent);
  if (absent) throw bad(`and ${quoted(first.path, 200)} do not both have the column ${quoted(absent.name, 60)}`);
  const privacy = ({ privacy: { minCount, redacted, saltCheck } }: SavedProfile) =>
    JSON.stringify([minCount, redacted, saltCheck]);
  if (privacy(profile) !== privacy(first.profile)) {
    throw bad(`was written with another --min-count, --redact or salt than ${quoted(first.path, 200)}`);
  }
}

function cellsOf(column: SavedColumn | undefined): string {
  if (column === undefined) return '';
  const { family, kind, pivot, counts } = column;
  const cells = counts === null ? null : counts.form === 'numbers' ? [counts.gate, counts.edges] : counts.names;
  return JSON.stringify([family, kind, pivot, cells]);
}

type Content = Omit<SavedProfile, 'checksum'>;

function added(a: Content, b: Content): Content {
  const most = hashesPerColumn(a.columns);
  const like = a.like === b.like ? a.like : null;
  const [config] = [a.config, b.config].sort((x, y) => order(JSON.stringify(x), JSON.stringify(y)));
  const [tool] = [a.tool, b.tool].sort((x, y) => order(JSON.stringify(x), JSON.stringify(y)));
  const timeline = joinTimelines(a.timeline, b.timeline);
  return {
    ...a,
    tool: tool!,
    rows: a.rows + b.rows,
    datasets: [...a.datasets, ...b.datasets].sort((x, y) => order(JSON.stringify(x), JSON.stringify(y))),
    config: config!,
    like,
    columns: a.columns.map((column, i) =>
      mergeColumns(column, b.columns[i]!, most, like !== null, (packed) =>
        joinPeriods(packed, a.timeline, b.timeline, timeline),
      ),
    ),
    timeline,
    batch: mergeBatches(a.batch, b.batch, most, like !== null),
    // rows of two parts may be the same, and nothing tells
    repeats: null,
    layers: {},
    notes: [...new Set([...a.notes, ...b.notes, mergedNote])].sort(order),
  };
}

const mergedNote =
  'merged of several profiles: which rows repeat others, the number and the most frequent of more than 200 distinct values, ' +
  'the windows of a batch and what the layers beside the columns count are not known';

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

type PackedPair = readonly [string | null, string | null];

function mergeColumns(
  a: SavedColumn,
  b: SavedColumn,
  most: number,
  sameParent: boolean,
  periods: (packed: PackedPair) => string | null,
): SavedColumn {
  const error = [a.error, b.error].filter((text) => text !== null).sort(order)[0] ?? null;
  const [native] = [a.native, b.native].sort(order);
  const said = { role: a.said.role ?? b.said.role, kind: a.said.kind ?? b.said.kind };
  const base = { ...a, native: native!, error, said, windows: null, periods: null };
  const distinct = a.distinct === null || b.distinct === null ? null : Math.max(a.distinct, b.distinct);
  if (a.profile === null || b.profile === null) return { ...base, distinct, profile: null };
  const counts = mergeCounts(a.counts, b.counts, most, sameParent);
  const atLeast = distinct === null ? null : { value: distinct, exact: false };
  return {
    ...base,
    distinct,
    counts,
    profile: derivedProfile(addTallies(a.profile, b.profile), counts, atLeast),
    periods: periods([a.periods, b.periods]),
  };
}

function addTallies(a: Tallies, b: Tallies): Tallies {
  return {
    rows: a.rows + b.rows,
    nulls: a.nulls + b.nulls,
    nan: a.nan + b.nan,
    positiveInfinity: a.positiveInfinity + b.positiveInfinity,
    negativeInfinity: a.negativeInfinity + b.negativeInfinity,
    castFailures: a.castFailures + b.castFailures,
    castFailureExamples: [...new Set([...a.castFailureExamples, ...b.castFailureExamples])].sort(order).slice(0, 3),
  };
}

function mergeCounts(
  a: SavedColumn['counts'],
  b: SavedColumn['counts'],
  most: number,
  sameParent: boolean,
): SavedColumn['counts'] {
  if (a?.form === 'numbers' && b?.form === 'numbers') return mergeNumbers(a, b);
  if (a?.form === 'categories' && b?.form === 'categories') return mergeCategories(a, b, most, sameParent);
  return null;
}

function mergeNumbers(a: SavedNumbers, b: SavedNumbers): SavedNumbers {
  const extreme = (of: (...values: number[]) => number, x: number, y: number) =>
    real(Number.isNaN(x) ? y : Number.isNaN(y) ? x : of(x, y));
  const table = mergeTables(a.table, b.table);
  return {
    ...a,
    counts: addPacked(a.counts, b.counts, a.edges.size + 1),
    min: extreme(Math.min, Number(a.min), Number(b.min)),
    max: extreme(Math.max, Number(a.max), Number(b.max)),
    zeros: a.zeros + b.zeros,
    powerSums: a.powerSums.map((sum, i) => mergeSums(sum, b.powerSums[i]!)),
    sumBelow: mergeSums(a.sumBelow, b.sumBelow),
    sumAbove: mergeSums(a.sumAbove, b.sumAbove),
    table: table && {
      size: table.values.length,
      values: packNumbers(table.values),
      counts: packCounts(table.counts),
    },
    ...{ mode: null, occurrences: null },
  };
}

function mergeTables(a: SavedNumbers['table'], b: SavedNumbers['table']) {
  if (a === null || b === null) return null;
  const rows = new Map<number, number>();
  for (const { size, values, counts } of [a, b]) {
    const own = unpackCounts(counts, size);
    for (const [i, value] of unpackNumbers(values, size).entries()) rows.set(value, (rows.get(value) ?? 0) + own[i]!);
  }
  if (rows.size > mostTableValues) return null;
  const values = Float64Array.from(rows.keys()).sort();
  return { values, counts: values.map((value) => rows.get(value)!) };
}

function mergeCategories(a: SavedCategories, b: SavedCategories, most: number, sameParent: boolean): SavedCategories {
  const rows = a.further.rows + b.further.rows;
  const hashes = hashesOf(a.further) && hashesOf(b.further) && [...hashesOf(a.further)!, ...hashesOf(b.further)!];
  const unseen = new Map<string, number>();
  for (const { value, rows } of [...a.further.unseen, ...b.further.unseen])
    unseen.set(value, (unseen.get(value) ?? 0) + rows);
  const tells = sameParent && a.further.unseenRows !== null && b.further.unseenRows !== null;
  return {
    form: 'categories',
    rows: a.rows + b.rows,
    names: a.names,
    counts: addPacked(a.counts, b.counts, a.names.length),
    reads: addReads(a.reads, b.reads),
    further: {
      ...furtherOf(rows, hashes, most),
      occurrences: null,
      unseenRows: tells ? a.further.unseenRows! + b.further.unseenRows! : null,
      unseen: tells
        ? [...unseen]
            .map(([value, rows]) => ({ value, rows }))
            .sort((x, y) => y.rows - x.rows || order(x.value, y.value))
            .slice(0, 20)
        : [],
    },
  };
}

function hashesOf({ values, hashes, classes }: SavedFurther): [number, number][] | null {
  if (values === null || hashes === null || classes === null) return null;
  const own = unpackCounts(classes, values);
  return Array.from(unpackSteps(hashes, values), (hash, i) => [hash, own[i]!]);
}

function addReads(a: ReadRows, b: ReadRows): ReadRows {
  return {
    number: a.number + b.number,
    date: a.date + b.date,
    truth: a.truth + b.truth,
    word: a.word + b.word,
  };
}

function addPacked(a: string, b: string, size: number): string {
  const other = unpackCounts(b, size);
  return packCounts(unpackCounts(a, size).map((count, i) => count + other[i]!));
}

// ---- time

function joinTimelines(a: SavedTimeline | null, b: SavedTimeline | null): SavedTimeline | null {
  if (a === null || b === null) return null;
  const filled = [a, b].filter(({ periods }) => periods > 0);
  const first = filled.length === 0 ? 0 : Math.min(...filled.map((grid) => grid.first));
  const end = Math.max(first, ...filled.map((grid) => grid.first + grid.periods));
  const rows = new Float64Array(end - first);
  for (const grid of filled) addFrom(rows, grid.first - first, unpackCounts(grid.rows, grid.periods));
  return {
    ...a,
    ...{ first, periods: rows.length, rows: packCounts(rows) },
    outside: a.outside + b.outside,
    granularity: Math.min(a.granularity, b.granularity),
  };
}

/** Series after series on the longer grid. */
function joinPeriods(
  packed: PackedPair,
  of: SavedTimeline | null,
  other: SavedTimeline | null,
  whole: SavedTimeline | null,
): string | null {
  const [a, b] = packed;
  if (a === null || b === null || of === null || other === null || whole === null) return null;
  const parts = [
    { grid: of, series: unpackSeries(a, unpackCounts(of.rows, of.periods)) },
    { grid: other, series: unpackSeries(b, unpackCounts(other.rows, other.periods)) },
  ];
  const sums = Array.from({ length: Math.max(...parts.map(({ series }) => series.length)) }, (_, i) => {
    const sum = new Float64Array(whole.periods);
    for (const { grid, series } of parts) addFrom(sum, grid.first - whole.first, series[i] ?? new Float64Array(0));
    return sum;
  });
  return packSeries(sums, unpackCounts(whole.rows, whole.periods));
}

function addFrom(sum: Float64Array, from: number, counts: Float64Array): void {
  for (const [k, count] of counts.entries()) sum[from + k] = sum[from + k]! + count;
}

/** What one part lacks resembles nothing. */
function mergeNew(
  a: SavedBatch['added'],
  b: SavedBatch['added'],
  most: number,
  sameParent: boolean,
): SavedBatch['added'] {
  const names = new Set([...a, ...b].map(({ name }) => name));
  return [...names].sort(order).map((name) => {
    const [own, other] = [a, b].map((part) => part.find((column) => column.name === name));
    const [first] = [own, other].flatMap((column) => column ?? []).sort((x, y) => order(x.native, y.native));
    const as = (own?.as ?? []).flatMap((column) => {
      const partner = other?.as.find((candidate) => candidate.name === column.name);
      return partner === undefined ? [] : [mergeColumns(column, partner, most, sameParent, () => null)];
    });
    return { name, family: first!.family, native: first!.native, as };
  });
}

function mergeBatches(
  a: SavedBatch | null,
  b: SavedBatch | null,
  most: number,
  sameParent: boolean,
): SavedBatch | null {
  if (a === null || b === null) return null;
  return {
    added: mergeNew(a.added, b.added, most, sameParent),
    time:
      a.time && b.time
        ? {
            column: a.time.column,
            from: Math.min(a.time.from, b.time.from),
            to: Math.max(a.time.to, b.time.to),
            granularity: Math.min(a.time.granularity, b.time.granularity),
          }
        : null,
    windows: null,
  };
}
