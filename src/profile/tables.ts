import type { FrequencyTable } from '../model/frequency-table.ts';
import type { Distribution } from '../model/report.ts';
import { coarsen, countBelow, countOverEdges } from './edges.ts';
import { roundDerived, total } from './numbers.ts';
import type { SideCounts } from './side.ts';

/** Cells for the eye. */
const displayCells = 40;
const displayCategories = 20;

type Intervals = Extract<SideCounts, { form: 'intervals' }>;
type Categories = Extract<SideCounts, { form: 'categories' }>;
type Values = Extract<SideCounts, { form: 'values' }>;

/** One table over both sides: exact when both sides' values are all known, else over the intervals they share. */
export function joinSides(reference: SideCounts, current: SideCounts): FrequencyTable | null {
  if (reference.form === 'categories' || current.form === 'categories') {
    if (reference.form !== 'categories' || current.form !== 'categories') return null;
    return joinCategories(reference, current);
  }
  if (reference.form === 'values' && current.form === 'values') return joinValues(reference, current);
  const edges = reference.form === 'intervals' ? reference.edges : (current as Intervals).edges;
  return {
    form: 'intervals',
    edges,
    reference: countsOver(reference, edges),
    current: countsOver(current, edges),
    outer: { reference: steadyOuter(reference, edges), current: steadyOuter(current, edges) },
  };
}

function joinValues(reference: Values, current: Values): FrequencyTable {
  const support = new Float64Array(reference.values.length + current.values.length);
  const left = new Float64Array(support.length);
  const right = new Float64Array(support.length);
  let k = 0;
  for (let i = 0, j = 0; i < reference.values.length || j < current.values.length; k++) {
    const a = i < reference.values.length ? reference.values[i]! : Number.POSITIVE_INFINITY;
    const b = j < current.values.length ? current.values[j]! : Number.POSITIVE_INFINITY;
    support[k] = Math.min(a, b);
    // comes to an end whatever the values are
    if (!(b < a)) left[k] = reference.counts[i++]!;
    if (!(a < b)) right[k] = current.counts[j++]!;
  }
  return {
    form: 'values',
    support: support.slice(0, k),
    reference: left.slice(0, k),
    current: right.slice(0, k),
  };
}

/** Values that a saved profile knows without naming them are one entry. */
function joinCategories(reference: Categories, current: Categories): FrequencyTable {
  const { further } = reference;
  const index = new Map(reference.values.map((value, i) => [value, i]));
  const support = [...reference.values];
  const unnamed = support.length;
  if (further !== undefined && further.rows > 0) support.push(unnamedValues);
  for (const value of current.values) {
    if (index.has(value) || further?.has(value)) continue;
    index.set(value, support.length);
    support.push(value);
  }
  const left = new Float64Array(support.length);
  left.set(reference.counts);
  const right = new Float64Array(support.length);
  for (const [i, value] of current.values.entries()) {
    const at = index.get(value) ?? unnamed;
    right[at] = right[at]! + current.counts[i]!;
  }
  if (further === undefined || further.rows === 0)
    return { form: 'categories', support, reference: left, current: right };
  left[unnamed] = further.rows;
  right[unnamed] = right[unnamed]! + (current.further?.rows ?? 0);
  return { form: 'categories', support, reference: left, current: right, merged: true };
}

const unnamedValues = '(values without a name in the profile)';

/** Counts of one side over edges that it was counted on, or of which every value is known. */
export function countsOver(side: Values | Intervals, edges: Float64Array): Float64Array {
  return side.form === 'values' ? countOverEdges(side, edges) : coarsen(side.edges, side.counts, edges);
}

/** Without the digits of the sums that the engine's threads leave to chance. */
function steadyOuter(side: Values | Intervals, edges: Float64Array) {
  const { sumBelow, sumAbove, ...ends } = outerOf(side, edges);
  if (side.form === 'values') return { ...ends, sumBelow, sumAbove };
  return { ...ends, sumBelow: roundDerived(sumBelow), sumAbove: roundDerived(sumAbove) };
}

export function outerOf(side: Values | Intervals, edges: Float64Array) {
  if (side.form === 'intervals') {
    const { min, max, sumBelow, sumAbove } = side;
    return { min, max, sumBelow, sumAbove };
  }
  let sumBelow = 0;
  let sumAbove = 0;
  for (const [i, value] of side.values.entries()) {
    if (value < edges[0]!) sumBelow += value * side.counts[i]!;
    if (value >= edges.at(-1)!) sumAbove += value * side.counts[i]!;
  }
  return { min: side.values[0] ?? Number.NaN, max: side.values.at(-1) ?? Number.NaN, sumBelow, sumAbove };
}

