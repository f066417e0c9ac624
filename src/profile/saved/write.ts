import { createHash } from 'node:crypto';
import { type GateEdge, tailLadder } from '../../drift/tested-cells.ts';
import type { NumberTable } from '../../engine/engine.ts';
import type { ConfigRecord, DatasetInfo } from '../../model/run.ts';
import {
  profileFormat,
  profileSchemaVersion,
  type SavedCategories,
  type SavedColumn,
  type SavedFurther,
  type SavedNumbers,
  type SavedOccurrences,
  type SavedProfile,
  type SavedTimeline,
} from '../../model/saved-profile.ts';
import type { ColumnSettings } from '../../model/settings.ts';
import { cutLike } from '../current.ts';
import { countOverEdges } from '../edges.ts';
import { total } from '../numbers.ts';
import type { PeriodCells } from '../periods.ts';
import { type RowRepeats, readsOf, tally } from '../quality.ts';
import { type IntervalSums, mostFrequentOf, type ReferenceColumn, type SideCounts } from '../side.ts';
import { outerOf } from '../tables.ts';
import { hashOf, packCounts, packNumbers, packSeries, packSteps, real } from './packing.ts';
import { type Privacy, recordOf, saltCheck, withheld } from './privacy.ts';
import { profileContentShape } from './shape.ts';
import { exactSum, movedSums } from './sums.ts';

/** Distinct numbers that are saved one by one; more are merged to cells. */
export const mostTableValues = 200;
/** Categories that are saved by name. */
export const mostNames = 200;
/** Further categories of one column, and of all, that are saved as hashes. */
const mostHashes = 5000;
const mostHashesInAll = 30_000;

/** Further categories of each column that are saved as hashes: which these are depends on the columns alone, never on their values. */
export function hashesPerColumn(columns: readonly { readonly counts: { readonly form: string } | null }[]): number {
  const categorical = columns.filter(({ counts }) => counts?.form === 'categories').length;
  return Math.min(mostHashes, Math.floor(mostHashesInAll / Math.max(1, categorical)));
}

/** What a profile is made of, counted. */
export interface Profiled {
  readonly engine: string;
  readonly version: string;
  readonly rows: number;
  readonly datasets: readonly DatasetInfo[];
  readonly config: ConfigRecord;
  readonly settings: Readonly<Record<string, ColumnSettings>>;
  readonly columns: readonly ReferenceColumn[];
  readonly timeline: (Omit<SavedTimeline, 'rows' | 'periods'> & { readonly rows: Float64Array }) | null;
  readonly periods: ReadonlyMap<ReferenceColumn, PeriodCells>;
  readonly repeats: RowRepeats | null;
  readonly layers: Readonly<Record<string, unknown>>;
  readonly notes: readonly string[];
  readonly privacy: Privacy;
}

/** A reference's profile. */
export function saveProfile(profiled: Profiled): SavedProfile {
  const { settings, repeats, timeline, privacy } = profiled;
  const { columns, periods } = withheld(profiled.columns, profiled.periods, privacy);
  const most = hashesPerColumn(columns);
  return sealed({
    format: profileFormat,
    schemaVersion: profileSchemaVersion,
    tool: { version: profiled.version, engine: profiled.engine },
    rows: profiled.rows,
    ...recordOf(profiled, privacy),
    privacy: {
      minCount: privacy.minCount,
      redacted: privacy.redacted,
      saltCheck: privacy.redacted.length === 0 ? null : saltCheck(privacy.salt!),
    },
    cells: '',
    like: null,
    columns: columns.map((column) => {
      const said = Object.hasOwn(settings, column.source.name) ? settings[column.source.name] : undefined;
      const cells = periods.get(column);
      return {
        ...headOf(column),
        said: { role: said?.role ?? null, kind: said?.kind ?? null },
        absent: false,
        counts: countsOf(column, most),
        periods: cells === undefined || timeline === null ? null : packPeriods(cells, timeline.rows),
        windows: null,
      };
    }),
    timeline: timeline && packTimeline(timeline),
    batch: null,
    repeats: repeats && { ...repeats.key, ...repeats.counts },
    layers: profiled.layers,
    notes: profiled.notes,
  });
}

