import type { BothMissing, CellSource, TracedCells } from '../drift/tested-cells.ts';
import { nextUp } from '../math/floats.ts';
import type { ColumnEvidence } from '../model/evidence.ts';
import type { FrequencyTable } from '../model/frequency-table.ts';
import type { Kind, Moments } from '../model/measure.ts';
import type { ColumnProfile } from '../model/profile.ts';
import type { BatchEvidence, CellSeries } from '../model/time.ts';
import type { PeriodRange, WindowCounts } from '../model/windows.ts';
import { countBelow, hasEdge } from './edges.ts';
import { gateColumnOf, gateCountsOf, scaledCounts, tracedCells } from './gate-cells.ts';
import { momentsOf, total } from './numbers.ts';
import { joinPeriods, type PeriodCells } from './periods.ts';
import type { CurrentColumn, ReferenceColumn, SideCounts } from './side.ts';
import { countsOver, joinSides } from './tables.ts';

/** The share of values that do not read as the reference's type from which on the column has another type. */
const changedTypeShare = 0.5;

/** Both sides of one column, as measures and the verdict read them. */
export interface Comparison {
  readonly evidence: ColumnEvidence;
  readonly table: FrequencyTable | null;
  readonly moments: { readonly reference: Moments; readonly current: Moments } | undefined;
}

type Categories = Extract<SideCounts, { form: 'categories' }>;
type Numbers = Exclude<SideCounts, Categories>;

/** The reference column by period, and the windows to join the periods to. */
export interface ComparedPeriods {
  readonly counts: PeriodCells;
  readonly windows: readonly PeriodRange[];
}

/** The batch's column by window, and the reference's by period. */
export interface ComparedWindows {
  readonly counts: PeriodCells;
  /** rows of the smallest window that is asked */
  readonly leastRows: number;
  readonly reference: PeriodCells | null;
}

/** @param current undefined when the current side has no such column */
export function compareColumn(
  reference: ReferenceColumn,
  current: CurrentColumn | undefined,
  rows: { readonly reference: number; readonly current: number },
  periods: ComparedPeriods | null = null,
  batch: ComparedWindows | null = null,
): Comparison {
  const { role, kind } = reference;
  const base = { name: reference.source.name, role, kind, rows };
  const nothing = { cells: null, missing: null, unseen: null, outside: null, mode: null } as const;
  if (current === undefined) {
    return { evidence: { ...base, schema: 'missing-in-current', ...nothing }, table: null, moments: undefined };
  }
  const schema = schemaOf(reference, current);
  const error = sideError('reference', reference.error) ?? sideError('current', current.error);
  if (error !== undefined || reference.profile === null || current.profile === null) {
    const said = error === undefined ? {} : { error };
    // what the reference could be read as and the current side cannot is a change, not a gap in what is known
    const changed =
      reference.error === null && current.error !== null
        ? { schema: 'changed-type' as const, schemaDetail: `not readable as ${reference.source.family} any more` }
        : schema;
    return { evidence: { ...base, ...changed, ...said, ...nothing }, table: null, moments: undefined };
  }
  const notTested = untested(reference, current, schema.schema);
  const table = reference.counts && current.counts ? joinSides(reference.counts, current.counts) : null;
  const label = role === 'label';
  const missing = bothMissing(reference.profile, current.profile);
  // labels arrive late: what is not there yet says nothing
  const traced = cellsOf(reference, current, label ? noMissing : missing);
  const evidence: ColumnEvidence = {
    ...base,
    ...schema,
    ...(notTested === undefined ? {} : { notTested }),
    cells: traced?.cells ?? null,
    windows: traced && periods && windowsOf(traced, periods),
    ...(traced && batch ? { batch: batchEvidence(reference, current, label ? noMissing : missing, batch) } : {}),
    missing: label ? null : { reference: missingRows(reference.profile), current: missingRows(current.profile) },
    unseen: unseenOf(reference.counts, current.counts),
    outside: outsideOf(reference, current),
    mode: modeOf(reference.counts, current.counts),
  };
  return { evidence, table, moments: bothMoments(reference, current) };
}

function sideError(side: string, error: string | null): string | undefined {
  return error === null ? undefined : `could not be read on the ${side} side: ${error}`;
}

function schemaOf(
  reference: ReferenceColumn,
  { source, profile }: CurrentColumn,
): Pick<ColumnEvidence, 'schema' | 'schemaDetail'> {
  const failures = profile?.castFailures ?? 0;
  const written = (profile?.rows ?? 0) - (profile?.nulls ?? 0);
  if (failures === 0 || failures < changedTypeShare * written) return { schema: 'same' };
  const example = profile!.castFailureExamples[0];
  const detail = `${reference.source.native} in the reference, now ${source.native}${example === undefined ? '' : ` such as ${JSON.stringify(example)}`}`;
  return { schema: 'changed-type', schemaDetail: detail };
}