/** At most 40 cells of both sides for a drawing; null when there is nothing to draw. */
export function distributionOf(table: FrequencyTable): Distribution | null {
  if (table.form === 'categories') return categoriesForTheEye(table);
  const range = rangeForTheEye(table);
  if (range === null) return null;
  // whole numbers in cells that hold as many of them each: else the eye sees a comb
  const whole = table.form === 'values' && table.support.every(Number.isSafeInteger);
  const even = intervalsForTheEye(table, whole ? wholeEdges(...range) : evenEdges(...range));
  const from = logarithmicFrom(table, ...range);
  if (from === null) return even;
  const edges = logarithmicEdges(...range, from);
  const spaced = {
    ...intervalsForTheEye(table, whole ? [...new Set(edges.map(Math.ceil))] : edges),
    logarithmicFrom: from,
  };
  return filledCells(spaced) >= 2 * filledCells(even) ? spaced : even;
}

function intervalsForTheEye(table: NumberTable, edges: readonly number[]): Distribution {
  return {
    form: 'intervals',
    edges,
    labels: null,
    reference: spread(table, table.reference, edges),
    current: spread(table, table.current, edges),
  };
}

/** Cells in which the eye sees something: a two-hundredth of the rows of either side. */
function filledCells({ reference, current }: Distribution): number {
  const [n, m] = [reference, current].map((counts) => counts.reduce((sum, rows) => sum + rows, 0)) as [number, number];
  return reference.filter((rows, i) => rows > n / 200 || current[i]! > m / 200).length;
}

function evenEdges(low: number, high: number): number[] {
  if (low === high) return [low, low + (Math.abs(low) / 2 || 1)].sort((a, b) => a - b);
  // weighted, not low + width·t: the width of a column that spans all doubles overflows
  return withEnds(low, high, (t) => low * (1 - t) + high * t);
}

/** Up to beyond the largest number, which has a place of its own like every other. */
function wholeEdges(low: number, high: number): number[] {
  const width = Math.ceil((high - low + 1) / displayCells);
  return Array.from({ length: Math.ceil((high - low + 1) / width) + 1 }, (_, i) => low + i * width);
}

/** Edges that are equally far apart on the scale of {@link Distribution.logarithmicFrom}. */
function logarithmicEdges(low: number, high: number, from: number): number[] {
  const scale = (x: number) => (from === 0 ? Math.log(x) : Math.sign(x) * Math.log1p(Math.abs(x) / from));
  const back = (y: number) => (from === 0 ? Math.exp(y) : Math.sign(y) * from * Math.expm1(Math.abs(y)));
  return withEnds(low, high, (t) => back(scale(low) * (1 - t) + scale(high) * t));
}

function withEnds(low: number, high: number, at: (t: number) => number): number[] {
  const inner = Array.from({ length: displayCells - 1 }, (_, i) => roundDerived(at((i + 1) / displayCells)));
  return [...new Set([low, ...inner.filter((edge) => edge > low && edge < high), high])].sort((a, b) => a - b);
}

/** How many times the size of its small values a column has to reach before a logarithmic scale is tried. */
const longTail = 20;

/** What a logarithmic scale would start from; null where the values are too much of one size to need one. */
function logarithmicFrom(table: NumberTable, low: number, high: number): number | null {
  const reach = Math.max(Math.abs(low), Math.abs(high));
  if (low > 0) return high / low > longTail ? 0 : null;
  // zero and negative values have no logarithm: nearly linear up to where a twentieth of the values that are not zero lie
  const rows = [total(table.reference), total(table.current)] as const;
  const weights = table.reference.map(
    (count, i) => (rows[0] > 0 ? count / rows[0] : 0) + (rows[1] > 0 ? table.current[i]! / rows[1] : 0),
  );
  const sizes = weights.map((_, i) => {
    const [start, end] = cellBounds(table, i);
    return Math.max(Math.abs(start), Math.abs(end));
  });
  const goal = weights.reduce((sum, weight, i) => (sizes[i]! > 0 ? sum + weight : sum), 0) / 20;
  // ascending by size without sorting: outwards from zero
  let right = countBelowZero(table);
  let left = right - 1;
  let below = 0;
  let small: number | undefined;
  while (small === undefined && (left >= 0 || right < sizes.length)) {
    const i = right === sizes.length || (left >= 0 && sizes[left]! < sizes[right]!) ? left-- : right++;
    if (!(sizes[i]! > 0 && weights[i]! > 0)) continue;
    below += weights[i]!;
    if (below >= goal) small = sizes[i]!;
  }
  if (small === undefined || !(reach / small > longTail) || !Number.isFinite(reach / small)) return null;
  return roundDerived(small);
}

