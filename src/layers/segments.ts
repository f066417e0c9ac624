import type { Axis, Dataset, LabelledColumn } from '../engine/engine.ts';
import { ColumnFailure } from '../engine/engine.ts';
import type { SourceColumn } from '../engine/source.ts';
import { DriftError } from '../model/errors.ts';
import type { Report } from '../model/report.ts';
import type { CheckOptions } from '../model/run.ts';
import { type Segment, type Segmentation, type SegmentedColumn, segmentName } from '../model/segments.ts';
import { nearest, printable, quoted } from '../model/text.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Timeline, WindowPlan } from '../model/windows.ts';
import { decompose } from '../outcome/decomposition.ts';
import {
  cellsIn,
  countsByGroup,
  foldInto,
  type GateColumn,
  type GateCounts,
  gateColumnOf,
  requestOn,
  sumOfCounts,
  tracedCells,
} from '../profile/gate-cells.ts';
import { numberReading, type ReferenceColumn } from '../profile/side.ts';
import type { Rejected } from '../verdict/family.ts';
import type { Layer } from '../verdict/layers.ts';
import {
  type AskedSegments,
  askSegments,
  explainDecomposition,
  segmentLevels,
  segmentStatus,
  testedBySegment,
} from '../verdict/segments.ts';
import type { ColumnPair, LayerRun, LayerTime, OpenLayer } from './layer.ts';
import { type Memory, NotRemembered } from './memory.ts';

/** Segments of their own, most frequent in the reference; the rows of the others are counted together. */
const mostSegments = 50;
/** Columns that one segmentation combines: every further one multiplies the groups that are counted. */
const mostCombined = 3;
/** A column with as many values names rows rather than groups of them. */
const mostValues = 50_000;
/** Most counts over all groups and cells, 8 bytes each. */
const mostCounts = 3_000_000;
/** Equal blocks of the reference's time that its segments are counted in, as many as can be held. */
const blockNumbers = [24, 12, 8] as const;
const newValuesShown = 5;
/** Values of the current side that are looked through for new ones. */
const newValuesRead = 1000;

/** The drift verdict by segment: one scan a side and segmentation, whatever the number of segments. */
export const openSegments: OpenLayer = async (data, columns, options, _engine, timeline, memory) => {
  const wanted = segmentationsOf(columns, options);
  if (wanted.length === 0) return null;
  const opened: Opened[] = [];
  for (const by of wanted) opened.push(await openSegmentation(data, by, columns, timeline, memory));
  return new SegmentsRun(opened, options);
};

/** What was asked for, then every column that was said to be a segment; each once. */
function segmentationsOf(columns: readonly ReferenceColumn[], { segments = [] }: CheckOptions): ReferenceColumn[][] {
  const byName = new Map(columns.map((column) => [column.source.name, column]));
  const wide = segments.find((names) => names.length > mostCombined);
  if (wide !== undefined) {
    throw new DriftError(
      'BAD_OPTION',
      `${quoted(wide.join(','))} combines ${wide.length} columns to segments; it takes at most ${mostCombined}`,
    );
  }
  const asked = segments.map((names) => names.map((name) => byName.get(name) ?? unknown(name, byName.keys())));
  const said = columns.filter(({ role }) => role === 'segment').map((column) => [column]);
  const keys = new Set<string>();
  return [...asked, ...said].filter((by) => {
    const key = JSON.stringify(by.map(({ source }) => source.name).sort());
    return !keys.has(key) && keys.add(key);
  });
}

function unknown(name: string, names: Iterable<string>): never {
  const guess = nearest(name, names);
  const hint = guess === undefined ? 'it takes names of columns' : `did you mean ${quoted(guess)}?`;
  throw new DriftError('UNKNOWN_COLUMN', `cannot split by ${quoted(name)}: the reference has no such column; ${hint}`);
}

