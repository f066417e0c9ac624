import type { GateEdge } from '../drift/tested-cells.ts';
import {
  type Answer,
  type CategoryCounts,
  ColumnFailure,
  type Dataset,
  type IntervalCounts,
  type IntervalRequest,
  type NumberCounts,
  type NumberReading,
} from '../engine/engine.ts';
import type { SourceColumn } from '../engine/source.ts';
import { yieldToEngine } from '../engine/turn.ts';
import type { Kind } from '../model/measure.ts';
import type { ColumnProfile, Role } from '../model/profile.ts';
import type { ColumnSettings } from '../model/settings.ts';
import {
  assembleGateEdges,
  atomShare,
  crowdedShare,
  gateEdgesOfTable,
  isSingleValue,
  proposeEdges,
  wantedRanks,
} from './edges.ts';
import { inversePowerOfTwo, profileIntervals, profileTable, total } from './numbers.ts';
import { type ColumnFacts, decideKind, decideRole, epochOf, idCandidate, isCounted, timeCandidate } from './roles.ts';
import {
  exactTableLimit,
  heldValuesLimit,
  type IntervalSums,
  nominationLimit,
  numberReading,
  type Pivot,
  type Reading,
  type ReferenceColumn,
  readingOf,
  type SideCounts,
  topOf,
  topOfNumbers,
} from './side.ts';

/** Rows that propose edges. */
const sampleRows = 40_000;
/** Rows that propose edges inside one crowded interval. */
const crowdSampleRows = 4_000;
/** Columns that are cut, then counted together. */
const columnsAtOnce = 4;
/** Columns whose values, hashed together, choose the sample's rows. */
const sampleKeyColumns = 4;

/** Values of a column that may as well travel, some 30 bytes each, as cost another scan of it. */
const rowsWorthAScan = 20_000;
/** Parts that an interval is cut into where rows travel; twenty intervals a column stay a statement of some length. */
const piecesOfInterval = 50;
/** Enough for 10¹⁰ rows. */
const mostNarrowings = 3;

const noPivot: Pivot = { center: 0, scale: 1 };

/** A column on its way: decided, then counted. */
export interface Draft {
  readonly source: SourceColumn;
  readonly role: Role;
  readonly roleReason: string | null;
  readonly kind: Kind;
  readonly kindReason: string | null;
  readonly first: NumberCounts | CategoryCounts | { present: number; castFailures: number };
  result?: { profile: ColumnProfile; counts: SideCounts | null; gate: readonly GateEdge[] | null; pivot: Pivot };
  error?: string;
}

/**
 * Decides every column's role and kind and counts the reference: nulls and distinct values first, then exact tables where there are
 * few values, then intervals cut at exact order statistics. A column that fails carries its error; the others go on.
 */
export async function profileReference(
  data: Dataset,
  settings: Readonly<Record<string, ColumnSettings>>,
): Promise<ReferenceColumn[]> {
  const drafts = await decideColumns(data, settings);
  const counted = drafts.filter((draft) => draft.error === undefined && isCounted(draft.role));
  const read = (how: Reading) => counted.filter((draft) => readingOf(draft.kind) === how);
  // asked for together: what has been counted is worked up here while the engine counts the rest
  await Promise.all([countNumbers(data, read('numbers')), countCategories(data, read('categories'))]);
  return Promise.all(drafts.map((draft) => finish(data, draft)));
}

