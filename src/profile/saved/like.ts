import type { Dataset } from '../../engine/engine.ts';
import type { ColumnProfile } from '../../model/profile.ts';
import type {
  SavedBatch,
  SavedCategories,
  SavedColumn,
  SavedProfile,
  SavedTimeline,
} from '../../model/saved-profile.ts';
import { readRows } from '../../quality/mixed-types.ts';
import type { CountedWindows } from '../batch-windows.ts';
import { type Pair, profileCurrent } from '../current.ts';
import { requestFor } from '../gate-cells.ts';
import { total } from '../numbers.ts';
import { type BatchTime, cellsOf, type PeriodCells, periodCells } from '../periods.ts';
import { comparable, renamingCandidates } from '../quality.ts';
import { type CurrentColumn, numberReading, type ReferenceColumn, type SideCounts } from '../side.ts';
import { derivedProfile } from './derive.ts';
import { hashOf, packCounts, unpackSteps } from './packing.ts';
import { isOpen, redactedName, withheldText } from './privacy.ts';
import { furtherOf, hashesPerColumn, packPeriods, packTimeline, savedNumbers, savedOccurrences } from './write.ts';

/** A data set counted over the cells of a saved profile, so that the two can be compared and merged. */

/** Columns that are counted and let go together. */
const columnsAtOnce = 40;
/** Periods before and after the origin that are told apart; a time beyond lies in none. */
const farthest = 800;
/** Values that the other profile does not know, shown. */
const mostUnseen = 20;

export interface LikeProfile extends Pick<SavedProfile, 'columns' | 'timeline' | 'batch'> {
  readonly counted: readonly CurrentColumn[];
}

/** A column as it was counted, and as it is saved. */
interface LikeColumn {
  readonly reference: ReferenceColumn;
  readonly counted: CurrentColumn;
  readonly saved: SavedColumn;
}

/** @param parent restored from `saved` */
export async function countLike(
  data: Dataset,
  saved: SavedProfile,
  parent: readonly ReferenceColumn[],
  time: BatchTime | null,
  windows: CountedWindows | null,
  salt: string | null,
): Promise<LikeProfile> {
  const sources = new Map(data.columns.map((column) => [column.name, column]));
  const most = hashesPerColumn(saved.columns);
  const { redacted, minCount } = saved.privacy;
  const open = isOpen(saved.privacy);
  const showing = ({ source: { name } }: ReferenceColumn): Showing => ({
    most,
    least: minCount ?? 0,
    openly: open,
    rename: salt !== null && redacted.includes(name) ? (value) => redactedName(salt, name, value) : (value) => value,
  });
  const count = async (pairs: readonly Pair[]): Promise<LikeColumn[]> => {
    const columns: LikeColumn[] = [];
    for (let start = 0; start < pairs.length; start += columnsAtOnce) {
      const chunk = pairs.slice(start, start + columnsAtOnce);
      const exactly = chunk.map(({ reference, source }) => ({ reference: withinEdges(reference), source }));
      for (const [i, column] of (await profileCurrent(data, exactly)).entries()) {
        const { reference } = chunk[i]!;
        const own = saved.columns[reference.source.index]!;
        columns.push({
          reference,
          counted: { ...column, counts: null },
          saved: likeColumn(own, exactly[i]!.reference, column, showing(reference)),
        });
      }
    }
    return columns;
  };
  const columns = await count(
    parent.flatMap((reference): Pair[] => {
      const source = sources.get(reference.source.name);
      return source === undefined ? [] : [{ reference, source }];
    }),
  );
  // what is withheld of a column would be told of one that may be it
  const candidates = open ? renamingCandidates(parent, data.columns) : [];
  const renamed = await count(candidates.filter(({ reference, source }) => comparable(reference, source)));
  const counted = new Map(columns.map((column) => [column.reference, column.counted]));
  const byName = new Map(columns.map((column) => [column.saved.name, column.saved]));
  const timeline = saved.timeline && (await countTimeline(data, saved.timeline, parent, counted));
  const known = new Set(saved.columns.map(({ name }) => name));
  return {
    columns: saved.columns.map((own, i) => {
      const column = byName.get(own.name) ?? absentColumn(own);
      const periods = timeline?.columns.get(parent[i]!);
      const cells = windows?.columns.get(parent[i]!);
      return {
        ...column,
        periods: periods === undefined ? null : packPeriods(periods, timeline!.rows),
        windows:
          cells === undefined
            ? null
            : packPeriods(
                cells,
                Float64Array.from(windows!.windows, ({ rows }) => rows),
              ),
      };
    }),
    timeline: timeline?.timeline ?? null,
    batch: {
      added: data.columns
        .filter(({ name }) => !known.has(name))
        .map(({ name, family, native }) => ({
          ...{ name, family, native },
          as: renamed.filter((column) => column.counted.source.name === name).map((column) => column.saved),
        })),
      time: time && { column: time.column.name, ...time.span, granularity: time.granularity },
      windows: windows && savedWindows(windows),
    },
    counted: [...counted.values()],
  };
}

