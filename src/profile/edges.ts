import { type GateEdge, gateEdges, tailLadder } from '../drift/tested-cells.ts';
import type { NumberTable } from '../engine/engine.ts';
import { nextUp } from '../math/floats.ts';
import { total } from './numbers.ts';

/**
 * Where a reference column is cut. The gate's cells are cut at order statistics of the whole reference, so that they are a function
 * of its values alone; the finer display and distance table is cut where a sample proposes.
 */

/** A value holding this share of the reference is a cell of its own. */
export const atomShare = 1 / 20;
/** An interval of the finer table holds at most this share of the reference, unless it is one value. */
export const crowdedShare = 1 / 128;
const deciles = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9] as const;

/** Evenly spread edges of the finer table. */
const evenEdges = 200;
/** Edges around each wanted order statistic, in standard errors of the sample's quantile, so that few rows must be read out. */
const clusterOffsets = [-2.5, -1, -0.3, 0.3, 1, 2.5] as const;
/** Further edges towards the ends, where even spacing in rank is coarse in value. */
const endFractions = [0.002, 0.001, 0.0005, 0.0002] as const;
/** A value seen in this share of the sample is cut out as a single value. */
const heavyInSample = 1 / 256;

interface Wanted {
  readonly fraction: number;
  readonly end: 'decile' | 'lower' | 'upper';
  /** 0-based rank among the values that are no atoms */
  readonly rank: number;
}

/** The order statistics that bound the cells of `rows` values, atoms not among them; ascending. */
export function wantedRanks(rows: number): Wanted[] {
  if (rows === 0) return [];
  const wanted: Wanted[] = deciles.map((q) => ({ fraction: q, end: 'decile', rank: Math.floor(q * rows) }));
  for (const fraction of tailLadder) {
    const outside = Math.floor(fraction * rows);
    wanted.push({ fraction, end: 'lower', rank: outside });
    wanted.push({ fraction, end: 'upper', rank: Math.min(rows - outside, rows - 1) });
  }
  return wanted.sort((a, b) => a.rank - b.rank);
}

/** Gate edges of a reference of which every value is known. */
export function gateEdgesOfTable({ values, counts }: NumberTable): GateEdge[] {
  const rows = total(counts);
  const atoms: number[] = [];
  const restCounts = counts.slice();
  for (let i = 0; i < counts.length; i++) {
    if (counts[i]! < atomShare * rows) continue;
    atoms.push(values[i]!);
    restCounts[i] = 0;
  }
  const wanted = wantedRanks(total(restCounts));
  const found: { wanted: Wanted; value: number }[] = [];
  let below = 0;
  let next = 0;
  for (let i = 0; i < restCounts.length; i++) {
    below += restCounts[i]!;
    while (next < wanted.length && wanted[next]!.rank < below)
      found.push({ wanted: wanted[next++]!, value: values[i]! });
  }
  return assembleGateEdges(atoms, found);
}

/** @param orderStatistics every wanted one with its value */
export function assembleGateEdges(
  atoms: readonly number[],
  orderStatistics: readonly { readonly wanted: Wanted; readonly value: number }[],
): GateEdge[] {
  const at = (fraction: number, end: Wanted['end']) =>
    orderStatistics.find(({ wanted }) => wanted.fraction === fraction && wanted.end === end)!.value;
  if (orderStatistics.length === 0) return gateEdges({ atoms, deciles: [], tails: [] });
  return gateEdges({
    atoms,
    deciles: deciles.map((q) => at(q, 'decile')),
    tails: tailLadder.map((fraction) => ({ fraction, lower: at(fraction, 'lower'), upper: at(fraction, 'upper') })),
  });
}

/** Edges that a sorted sample of the reference proposes, with its smallest and largest value; ascending, distinct. */
export function proposeEdges(
  sample: Float64Array,
  min: number,
  max: number,
): { spread: Float64Array; all: Float64Array } {
  const edges = new Set<number>([min, nextUp(max)]);
  if (min <= 0 && max >= 0) edges.add(0).add(nextUp(0));
  const others = new Float64Array(sample.length);
  let kept = 0;
  for (let i = 0; i < sample.length; ) {
    let end = i + 1;
    while (end < sample.length && sample[end] === sample[i]) end++;
    if (end - i >= Math.max(2, heavyInSample * sample.length)) {
      edges.add(sample[i]!);
      edges.add(nextUp(sample[i]!));
    } else for (let k = i; k < end; k++) others[kept++] = sample[k]!;
    i = end;
  }
  const rest = others.subarray(0, kept);
  const at = (fraction: number) => rest[Math.min(rest.length - 1, Math.max(0, Math.floor(fraction * rest.length)))]!;
  if (rest.length > 0) {
    for (let k = 1; k < evenEdges; k++) edges.add(at(k / evenEdges));
    for (const fraction of endFractions) edges.add(at(fraction)).add(at(1 - fraction));
  }
  const spread = Float64Array.from(edges).sort();
  if (rest.length > 0) {
    for (const { fraction, rank } of wantedRanks(1e9)) {
      const center = rank / 1e9;
      const error = Math.sqrt((fraction * (1 - fraction)) / rest.length);
      for (const offset of clusterOffsets) edges.add(at(center + offset * error));
    }
  }
  return {
    spread,
    all: Float64Array.from(edges)
      .filter((edge) => edge >= min)
      .sort(),
  };
}

/** True when interval i, the values from edges[i−1] up to edges[i], can hold one single value only. */
export function isSingleValue(edges: Float64Array, i: number): boolean {
  return i > 0 && i < edges.length && nextUp(edges[i - 1]!) === edges[i]!;
}

/** Counts over fewer edges: sums of whole intervals. `kept` must be a subset of `edges`, both ascending. */
export function coarsen(edges: Float64Array, counts: Float64Array, kept: Float64Array): Float64Array {
  const result = new Float64Array(kept.length + 1);
  let cell = 0;
  for (const [i, count] of counts.entries()) {
    while (i > 0 && cell < kept.length && kept[cell]! <= edges[i - 1]!) cell++;
    result[cell] = result[cell]! + count;
  }
  return result;
}

/** Counts of a table's values over edges. */
export function countOverEdges({ values, counts }: NumberTable, edges: Float64Array): Float64Array {
  const result = new Float64Array(edges.length + 1);
  let cell = 0;
  for (let i = 0; i < values.length; i++) {
    while (cell < edges.length && edges[cell]! <= values[i]!) cell++;
    result[cell] = result[cell]! + counts[i]!;
  }
  return result;
}

/** How many of the ascending edges are ≤ x. */
export function countBelow(edges: Float64Array, x: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[middle]! <= x) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function hasEdge(edges: Float64Array, x: number): boolean {
  return edges[countBelow(edges, x) - 1] === x;
}
