import type { Metric, MetricId } from '../model/outcome.ts';
import type { ConfusionCounts } from '../model/outcome-counts.ts';
import { correlationInterval, including, logitInterval, wilsonInterval } from './intervals.ts';
import { bareMetric, estimatedMetric, proportionMetric, undefinedMetric } from './metric.ts';

/** Weights of label and prediction in the denominator: a tp/(u · labels + v · predictions), a = u + v. */
const RATIOS = {
  precision: { label: 0, prediction: 1 },
  recall: { label: 1, prediction: 0 },
  f1: { label: 1, prediction: 1 },
} as const;
type RatioId = keyof typeof RATIOS;
const ratioIds = ['precision', 'recall', 'f1'] as const;

const NO_PREDICTED = 'no row was predicted as it; 0 stands for 0/0, as in scikit-learn';
const NO_LABELLED = 'no row has it as its label; 0 stands for 0/0, as in scikit-learn';

/**
 * Metrics of the confusion matrix C (rows of label i predicted as j), labels tᵢ = Σⱼ Cᵢⱼ, predictions pⱼ = Σᵢ Cᵢⱼ, of n rows.
 *
 *   accuracy            Σ Cᵢᵢ / n
 *   precision, recall   Cᵢᵢ/pᵢ, Cᵢᵢ/tᵢ
 *   F1                  2 Cᵢᵢ/(tᵢ + pᵢ)
 *   macro, weighted     Σ Fᵢ/k, Σ tᵢ Fᵢ/n over all k classes that occur
 *   balanced accuracy   mean recall of the classes with a label
 *   Matthews            (n Σ Cᵢᵢ − Σ tᵢ pᵢ) / √((n² − Σ pᵢ²)(n² − Σ tᵢ²))
 *
 * Asks       how often, and for which classes, is the predicted class the true one?
 * Units      shares; Matthews a correlation.
 * Range      0 … 1; Matthews −1 … 1, 0 when predictions say nothing.
 * Interval   accuracy, precision, recall: Wilson. F1 = 2J/(1 + J) with J = tp/(tp + fp + fn), a share itself: Wilson's ends of J.
 *            Others: delta method on the multinomial law of C, half a right and half a wrong row added to every class so that a
 *            perfect matrix has an error too, on the scale of the logit (Matthews: artanh), widened to hold the value.
 * Ties…      0/0 is 0 as with scikit-learn's zero_division=0, Matthews 0 when undefined; such a value is said, has no interval
 *            and is not tested.
 * Cost       O(k²).
 * Accuracy   counts are whole; a few roundings.
 * Sources    Gorodkin (2004), doi:10.1016/j.compbiolchem.2004.09.006 (Matthews of many classes); agrees with scikit-learn
 *            (fixtures/outcomes/scikit-learn.json).
 *
 * @example
 * // labels 1 1 0 0, predictions 1 0 0 0  =>  precision 1, recall 1/2, F1 2/3, accuracy 3/4
 */
export function confusionMetrics(confusion: ConfusionCounts, positive: string | null, z: number): Metric[] {
  const totals = totalsOf(confusion);
  const { rows } = totals;
  const ids: MetricId[] = ['accuracy', 'balanced-accuracy', 'matthews-correlation'];
  if (rows === 0)
    return ids.map((id) => undefinedMetric({ id, rows }, 'no row has both a label and a predicted class'));
  const correct = sum(totals.hits);
  const smoothed = totalsOf(withHalfRows(confusion));
  const absent = positive === null || confusion.classes.includes(positive) ? [] : [positive];
  return [
    proportionMetric({ id: 'accuracy', rows }, correct, rows, z),
    balancedAccuracy(totals, smoothed, z),
    ...[...confusion.classes, ...absent].flatMap((name, i) => ratioIds.map((id) => classRatio(id, name, i, totals, z))),
    ...ratioIds.flatMap((id) => averagedRatios(id, totals, smoothed, z)),
    matthews(totals, smoothed, z),
  ];
}

interface Totals {
  readonly size: number;
  readonly counts: Float64Array;
  readonly rows: number;
  /** Cᵢᵢ */
  readonly hits: Float64Array;
  /** tᵢ */
  readonly labels: Float64Array;
  /** pⱼ */
  readonly predictions: Float64Array;
}