function untested(
  reference: ReferenceColumn,
  current: CurrentColumn,
  schema: ColumnEvidence['schema'],
): string | undefined {
  if (schema === 'changed-type') return 'most values do not read as the type of the reference';
  const { kind } = reference;
  if (kind === 'unsupported') return `values stored as ${reference.source.native} cannot be compared`;
  if (kind === 'embedding') return 'embeddings are shown and not tested';
  const [then, now] = [reference.profile?.numbers, current.profile?.numbers];
  // said to be a feature, it is tested like one
  if (
    kind === 'datetime' &&
    reference.roleReason === null &&
    then &&
    now &&
    now.min >= then.max &&
    now.max > then.max
  ) {
    return 'a time that moved on: all values are later than those of the reference';
  }
  const filled = (side: { profile: ColumnProfile | null }) => (side.profile?.rows ?? 0) > missingRows(side.profile!);
  if (!filled(reference) && !filled(current)) return 'no value on either side';
  return undefined;
}

const noMissing: BothMissing = { reference: { null: 0, nan: 0 }, current: { null: 0, nan: 0 } };

function bothMissing(reference: ColumnProfile, current: ColumnProfile): BothMissing {
  const of = (profile: ColumnProfile) => ({ null: profile.nulls + profile.castFailures, nan: profile.nan });
  return { reference: of(reference), current: of(current) };
}

function missingRows({ nulls, castFailures, nan }: ColumnProfile): number {
  return nulls + castFailures + nan;
}

/** Cells that a single window can fill, with the counts of every window and of every period of the reference in them. */
function batchEvidence(
  reference: ReferenceColumn,
  current: CurrentColumn,
  missing: BothMissing,
  { counts, leastRows, reference: periods }: ComparedWindows,
): BatchEvidence {
  // which cells there are depends on the two sizes: that of the smallest window counts
  const shrunk = Math.min(1, leastRows / Math.max(1, current.profile!.rows));
  const { cells, sources, mainSources } = cellsOf(reference, current, missing, shrunk)!;
  const label = reference.role === 'label';
  const known = label ? withoutMissing(counts) : counts;
  const then = periods && (label ? withoutMissing(periods) : periods);
  const series = (of: PeriodCells): CellSeries => ({ cells: sumsOf(sources, of), main: sumsOf(mainSources, of) });
  return {
    cells,
    batch: series(known),
    reference: then && series(then),
    missing: label ? null : sumsOf([['null', 'nan']], counts)[0]!,
  };
}

/** Labels that have not arrived are in no cell. */
function withoutMissing(counts: PeriodCells): PeriodCells {
  const none = new Float64Array(counts.null.length);
  return { ...counts, null: none, nan: none };
}

function sumsOf(cells: TracedCells['sources'], counts: PeriodCells): Float64Array[] {
  return cells.map((parts) => {
    const sum = new Float64Array(counts.null.length);
    for (const part of parts) {
      const rows = typeof part === 'number' ? counts.cells[part]! : counts[part];
      for (const [w, count] of rows.entries()) sum[w] = sum[w]! + count;
    }
    return sum;
  });
}

/** @param share of the current rows that the cells are cut for */
function cellsOf(
  reference: ReferenceColumn,
  current: CurrentColumn,
  missing: BothMissing,
  share = 1,
): TracedCells | null {
  const column = gateColumnOf(reference);
  if (column === null || current.counts === null) return null;
  const then = gateCountsOf(column, reference.counts!, reference.profile!, missing.reference);
  const now = gateCountsOf(column, current.counts, current.profile!, missing.current);
  return then && now && tracedCells(column, then, scaledCounts(now, share));
}

/** The reference's rows in the tested cells by window. */
function windowsOf({ sources, mainSources }: TracedCells, { counts, windows }: ComparedPeriods): WindowCounts {
  const joined = new Map<CellSource, Float64Array>();
  const of = (source: CellSource): Float64Array => {
    const known = joined.get(source);
    if (known !== undefined) return known;
    const periods = typeof source === 'number' ? counts.cells[source]! : counts[source];
    const result = joinPeriods(periods, windows);
    joined.set(source, result);
    return result;
  };
  const sums = (cells: TracedCells['sources']) =>
    cells.map((parts) => {
      const sum = new Float64Array(windows.length);
      for (const part of parts) for (const [w, rows] of of(part).entries()) sum[w] = sum[w]! + rows;
      return sum;
    });
  const [missing] = sums([['null', 'nan']]);
  return { cells: sums(sources), main: sums(mainSources), missing: missing! };
}

