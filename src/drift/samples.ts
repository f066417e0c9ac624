import { nextUp } from '../math/floats.ts';
import { DriftError } from '../model/errors.ts';
import type { FrequencyTable, IntervalTable, ValueTable } from '../model/frequency-table.ts';

/** Both sides' counts over the same cells, values or intervals. */
export interface PairedCounts {
  readonly reference: Float64Array;
  readonly current: Float64Array;
}

/** Rows of each side; n of the reference and m of the current data in the formulas. */
export interface SampleSizes {
  readonly n: number;
  readonly m: number;
}

/** @throws {DriftError} EMPTY_SAMPLE when either side has no row */
export function sampleSizes(counts: PairedCounts): SampleSizes {
  return { n: rowsOf(counts.reference, 'reference'), m: rowsOf(counts.current, 'current') };
}

/** Every measure asks for them. */
const knownRows = new WeakMap<Float64Array, number>();

function rowsOf(counts: Float64Array, side: 'reference' | 'current'): number {
  let rows = knownRows.get(counts);
  if (rows === undefined) {
    rows = 0;
    for (const count of counts) rows += count;
    knownRows.set(counts, rows);
  }
  if (rows > 0) return rows;
  throw new DriftError(
    'EMPTY_SAMPLE',
    `the ${side} data has no value to measure; at least one row with a value is needed`,
  );
}

/** @throws {DriftError} EMPTY_SAMPLE when a side has fewer rows than a measure needs of each */
export function requireRowsEach({ n, m }: SampleSizes, least: number, measure: string): void {
  for (const [side, rows] of [['reference', n] as const, ['current', m] as const]) {
    if (rows < least) throw tooFew(`the ${side} data has`, rows, least, measure);
  }
}

/** @throws {DriftError} EMPTY_SAMPLE when both sides together have fewer rows than a measure needs */
export function requireRowsTogether({ n, m }: SampleSizes, least: number, measure: string): void {
  if (n + m < least) throw tooFew('both sides together have', n + m, least, measure);
}

function tooFew(who: string, rows: number, least: number, measure: string): DriftError {
  return new DriftError(
    'EMPTY_SAMPLE',
    `${who} ${rows} ${rows === 1 ? 'value' : 'values'}; ${measure} needs at least ${least}`,
  );
}

/**
 * What the distances between shares p = r/n and q = c/m are made of. Difference and sum are taken of the whole numbers r m and
 * c n before they are divided, so that two nearly equal shares keep their digits.
 */
export interface CellShares {
  readonly p: number;
  readonly q: number;
  /** p − q */
  readonly difference: number;
  /** p + q */
  readonly sum: number;
}

/** @throws {DriftError} EMPTY_SAMPLE when either side has no row */
export function cellShares(counts: PairedCounts): CellShares[] {
  const { n, m } = sampleSizes(counts);
  const product = n * m;
  return Array.from(counts.reference, (r, i) => {
    const c = counts.current[i]!;
    return { p: r / n, q: c / m, difference: (r * m - c * n) / product, sum: (r * m + c * n) / product };
  });
}

/** The table of a rank measure. Labels have no order, so a category table here is a defect of the caller, not of the data. */
export function orderedTable(table: FrequencyTable): ValueTable | IntervalTable {
  if (table.form === 'categories') throw new TypeError('a measure of ordered values was given categories');
  return table;
}

/** Calls back with the width between each value and the next, and the rows of both sides up to it. */
export function forEachGap(
  { support, reference, current }: ValueTable,
  visit: (width: number, referenceBelow: number, currentBelow: number) => void,
): void {
  let referenceBelow = 0;
  let currentBelow = 0;
  for (let i = 0; i + 1 < support.length; i++) {
    referenceBelow += reference[i]!;
    currentBelow += current[i]!;
    visit(support[i + 1]! - support[i]!, referenceBelow, currentBelow);
  }
}

/** The largest double for a distance that overflows. */
export function representable(distance: number): number {
  return Math.min(Number.MAX_VALUE, distance);
}

/** A number that is estimated, and bounds that surely hold it. */
export interface Bounded {
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
}

/** The sum of what {@link intervalSteps} contribute, each inside its edges or beyond an outer one. */
export function sumOverSteps(
  table: IntervalTable,
  insideEdges: (step: IntervalStep) => Bounded,
  beyondEdge: (step: IntervalStep, referenceArea: number, currentArea: number) => Bounded,
): Bounded {
  const steps = intervalSteps(table);
  const { n, m } = sampleSizes(table);
  const last = steps.length - 1;
  // a table without edges is one interval with neither edge to measure from
  if (last === 0) return insideEdges(steps[0]!);
  const { reference, current } = table.outer;
  // the area under each side's own tail: Σ|x − edge| / rows
  const area = (rows: number, sum: number, edge: number, all: number) =>
    Math.max(0, rows === 0 ? 0 : Math.abs(sum - rows * edge) / all);
  const parts = steps.map((step, i) => {
    if (i !== 0 && i !== last) return insideEdges(step);
    const edge = i === 0 ? step.to : step.from;
    const [referenceSum, currentSum] =
      i === 0 ? [reference.sumBelow, current.sumBelow] : [reference.sumAbove, current.sumAbove];
    return beyondEdge(
      step,
      area(table.reference[i]!, referenceSum, edge, n),
      area(table.current[i]!, currentSum, edge, m),
    );
  });
  return {
    estimate: parts.reduce((sum, part) => sum + part.estimate, 0),
    lower: parts.reduce((sum, part) => sum + part.lower, 0),
    upper: parts.reduce((sum, part) => sum + part.upper, 0),
  };
}

/** One interval of a merged table, with what its counts alone say of Δ = F_reference − F_current inside it. */
export interface IntervalStep {
  /** smallest and largest place where its values can lie */
  readonly from: number;
  readonly to: number;
  /** shares of both sides inside */
  readonly reference: number;
  readonly current: number;
  /** Δ just before the interval and at its end */
  readonly before: number;
  readonly after: number;
  /** bounds of Δ inside: all of one side's rows come first, or all of the other's */
  readonly lowest: number;
  readonly highest: number;
  /** the interval can hold one value only, so that Δ takes no value between */
  readonly single: boolean;
}

/** @throws {DriftError} EMPTY_SAMPLE when either side has no row */
export function intervalSteps(table: IntervalTable): IntervalStep[] {
  const { n, m } = sampleSizes(table);
  const { reference, current } = table.outer;
  const start = Math.min(reference.min, current.min);
  const end = Math.max(reference.max, current.max);
  let before = 0;
  let rowsBefore = { reference: 0, current: 0 };
  return Array.from(table.reference, (r, i) => {
    const c = table.current[i]!;
    rowsBefore = { reference: rowsBefore.reference + r, current: rowsBefore.current + c };
    const after = (rowsBefore.reference * m - rowsBefore.current * n) / (n * m);
    const from = i === 0 ? Math.min(start, table.edges[0] ?? start) : table.edges[i - 1]!;
    const to = i === table.edges.length ? Math.max(end, from) : table.edges[i]!;
    const single = i === table.edges.length ? to === from : to <= nextUp(from);
    const step: IntervalStep = {
      from,
      to,
      reference: r / n,
      current: c / m,
      before,
      after,
      lowest: single ? Math.min(before, after) : before - c / m,
      highest: single ? Math.max(before, after) : before + r / n,
      single,
    };
    before = after;
    return step;
  });
}
