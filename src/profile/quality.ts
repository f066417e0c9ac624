import { type Answer, ColumnFailure, type Dataset } from '../engine/engine.ts';
import type { Family, SourceColumn } from '../engine/source.ts';
import type { Kind } from '../model/measure.ts';
import type { ColumnProfile } from '../model/profile.ts';
import type { BothRows, ColumnPair, Occurrences, ReadRows, ReadTexts, RepeatCounts } from '../model/quality.ts';
import { readRows } from '../quality/mixed-types.ts';
import { plainName } from '../quality/renamed-columns.ts';
import { isJudged } from '../quality/sides.ts';
import { compareColumn } from './compare.ts';
import { type Pair, profileCurrent } from './current.ts';
import type { CurrentColumn, ReferenceColumn, SideCounts } from './side.ts';

/** Whole rows of more columns than this are not compared. */
const mostColumns = 200;
/** How many columns are hashed at first, then when those repeat, before all are. */
const hashedColumns = [2, 6] as const;
/** So many pairs of a missing and a new column are compared by their values. */
const mostPairs = 100;

/** What makes two rows the same row. */
export interface RowKey {
  /** true: the columns name a row; false: they are the row */
  readonly ids: boolean;
  readonly columns: readonly string[];
}

/** How many rows repeat others, and what was compared. */
export interface RowRepeats {
  readonly key: RowKey;
  readonly counts: RepeatCounts;
}

/** The ids when there are any, else every column but labels, which arrive late; null when there are too many. */
export function rowKeyOf(reference: readonly ReferenceColumn[]): RowKey | null {
  const names = (columns: readonly ReferenceColumn[]) => columns.map(({ source }) => source.name);
  const ids = reference.filter(({ role }) => role === 'id');
  if (ids.length > 0) return { ids: true, columns: names(ids) };
  const whole = reference.filter(({ role }) => role !== 'label' && role !== 'ignore');
  return whole.length === 0 || whole.length > mostColumns ? null : { ids: false, columns: names(whole) };
}

/**
 * Rows and how many of them differ; exact. Rows that differ in a few columns differ: only where those repeat are more looked at.
 *
 * @param counted the columns as profiled: those with the most distinct values are looked at first
 * @returns null when a column of the key is not there, or cannot be read
 */
export async function countRepeats(
  data: Dataset,
  key: RowKey | null,
  counted: readonly { readonly source: SourceColumn; readonly profile: ColumnProfile | null }[],
): Promise<RepeatCounts | null> {
  if (key === null) return null;
  const known = new Map(counted.map(({ source, profile }) => [source.name, profile?.distinct?.value ?? 0]));
  const sources = new Map(data.columns.map((column) => [column.name, column]));
  const columns = key.columns.map((name) => sources.get(name)).filter((column) => column !== undefined);
  if (columns.length < key.columns.length) return null;
  const distinct = ({ name }: SourceColumn) => known.get(name) ?? 0;
  const telling = [...columns].sort((a, b) => distinct(b) - distinct(a) || a.index - b.index);
  const steps = key.ids ? [] : hashedColumns.filter((count) => count < columns.length);
  let counts: Answer<RepeatCounts> | null = null;
  for (const count of [...steps, columns.length]) {
    counts = await data.countDuplicates(telling.slice(0, count), key.ids);
    if (counts instanceof ColumnFailure) return null;
    if (counts.distinct === counts.rows) break;
  }
  return counts;
}

/** How many values of a column come how many times; null when they are not all known. */
export function occurrencesOf(counts: SideCounts): Occurrences | null {
  if (counts.form === 'intervals') return counts.occurrences ?? null;
  if (counts.form === 'values') return tally(counts.counts);
  const { further } = counts;
  if (further === undefined || further.rows === 0) return counts.complete ? tally(counts.counts) : null;
  return further.occurrences && tally(counts.counts, further.occurrences);
}

export function tellsOccurrences(counts: SideCounts | null): boolean {
  return counts === null || counts.form === 'values' || occurrencesOf(counts) !== null;
}

/** Counts that come often are few: one entry each. */
export function tally(rows: Iterable<number>, more?: Occurrences): Occurrences {
  const values = new Map<number, number>(more && [...more.times].map((times, i) => [times, more.values[i]!]));
  for (const times of rows) if (times > 0) values.set(times, (values.get(times) ?? 0) + 1);
  const times = Float64Array.from(values.keys()).sort();
  return { times, values: times.map((own) => values.get(own)!) };
}

/** What the values of a category read as on either side; null for another kind. */
export function textsOf(kind: Kind, reference: SideCounts | null, current: SideCounts | null): ReadTexts | null {
  if (kind !== 'categorical' || reference?.form !== 'categories' || current?.form !== 'categories') return null;
  const { values, counts } = current;
  return {
    reference: readsOf(reference),
    current: readsOf(current),
    values: values.filter((_, i) => counts[i]! > 0),
  };
}

export function readsOf({ values, counts, reads }: Extract<SideCounts, { form: 'categories' }>): ReadRows {
  return reads ?? readRows(values, counts);
}

/** Every missing column with every new one that it may have become. */
export async function pairColumns(
  reference: readonly ReferenceColumn[],
  data: Dataset,
  rows: BothRows,
): Promise<ColumnPair[]> {
  const candidates = renamingCandidates(reference, data.columns);
  const counted = candidates.filter((pair) => comparable(pair.reference, pair.source));
  const currents = await profileCurrent(data, counted);
  const columns = new Map(counted.map((pair, i) => [pair, currents[i]]));
  return candidates.map((pair) => columnPair(pair, columns.get(pair), rows));
}

/** @param current the new column, counted like the missing one; undefined where its values cannot be compared */
export function columnPair(
  { reference, source }: Pair,
  current: CurrentColumn | undefined,
  rows: BothRows,
): ColumnPair {
  return {
    missing: { name: reference.source.name, role: reference.role },
    added: source.name,
    cells: current === undefined ? null : compareColumn(reference, current, rows).evidence.cells,
  };
}

/** Every missing column with every new one that may be it by its name, or by its values. */
export function renamingCandidates(reference: readonly ReferenceColumn[], columns: readonly SourceColumn[]): Pair[] {
  const here = new Set(columns.map(({ name }) => name));
  const known = new Set(reference.map(({ source }) => source.name));
  const missing = reference.filter(({ source, role }) => !here.has(source.name) && isJudged(role));
  const added = columns.filter(({ name }) => !known.has(name));
  const every = missing.length * added.length <= mostPairs;
  return missing.flatMap((column): Pair[] => {
    const own = plainName(column.source.name);
    return added
      .filter((source) => plainName(source.name) === own || (every && comparable(column, source)))
      .map((source) => ({ reference: column, source }));
  });
}

export function comparable({ source, kind, counts }: ReferenceColumn, { family }: SourceColumn): boolean {
  const plain = (of: Family) => (of === 'integer' ? 'number' : of);
  return counts !== null && kind !== 'text' && plain(source.family) === plain(family);
}
