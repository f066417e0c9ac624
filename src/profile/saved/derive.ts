import type { IntervalCounts } from '../../engine/engine.ts';
import type { ColumnProfile, DistinctCount } from '../../model/profile.ts';
import type { SavedCategories, SavedNumbers } from '../../model/saved-profile.ts';
import { profileIntervals, profileTable } from '../numbers.ts';
import { topOf, topOfNumbers } from '../side.ts';
import { unpackCounts, unpackNumbers } from './packing.ts';
import { sumOf } from './sums.ts';

/** What adds up over parts of a data set. */
export type Tallies = Pick<
  ColumnProfile,
  'rows' | 'nulls' | 'nan' | 'positiveInfinity' | 'negativeInfinity' | 'castFailures' | 'castFailureExamples'
>;

/**
 * A column's profile from its saved counts alone: the same whether a whole was counted or its parts were added.
 *
 * @param distinct where the counts do not tell
 */
export function derivedProfile(
  tallies: Tallies,
  counts: SavedNumbers | SavedCategories | null,
  distinct: DistinctCount | null,
): ColumnProfile {
  const nothing = { ...tallies, distinct, mode: null, top: [], numbers: null };
  if (counts === null) return nothing;
  if (counts.form === 'categories') return { ...nothing, ...ofCategories(counts, distinct) };
  if (counts.table !== null) {
    const { size, values, counts: rows } = counts.table;
    const table = { values: unpackNumbers(values, size), counts: unpackCounts(rows, size) };
    return {
      ...nothing,
      distinct: distinct && { value: size, exact: true },
      ...topOfNumbers(table),
      numbers: profileTable(table),
    };
  }
  const { pivot, zeros, powerSums, sumBelow, sumAbove, edges } = counts;
  const [d1, d2, d3, d4] = powerSums.map(sumOf);
  const answer: IntervalCounts = {
    counts: unpackCounts(counts.counts, edges.size + 1),
    zeros,
    powerSums: [d1!, d2!, d3!, d4!],
    sumBelow: sumOf(sumBelow),
    sumAbove: sumOf(sumAbove),
  };
  const at = unpackNumbers(edges.at, edges.size);
  return { ...nothing, numbers: profileIntervals(answer, at, pivot, Number(counts.min), Number(counts.max)) };
}

function ofCategories({ names, counts, further }: SavedCategories, distinct: DistinctCount | null) {
  const rows = unpackCounts(counts, names.length);
  const present = names.map((value, i) => ({ value, rows: rows[i]! })).filter((entry) => entry.rows > 0);
  const order = present.sort((a, b) => b.rows - a.rows || (a.value < b.value ? -1 : 1));
  const table = {
    values: order.map(({ value }) => value),
    counts: Float64Array.from(order, (entry) => entry.rows),
    complete: further.rows === 0,
  };
  const all = further.values === null ? null : order.length + further.values;
  return { ...topOf(table), distinct: all === null ? distinct : { value: all, exact: true } };
}
