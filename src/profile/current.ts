import {
  type Answer,
  type CategoryCounts,
  ColumnFailure,
  type Dataset,
  type IntervalRequest,
  type NumberCounts,
} from '../engine/engine.ts';
import type { SourceColumn } from '../engine/source.ts';
import { nextUp } from '../math/floats.ts';
import type { Kind } from '../model/measure.ts';
import { hasEdge, proposeEdges } from './edges.ts';
import { profileIntervals, profileTable, quantilesOfTable } from './numbers.ts';
import { baseProfile, sumsOf } from './reference.ts';
import {
  type CurrentColumn,
  exactTableLimit,
  mostFrequentOf,
  numberReading,
  type Pivot,
  type ReferenceColumn,
  readingOf,
  topOf,
  topOfNumbers,
} from './side.ts';

/** Below this many distinct values a table is quicker than counting over edges, and says more. */
const fewValues = 20_000;

/** A reference column with its partner on the current side. */
export interface Pair {
  readonly reference: ReferenceColumn;
  readonly source: SourceColumn;
}

interface Counted {
  readonly pair: Pair;
  readonly first: NumberCounts;
}

/**
 * Counts the current side's columns as the reference's are counted: the same reading, the same edges. In the order of the pairs; a
 * column that fails carries its error.
 */
export async function profileCurrent(data: Dataset, pairs: readonly Pair[]): Promise<CurrentColumn[]> {
  const done = new Map<Pair, CurrentColumn>();
  const fail = (pair: Pair, failure: ColumnFailure) => {
    done.set(pair, { source: pair.source, profile: null, counts: null, error: failure.message });
  };
  const reading = (pair: Pair) => (pair.reference.counts === null ? 'nothing' : readingOf(pair.reference.kind));
  const read = (how: string) => pairs.filter((pair) => reading(pair) === how);
  // asked for together: what has been counted is worked up here while the engine counts the rest
  await Promise.all([
    presentOnly(data, read('nothing'), done, fail),
    categories(data, read('categories'), done, fail),
    numbers(data, read('numbers'), done, fail),
  ]);
  for (const [pair, column] of done) {
    if ((column.profile?.castFailures ?? 0) === 0) continue;
    const examples = await data.castFailureExamples(pair.source, 3);
    done.set(pair, { ...column, profile: { ...column.profile!, castFailureExamples: examples } });
  }
  return pairs.map((pair) => done.get(pair)!);
}

type Done = Map<Pair, CurrentColumn>;
type Fail = (pair: Pair, failure: ColumnFailure) => void;

async function presentOnly(data: Dataset, pairs: readonly Pair[], done: Done, fail: Fail): Promise<void> {
  const counts = await data.countPresent(pairs.map((pair) => pair.source));
  for (const [i, pair] of pairs.entries()) {
    const first = counts[i]!;
    if (first instanceof ColumnFailure) fail(pair, first);
    else done.set(pair, { source: pair.source, profile: baseProfile(data, first), counts: null, error: null });
  }
}

async function categories(data: Dataset, pairs: readonly Pair[], done: Done, fail: Fail): Promise<void> {
  const columns = pairs.map((pair) => pair.source);
  const firsts = await data.countCategories(columns, false);
  const tables = await data.categoryTables(columns, exactTableLimit);
  const cut = columns.filter((_, i) => !(tables[i] instanceof ColumnFailure) && !tables[i]!.complete);
  const estimates = new Map((await data.countCategories(cut)).map((answer, i) => [cut[i]!, answer]));
  for (const [i, pair] of pairs.entries()) {
    const first = firsts[i]!;
    const table = tables[i]!;
    if (first instanceof ColumnFailure) fail(pair, first);
    else if (table instanceof ColumnFailure) fail(pair, table);
    else {
      done.set(pair, {
        source: pair.source,
        profile: {
          ...baseProfile(data, first),
          distinct: table.complete
            ? { value: table.values.length, exact: true }
            : estimated(estimates.get(pair.source)),
          ...topOf(table),
        },
        counts: { form: 'categories', rows: first.present, ...table },
        error: null,
      });
    }
  }
}

function estimated(answer: Answer<CategoryCounts> | undefined) {
  return answer === undefined || answer instanceof ColumnFailure ? null : { value: answer.distinct, exact: false };
}