/** A segmentation with the reference counted in it. */
interface Opened {
  readonly by: readonly ReferenceColumn[];
  readonly skipped: string | null;
  readonly distinct: readonly (number | null)[];
  /** the values told apart, by column */
  readonly labels: readonly (readonly string[])[];
  /** all values of the reference; of a single column only */
  readonly known: ((value: string) => boolean) | null;
  readonly columns: readonly GateColumn[];
  readonly counts: GroupCounts;
  /** null where the reference has no time, or there would be too much to hold */
  readonly blocks: SegmentBlocks | null;
}

/** The reference's groups by block of time. */
interface SegmentBlocks {
  readonly seconds: number;
  /** by column: for every group its blocks */
  readonly columns: ReadonlyMap<string, readonly (readonly GateCounts[])[]>;
}

interface GroupCounts {
  /** by group of values */
  readonly rows: Float64Array;
  /** by group; without a column that failed */
  readonly columns: ReadonlyMap<string, readonly GateCounts[]>;
}

async function openSegmentation(
  data: Dataset,
  by: readonly ReferenceColumn[],
  reference: readonly ReferenceColumn[],
  timeline: Timeline | null,
  memory: Memory,
): Promise<Opened> {
  const nothing = { rows: new Float64Array(), columns: new Map() };
  const skip = (skipped: string, distinct: readonly (number | null)[]): Opened => ({
    ...{ by, skipped, distinct, labels: [], known: null, columns: [], counts: nothing, blocks: null },
  });
  const values: Values[] = [];
  for (const column of by) {
    const name = quoted(column.source.name, 40);
    const found = await valuesOf(data, column, memory);
    if (typeof found === 'string')
      return skip(
        `${name} cannot be split by: ${found}`,
        by.map(() => null),
      );
    if (found === null) {
      return skip(
        `${name} has ${mostValues.toLocaleString('en')} values or more, which name rows and not groups of them; ` +
          'give a column with fewer, such as one that joins them to groups',
        by.map(() => null),
      );
    }
    values.push(found);
  }
  const distinct = values.map((own) => own.distinct);
  const empty = by.find((_, i) => values[i]!.names.length === 0);
  if (empty) return skip(`${quoted(empty.source.name, 40)} has no value in the reference`, distinct);
  const split = new Set(by.map(({ source }) => source.name));
  const columns = reference.flatMap((column) => (split.has(column.source.name) ? [] : (gateColumnOf(column) ?? [])));
  const most = labelsFor(by.length, columns);
  const labels = values.map(({ names }) => names.slice(0, most));
  const grid = timeline && blockGrid(timeline, labels, columns, reference);
  const key = ['groups', [...split], labels, grid && [grid.start, grid.length, grid.count]];
  const counted = unfolded(
    await memory.recall(key, async () => {
      const sources = by.map(({ source }) => source);
      const asked = columns.map((column) => ({ column, source: column.request.column }));
      return folded(await countGroups(data, sources, labels, asked, grid));
    }),
  );
  const overBlocks = grid === null ? { counts: counted, blocks: null } : overTime(counted, grid, columns);
  const known = by.length === 1 ? values[0]!.has : null;
  return { by, skipped: null, distinct, labels, known, columns, ...overBlocks };
}

/** Counts of groups as one series a column: the cells of every group, then what is in none of them. */
interface FoldedCounts {
  readonly rows: Float64Array;
  readonly columns: ReadonlyMap<string, Float64Array>;
}

function folded({ rows, columns }: GroupCounts): FoldedCounts {
  const series = (groups: readonly GateCounts[]) =>
    Float64Array.from(groups.flatMap(({ cells, other, null: none, nan }) => [...cells, other, none, nan]));
  return { rows, columns: new Map([...columns].map(([name, groups]) => [name, series(groups)])) };
}

function unfolded({ rows, columns }: FoldedCounts): GroupCounts {
  const groups = (series: Float64Array): GateCounts[] => {
    const size = series.length / rows.length;
    return Array.from(rows, (_, group) => {
      const own = series.subarray(group * size, (group + 1) * size);
      const [other, none, nan] = own.subarray(size - 3) as unknown as [number, number, number];
      return { cells: own.slice(0, size - 3), other, null: none, nan };
    });
  };
  return { rows, columns: new Map([...columns].map(([name, series]) => [name, groups(series)])) };
}

