import type { EstimatedMetric, MetricId, PerformanceEstimate } from '../model/outcome.ts';
import type { LossCells, LossReference } from '../model/outcome-counts.ts';
import { atLeast, LEAST_REFERENCE_ROWS, outsideCondition, refusalOf, unseenCondition } from './conditions.ts';
import type { EstimateOptions } from './confidence-estimate.ts';
import { DEFAULT_CONFIDENCE, deviate, logInterval } from './intervals.ts';
import { directionOf } from './metric.ts';
import { total } from './ranking.ts';

/** Cells of the prediction are joined until each holds so many labelled rows of the reference. */
const LEAST_ROWS_OF_A_CELL = 20;

/**
 * Direct loss estimation (DLE) in cells of the prediction: a regression's error on a batch without labels.
 *
 *   MAE = Σ_b (m_b/m) L_b,   RMSE = √(Σ_b (m_b/m) S_b)
 *
 * L_b and S_b are the reference's mean |e| and mean e² among predictions of cell b, m_b rows of the batch predicted there.
 *
 * Asks       if predictions of this size are as far off as they were on the reference, how far off are these?
 * Units      those of the label.
 * Range      0 … ∞.
 * Interval   of the metric that the labels will show: on the logarithm, with the variance of the reference's means,
 *            Σ (m_b/m)² s_b²/r_b, and of the batch's own losses, Σ (m_b/m) s_b²/m.
 * Ties…      cells with few reference rows are joined to their neighbour. Where the loss does not depend on the prediction the
 *            estimate is the reference's own loss.
 * Refused    with fewer than 200 labelled reference rows; when more than 2 % of the batch's predictions lie outside the
 *            reference's range; when more than 5 % of its rows hold feature values that the reference never had. It cannot see
 *            concept drift.
 * Cost       O(cells) a window.
 * Accuracy   on the reference itself both are exactly those observed.
 * Sources    NannyML, docs on DLE (which learns the loss from all features).
 *
 * @returns one estimate a window, in their order
 * @example
 * // reference: |e| 1 for small, 3 for large predictions; a batch with three of four rows large  =>  MAE 2.5
 */
export function lossEstimates(
  reference: LossReference,
  windows: readonly LossCells[],
  { confidence = DEFAULT_CONFIDENCE, unseenShare = null }: EstimateOptions = {},
): PerformanceEstimate[] {
  const z = deviate(confidence);
  const labelled = total(reference.rows);
  const cells = joinedCells(reference);
  return windows.map((window) => {
    const rows = total(window.rows);
    const conditions = [
      atLeast('reference-rows', labelled, LEAST_REFERENCE_ROWS, `the reference has ${labelled} labelled rows`),
      atLeast('current-rows', rows, 1, 'there is no row with a prediction'),
      outsideCondition('predictions', window.outside, rows),
      unseenCondition(unseenShare),
    ];
    const refused = refusalOf(conditions);
    const metrics = refused === null ? estimatesOf(cells, reference.unit, window.rows, z) : [];
    return { method: 'direct-loss', rows, metrics, conditions, refused };
  });
}

/** Cells `from` up to, not including, `to`, with the reference's sums over them. */
interface Joined {
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  readonly absolute: number;
  readonly squares: number;
  readonly fourths: number;
}

function joinedCells({ rows, absolute, squares, fourths }: LossReference): Joined[] {
  const joined: Joined[] = [];
  let open: Joined | null = null;
  for (const [i, count] of rows.entries()) {
    const cell: Joined = {
      from: i,
      to: i + 1,
      rows: count,
      absolute: absolute[i]!,
      squares: squares[i]!,
      fourths: fourths[i]!,
    };
    open = open === null ? cell : together(open, cell);
    if (open.rows < LEAST_ROWS_OF_A_CELL) continue;
    joined.push(open);
    open = null;
  }
  if (open !== null) {
    const last = joined.pop();
    joined.push(last ? together(last, open) : open);
  }
  return joined;
}

function together(low: Joined, high: Joined): Joined {
  return {
    from: low.from,
    to: high.to,
    rows: low.rows + high.rows,
    absolute: low.absolute + high.absolute,
    squares: low.squares + high.squares,
    fourths: low.fourths + high.fourths,
  };
}

function estimatesOf(cells: readonly Joined[], unit: number, rows: Float64Array, z: number): EstimatedMetric[] {
  const absolute = meanLoss(cells, rows, (cell) => [cell.absolute, cell.squares]);
  const square = meanLoss(cells, rows, (cell) => [cell.squares, cell.fourths]);
  const root = Math.sqrt(square.value);
  const ofRoot = root > 0 ? square.standardError / (2 * root) : 0;
  return [
    estimate('mean-absolute-error', absolute.value * unit, absolute.standardError * unit, z),
    estimate('root-mean-squared-error', root * unit, ofRoot * unit, z),
  ];
}

/** The mean of a loss over the batch, from its sum and sum of squares in each cell of the reference. */
function meanLoss(cells: readonly Joined[], rows: Float64Array, sumsOf: (cell: Joined) => readonly [number, number]) {
  const all = total(rows);
  let value = 0;
  let variance = 0;
  for (const cell of cells) {
    let count = 0;
    for (let i = cell.from; i < cell.to; i++) count += rows[i]!;
    const share = count / all;
    const [sum, squares] = sumsOf(cell);
    const spread = Math.max(0, squares - (sum * sum) / cell.rows) / (cell.rows - 1);
    value += share * (sum / cell.rows);
    variance += spread * (share * (share / cell.rows) + share / all);
  }
  return { value, standardError: Math.sqrt(variance) };
}

function estimate(id: MetricId, value: number, standardError: number, z: number): EstimatedMetric {
  const interval = value > 0 ? logInterval(value, standardError, z) : ([0, 0] as const);
  return { id, className: null, value, interval, standardError, direction: directionOf(id), reason: null };
}