async function numbers(data: Dataset, pairs: readonly Pair[], done: Done, fail: Fail): Promise<void> {
  const likely = pairs.filter(({ reference }) => wasTabled(reference));
  const others = pairs.filter((pair) => !likely.includes(pair));
  const count = (some: readonly Pair[], distinct: boolean) =>
    data.countNumbers(
      some.map(({ source, reference }) => numberReading(source, reference.kind)),
      distinct,
    );
  const firsts = (await Promise.all([count(likely, false), count(others, true)])).flat();
  const counted: Counted[] = [];
  for (const [i, pair] of [...likely, ...others].entries()) {
    const first = firsts[i]!;
    if (first instanceof ColumnFailure) fail(pair, first);
    else counted.push({ pair, first });
  }
  const few = ({ pair, first }: Counted) =>
    wasTabled(pair.reference) || Math.min(first.distinct, data.rows) <= fewValues;
  const many = counted.filter((column) => !few(column));
  await Promise.all([intervals(data, many, done, fail), tabulate(data, counted.filter(few), done, fail)]);
  // more values than the reference has, or than were estimated
  const over = counted.filter(({ pair }) => !done.has(pair));
  if (over.length === 0) return;
  const again = await count(
    over.map(({ pair }) => pair),
    true,
  );
  await intervals(
    data,
    over.map(({ pair, first }, i) => {
      const distinct = again[i];
      return {
        pair,
        first: distinct instanceof ColumnFailure || !distinct ? first : { ...first, distinct: distinct.distinct },
      };
    }),
    done,
    fail,
  );
}

async function tabulate(data: Dataset, columns: readonly Counted[], done: Done, fail: Fail): Promise<void> {
  const tables = await data.numberTables(
    columns.map(({ pair }) => numberReading(pair.source, pair.reference.kind)),
    exactTableLimit,
  );
  for (const [i, { pair, first }] of columns.entries()) {
    const table = tables[i]!;
    if (table instanceof ColumnFailure) fail(pair, table);
    else if (table !== null) {
      done.set(pair, {
        source: pair.source,
        profile: {
          ...baseProfile(data, first),
          distinct: distinctOf(pair.reference.kind, table.values.length, true),
          ...topOfNumbers(table),
          numbers: profileTable(table),
        },
        counts: { form: 'values', ...table },
        error: null,
      });
    }
  }
}

async function intervals(data: Dataset, columns: readonly Counted[], done: Done, fail: Fail): Promise<void> {
  const requests: IntervalRequest[] = columns.map(({ pair, first }) => ({
    ...numberReading(pair.source, pair.reference.kind),
    min: first.min,
    max: first.max,
    ...cutLike(pair.reference),
  }));
  const answers = await data.intervalCounts(requests);
  for (const [i, { pair, first }] of columns.entries()) {
    const answer = answers[i]!;
    if (answer instanceof ColumnFailure) {
      fail(pair, answer);
      continue;
    }
    const request = requests[i]!;
    done.set(pair, {
      source: pair.source,
      profile: {
        ...baseProfile(data, first),
        distinct: distinctOf(pair.reference.kind, first.distinct, false),
        numbers: profileIntervals(answer, request.edges, request, first.min, first.max),
      },
      counts: {
        form: 'intervals',
        edges: request.edges,
        counts: answer.counts,
        min: first.min,
        max: first.max,
        sumBelow: answer.sumBelow,
        sumAbove: answer.sumAbove,
        sums: sumsOf(answer, request),
      },
      error: null,
    });
  }
}

/** A saved table of many values is intervals, and the current side is counted as beside the table. */
function wasTabled({ counts }: ReferenceColumn): boolean {
  return counts?.form === 'values' || (counts?.form === 'intervals' && counts.mode !== undefined);
}

/**
 * The reference's edges; when it has a table, edges proposed by its values at evenly spread ranks, the gate's, and those about the
 * most frequent value. The ends of the reference's range are always among them.
 */
export function cutLike({ counts, gate, pivot, profile, edges }: ReferenceColumn): { edges: Float64Array } & Pivot {
  const known = edges ?? (counts?.form === 'intervals' ? counts.edges : null);
  if (known !== null) {
    const { min, max } = profile?.numbers ?? {};
    const ends = min === undefined || max === undefined ? [] : [min, nextUp(max)];
    if (ends.every((end) => hasEdge(known, end))) return { edges: known, ...pivot };
    return { edges: Float64Array.from(new Set([...known, ...ends])).sort(), ...pivot };
  }
  if (counts?.form !== 'values' || counts.values.length === 0) return { edges: Float64Array.of(0), ...pivot };
  const ranks = 2000;
  const quantile = quantilesOfTable(counts);
  const sample = Float64Array.from({ length: ranks }, (_, i) => quantile(i / (ranks - 1)));
  const { spread } = proposeEdges(sample.sort(), counts.values[0]!, counts.values.at(-1)!);
  const gateEdges = (gate ?? []).map((edge) => edge.at);
  const mode = mostFrequentOf(counts);
  return { edges: Float64Array.from(new Set([...spread, ...gateEdges, mode, nextUp(mode)])).sort(), ...pivot };
}

function distinctOf(kind: Kind, value: number, exact: boolean) {
  return kind === 'text' ? null : { value, exact };
}