type BlockGrid = Extract<Axis, { form: 'time' }>;

function blockGrid(
  { column: name, start, length, rows }: Timeline,
  labels: readonly (readonly string[])[],
  columns: readonly GateColumn[],
  reference: readonly ReferenceColumn[],
): BlockGrid | null {
  const time = reference.find(({ source }) => source.name === name);
  const groups = labels.reduce((product, { length }) => product * (length + 2), 1);
  const cells = columns.reduce((sum, column) => sum + cellsIn(column) + 3, 1);
  const count = blockNumbers.find((blocks) => groups * (blocks + 1) * cells <= mostCounts);
  if (time === undefined || count === undefined) return null;
  return {
    form: 'time',
    ...numberReading(time.source, time.kind),
    start,
    length: (length * rows.length) / count,
    count,
  };
}

/** Groups that were counted by block of time: their sums, and the blocks. */
function overTime(
  counted: GroupCounts,
  { count, length }: BlockGrid,
  columns: readonly GateColumn[],
): { readonly counts: GroupCounts; readonly blocks: SegmentBlocks } {
  // the last place of the axis holds the rows outside of all blocks
  const places = count + 1;
  const groups = counted.rows.length / places;
  const ofGroup = <T>(all: ArrayLike<T>, group: number) =>
    Array.from({ length: places }, (_, place) => all[group * places + place]!);
  const sums = new Map<string, readonly GateCounts[]>();
  const blocks = new Map<string, readonly (readonly GateCounts[])[]>();
  for (const column of columns) {
    const counts = counted.columns.get(column.name);
    if (counts === undefined) continue;
    const parts = Array.from({ length: groups }, (_, group) => ofGroup(counts, group));
    sums.set(
      column.name,
      parts.map((own) => sumOfCounts(own, cellsIn(column))),
    );
    blocks.set(
      column.name,
      parts.map((own) => own.slice(0, count)),
    );
  }
  const rows = Float64Array.from({ length: groups }, (_, group) =>
    ofGroup(counted.rows, group).reduce((sum, own) => sum + own, 0),
  );
  return { counts: { rows, columns: sums }, blocks: { seconds: length, columns: blocks } };
}

/** The values of a column; of a saved reference some have no name. */
interface Values {
  /** most frequent first */
  readonly names: readonly string[];
  readonly distinct: number;
  readonly has: (value: string) => boolean;
}

function allOf(names: readonly string[]): Values {
  const known = new Set(names);
  return { names, distinct: names.length, has: (value) => known.has(value) };
}

/** The values of the reference; null for too many, a text for why there are none. */
async function valuesOf(
  data: Dataset,
  { source, counts, error }: ReferenceColumn,
  memory: Memory,
): Promise<Values | null | string> {
  if (counts?.form === 'categories') {
    const { values, further } = counts;
    if (further !== undefined) {
      if (!counts.complete) throw new NotRemembered();
      const named = allOf(values);
      const distinct = values.length + further.values!;
      return { names: values, distinct, has: (value) => named.has(value) || further.has(value) };
    }
    return counts.complete && values.length < mostValues ? allOf(values) : null;
  }
  if (source.family === 'unsupported' || source.family === 'embedding') return `values stored as ${source.native}`;
  if (error !== null) return error;
  const found = await memory.recall(['values', source.name], async () => {
    const [table] = await data.categoryTables([source], mostValues - 1);
    if (table instanceof ColumnFailure) return table.message;
    return table?.complete ? table.values : null;
  });
  return found === null || typeof found === 'string' ? found : allOf(found);
}

/** So many values a column that the groups of all their combinations can be held. */
function labelsFor(dimensions: number, columns: readonly GateColumn[]): number {
  const cells = columns.reduce((sum, column) => sum + cellsIn(column) + 3, 1);
  const groups = mostCounts / cells;
  const places = Math.floor(groups ** (1 / dimensions));
  // two places are for the other values and for none
  return Math.max(2, Math.min(mostSegments, places - 2));
}