function totalsOf({ classes, counts }: ConfusionCounts): Totals {
  const size = classes.length;
  const labels = new Float64Array(size);
  const predictions = new Float64Array(size);
  const hits = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    hits[i] = counts[i * size + i]!;
    for (let j = 0; j < size; j++) {
      labels[i]! += counts[i * size + j]!;
      predictions[j]! += counts[i * size + j]!;
    }
  }
  return { size, counts, rows: sum(labels), hits, labels, predictions };
}

/** Half a row of each label put right and half a row wrong, spread over the other classes. */
function withHalfRows({ classes, counts }: ConfusionCounts): ConfusionCounts {
  const size = classes.length;
  const wrong = size > 1 ? 0.5 / (size - 1) : 0;
  return { classes, counts: counts.map((count, cell) => count + (cell % (size + 1) === 0 ? 0.5 : wrong)) };
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

function denominatorOf(id: RatioId, totals: Totals, i: number): number {
  const { label, prediction } = RATIOS[id];
  // beyond the matrix lies a class that occurs on neither side
  return label * (totals.labels[i] ?? Number.NaN) + prediction * (totals.predictions[i] ?? Number.NaN);
}

/** The ratio of one class, 0 for 0/0. */
function ratioOf(id: RatioId, totals: Totals, i: number): number {
  const { label, prediction } = RATIOS[id];
  const denominator = denominatorOf(id, totals, i);
  return denominator > 0 ? ((label + prediction) * totals.hits[i]!) / denominator : 0;
}

function classRatio(id: RatioId, className: string, i: number, totals: Totals, z: number): Metric {
  const rows = totals.labels[i] ?? 0;
  const name = { id, className, rows };
  const denominator = denominatorOf(id, totals, i);
  if (!(denominator > 0)) return bareMetric(name, 0, id === 'precision' ? NO_PREDICTED : NO_LABELLED);
  const hits = totals.hits[i]!;
  if (id !== 'f1') return proportionMetric(name, hits, denominator, z);
  // of the rows that are it or were predicted as it, those that are both; the other rows do not matter
  const union = denominator - hits;
  const toF1 = (share: number) => (2 * share) / (1 + share);
  const [low, high] = wilsonInterval(hits, union, z);
  const share = (hits + 0.5) / (union + 1);
  return estimatedMetric(name, {
    value: (2 * hits) / denominator,
    standardError: (2 / (1 + share) ** 2) * Math.sqrt((share * (1 - share)) / union),
    interval: [toF1(low), toF1(high)],
    method: 'Wilson, of the share tp/(tp + fp + fn)',
  });
}

function averagedRatios(id: RatioId, totals: Totals, smoothed: Totals, z: number): Metric[] {
  const { rows, size } = totals;
  const indices = Array.from({ length: size }, (_, i) => i);
  return (['macro', 'weighted'] as const).map((average) => {
    const name = { id: `${id}-${average}` as const, rows };
    const value = averageRatio(id, average, totals);
    const counts = (i: number) => weightOf(average, totals, i) > 0;
    const empty = indices.filter((i) => counts(i) && !(denominatorOf(id, totals, i) > 0)).length;
    if (empty > 0) {
      const side = id === 'precision' ? 'prediction' : 'label';
      return bareMetric(
        name,
        value,
        `${empty} of ${size} classes never occur as a ${side} and count as 0, as in scikit-learn`,
      );
    }
    return shareWithDelta(name, value, averageRatio(id, average, smoothed), averageError(id, average, smoothed), z);
  });
}

type Average = 'macro' | 'weighted';

function weightOf(average: Average, { size, labels, rows }: Totals, i: number): number {
  return average === 'macro' ? 1 / size : labels[i]! / rows;
}

function averageRatio(id: RatioId, average: Average, totals: Totals): number {
  let value = 0;
  for (let i = 0; i < totals.size; i++) value += weightOf(average, totals, i) * ratioOf(id, totals, i);
  return value;
}

/** √ Σ C g², g the slope of the average in a count of the matrix: by homogeneity Σ C g = 0. */
function averageError(id: RatioId, average: Average, totals: Totals): number {
  const { size, rows } = totals;
  const { label, prediction } = RATIOS[id];
  const ratios = Float64Array.from({ length: size }, (_, i) => ratioOf(id, totals, i));
  const parts = Float64Array.from(ratios, (_, i) => weightOf(average, totals, i) / denominatorOf(id, totals, i));
  const mean = averageRatio(id, average, totals);
  return deltaError(totals, (i, j) => {
    const own = i === j ? (label + prediction) * parts[i]! : 0;
    const moved = -label * ratios[i]! * parts[i]! - prediction * ratios[j]! * parts[j]!;
    return own + moved + (average === 'weighted' ? (ratios[i]! - mean) / rows : 0);
  });
}

function deltaError({ size, counts }: Totals, slope: (i: number, j: number) => number): number {
  let variance = 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const count = counts[i * size + j]!;
      if (count > 0) variance += count * slope(i, j) ** 2;
    }
  }
  return Math.sqrt(variance);
}