/** Every column's role and kind, from its name, its type and a first count. */
export async function decideColumns(
  data: Dataset,
  settings: Readonly<Record<string, ColumnSettings>>,
): Promise<Draft[]> {
  const said = (column: SourceColumn) => (Object.hasOwn(settings, column.name) ? settings[column.name] : undefined);
  const asCategory = (column: SourceColumn) =>
    column.family === 'string' ||
    column.family === 'boolean' ||
    said(column)?.kind === 'categorical' ||
    said(column)?.kind === 'boolean';
  const readable = data.columns.filter(({ family }) => family !== 'unsupported' && family !== 'embedding');
  const categories = readable.filter(asCategory);
  const numbers = readable.filter((column) => !asCategory(column));
  const others = data.columns.filter((column) => !readable.includes(column));

  const answers = new Map<SourceColumn, Answer<Draft['first']>>();
  const keep = (columns: readonly SourceColumn[], found: readonly Answer<Draft['first']>[]) => {
    for (const [i, column] of columns.entries()) answers.set(column, found[i]!);
  };
  const timeful = categories.filter((column) => timeCandidate(column.name, column.family, said(column)));
  const [asNumbers, asCategories, present, times] = await Promise.all([
    data.countNumbers(numbers.map((column) => ({ column, as: 'value' }))),
    data.countCategories(categories),
    data.countPresent(others),
    data.countNumbers(timeful.map((column) => ({ column, as: 'time' }))),
  ]);
  keep(numbers, asNumbers);
  keep(categories, asCategories);
  keep(others, present);
  const readAsTimes = new Set(
    timeful.filter((_, i) => {
      const answer = times[i]!;
      return !(answer instanceof ColumnFailure) && answer.present > 0 && answer.castFailures === 0;
    }),
  );

  const facts = new Map<SourceColumn, ColumnFacts>();
  for (const column of data.columns) {
    const answer = answers.get(column)!;
    const counted = answer instanceof ColumnFailure ? undefined : answer;
    facts.set(column, {
      name: column.name,
      family: column.family,
      native: column.native,
      present: counted?.present ?? 0,
      distinct: counted !== undefined && 'distinct' in counted ? counted.distinct : 0,
      min: counted !== undefined && 'min' in counted ? counted.min : Number.NaN,
      max: counted !== undefined && 'max' in counted ? counted.max : Number.NaN,
      times: readAsTimes.has(column),
    });
  }
  const candidates = data.columns.filter((column) => idCandidate(facts.get(column)!));
  const exact = await data.countDistinct(candidates);
  for (const [i, column] of candidates.entries()) {
    const distinct = exact[i]!;
    if (!(distinct instanceof ColumnFailure)) facts.set(column, { ...facts.get(column)!, distinct });
  }

  const drafts: Draft[] = data.columns.map((source) => {
    const answer = answers.get(source)!;
    const failed = answer instanceof ColumnFailure;
    const role = decideRole(facts.get(source)!, said(source));
    const kind = decideKind(facts.get(source)!, said(source), role.value);
    const epoch = kind.value === 'datetime' ? epochOf(facts.get(source)!) : null;
    return {
      source: epoch === null ? source : { ...source, ticks: epoch.ticks },
      role: role.value,
      roleReason: role.reason,
      kind: kind.value,
      kindReason: kind.reason,
      first: failed ? { present: 0, castFailures: 0 } : answer,
      ...(failed ? { error: answer.message } : {}),
    };
  });
  await measureTexts(data, drafts);
  return drafts;
}

/** A text's first counts were of its values; its numbers are its lengths, or the times it reads as. Ticks are read in seconds. */
async function measureTexts(data: Dataset, drafts: Draft[]): Promise<void> {
  const texts = drafts.filter(
    ({ source, kind, error }) =>
      error === undefined &&
      (kind === 'text' || (kind === 'datetime' && (source.family === 'string' || source.ticks !== undefined))),
  );
  const numbers = await data.countNumbers(texts.map((draft) => numberReading(draft.source, draft.kind)));
  for (const [i, draft] of texts.entries()) {
    const answer = numbers[i]!;
    if (answer instanceof ColumnFailure) draft.error = answer.message;
    else (draft as { first: Draft['first'] }).first = answer;
  }
}

async function countCategories(data: Dataset, drafts: readonly Draft[]): Promise<void> {
  const tables = await data.categoryTables(
    drafts.map((draft) => draft.source),
    exactTableLimit,
  );
  for (const [i, draft] of drafts.entries()) {
    const table = tables[i]!;
    if (table instanceof ColumnFailure) {
      draft.error = table.message;
      continue;
    }
    const { present, distinct } = draft.first as CategoryCounts;
    draft.result = {
      profile: {
        ...baseProfile(data, draft.first),
        distinct: table.complete ? { value: table.values.length, exact: true } : { value: distinct, exact: false },
        ...topOf(table),
      },
      counts: { form: 'categories', rows: present, ...table },
      gate: null,
      pivot: noPivot,
    };
  }
}