/** Cells that lie below zero, or mostly. */
function countBelowZero(table: NumberTable): number {
  let cells = 0;
  while (cells < table.reference.length && cellBounds(table, cells).every((bound) => bound < 0)) cells++;
  return cells;
}

/** From the 0.5 % to the 99.5 % point of both sides together: a single far value must not squeeze the rest into one cell. */
function rangeForTheEye(table: Exclude<FrequencyTable, { form: 'categories' }>): [number, number] | null {
  const bounds = ([table.reference, table.current] as const).flatMap((counts) => {
    const rows = total(counts);
    return rows === 0 ? [] : [positionOf(table, counts, 0.005 * rows, 0), positionOf(table, counts, 0.995 * rows, 1)];
  });
  return bounds.length === 0 ? null : [Math.min(...bounds), Math.max(...bounds)];
}

type NumberTable = Exclude<FrequencyTable, { form: 'categories' }>;

/** Lower and upper end of a table's cell i. */
function cellBounds(table: NumberTable, i: number): readonly [number, number] {
  if (table.form === 'values') return [table.support[i]!, table.support[i]!];
  const { edges, outer } = table;
  if (i > 0 && i < edges.length) return [edges[i - 1]!, edges[i]!];
  const least = Math.min(...[outer.reference.min, outer.current.min].filter(Number.isFinite));
  const most = Math.max(...[outer.reference.max, outer.current.max].filter(Number.isFinite));
  return [
    i === 0 ? Math.min(least, edges[0]!) : edges[i - 1]!,
    i === edges.length ? Math.max(most, edges.at(-1)!) : edges[i]!,
  ];
}

function positionOf(table: NumberTable, counts: Float64Array, rank: number, end: 0 | 1): number {
  let below = 0;
  for (let i = 0; i < counts.length; i++) {
    below += counts[i]!;
    if (below > 0 && below >= rank) return cellBounds(table, i)[end];
  }
  return cellBounds(table, counts.length - 1)[end];
}

/** Counts over the drawn cells, mass inside a table's interval spread evenly; what lies beyond the ends counts in the end cells. */
function spread(table: NumberTable, counts: Float64Array, edges: readonly number[]): number[] {
  const inner = Float64Array.from(edges.slice(1, -1));
  if (table.form === 'values') return [...countOverEdges({ values: table.support, counts }, inner)];
  const cells = new Array<number>(edges.length - 1).fill(0);
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i]!;
    if (count === 0) continue;
    const [from, to] = cellBounds(table, i);
    const first = countBelow(inner, from);
    const last = countBelow(inner, to);
    for (let cell = first; cell <= last; cell++) {
      const start = cell === first ? from : edges[cell]!;
      const stop = cell === last ? to : edges[cell + 1]!;
      // halved, so that the width of an interval that spans all doubles does not overflow
      const share = first === last ? 1 : (stop / 2 - start / 2) / (to / 2 - from / 2);
      cells[cell] = cells[cell]! + count * share;
    }
  }
  return cells.map((cell) => Math.round(cell * 10) / 10);
}

function categoriesForTheEye(table: Extract<FrequencyTable, { form: 'categories' }>): Distribution | null {
  if (table.support.length === 0) return null;
  const share = (counts: Float64Array) => {
    const rows = total(counts);
    return (i: number) => (rows === 0 ? 0 : counts[i]! / rows);
  };
  const [then, now] = [share(table.reference), share(table.current)];
  const order = [...table.support.keys()].sort(
    (a, b) => Math.max(then(b), now(b)) - Math.max(then(a), now(a)) || a - b,
  );
  const shown = order.slice(0, displayCategories);
  const rest = order.slice(displayCategories);
  const sum = (counts: Float64Array) => rest.reduce((total, i) => total + counts[i]!, 0);
  return {
    form: 'categories',
    edges: null,
    labels: [...shown.map((i) => table.support[i]!), ...(rest.length > 0 ? [`(${rest.length} others)`] : [])],
    reference: [...shown.map((i) => table.reference[i]!), ...(rest.length > 0 ? [sum(table.reference)] : [])],
    current: [...shown.map((i) => table.current[i]!), ...(rest.length > 0 ? [sum(table.current)] : [])],
  };
}