function savedWindows({ column, windows, outside }: CountedWindows): SavedBatch['windows'] {
  const spans = windows.flatMap(({ span }) => (span === null ? [] : [[span.from, span.to] as const]));
  return {
    column,
    spans: spans.length === windows.length ? spans : null,
    rows: windows.map(({ rows }) => rows),
    outside,
  };
}

/** How the values of a column are shown. */
interface Showing {
  /** further values, as hashes */
  readonly most: number;
  /** rows that a value has at least, to be shown as an example */
  readonly least: number;
  /** nothing is withheld */
  readonly openly: boolean;
  readonly rename: (value: string) => string;
}

function likeColumn(saved: SavedColumn, cutBy: ReferenceColumn, column: CurrentColumn, showing: Showing): SavedColumn {
  const { source, counts } = column;
  const error = column.error === null || showing.openly ? column.error : withheldText;
  const profile = column.profile && (showing.openly ? column.profile : { ...column.profile, castFailureExamples: [] });
  const distinct = profile?.distinct?.value ?? null;
  const base = { ...saved, native: source.native, absent: false, error, distinct, periods: null, windows: null };
  if (profile === null) return { ...base, profile, counts: emptied(saved.counts) };
  const own = saved.counts === null || counts === null ? null : countedOver(saved, cutBy, counts, profile, showing);
  // the most frequent values of a category are named as the counts name them
  const shown = showing.openly || own?.form === 'numbers' ? profile : derivedProfile(profile, own, profile.distinct);
  return { ...base, profile: shown, counts: own ?? emptied(saved.counts) };
}

function absentColumn(saved: SavedColumn): SavedColumn {
  const counts = emptied(saved.counts);
  return { ...saved, absent: true, error: null, profile: null, distinct: null, counts, periods: null, windows: null };
}

function countedOver(
  saved: SavedColumn,
  cutBy: ReferenceColumn,
  counts: SideCounts,
  profile: ColumnProfile,
  showing: Showing,
): SavedColumn['counts'] {
  if (saved.counts?.form === 'categories') {
    return counts.form === 'categories'
      ? categoriesLike(saved.counts, counts, profile.rows - profile.nulls - profile.castFailures, showing)
      : null;
  }
  if (saved.counts === null || counts.form === 'categories' || cutBy.gate === null) return null;
  const own = savedNumbers(cutBy, cutBy.gate, counts);
  return { ...own, mode: null };
}

/** To be cut at the profile's edges and nowhere else: its range may have grown beyond them. */
function withinEdges(column: ReferenceColumn): ReferenceColumn {
  return { ...column, profile: column.profile && { ...column.profile, numbers: null } };
}

type Categories = Extract<SideCounts, { form: 'categories' }>;

function categoriesLike(
  { names, further }: SavedCategories,
  { values, counts, complete }: Categories,
  rows: number,
  { most, least, rename }: Showing,
): SavedCategories {
  const index = new Map(names.map((name, i) => [name, i]));
  const named = new Float64Array(names.length);
  const others: { value: string; rows: number }[] = [];
  for (const [i, written] of values.entries()) {
    const value = rename(written);
    const at = index.get(value);
    if (at === undefined) others.push({ value, rows: counts[i]! });
    else named[at] = counts[i]!;
  }
  const tells = complete && (further.rows === 0 || further.hashes !== null);
  const known = new Set(further.hashes === null ? [] : unpackSteps(further.hashes, further.values!));
  const unseen = tells ? others.filter(({ value }) => !known.has(hashOf(value))) : [];
  const hashes = others.map((other) => [hashOf(other.value), other.rows] as const);
  return {
    form: 'categories',
    rows,
    names,
    counts: packCounts(named),
    reads: readRows(values, counts),
    further: {
      // a hash would tell a rare value apart
      ...furtherOf(rows - total(named), complete && least === 0 ? hashes : null, most),
      occurrences: complete && least === 0 ? savedOccurrences(Float64Array.from(others, (other) => other.rows)) : null,
      unseenRows: tells ? unseen.reduce((sum, other) => sum + other.rows, 0) : null,
      unseen: unseen.filter((other) => other.rows >= least).slice(0, mostUnseen),
    },
  };
}

