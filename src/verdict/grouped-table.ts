import type { PairedCounts } from '../drift/samples.ts';
import type { IntervalTable, ValueTable } from '../model/frequency-table.ts';

/** Both sides' counts over a few ascending values that stand for many. */
export interface GroupedTable extends PairedCounts {
  readonly support: Float64Array;
}

/** Steps of equal share, and steps of halving share towards either end, where the values that weigh most are few. */
const MIDDLE_STEPS = 40;
const TAIL_STEPS = 12;

/**
 * A table of at most some sixty values, to redraw from: neighbouring values are joined to their mean, as much as the two sides'
 * average share allows, finer towards both ends. The rows of an interval stand in its middle, those beyond the outer edges at
 * their mean.
 */
export function groupTable(table: ValueTable | IntervalTable): GroupedTable {
  const values = table.form === 'values' ? table.support : valuesOf(table);
  const n = sum(table.reference);
  const m = sum(table.current);
  const steps = groupSteps();
  const groups: { reference: number; current: number; share: number; weighted: number }[] = [];
  let open: (typeof groups)[number] | undefined;
  let before = 0;
  let last = -1;
  for (const [i, value] of values.entries()) {
    const [r, c] = [table.reference[i]!, table.current[i]!];
    if (r + c === 0) continue;
    const share = (r / n + c / m) / 2;
    const step = stepOf(steps, before + share / 2);
    before += share;
    if (open === undefined || step !== last) {
      open = { reference: 0, current: 0, share: 0, weighted: 0 };
      groups.push(open);
      last = step;
    }
    open.reference += r;
    open.current += c;
    // the running mean, so that large values do not overflow
    open.share += share;
    open.weighted += (value - open.weighted) * (share / open.share);
  }
  return {
    support: Float64Array.from(groups, ({ weighted }) => weighted),
    reference: Float64Array.from(groups, ({ reference }) => reference),
    current: Float64Array.from(groups, ({ current }) => current),
  };
}

function groupSteps(): number[] {
  const middle = Array.from({ length: MIDDLE_STEPS - 1 }, (_, i) => (i + 1) / MIDDLE_STEPS);
  const tail = Array.from({ length: TAIL_STEPS }, (_, i) => 2 ** -(i + 1) / MIDDLE_STEPS);
  return [...tail, ...middle, ...tail.map((share) => 1 - share)].sort((a, b) => a - b);
}

function stepOf(steps: readonly number[], share: number): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (steps[middle]! <= share) low = middle + 1;
    else high = middle;
  }
  return low;
}

function valuesOf({ edges, reference, current, outer }: IntervalTable): Float64Array {
  const least = Math.min(outer.reference.min, outer.current.min);
  const most = Math.max(outer.reference.max, outer.current.max);
  const mean = (i: number, sums: number, otherwise: number) => {
    const rows = reference[i]! + current[i]!;
    return rows > 0 ? sums / rows : otherwise;
  };
  const last = edges.length;
  return Float64Array.from(reference, (_, i) => {
    if (last === 0) return least / 2 + most / 2;
    if (i === 0) return mean(i, outer.reference.sumBelow + outer.current.sumBelow, least);
    if (i === last) return mean(i, outer.reference.sumAbove + outer.current.sumAbove, most);
    return edges[i - 1]! / 2 + edges[i]! / 2;
  });
}

function sum(counts: Float64Array): number {
  let total = 0;
  for (const count of counts) total += count;
  return total;
}