/** What of a column does not depend on its counts. */
export function headOf({ source, role, roleReason, kind, kindReason, error, profile, pivot }: ReferenceColumn) {
  const { name, family, native, notation, ticks } = source;
  return {
    ...{ name, family, native },
    ...(notation === undefined ? {} : { notation }),
    ...(ticks === undefined ? {} : { ticks }),
    ...{ role, roleReason, kind, kindReason, error, profile, pivot },
    distinct: profile?.distinct?.value ?? null,
  };
}

/** With the hash of its cells and the checksum of its content. */
export function sealed(unsealed: Omit<SavedProfile, 'checksum'> & { readonly checksum?: string }): SavedProfile {
  const { checksum: _, ...content } = unsealed;
  const whole = { ...content, cells: cellsHash(content) };
  return { ...whole, checksum: checksumOf(whole) };
}

/** @throws {Mismatch} when the content is not what the contract says */
export function checksumOf(content: Omit<SavedProfile, 'checksum'>): string {
  return sha256(JSON.stringify(profileContentShape.read(content, '', 'refuse')));
}

/** What everything is counted over: the columns as they are read, the gate's edges and labels, the periods. */
export function cellsHash({ columns, timeline }: Pick<SavedProfile, 'columns' | 'timeline'>): string {
  const cells = columns.map(({ name, family, kind, notation, ticks, pivot, counts }) => [
    ...[name, family, kind, notation ?? null, ticks ?? null, pivot],
    counts === null ? null : counts.form === 'numbers' ? [counts.gate, counts.edges] : counts.names,
  ]);
  const time = timeline && [timeline.column, timeline.origin, timeline.length];
  return sha256(JSON.stringify([cells, time]));
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** As JSON, a column a line. */
export function printProfile(profile: SavedProfile): string {
  const { checksum, ...content } = profile;
  const whole = { ...profileContentShape.read(content, '', 'refuse'), checksum };
  const members = Object.entries(whole).map(([key, value]) => {
    const text =
      key === 'columns'
        ? `[\n    ${(value as unknown[]).map((column) => JSON.stringify(column)).join(',\n    ')}\n  ]`
        : JSON.stringify(value);
    return `  ${JSON.stringify(key)}: ${text}`;
  });
  return `{\n${members.join(',\n')}\n}\n`;
}

// ---- columns

function countsOf(column: ReferenceColumn, most: number): SavedColumn['counts'] {
  const { counts, gate } = column;
  if (counts === null) return null;
  return counts.form === 'categories' ? savedCategories(counts, most) : gate && savedNumbers(column, gate, counts);
}

type Numbers = Exclude<SideCounts, { form: 'categories' }>;

/** Over the edges that the column, or the one it was counted like, is cut at. */
export function savedNumbers(cutBy: ReferenceColumn, gate: readonly GateEdge[], counts: Numbers): SavedNumbers {
  const { edges, center, scale } =
    counts.form === 'intervals' ? { ...cutBy.pivot, edges: counts.edges } : cutLike(cutBy);
  const cells = counts.form === 'intervals' ? counts.counts : countOverEdges(counts, edges);
  const sums = counts.form === 'intervals' ? counts.sums : sumsOfTable(counts, { center, scale });
  const { min, max, sumBelow, sumAbove } = outerOf(counts, edges);
  const own = cutBy.counts === counts;
  const tabled = counts.form === 'values' && counts.values.length <= mostTableValues;
  return {
    form: 'numbers',
    gate: { at: packNumbers(Float64Array.from(gate, ({ at }) => at)), reasons: gate.map(reasonsOf) },
    edges: { size: edges.length, at: packNumbers(edges) },
    counts: packCounts(cells),
    min: real(min),
    max: real(max),
    zeros: sums.zeros,
    pivot: { center, scale },
    powerSums: aboutPivot(sums, { center, scale }, total(cells)).map((sum) => exactSum([sum])),
    sumBelow: exactSum([sumBelow]),
    sumAbove: exactSum([sumAbove]),
    table: tabled
      ? { size: counts.values.length, values: packNumbers(counts.values), counts: packCounts(counts.counts) }
      : null,
    // another column's edges need not tell it apart
    mode: own && counts.form === 'values' && counts.values.length > 0 ? mostFrequentOf(counts) : null,
    occurrences: counts.form === 'values' && !tabled ? savedOccurrences(counts.counts) : null,
  };
}

const decileReason = 1;

function reasonsOf({ decile, tails }: GateEdge): number {
  return tails.reduce((sum, tail) => sum + 2 ** (tailLadder.indexOf(tail) + 1), decile ? decileReason : 0);
}

export function gateEdge(at: number, reasons: number): GateEdge {
  return {
    at,
    decile: reasons % 2 === 1,
    tails: tailLadder.filter((_, i) => Math.floor(reasons / 2 ** (i + 1)) % 2 === 1),
  };
}

export function sumsOfTable(
  { values, counts }: NumberTable,
  pivot: Pick<IntervalSums, 'center' | 'scale'>,
): IntervalSums {
  const zero = values.indexOf(0);
  const powerSums = [0, 0, 0, 0];
  const carries = [0, 0, 0, 0]; // Neumaier
  for (let i = 0; i < values.length; i++) {
    const d = (values[i]! - pivot.center) * pivot.scale;
    let term = counts[i]!;
    for (let k = 0; k < 4; k++) {
      term *= d;
      const sum = powerSums[k]!;
      const next = sum + term;
      carries[k]! += Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum;
      powerSums[k] = next;
    }
  }
  return {
    zeros: zero < 0 ? 0 : counts[zero]!,
    powerSums: powerSums.map((sum, k) => (Number.isFinite(sum) ? sum + carries[k]! : sum)),
    ...pivot,
  };
}

/** Sums were taken about a guess of the center; all that is saved is about the pivot. */
function aboutPivot(
  sums: IntervalSums,
  pivot: Pick<IntervalSums, 'center' | 'scale'>,
  rows: number,
): readonly number[] {
  const by = (sums.center - pivot.center) * pivot.scale;
  return by === 0 ? sums.powerSums : movedSums(sums.powerSums, rows, by);
}

function savedCategories(counts: Extract<SideCounts, { form: 'categories' }>, mostHashes: number): SavedCategories {
  const names = counts.values.slice(0, mostNames);
  const named = counts.counts.slice(0, mostNames);
  const others = counts.values.slice(mostNames);
  const otherRows = counts.counts.slice(mostNames);
  return {
    form: 'categories',
    rows: counts.rows,
    names,
    counts: packCounts(named),
    reads: readsOf(counts),
    further: {
      ...furtherOf(
        counts.rows - total(named),
        counts.complete ? others.map((value, i) => [hashOf(value), otherRows[i]!]) : null,
        mostHashes,
      ),
      occurrences: counts.complete ? savedOccurrences(otherRows) : null,
      unseenRows: 0,
      unseen: [],
    },
  };
}

export function savedOccurrences(rows: Float64Array): SavedOccurrences | null {
  if (rows.length === 0) return null;
  const { times, values } = tally(rows);
  return { size: times.length, times: packSteps(times), values: packCounts(values) };
}

/** @param hashes each with its rows, or its class; null when not all are known */
export function furtherOf(
  rows: number,
  hashes: readonly (readonly [hash: number, rows: number])[] | null,
  mostHashes: number,
): Pick<SavedFurther, 'rows' | 'values' | 'hashes' | 'classes'> {
  // two values of one hash are as one that comes more often
  const classes = new Map<number, number>();
  for (const [hash, count] of hashes ?? []) classes.set(hash, Math.min(3, (classes.get(hash) ?? 0) + count));
  if (hashes === null || classes.size > mostHashes) return { rows, values: null, hashes: null, classes: null };
  const ascending = [...classes].sort(([a], [b]) => a - b);
  return {
    rows,
    values: ascending.length,
    hashes: packSteps(ascending.map(([hash]) => hash)),
    classes: packCounts(ascending.map(([, count]) => count)),
  };
}

// ---- time

export function packPeriods({ cells, other, null: none, nan }: PeriodCells, rows: Float64Array): string {
  return packSeries([...cells, other, none, nan], rows);
}

export function packTimeline({ rows, ...timeline }: NonNullable<Profiled['timeline']>): SavedTimeline {
  return { ...timeline, periods: rows.length, rows: packCounts(rows) };
}