async function countNumbers(data: Dataset, drafts: readonly Draft[]): Promise<void> {
  const nominated = new Set<Draft>();
  let held = 0;
  for (const draft of drafts) {
    const { distinct } = draft.first as NumberCounts;
    const expected = Math.min(distinct, data.rows);
    if (expected > nominationLimit || held + expected > heldValuesLimit) continue;
    held += expected;
    nominated.add(draft);
  }
  const others = drafts.filter((draft) => !nominated.has(draft));
  // what takes most work here comes first
  await Promise.all([countMerged(data, others), tabulate(data, [...nominated])]);
  // the estimate of their distinct values was too low
  await countMerged(
    data,
    [...nominated].filter((draft) => draft.result === undefined && draft.error === undefined),
  );
}

async function tabulate(data: Dataset, drafts: readonly Draft[]): Promise<void> {
  const tables = await data.numberTables(drafts.map(readingOfDraft), exactTableLimit);
  for (const [i, draft] of drafts.entries()) {
    const table = tables[i]!;
    if (table instanceof ColumnFailure) draft.error = table.message;
    else if (table !== null) {
      draft.result = {
        profile: {
          ...baseProfile(data, draft.first),
          distinct: draft.kind === 'text' ? null : { value: table.values.length, exact: true },
          ...topOfNumbers(table),
          numbers: profileTable(table),
        },
        counts: { form: 'values', ...table },
        gate: gateEdgesOfTable(table),
        pivot: pivotOfTable(table.values),
      };
    }
  }
}

/** A merged column on its way: edges are refined until no interval is crowded, then the gate's edges are settled. */
interface Merging {
  readonly draft: Draft;
  readonly first: NumberCounts;
  readonly rows: number;
  spread: Float64Array;
  request: IntervalRequest;
  counted: Awaited<ReturnType<Dataset['intervalCounts']>>[number] | null;
}

async function countMerged(data: Dataset, drafts: readonly Draft[]): Promise<void> {
  if (drafts.length === 0) return;
  const key = sampleKey(data, drafts);
  const samples = await data.sample(drafts.map(readingOfDraft), key, Math.max(1, Math.floor(data.rows / sampleRows)));
  const merging: Merging[] = [];
  const counting: Promise<void>[] = [];
  let asked = 0;
  // the engine counts the first columns while the next are cut
  const count = () => {
    const counted = countAgain(data, merging.slice(asked));
    asked = merging.length;
    counted.catch(() => {});
    counting.push(counted);
    return yieldToEngine();
  };
  for (const [i, draft] of drafts.entries()) {
    if (merging.length - asked === columnsAtOnce) await count();
    const sample = samples[i]!;
    if (sample instanceof ColumnFailure) {
      draft.error = sample.message;
      continue;
    }
    const first = draft.first as NumberCounts;
    const sorted = sample.sort();
    const edges = proposeEdges(sorted, first.min, first.max);
    merging.push({
      draft,
      first,
      rows: first.present - first.nan - first.positiveInfinity - first.negativeInfinity,
      spread: edges.spread,
      request: {
        ...readingOfDraft(draft),
        edges: edges.all,
        min: first.min,
        max: first.max,
        ...pivotOf(sorted, first),
      },
      counted: null,
    });
  }
  await count();
  await Promise.all(counting);
  for (let round = 0; round < 3; round++) {
    const crowded = merging.filter((column) => crowdedIntervals(column).length > 0);
    if (crowded.length === 0) break;
    await splitCrowded(data, crowded, key);
    await countAgain(data, crowded);
  }
  const whole = merging.filter((column) => column.draft.error === undefined);
  const parts = Array.from({ length: Math.ceil(whole.length / columnsAtOnce) }, (_, i) =>
    whole.slice(i * columnsAtOnce, (i + 1) * columnsAtOnce),
  );
  await Promise.all(parts.map((part) => settle(data, part)));
}

async function countAgain(data: Dataset, columns: readonly Merging[]): Promise<void> {
  const answers = await data.intervalCounts(columns.map((column) => column.request));
  for (const [i, column] of columns.entries()) {
    const answer = answers[i]!;
    if (answer instanceof ColumnFailure) column.draft.error = answer.message;
    column.counted = answer;
  }
}

