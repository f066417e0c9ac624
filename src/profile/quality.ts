import { type Answer, ColumnFailure, type Dataset } from '../engine/engine.ts';
import type { Family, SourceColumn } from '../engine/source.ts';
import type { ColumnProfile } from '../model/profile.ts';
import type { BothRows, ColumnPair, RepeatCounts } from '../model/quality.ts';
import { plainName } from '../quality/renamed-columns.ts';
import { isJudged } from '../quality/sides.ts';
import { compareColumn } from './compare.ts';
import { type Pair, profileCurrent } from './current.ts';
import type { ReferenceColumn } from './side.ts';

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

/** Every missing column with every new one that it may have become. */
export async function pairColumns(
  reference: readonly ReferenceColumn[],
  data: Dataset,
  rows: BothRows,
): Promise<ColumnPair[]> {
  const here = new Set(data.columns.map(({ name }) => name));
  const known = new Set(reference.map(({ source }) => source.name));
  const missing = reference.filter(({ source, role }) => !here.has(source.name) && isJudged(role));
  const added = data.columns.filter(({ name }) => !known.has(name));
  const every = missing.length * added.length <= mostPairs;
  const candidates = missing.flatMap((column): Pair[] => {
    const own = plainName(column.source.name);
    return added
      .filter((source) => plainName(source.name) === own || (every && comparable(column, source)))
      .map((source) => ({ reference: column, source }));
  });
  const counted = candidates.filter((pair) => comparable(pair.reference, pair.source));
  const currents = await profileCurrent(data, counted);
  const cells = new Map(
    counted.map((pair, i) => [pair, compareColumn(pair.reference, currents[i]!, rows).evidence.cells]),
  );
  return candidates.map((pair) => ({
    missing: { name: pair.reference.source.name, role: pair.reference.role },
    added: pair.source.name,
    cells: cells.get(pair) ?? null,
  }));
}

function comparable({ source, kind, counts }: ReferenceColumn, { family }: SourceColumn): boolean {
  const plain = (of: Family) => (of === 'integer' ? 'number' : of);
  return counts !== null && kind !== 'text' && plain(source.family) === plain(family);
}