async function countGroups(
  data: Dataset,
  by: readonly SourceColumn[],
  labels: readonly (readonly string[])[],
  columns: readonly { readonly column: GateColumn; readonly source: SourceColumn }[],
  time: BlockGrid | null = null,
): Promise<GroupCounts> {
  const values = by.map((column, i): Axis => ({ form: 'categories', column, labels: labels[i]! }));
  const axes = time === null ? values : [...values, time];
  const { rows, answers } = await data.groupedCells(
    columns.map(({ column, source }) => requestOn(column, source)),
    { form: 'axes', axes },
  );
  return {
    rows,
    columns: new Map(
      columns.flatMap(({ column }, i) => {
        const counts = countsByGroup(column, answers[i]!, rows);
        return counts === null ? [] : [[column.name, counts] as const];
      }),
    ),
  };
}

/** A segment with the groups of rows that it is made of. */
interface Part {
  readonly values: Segment['values'];
  readonly groups: readonly number[];
  readonly rows: Segment['rows'];
  readonly status: Segment['status'];
}

/** A column's fine counts by segment. */
interface SplitColumn {
  readonly column: GateColumn;
  readonly reference: readonly GateCounts[];
  readonly current: readonly GateCounts[];
  /** the reference's blocks of time, by segment */
  readonly blocks: readonly (readonly GateCounts[])[] | null;
}

/** A segmentation with both sides counted. */
interface Counted {
  readonly opened: Opened;
  readonly skipped: string | null;
  readonly parts: readonly Part[];
  readonly newValues: Segmentation['newValues'];
  readonly split: readonly SplitColumn[];
  readonly asked: readonly AskedSegments[];
}

class SegmentsRun implements LayerRun {
  readonly #opened: readonly Opened[];
  readonly #options: CheckOptions;
  #counted: Counted[] = [];

  constructor(opened: readonly Opened[], options: CheckOptions) {
    this.#opened = opened;
    this.#options = options;
  }

  async current(data: Dataset, pairs: readonly ColumnPair[], { plan }: LayerTime): Promise<void> {
    const byName = new Map(pairs.map((pair) => [pair.reference.source.name, pair]));
    for (const opened of this.#opened) this.#counted.push(await this.#count(opened, data, byName, plan));
  }

  async #count(
    opened: Opened,
    data: Dataset,
    pairs: ReadonlyMap<string, ColumnPair>,
    plan: WindowPlan,
  ): Promise<Counted> {
    const { by, labels, columns } = opened;
    const sources = by.flatMap(({ source }) => pairs.get(source.name)?.current?.source ?? []);
    const lost = by.find(({ source }) => !pairs.get(source.name)?.current);
    const skipped =
      opened.skipped ?? (lost ? `${quoted(lost.source.name, 40)} is missing from the current data` : null);
    if (skipped !== null) return { opened, skipped, parts: [], newValues: [], split: [], asked: [] };

    const tested = columns.flatMap((column) => {
      const pair = pairs.get(column.name);
      const known = opened.counts.columns.has(column.name);
      return known && pair?.current && testedBySegment(pair.evidence) ? [{ column, source: pair.current.source }] : [];
    });
    const now = await countGroups(data, sources, labels, tested);
    const parts = partsOf(labels, opened.counts.rows, now.rows, this.#options);
    const split = tested.flatMap(({ column }): SplitColumn[] => {
      const [then, later] = [opened.counts.columns.get(column.name), now.columns.get(column.name)];
      if (!then || !later) return [];
      const joined = (counts: readonly GateCounts[]) =>
        parts.map(({ groups }) =>
          sumOfCounts(
            groups.map((group) => counts[group]!),
            cellsIn(column),
          ),
        );
      const blocks = opened.blocks?.columns.get(column.name);
      return [
        {
          column,
          reference: joined(then),
          current: joined(later),
          // the others together are not judged, so every segment that is has one group
          blocks: blocks ? parts.map(({ groups }) => blocks[groups[0]!]!) : null,
        },
      ];
    });
    const names = parts.map(({ values }) => segmentName(values));
    const asked = split.map(({ column, reference, current, blocks }) => {
      const traced = parts.map(({ status }, s) =>
        status === 'judged' ? tracedCells(column, reference[s]!, current[s]!) : null,
      );
      return askSegments(
        by.map(({ source }) => source.name),
        names,
        {
          evidence: pairs.get(column.name)!.evidence,
          cells: traced.map((own) => own?.cells ?? null),
          blocks: blocks && {
            seconds: opened.blocks!.seconds,
            segments: traced.map((own, s) => own && seriesOf(blocks[s]!.map((block) => foldInto(own.sources, block)))),
          },
        },
        this.#options.verdict,
        plan,
      );
    });
    const newValues = opened.known === null ? [] : await valuesNotIn(opened.known, data, sources[0]!);
    return { opened, skipped, parts, newValues, split, asked };
  }

  ask(): Layer {
    return {
      questions: this.#counted.flatMap(({ asked }) => asked.flatMap(({ question }) => question ?? [])),
      facts: [],
    };
  }

  report(rejected: readonly Rejected[], verdict: Verdict): Pick<Report, 'segments'> {
    let taken = 0;
    const segments = this.#counted.map((counted) => {
      const levels = counted.asked.map(({ question }) => (question === null ? null : rejected[taken++]!));
      return reportSegmentation(counted, levels, verdict);
    });
    return { segments };
  }

  notes(): readonly string[] {
    return this.#counted.flatMap(({ opened, skipped }) =>
      skipped === null ? [] : [`no segments by ${printable(nameOf(opened).join(' × '), 60)}: ${skipped}`],
    );
  }
}