function crowdedIntervals({ request, rows, counted }: Merging): [number, number][] {
  if (counted === null || counted instanceof ColumnFailure) return [];
  const { edges } = request;
  const crowded: [number, number][] = [];
  for (let i = 1; i < edges.length; i++) {
    if (counted.counts[i]! > crowdedShare * rows && !isSingleValue(edges, i)) crowded.push([edges[i - 1]!, edges[i]!]);
  }
  return crowded;
}

async function splitCrowded(data: Dataset, columns: readonly Merging[], key: readonly SourceColumn[]): Promise<void> {
  const requests = columns.map((column) => ({ ...readingOfDraft(column.draft), ranges: crowdedIntervals(column) }));
  const heaviest = Math.max(1, Math.floor((crowdedShare / 2) * data.rows));
  const heavy = await data.heavyValues(requests, heaviest);
  const oneIn = Math.max(1, Math.floor((crowdedShare * data.rows) / crowdSampleRows));
  const samples = await data.sample(requests, key, oneIn);
  for (const [i, column] of columns.entries()) {
    const values = heavy[i]!;
    const sample = samples[i]!;
    if (values instanceof ColumnFailure || sample instanceof ColumnFailure) continue;
    const added = new Set<number>();
    for (const value of values)
      for (const edge of proposeEdges(Float64Array.of(value), value, value).all) added.add(edge);
    const sorted = sample.sort();
    for (const [from, to] of requests[i]!.ranges) {
      const inside = sorted.filter((value) => value >= from && value < to);
      const pieces = Math.max(4, Math.ceil(inside.length / (crowdSampleRows / 2)));
      for (let piece = 1; piece < pieces; piece++) {
        if (inside.length > 0) added.add(inside[Math.floor((piece * inside.length) / pieces)]!);
      }
    }
    column.spread = union(column.spread, added);
    column.request = { ...column.request, edges: union(column.request.edges, added) };
  }
}

/** Finds the values at the gate's ranks: each lies in one narrow interval, whose few rows are read out. */
async function settle(data: Dataset, columns: readonly Merging[]): Promise<void> {
  const plans = columns.map((column) => planSettling(column));
  if (data.remote) await narrow(data, columns, plans);
  const asked = columns.flatMap((column, i) => {
    const ranges = plans[i]!.ranges;
    return ranges.length === 0 ? [] : [{ i, request: { ...readingOfDraft(column.draft), ranges } }];
  });
  const answers = await data.valuesWithin(asked.map(({ request }) => request));
  const values = new Map(asked.map(({ i }, k) => [i, answers[k]!]));
  for (const [i, column] of columns.entries()) {
    const read = values.get(i) ?? new Float64Array(0);
    if (read instanceof ColumnFailure) column.draft.error = read.message;
    else finishMerged(data, column, plans[i]!, read);
  }
}

/**
 * Where rows travel, the intervals are cut into pieces and counted until what is to be read is little: a scan for a fiftieth of the rows.
 * The values found are the same.
 */
async function narrow(data: Dataset, columns: readonly Merging[], plans: SettlingPlan[]): Promise<void> {
  for (let round = 0; round < mostNarrowings; round++) {
    const wide = [...plans.keys()].filter((i) => rowsToRead(plans[i]!) > rowsWorthAScan);
    if (wide.length === 0) return;
    const requests = wide.map((i) => {
      const { ranges } = plans[i]!;
      const edges = Float64Array.from(new Set(ranges.flatMap(([from, to]) => [from, ...pieces(from, to), to])));
      return { ...readingOfDraft(columns[i]!.draft), ranges, edges };
    });
    const answers = await data.countsWithin(requests);
    for (const [k, i] of wide.entries()) {
      const answer = answers[k]!;
      if (answer instanceof ColumnFailure) columns[i]!.draft.error = answer.message;
      else plans[i] = planAgain(plans[i]!, requests[k]!.edges, answer);
    }
  }
}

/** Edges that cut an interval of values into like parts; none where there is no double between its ends. */
function pieces(from: number, to: number): number[] {
  const cuts = Array.from({ length: piecesOfInterval - 1 }, (_, i) => {
    const share = (i + 1) / piecesOfInterval;
    // in two products, as the width itself may overflow
    return from * (1 - share) + to * share;
  });
  return cuts.filter((cut) => cut > from && cut < to).sort((a, b) => a - b);
}