function balancedAccuracy(totals: Totals, smoothed: Totals, z: number): Metric {
  const present = Array.from(totals.labels.keys()).filter((i) => totals.labels[i]! > 0);
  const name = { id: 'balanced-accuracy' as const, rows: totals.rows };
  const meanRecall = (of: Totals) => present.reduce((all, i) => all + ratioOf('recall', of, i), 0) / present.length;
  const variance = present.reduce((all, i) => {
    const recall = ratioOf('recall', smoothed, i);
    return all + (recall * (1 - recall)) / smoothed.labels[i]!;
  }, 0);
  const value = meanRecall(totals);
  if (totals.size < 2) return bareMetric(name, value, 'labels and predictions are all one class');
  return shareWithDelta(name, value, meanRecall(smoothed), Math.sqrt(variance) / present.length, z);
}

function shareWithDelta(
  name: { readonly id: MetricId; readonly rows: number },
  value: number,
  centre: number,
  standardError: number,
  z: number,
): Metric {
  if (!(standardError > 0)) return bareMetric(name, value, 'labels and predictions are all one class');
  return estimatedMetric(name, {
    value,
    standardError,
    interval: including(logitInterval(centre, standardError, z), value),
    method: 'delta method, logit',
  });
}

function matthews(totals: Totals, smoothed: Totals, z: number): Metric {
  const name = { id: 'matthews-correlation' as const, rows: totals.rows };
  const { covariance, labels, predictions } = matthewsParts(totals);
  const product = labels * predictions;
  if (product === 0) {
    const side = labels === 0 ? 'labels' : 'predictions';
    return bareMetric(name, 0, `the ${side} are all one class; 0 stands for 0/0, as in scikit-learn`);
  }
  const value = covariance / Math.sqrt(product);
  const parts = matthewsParts(smoothed);
  const root = Math.sqrt(parts.labels * parts.predictions);
  const centre = parts.covariance / root;
  const { rows } = smoothed;
  const share = (count: number) => count / rows;
  const right = share(sum(smoothed.hits));
  const standardError = deltaError(smoothed, (i, j) => {
    const ofLabels = 1 - share(smoothed.labels[i]!);
    const ofPredictions = 1 - share(smoothed.predictions[j]!);
    const crossed = share(smoothed.predictions[i]!) + share(smoothed.labels[j]!);
    const slope = ((i === j ? 1 : 0) + right - crossed) / (root / rows ** 2);
    const spread = ofPredictions / (parts.predictions / rows ** 2) + ofLabels / (parts.labels / rows ** 2);
    return (slope - centre * spread) / rows;
  });
  return estimatedMetric(name, {
    value,
    standardError,
    interval: including(correlationInterval(centre, standardError, z), value),
    method: 'delta method, artanh',
  });
}

/** n² times the covariance of label and prediction, and their variances, summed over the classes. */
function matthewsParts({ rows, size, hits, labels, predictions }: Totals) {
  let ofLabels = 0;
  let ofPredictions = 0;
  let crossed = 0;
  for (let i = 0; i < size; i++) {
    ofLabels += labels[i]! * (rows - labels[i]!);
    ofPredictions += predictions[i]! * (rows - predictions[i]!);
    crossed += labels[i]! * predictions[i]!;
  }
  return { covariance: sum(hits) * rows - crossed, labels: ofLabels, predictions: ofPredictions };
}
