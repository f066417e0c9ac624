import type { Metric } from '../model/outcome.ts';
import type { RegressionSums, ResidualCounts } from '../model/outcome-counts.ts';
import { type Interval, logInterval } from './intervals.ts';
import { errorOfMean, meanLossMetric, meanMetric, NO_VARIANCE } from './losses.ts';
import { bareMetric, estimatedMetric, TOO_LARGE, undefinedMetric } from './metric.ts';
import { total } from './ranking.ts';

/** Probabilities at which the residuals' quantiles are shown. */
export const RESIDUAL_PROBABILITIES: readonly number[] = [0.05, 0.25, 0.5, 0.75, 0.95];

/**
 * Metrics of a regression, e = prediction − label y, n rows, p features.
 *
 *   MAE          Σ |e| / n                    RMSE         √(Σ e² / n)
 *   mean error   Σ e / n (the bias)           MAPE         Σ |e| / max(|y|, 2⁻⁵²) / n
 *   R²           1 − Σ e² / Σ (y − ȳ)²        adjusted R²  1 − (1 − R²)(n − 1)/(n − p − 1)
 *
 * Asks       how far are the predictions off, and how much of the labels' spread do they explain?
 * Units      MAE, RMSE, mean error and residuals those of the label; the others none.
 * Range      0 … ∞; mean error and residuals −∞ … ∞; R² −∞ … 1.
 * Interval   MAE, MAPE, RMSE: delta method on the logarithm. Mean error: ± z s/√n. R²: delta method on ln(1 − R²) by the joint
 *            law of e² and (y − ȳ)²; adjusted R² moves with it. Residual quantiles: the values at the ranks n q ± z √(n q (1 −
 *            q)).
 * Undefined  R² below two rows or when all labels are equal (scikit-learn says 0, or 1 when all are predicted right); adjusted R²
 *            when n ≤ p + 1.
 * Cost       O(1); residual quantiles O(table).
 * Accuracy   that of the sums; a quantile from merged residuals is interpolated in its interval of the table.
 * Sources    agrees with scikit-learn (fixtures/outcomes/scikit-learn.json).
 *
 * @example
 * // labels 1 2 3, predictions 2 2 5  =>  MAE 1, RMSE √(5/3), R² 1 − 5/2
 */
export function regressionMetrics(sums: RegressionSums, z: number): Metric[] {
  const { rows, unit, errors, relative } = sums;
  const sumsOf = (sum: number) => ({ rows, pivot: 0, sum, squares: errors.squares });
  return [
    inUnits(meanLossMetric({ id: 'mean-absolute-error' }, sumsOf(errors.absolute), z, Number.MAX_VALUE), unit),
    rootMeanSquare(sums, z),
    ...explained(sums, z),
    meanLossMetric({ id: 'mean-absolute-percentage-error' }, { rows, pivot: 0, ...relative }, z, Number.MAX_VALUE),
    inUnits(meanMetric({ id: 'mean-error' }, sumsOf(errors.sum), z), unit),
    ...(sums.residuals === null ? [] : residualQuantiles(sums.residuals, z)),
  ];
}

function inUnits(metric: Metric, unit: number): Metric {
  const { value, standardError, interval } = metric;
  return {
    ...metric,
    value: value === null ? null : value * unit,
    standardError: standardError === null ? null : standardError * unit,
    interval: interval === null ? null : [clamped(interval[0] * unit), clamped(interval[1] * unit)],
  };
}

function clamped(value: number): number {
  return Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, value));
}

function rootMeanSquare({ rows, unit, errors }: RegressionSums, z: number): Metric {
  const name = { id: 'root-mean-squared-error' as const, rows };
  if (rows === 0) return undefinedMetric(name, 'no row has a label and a prediction');
  const meanSquare = errors.squares / rows;
  const value = Math.sqrt(meanSquare);
  if (!Number.isFinite(value)) return undefinedMetric(name, TOO_LARGE);
  if (rows === 1 || meanSquare === 0) return bareMetric(name, value * unit, NO_VARIANCE);
  const standardError = errorOfMean(rows, errors.fourths - errors.squares * meanSquare) / (2 * value);
  if (standardError === 0) return bareMetric(name, value * unit, NO_VARIANCE);
  const interval = logInterval(value, standardError, z);
  return inUnits(estimatedMetric(name, { value, standardError, interval, method: 'delta method, logarithm' }), unit);
}