function unseenOf(reference: SideCounts | null, current: SideCounts | null): ColumnEvidence['unseen'] {
  if (reference?.form !== 'categories' || current?.form !== 'categories') return null;
  if (!reference.complete || !current.complete || current.further?.unseenRows === null) return null;
  const { further } = reference;
  const known = new Set(reference.values.filter((_, i) => reference.counts[i]! > 0));
  const unseen = current.values.flatMap((value, i) =>
    known.has(value) || further?.has(value) ? [] : [{ value, rows: current.counts[i]! }],
  );
  return {
    currentRows: current.rows,
    referenceRows: reference.rows,
    unseenRows: unseen.reduce((sum, { rows }) => sum + rows, current.further?.unseenRows ?? 0),
    singletons: reference.counts.filter((count) => count === 1).length + (further?.singletons ?? 0),
    doubletons: reference.counts.filter((count) => count === 2).length + (further?.doubletons ?? 0),
    examples: unseen.slice(0, 5),
  };
}

/** Times move on and texts have no range; a label's values may be few yet. */
const hasRange: ReadonlySet<Kind> = new Set(['numeric']);

function outsideOf(reference: ReferenceColumn, current: CurrentColumn): ColumnEvidence['outside'] {
  const [then, now] = [reference.profile?.numbers, current.profile?.numbers];
  if (!hasRange.has(reference.kind) || !then || !reference.profile || !current.profile) return null;
  const counts = current.counts as Numbers;
  const beyond = beyondRange(counts, then.min, then.max);
  if (beyond === null) return null;
  const finite = (side: Numbers) => total(side.counts);
  const infinities = (profile: ColumnProfile) => profile.negativeInfinity + profile.positiveInfinity;
  return {
    referenceRows: finite(reference.counts as Numbers) + infinities(reference.profile),
    currentRows: finite(counts) + infinities(current.profile),
    // an infinity that the reference had too is nothing new
    below: beyond.below + (reference.profile.negativeInfinity === 0 ? current.profile.negativeInfinity : 0),
    above: beyond.above + (reference.profile.positiveInfinity === 0 ? current.profile.positiveInfinity : 0),
    referenceMin: then.min,
    referenceMax: then.max,
    currentMin: now?.min ?? then.min,
    currentMax: now?.max ?? then.max,
  };
}

/** Values outside a range; null when they were counted over edges that do not tell. */
function beyondRange(counts: Numbers, min: number, max: number): { below: number; above: number } | null {
  if (counts.form === 'intervals' && !(hasEdge(counts.edges, min) && hasEdge(counts.edges, nextUp(max)))) {
    return counts.min >= min && counts.max <= max ? { below: 0, above: 0 } : null;
  }
  const [below, , above] = countsOver(counts, Float64Array.of(min, nextUp(max)));
  return { below: below!, above: above! };
}

/**
 * The reference's most frequent value and who differs from it. Where values were merged, a whole interval stands for a value, so that
 * fewer rows count as different than do: the rules that read this err on the quiet side. Whether a question is asked never depends
 * on how a side was counted.
 */
function modeOf(reference: SideCounts | null, current: SideCounts | null): ColumnEvidence['mode'] {
  if (reference === null || current === null || reference.counts.length === 0) return null;
  const constant = current.form !== 'intervals' && current.values.length === 1 && rowsOf(current) === current.counts[0];
  const stuckAt = constant ? current.values[0]! : undefined;
  const merged = reference.form === 'intervals' && reference.mode === undefined;
  const mode = merged && typeof stuckAt === 'number' ? stuckAt : mostFrequent(reference);
  if (mode === undefined) return null;
  return {
    value: String(mode),
    referenceRows: rowsOf(reference),
    referenceOffMode: rowsOf(reference) - rowsAt(reference, mode),
    currentRows: rowsOf(current),
    currentOffMode: rowsOf(current) - rowsAt(current, mode),
    currentConstant: constant,
    ...(stuckAt === undefined ? {} : { currentValue: String(stuckAt) }),
  };
}

function mostFrequent(side: SideCounts): string | number | undefined {
  const most = side.counts.reduce((best, count, i) => (count > side.counts[best]! ? i : best), 0);
  return side.form === 'intervals' ? (side.mode ?? side.edges[Math.max(0, most - 1)]) : side.values[most];
}

/** Rows that hold a value, or may hold it. */
function rowsAt(side: SideCounts, value: string | number): number {
  if (side.form === 'intervals') return side.counts[countBelow(side.edges, Number(value))]!;
  const i = (side.values as ArrayLike<string | number> & { indexOf(wanted: unknown): number }).indexOf(value);
  return i < 0 ? 0 : side.counts[i]!;
}

function rowsOf(side: SideCounts): number {
  return side.form === 'categories' ? side.rows : total(side.counts);
}

function bothMoments(reference: ReferenceColumn, current: CurrentColumn): Comparison['moments'] {
  const [then, now] = [reference.profile?.numbers, current.profile?.numbers];
  if (!then || !now || reference.counts === null || current.counts === null) return undefined;
  return {
    reference: momentsOf(then, total(reference.counts.counts)),
    current: momentsOf(now, total(current.counts.counts)),
  };
}