function rowsToRead({ edges, counts, ranges }: SettlingPlan): number {
  return ranges.reduce((sum, [from]) => sum + counts[firstAtLeast(edges, from) + 1]!, 0);
}

interface SettlingPlan {
  readonly atoms: readonly number[];
  /** for each wanted order statistic the interval it lies in and its rank there */
  readonly places: readonly {
    readonly wanted: ReturnType<typeof wantedRanks>[number];
    readonly interval: number;
    readonly offset: number;
  }[];
  /** intervals to be read out, ascending */
  readonly ranges: readonly (readonly [number, number])[];
  /** those of the column's table, and where an interval was narrowed, its pieces */
  readonly edges: Float64Array;
  readonly counts: Float64Array;
}

function planSettling({ request, rows, counted }: Merging): SettlingPlan {
  const { edges } = request;
  if (counted === null || counted instanceof ColumnFailure) {
    return { atoms: [], places: [], ranges: [], edges, counts: new Float64Array(0) };
  }
  const { counts } = counted;
  const isAtom = (i: number) => isSingleValue(edges, i) && counts[i]! >= atomShare * rows;
  return planWith(
    [...counts.keys()].filter(isAtom).map((i) => edges[i - 1]!),
    edges,
    counts,
  );
}

function planWith(atoms: readonly number[], edges: Float64Array, counts: Float64Array): SettlingPlan {
  const places: SettlingPlan['places'][number][] = [];
  const apart = new Set(atoms);
  const rest = counts.map((count, i) => (isSingleValue(edges, i) && apart.has(edges[i - 1]!) ? 0 : count));
  const wanted = wantedRanks(total(rest));
  let below = 0;
  let next = 0;
  for (const [i, count] of rest.entries()) {
    while (next < wanted.length && wanted[next]!.rank < below + count) {
      places.push({ wanted: wanted[next]!, interval: i, offset: wanted[next]!.rank - below });
      next++;
    }
    below += count;
  }
  const intervals = new Set(places.map((place) => place.interval).filter((i) => !isSingleValue(edges, i)));
  const ranges = [...intervals].map((i) => [edges[i - 1]!, edges[i]!] as const);
  return { atoms, places, ranges, edges, counts };
}

/** The same over pieces of the intervals that were to be read. */
function planAgain(
  { atoms, ranges, edges, counts }: SettlingPlan,
  cut: Float64Array,
  inside: Float64Array,
): SettlingPlan {
  const starts = new Set(ranges.map(([from]) => from));
  const finer: number[] = [];
  const finerCounts = [counts[0]!];
  for (const [i, edge] of edges.entries()) {
    finer.push(edge);
    if (!starts.has(edge)) {
      finerCounts.push(counts[i + 1]!);
      continue;
    }
    let piece = firstAtLeast(cut, edge);
    finerCounts.push(inside[piece + 1]!);
    for (piece++; cut[piece]! < edges[i + 1]!; piece++) {
      finer.push(cut[piece]!);
      finerCounts.push(inside[piece + 1]!);
    }
  }
  return planWith(atoms, Float64Array.from(finer), Float64Array.from(finerCounts));
}

function finishMerged(data: Dataset, column: Merging, plan: SettlingPlan, read: Float64Array): void {
  const { draft, request, counted, first } = column;
  if (counted === null || counted instanceof ColumnFailure) return;
  const { edges } = plan;
  const settled = plan.places.map(({ wanted, interval, offset }) => {
    const from = edges[interval - 1]!;
    if (isSingleValue(edges, interval)) return { wanted, value: from };
    return { wanted, value: read[firstAtLeast(read, from) + offset]! };
  });
  const gate = assembleGateEdges(plan.atoms, settled);
  // the final edges: evenly spread ones and the gate's; counts below a gate edge follow from the values read out
  const final = union(
    column.spread,
    gate.map((edge) => edge.at),
  );
  const counts = countsOverFinal(edges, plan.counts, read, final);
  const numbers = profileIntervals(counted, request.edges, request, first.min, first.max);
  draft.result = {
    profile: {
      ...baseProfile(data, draft.first),
      distinct: draft.kind === 'text' ? null : { value: first.distinct, exact: false },
      numbers,
    },
    counts: {
      form: 'intervals',
      edges: final,
      counts,
      min: first.min,
      max: first.max,
      sumBelow: counted.sumBelow,
      sumAbove: counted.sumAbove,
      sums: sumsOf(counted, request),
    },
    gate,
    pivot: { center: numbers?.mean ?? request.center, scale: request.scale },
  };
}