/** Counts by block as one series a cell. */
function seriesOf(blocks: readonly Float64Array[]): Float64Array[] {
  return Array.from(blocks[0]!, (_, cell) => Float64Array.from(blocks, (counts) => counts[cell]!));
}

function nameOf({ by }: Opened): string[] {
  return by.map(({ source }) => source.name);
}

/** The groups as segments, those with most rows of the reference first; what is not one of them joins the others. */
function partsOf(labels: Opened['labels'], then: Float64Array, now: Float64Array, { verdict }: CheckOptions): Part[] {
  const own: { values: (string | null)[]; group: number }[] = [];
  const others: number[] = [];
  for (let group = 0; group < then.length; group++) {
    if (then[group]! + now[group]! === 0) continue;
    const values = valuesAt(labels, group);
    if (values.includes(undefined)) others.push(group);
    else own.push({ values: values as (string | null)[], group });
  }
  own.sort((a, b) => then[b.group]! - then[a.group]! || now[b.group]! - now[a.group]! || a.group - b.group);
  others.push(...own.splice(mostSegments).map(({ group }) => group));
  const parts = own.map(({ values, group }): Part => {
    const rows = { reference: then[group]!, current: now[group]! };
    return { values, groups: [group], rows, status: segmentStatus(rows, verdict) };
  });
  if (others.length === 0) return parts;
  const sum = (rows: Float64Array) => others.reduce((total, group) => total + rows[group]!, 0);
  return [
    ...parts,
    { values: null, groups: others, rows: { reference: sum(then), current: sum(now) }, status: 'other' },
  ];
}

/** The value of each column in a group: null for none, undefined for one that is not told apart. */
function valuesAt(labels: Opened['labels'], group: number): (string | null | undefined)[] {
  const values: (string | null | undefined)[] = [];
  let rest = group;
  for (const own of [...labels].reverse()) {
    const place = rest % (own.length + 2);
    rest = (rest - place) / (own.length + 2);
    values.unshift(place === own.length + 1 ? null : own[place]);
  }
  return values;
}

async function valuesNotIn(
  known: (value: string) => boolean,
  data: Dataset,
  source: LabelledColumn['column'],
): Promise<Segmentation['newValues']> {
  const [table] = await data.categoryTables([source], newValuesRead);
  if (table === undefined || table instanceof ColumnFailure) return [];
  return table.values
    .flatMap((value, i) => (known(value) ? [] : [{ value, rows: table.counts[i]! }]))
    .slice(0, newValuesShown);
}