/** The same cells without a row. */
function emptied(counts: SavedColumn['counts']): SavedColumn['counts'] {
  if (counts === null) return null;
  if (counts.form === 'categories') {
    const further = { rows: 0, values: 0, hashes: '', classes: '', occurrences: null, unseenRows: 0, unseen: [] };
    const reads = readRows([], []);
    return { ...counts, rows: 0, counts: packCounts(new Float64Array(counts.names.length)), reads, further };
  }
  return {
    ...counts,
    counts: packCounts(new Float64Array(counts.edges.size + 1)),
    ...{
      min: 'NaN',
      max: 'NaN',
      zeros: 0,
      powerSums: [[], [], [], []],
      sumBelow: [],
      sumAbove: [],
      mode: null,
      occurrences: null,
    },
    table: { size: 0, values: '', counts: '' },
  };
}

/** Periods of the same length and phase, from the first row to the last. */
async function countTimeline(
  data: Dataset,
  saved: SavedTimeline,
  parent: readonly ReferenceColumn[],
  counted: ReadonlyMap<ReferenceColumn, CurrentColumn>,
): Promise<{ timeline: SavedTimeline; rows: Float64Array; columns: ReadonlyMap<ReferenceColumn, PeriodCells> }> {
  const time = parent.find(({ source }) => source.name === saved.column);
  const column = time && counted.get(time);
  const numbers = column?.profile?.numbers;
  const requests = parent.flatMap((reference) => {
    const own = counted.get(reference);
    const request = own === undefined || own.error !== null ? null : requestFor(reference, own.source);
    return request === null ? [] : [{ reference, request }];
  });
  if (column === undefined || !numbers) {
    const none = new Float64Array(0);
    const empty = ({ request }: (typeof requests)[number]): PeriodCells => ({
      cells: Array.from({ length: cellsOf(request) }, () => none),
      ...{ other: none, null: none, nan: none },
    });
    return {
      rows: none,
      timeline: { ...saved, first: 0, periods: 0, rows: '', outside: data.rows },
      columns: new Map(requests.map((asked) => [asked.reference, empty(asked)])),
    };
  }
  const edge = (period: number) => saved.origin + period * saved.length;
  const first = periodOf(numbers.min, saved);
  const count = periodOf(numbers.max, saved) - first + 1;
  const edges = Float64Array.from({ length: count + 1 }, (_, i) => edge(first + i));
  const reading = numberReading(column.source, 'datetime');
  const even = Number.isInteger(saved.origin) && Number.isInteger(saved.length);
  const { rows, answers } = await data.groupedCells(
    requests.map(({ request }) => request),
    even
      ? { form: 'time', ...reading, start: edge(first), length: saved.length, count }
      : { form: 'moments', ...reading, edges },
  );
  return {
    rows,
    timeline: packTimeline({
      column: saved.column,
      origin: saved.origin,
      length: saved.length,
      first,
      rows,
      outside: data.rows - total(rows),
      granularity: saved.granularity,
    }),
    columns: new Map(
      requests.flatMap(({ reference }, i) => {
        const cells = periodCells(answers[i]!, rows);
        return cells === null ? [] : [[reference, cells] as const];
      }),
    ),
  };
}

/** The period that a time lies in, or the nearest that is told apart. */
function periodOf(time: number, { origin, length }: SavedTimeline): number {
  let period = Math.floor((time - origin) / length);
  // as the edges have it, whatever the division rounded to
  if (origin + (period + 1) * length <= time) period++;
  if (origin + period * length > time) period--;
  return Math.max(-farthest, Math.min(farthest - 1, period));
}
