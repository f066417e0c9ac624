import type { Term } from '../../engine/engine.ts';
import type { RegressionSums, ResidualCounts } from '../../model/outcome-counts.ts';
import { inversePowerOfTwo, roundDerived } from '../../profile/numbers.ts';
import { answered, forEachPlace, type OutcomeRows, value, windowAxis } from './rows.ts';

/** Distinct residuals that are read out; beyond, they are counted in intervals. */
const residualTableLimit = 100_000;

/** About what, and in which unit, the sums of a regression are taken: they change no result, and keep it from cancelling or overflowing. */
interface Scale {
  /** near the mean of the labels */
  readonly pivot: number;
  /** a power of two, beyond every deviation */
  readonly unit: number;
}

async function scaleOf({ data, label, residual }: OutcomeRows): Promise<Scale> {
  const readings = [label!, residual!].map((column) => ({ column, as: 'value' }) as const);
  const [labels, residuals] = (await data.countNumbers(readings)).map(answered);
  const [sums] = await data.crossCounts([{ axes: [], sums: [value(label!)] }]);
  const { sums: all, summed } = answered(sums!);
  const { min, max } = labels!;
  const mean = all[0]![0]! / summed[0]![0]!;
  const pivot = Number.isFinite(mean) ? roundDerived(mean, Math.max(Math.abs(max - min), 0)) : min;
  const deviations = [max - pivot, pivot - min, residuals!.max, -residuals!.min].filter(Number.isFinite);
  return { pivot: Number.isFinite(pivot) ? pivot : 0, unit: 1 / inversePowerOfTwo(Math.max(0, ...deviations)) };
}

export interface CountedValues {
  readonly whole: RegressionSums;
  readonly windows: readonly RegressionSums[];
}

/** Below it a label counts as 0 when it divides. */
const leastDivisor = 2 ** -52;
/** The least double with all its digits. */
const leastNormal = 2 ** -1022;

/**
 * @param features of the model, for the adjusted R²
 * @param edges of the residual's intervals where it has too many values
 */
export async function countValues(
  rows: OutcomeRows,
  features: number | null,
  edges: Float64Array | null,
): Promise<CountedValues> {
  const scale = await scaleOf(rows);
  const { windows } = rows;
  const groups = windows?.count ?? 0;
  const axes = windowAxis(windows);
  const [pairs] = await rows.data.crossCounts([{ axes, sums: termsOf(rows, scale) }]);
  const cross = answered(pairs!);
  const totals = Array.from({ length: groups + 1 }, () => ({ rows: 0, sums: new Float64Array(cross.sums.length) }));
  forEachPlace(cross, windows, (place, group) => {
    const into = totals[group]!;
    into.rows += cross.summed[0]![place]!;
    for (const [k, sums] of cross.sums.entries()) into.sums[k] = into.sums[k]! + sums[place]!;
  });
  const residuals = await countResiduals(rows, edges);
  const sums = totals.map((total, group) => sumsOf(total, scale, features, group === groups ? residuals : null));
  return {
    whole: sums[groups]!,
    windows: sums.slice(0, groups),
  };
}

/** Known for rows with both a label and a prediction. */
function termsOf({ label, residual }: OutcomeRows, { pivot, unit }: Scale): Term[] {
  const times = (...terms: Term[]): Term => terms.reduce((a, b) => ({ op: '*', terms: [a, b] }));
  const y = value(label!);
  const error = value(residual!);
  const e = times(error, 1 / unit);
  // the label of a row without a prediction does not count: nothing times nothing
  const d: Term = { op: '+', terms: [times({ op: '-', terms: [y, pivot] }, 1 / unit), times(0, e)] };
  const size: Term = { op: 'abs', term: y };
  const a: Term = {
    op: '/',
    terms: [
      { op: 'abs', term: error },
      { op: 'greatest', terms: [size, leastDivisor] },
    ],
  };
  const isZero: Term = {
    op: '-',
    terms: [1, { op: 'least', terms: [1, { op: '/', terms: [size, leastNormal] }] }],
  };
  return [
    e,
    { op: 'abs', term: e },
    times(e, e),
    times(e, e, e, e),
    times(e, e, d),
    times(e, e, d, d),
    d,
    times(d, d),
    times(d, d, d),
    times(d, d, d, d),
    a,
    times(a, a),
    { op: '+', terms: [isZero, times(0, e)] },
  ];
}

function sumsOf(
  { rows, sums }: { readonly rows: number; readonly sums: Float64Array },
  { pivot, unit }: Scale,
  features: number | null,
  residuals: ResidualCounts | null,
): RegressionSums {
  const at = (i: number) => sums[i]!;
  return {
    task: 'regression',
    rows,
    unit,
    pivot,
    labels: { sum: at(6), squares: at(7), cubes: at(8), fourths: at(9) },
    errors: {
      sum: at(0),
      absolute: at(1),
      squares: at(2),
      fourths: at(3),
      squaresByLabel: at(4),
      squaresByLabelSquare: at(5),
    },
    relative: { sum: at(10), squares: at(11), zeroLabels: at(12) },
    features,
    residuals,
  };
}

async function countResiduals(rows: OutcomeRows, edges: Float64Array | null): Promise<ResidualCounts | null> {
  const reading = { column: rows.residual!, as: 'value' } as const;
  const [answer] = await rows.data.numberTables([reading], residualTableLimit);
  const table = answered(answer!);
  if (table !== null)
    return table.values.length === 0 ? null : { form: 'values', values: table.values, rows: table.counts };
  if (edges === null) return null;
  const [[counts], [range]] = [
    await rows.data.crossCounts([{ axes: [{ form: 'numbers', ...reading, edges }], sums: [] }]),
    await rows.data.countNumbers([reading]),
  ];
  const cross = answered(counts!);
  const inIntervals = new Float64Array(edges.length + 1);
  for (const [i, interval] of cross.places[0]!.entries()) {
    if (interval < inIntervals.length) inIntervals[interval] = cross.rows[i]!;
  }
  const { min, max } = answered(range!);
  return { form: 'intervals', edges, rows: inIntervals, min, max };
}