const levelOrder: readonly Rejected[] = ['fail', 'warn', null];

function reportSegmentation(
  { opened, skipped, parts, newValues, split, asked }: Counted,
  rejected: readonly Rejected[],
  verdict: Verdict,
): Segmentation {
  const drifted = new Set(
    verdict.columns
      .filter(({ tests }) => tests.some((test) => test.rule === 'drift' && test.rejected))
      .map(({ name }) => name),
  );
  const levels = asked.map((column, c) => segmentLevels(column, rejected[c]!, verdict.method));
  const strongest = (all: readonly Rejected[]) => levelOrder.find((level) => all.includes(level)) ?? null;
  const excess = (s: number) => Math.max(0, ...asked.map(({ segments }) => segments[s]?.excess ?? 0));
  const found = parts.map((part, s) => ({
    part,
    s,
    level: strongest(levels.map((own) => own[s]!)),
    excess: excess(s),
  }));
  const order = found
    .sort(
      (a, b) =>
        levelOrder.indexOf(a.level) - levelOrder.indexOf(b.level) ||
        (a.level === null ? a.s - b.s : b.excess - a.excess),
    )
    .map(({ s }) => s);
  const names = order.map((s) => segmentName(parts[s]!.values));
  const tested = asked
    .map(({ evidence, segments }, c): { row: SegmentedColumn; excess: number } => {
      const { name, role } = evidence;
      return {
        excess: Math.max(0, ...segments.map((segment) => segment?.excess ?? 0)),
        row: {
          column: name,
          role,
          rejected: rejected[c]!,
          phiSquared: order.map((s) => rounded(segments[s]?.moved.phiSquared)),
          cellChange: order.map((s) => rounded(segments[s] && (segments[s].moved.largest?.change ?? 0))),
          levels: order.map((s) => levels[c]![s]!),
          decomposition: drifted.has(name)
            ? decompositionOf(split[c]!, asked[c]!, nameOf(opened), order, names, parts)
            : null,
        },
      };
    })
    .sort((a, b) => levelOrder.indexOf(a.row.rejected) - levelOrder.indexOf(b.row.rejected) || b.excess - a.excess)
    .map(({ row }) => row);
  return {
    columns: nameOf(opened),
    skipped,
    segments: order.map((s) => {
      const { values, rows, status } = parts[s]!;
      const own = levels.map((column) => column[s]!);
      return {
        values,
        name: segmentName(values),
        status,
        rows,
        level: strongest(own),
        drifted: own.filter((level) => level !== null).length,
      };
    }),
    judged: parts.filter(({ status }) => status === 'judged').length,
    distinct: opened.distinct,
    newValues,
    tested,
  };
}

function decompositionOf(
  { column, reference, current }: SplitColumn,
  { evidence }: AskedSegments,
  by: readonly string[],
  order: readonly number[],
  names: readonly string[],
  parts: readonly Part[],
): SegmentedColumn['decomposition'] {
  const cells = cellsIn(column);
  const { sources } = tracedCells(column, sumOfCounts(reference, cells), sumOfCounts(current, cells));
  const fold = (counts: readonly GateCounts[]) => order.map((s) => foldInto(sources, counts[s]!));
  const found = decompose({ reference: fold(reference), current: fold(current) });
  if (found === null) return null;
  const total = (side: 'reference' | 'current') => parts.reduce((sum, { rows }) => sum + rows[side], 0);
  const sizes = { reference: total('reference'), current: total('current') };
  const shares = order.map((s) => ({
    reference: parts[s]!.rows.reference / sizes.reference,
    current: parts[s]!.rows.current / sizes.current,
  }));
  return explainDecomposition(evidence, by, names, shares, {
    phiSquared: found.phiSquared,
    mix: digits(found.mix),
    within: found.within.map(digits),
    reweighted: digits(found.reweighted),
  });
}

/** Six digits: a table of columns and segments is large, and no digit beyond is known. */
function digits(value: number): number {
  return Number(value.toPrecision(6)) + 0;
}

function rounded(value: number | null | undefined): number | null {
  return value === null || value === undefined ? null : digits(value);
}
