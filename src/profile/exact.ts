import { ColumnFailure, type Dataset } from '../engine/engine.ts';
import { countSorted } from '../engine/sql-dataset.ts';
import type { ColumnProfile } from '../model/profile.ts';
import type { Pair } from './current.ts';
import { profileTable } from './numbers.ts';
import { type CurrentColumn, numberReading, type ReferenceColumn, type SideCounts, topOfNumbers } from './side.ts';

/** A column whose values are not all known, on one side or both. */
export function isMerged(reference: ReferenceColumn, current: CurrentColumn): boolean {
  return reference.counts?.form === 'intervals' || current.counts?.form === 'intervals';
}

/**
 * A merged column with the exact tables of both sides in place of its intervals: every value read out and sorted. It costs memory
 * and time in proportion to the rows, so it is done for one column after the other, and only when asked for. A side that cannot be
 * read so keeps its intervals.
 */
export async function settleColumn(
  reference: Dataset,
  current: Dataset,
  pair: Pair,
  counted: CurrentColumn,
): Promise<{ reference: ReferenceColumn; current: CurrentColumn }> {
  return {
    reference: await withEveryValue(reference, pair.reference, pair.reference),
    current: await withEveryValue(current, counted, pair.reference),
  };
}

async function withEveryValue<C extends ReferenceColumn | CurrentColumn>(
  data: Dataset,
  column: C,
  { kind }: ReferenceColumn,
): Promise<C> {
  if (column.counts?.form !== 'intervals') return column;
  // one row in one: all of them
  const [values] = await data.sample([numberReading(column.source, kind)], [], 1);
  if (values === undefined || values instanceof ColumnFailure) return column;
  const table = countSorted(values.sort());
  const counts: SideCounts = { form: 'values', ...table };
  const profile: ColumnProfile | null = column.profile && {
    ...column.profile,
    ...topOfNumbers(table),
    distinct: kind === 'text' ? null : { value: table.values.length, exact: true },
    numbers: profileTable(table),
  };
  return { ...column, counts, profile };
}