function explained(sums: RegressionSums, z: number): Metric[] {
  const { rows, features, errors } = sums;
  const name = { id: 'r-squared' as const, rows };
  const adjusted = { id: 'adjusted-r-squared' as const, rows };
  const spread = labelSpread(sums);
  const undefinedBoth = (reason: string) =>
    [name, ...(features === null ? [] : [adjusted])].map((each) => undefinedMetric(each, reason));
  if (rows < 2) return undefinedBoth('two rows are needed');
  if (!Number.isFinite(sums.labels.squares)) return undefinedBoth(TOO_LARGE);
  if (!(spread.squares > 0)) return undefinedBoth('all labels are equal');
  const unexplained = errors.squares / spread.squares;
  if (!Number.isFinite(unexplained)) return undefinedBoth(TOO_LARGE);
  const metricOf = (id: 'r-squared' | 'adjusted-r-squared', factor: number): Metric => {
    const left = unexplained * factor;
    const value = 1 - left;
    if (left === 0) return bareMetric({ id, rows }, value, NO_VARIANCE);
    const standardError = left * relativeError(sums, spread, unexplained);
    if (standardError === 0) return bareMetric({ id, rows }, value, NO_VARIANCE);
    const [low, high] = logInterval(left, standardError, z);
    return estimatedMetric(
      { id, rows },
      { value, standardError, interval: [1 - high, 1 - low], method: 'delta method, logarithm of 1 − R²' },
    );
  };
  if (features === null) return [metricOf('r-squared', 1)];
  const free = rows - features - 1;
  const corrected =
    free > 0
      ? metricOf('adjusted-r-squared', (rows - 1) / free)
      : undefinedMetric(adjusted, `${rows} rows do not exceed ${features} features by two`);
  return [metricOf('r-squared', 1), corrected];
}

interface LabelSpread {
  /** mean of the labels from the pivot, in units */
  readonly shift: number;
  /** Σ (y − ȳ)² */
  readonly squares: number;
  /** Σ (y − ȳ)⁴ */
  readonly fourths: number;
}

function labelSpread({ rows, labels }: RegressionSums): LabelSpread {
  const shift = labels.sum / rows;
  const squares = labels.squares - labels.sum * shift;
  const fourths =
    labels.fourths -
    4 * shift * labels.cubes +
    6 * shift ** 2 * labels.squares -
    4 * shift ** 3 * labels.sum +
    rows * shift ** 4;
  // what rounding leaves of equal labels far from the pivot
  return { shift, squares: squares > 1e-15 * labels.squares ? squares : 0, fourths: Math.max(0, fourths) };
}

/** Standard error of A/B over itself, A = mean e² and B = mean (y − ȳ)²: that of the mean of e²/A − (y − ȳ)²/B. */
function relativeError(sums: RegressionSums, { shift, fourths }: LabelSpread, unexplained: number): number {
  const { rows, errors } = sums;
  const crossed = errors.squaresByLabelSquare - 2 * shift * errors.squaresByLabel + shift * shift * errors.squares;
  const meanSquare = errors.squares / rows;
  const deviations = errors.fourths - 2 * unexplained * crossed + unexplained * unexplained * fourths;
  return errorOfMean(rows, deviations) / meanSquare;
}

function residualQuantiles(residuals: ResidualCounts, z: number): Metric[] {
  const rows = total(residuals.rows);
  return RESIDUAL_PROBABILITIES.map((probability) => {
    const name = { id: 'residual-quantile' as const, rows };
    if (rows === 0) return { ...undefinedMetric(name, 'no row has a label and a prediction'), probability };
    const arm = z * Math.sqrt(rows * probability * (1 - probability));
    // 0-based position of the quantile among the sorted residuals (type 7), and of its interval's ends
    const at = (position: number) => residualAt(residuals, Math.min(rows - 1, Math.max(0, position)));
    const low = rows * probability - arm - 1;
    const high = rows * probability + arm;
    const value = at((rows - 1) * probability);
    if (low < 0 || high > rows - 1) return { ...bareMetric(name, value, 'too few rows for its interval'), probability };
    const interval: Interval = [at(Math.floor(low)), at(Math.ceil(high))];
    const standardError = (interval[1] - interval[0]) / (2 * z);
    return {
      ...estimatedMetric(name, { value, standardError, interval, method: 'order statistics' }),
      probability,
    };
  });
}

/** The residual at a 0-based position among the sorted ones, by linear interpolation. */
function residualAt(residuals: ResidualCounts, position: number): number {
  const whole = Math.floor(position);
  const low = residualOfRank(residuals, whole);
  return position === whole ? low : low + (position - whole) * (residualOfRank(residuals, whole + 1) - low);
}

/** The rows of an interval are taken as spread evenly over it. */
function residualOfRank(residuals: ResidualCounts, rank: number): number {
  let before = 0;
  for (const [i, rows] of residuals.rows.entries()) {
    if (before + rows <= rank) {
      before += rows;
      continue;
    }
    if (residuals.form === 'values') return residuals.values[i]!;
    const { edges, min, max } = residuals;
    const from = Math.max(min, edges[i - 1] ?? min);
    const to = Math.min(max, edges[i] ?? max);
    return from + ((rank - before + 0.5) / rows) * (to - from);
  }
  return Number.NaN;
}