export function sumsOf({ zeros, powerSums }: IntervalCounts, { center, scale }: Pivot): IntervalSums {
  return { zeros, powerSums, center, scale };
}

/** Cumulative counts at the final edges: known at every counted edge, and inside an interval that was read out. */
function countsOverFinal(
  edges: Float64Array,
  counts: Float64Array,
  read: Float64Array,
  final: Float64Array,
): Float64Array {
  const below = new Float64Array(edges.length); // rows below edges[i]
  let sum = 0;
  for (const i of edges.keys()) {
    sum += counts[i]!;
    below[i] = sum;
  }
  const rows = sum + counts[edges.length]!;
  const atFinal = final.map((edge) => {
    const i = firstAtLeast(edges, edge);
    if (edges[i] === edge) return below[i]!;
    return below[i - 1]! + firstAtLeast(read, edge) - firstAtLeast(read, edges[i - 1]!);
  });
  const result = new Float64Array(final.length + 1);
  for (const i of result.keys()) {
    result[i] = (i < final.length ? atFinal[i]! : rows) - (i > 0 ? atFinal[i - 1]! : 0);
  }
  return result;
}

/** Index of the first value ≥ x of an ascending array. */
function firstAtLeast(values: Float64Array, x: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

function union(edges: Float64Array, added: Iterable<number>): Float64Array {
  return Float64Array.from(new Set([...edges, ...added])).sort();
}

function readingOfDraft(draft: Draft): NumberReading {
  return numberReading(draft.source, draft.kind);
}

/** Hashing the most distinct columns tells rows apart best; nothing else about the choice matters. */
function sampleKey(data: Dataset, drafts: readonly Draft[]): SourceColumn[] {
  const distinct = (draft: Draft) => (draft.first as NumberCounts).distinct;
  return [...drafts]
    .sort((a, b) => distinct(b) - distinct(a) || a.source.index - b.source.index)
    .slice(0, Math.min(sampleKeyColumns, data.columns.length))
    .map((draft) => draft.source);
}

function pivotOf(sorted: Float64Array, first: NumberCounts): Pivot {
  const center = sorted.length > 0 ? sorted[sorted.length >> 1]! : first.min;
  return { center, scale: inversePowerOfTwo(Math.max(first.max - center, center - first.min)) };
}

function pivotOfTable(values: Float64Array): Pivot {
  if (values.length === 0) return noPivot;
  const center = values[values.length >> 1]!;
  return { center, scale: inversePowerOfTwo(Math.max(values.at(-1)! - center, center - values[0]!)) };
}

/** The counts every column has. */
export function baseProfile(data: Dataset, first: Draft['first']): ColumnProfile {
  const numbers = 'nan' in first ? first : { nan: 0, positiveInfinity: 0, negativeInfinity: 0 };
  return {
    rows: data.rows,
    nulls: data.rows - first.present - first.castFailures,
    nan: numbers.nan,
    positiveInfinity: numbers.positiveInfinity,
    negativeInfinity: numbers.negativeInfinity,
    castFailures: first.castFailures,
    castFailureExamples: [],
    distinct: 'distinct' in first ? { value: first.distinct, exact: false } : null,
    mode: null,
    top: [],
    numbers: null,
  };
}

async function finish(data: Dataset, draft: Draft): Promise<ReferenceColumn> {
  const { source, role, roleReason, kind, kindReason, result } = draft;
  const profile = result?.profile ?? (draft.error === undefined ? baseProfile(data, draft.first) : null);
  const examples = profile !== null && profile.castFailures > 0 ? await data.castFailureExamples(source, 3) : [];
  return {
    source,
    role,
    roleReason,
    kind,
    kindReason,
    profile: profile === null ? null : { ...profile, castFailureExamples: examples },
    counts: result?.counts ?? null,
    gate: result?.gate ?? null,
    pivot: result?.pivot ?? noPivot,
    error: draft.error ?? null,
  };
}
