import type { EstimateCondition, EstimatedMetric, MetricId, PerformanceEstimate } from '../model/outcome.ts';
import type { ConfidenceCells, ConfidenceReference, LabelledCells } from '../model/outcome-counts.ts';
import { quoted } from '../model/text.ts';
import {
  atLeast,
  atMost,
  LEAST_REFERENCE_ROWS,
  LEAST_REFERENCE_ROWS_OF_A_CLASS,
  MOST_CALIBRATION_ERROR,
  outsideCondition,
  refusalOf,
  unseenCondition,
} from './conditions.ts';
import { DEFAULT_CONFIDENCE, deviate, logitInterval } from './intervals.ts';
import { type Block, isotonicBlocks } from './isotonic.ts';
import { directionOf, smoothedDeviation } from './metric.ts';
import { total } from './ranking.ts';

const CALIBRATION_GROUPS = 10;
/** The normal deviate of 95 %, one-sided. */
const ONE_SIDED = 1.645;
/** Rows predicted as the class, and the others: calibrated apart, so that a decision threshold may cut a cell. */
const sides = ['predicted', 'other'] as const;
type Side = (typeof sides)[number];

export interface EstimateOptions {
  readonly confidence?: number;
  /** the largest share of rows of the batch with a feature value unseen in the reference; null when not known */
  readonly unseenShare?: number | null;
}

/**
 * Confidence-based performance estimation (CBPE): a classifier's performance on a batch without labels.
 *
 *   c(b) = P(label = class | score in cell b), learnt on the reference by isotonic regression, apart for rows predicted as the
 *          class and the others
 *   E TP = Σ_predicted m_b c(b),   E FN = Σ_other m_b c(b),   accuracy, precision, recall, F1 and AUC with these for the counts
 *
 * Asks       if every score meant what it meant on the reference, how right would these predictions be?
 * Units      shares.
 * Range      0 … 1.
 * Interval   of the metric that the labels will show: delta method with the labels' own chance, Σ m c (1 − c) g², and the
 *            calibration's error, Σ over blocks (Σ m g)² c (1 − c)/r; on the scale of the logit. Averages over several classes:
 *            their errors are added, an upper bound, because the classes share their rows.
 * Ties…      rows of one cell have one c and count one half in AUC.
 * Refused    with fewer than 200 labelled reference rows, fewer than 25 of a class or of the rest; when the calibration learnt
 *            from one half of the reference misses the other by more than 0.02 beyond chance (95 %), as where positives do not
 *            rise with the score; when more than 2 % of the batch's scores lie outside the reference's range; when more than 5 %
 *            of its rows hold feature values that the reference never had. It cannot see concept drift: the same scores with
 *            other labels.
 * Cost       O(cells) a window, one isotonic regression for all.
 * Accuracy   on the reference itself accuracy, precision, recall and F1 are exactly those observed.
 * Sources    NannyML, docs on CBPE; Kivimäki et al. (2024), arXiv:2407.08649; Garg et al. (2022), arXiv:2201.04234.
 *
 * @returns one estimate a window, in their order
 * @example
 * // reference: score .9, 90 of 100 positive; .2, 20 of 200. Batch: 20 rows at .9, predicted positive  =>  accuracy 0.9
 */
export function confidenceEstimates(
  reference: ConfidenceReference,
  windows: readonly ConfidenceCells[],
  { confidence = DEFAULT_CONFIDENCE, unseenShare = null }: EstimateOptions = {},
): PerformanceEstimate[] {
  const z = deviate(confidence);
  const learnt = reference.classes.map(({ name, halves }) => calibrated(name, halves));
  const ofReference = referenceConditions(reference);
  return windows.map((window) => {
    const conditions = [...ofReference, ...windowConditions(reference, window), unseenCondition(unseenShare)];
    const refused = refusalOf(conditions);
    const metrics = refused === null ? estimatesOf(reference, learnt, window, z) : [];
    return { method: 'confidence-based', rows: window.rows, metrics, conditions, refused };
  });
}

type Curve = readonly Block[];
interface Calibrated {
  readonly name: string;
  readonly curves: Readonly<Record<Side, Curve>>;
}

function calibrated(name: string, [first, second]: readonly [LabelledCells, LabelledCells]): Calibrated {
  const curveOf = (side: Side) => {
    const added = (a: Float64Array, b: Float64Array) => a.map((count, i) => count + b[i]!);
    return isotonicBlocks(
      added(first[side].rows, second[side].rows),
      added(first[side].positives, second[side].positives),
    );
  };
  return { name, curves: { predicted: curveOf('predicted'), other: curveOf('other') } };
}

function referenceConditions({ classes }: ConfidenceReference): EstimateCondition[] {
  return classes.flatMap(({ name, halves }) => {
    const of = (count: (cells: LabelledCells[Side]) => Float64Array) =>
      halves.reduce((sum, half) => sum + sides.reduce((part, side) => part + total(count(half[side])), 0), 0);
    const rows = of((cells) => cells.rows);
    const positives = of((cells) => cells.positives);
    const fewer = Math.min(positives, rows - positives);
    const which = positives <= rows - positives ? 'of' : 'not of';
    const error = heldOutError(halves);
    return [
      atLeast('reference-rows', rows, LEAST_REFERENCE_ROWS, `the reference has ${rows} labelled rows`),
      atLeast(
        'reference-classes',
        fewer,
        LEAST_REFERENCE_ROWS_OF_A_CLASS,
        `the reference has ${fewer} labelled rows ${which} ${quoted(name)}`,
      ),
      atMost(
        'calibration',
        error,
        MOST_CALIBRATION_ERROR,
        `the scores of ${quoted(name)} calibrated on one half of the reference miss the other by ${(error ?? 0).toFixed(3)}`,
      ),
    ];
  });
}

function windowConditions({ classes }: ConfidenceReference, window: ConfidenceCells): EstimateCondition[] {
  const filled = atLeast('current-rows', window.rows, 1, 'there is no row with a score and a prediction');
  const outside = classes.map(({ name }, i) =>
    outsideCondition(`scores of ${quoted(name)}`, window.classes[i]!.outside, window.rows),
  );
  return [filled, ...outside];
}

/**
 * How far each half is from what the other lets expect, in ten groups of neighbouring scores, beyond what chance explains (95 %).
 * Null when a half has no row.
 */
export function heldOutError([first, second]: readonly [LabelledCells, LabelledCells]): number | null {
  const errors = [errorUnder(first, second), errorUnder(second, first)].filter((error) => error !== null);
  return errors.length === 2 ? Math.max(0, (errors[0]! + errors[1]!) / 2) : null;
}

/** Rows of neighbouring cells: positives less those expected, and the variance of that difference by chance. */
interface Group {
  rows: number;
  gap: number;
  variance: number;
}

function errorUnder(learning: LabelledCells, checked: LabelledCells): number | null {
  const all = sides.reduce((sum, side) => sum + total(checked[side].rows), 0);
  if (all === 0) return null;
  const groups: Group[] = [];
  for (const side of sides) {
    const { rows, positives } = checked[side];
    let group: Group = { rows: 0, gap: 0, variance: 0 };
    for (const block of isotonicBlocks(learning[side].rows, learning[side].positives)) {
      const share = block.rows > 0 ? block.positives / block.rows : 0.5;
      const ofShare = deviationOf(block) ** 2 / Math.max(1, block.rows);
      // rows of the group that share this block's error
      let together = 0;
      for (let i = block.from; i < block.to; i++) {
        group.rows += rows[i]!;
        group.gap += positives[i]! - rows[i]! * share;
        group.variance += rows[i]! * share * (1 - share) + (2 * together + rows[i]!) * rows[i]! * ofShare;
        together += rows[i]!;
        if (group.rows * CALIBRATION_GROUPS < all) continue;
        groups.push(group);
        group = { rows: 0, gap: 0, variance: 0 };
        together = 0;
      }
    }
    groups.push(group);
  }
  const gaps = groups.reduce((sum, { gap }) => sum + Math.abs(gap), 0);
  const byChance = groups.reduce((sum, { variance }) => sum + Math.sqrt((2 / Math.PI) * variance), 0);
  const spread = groups.reduce((sum, { variance }) => sum + (1 - 2 / Math.PI) * variance, 0);
  return (gaps - byChance - ONE_SIDED * Math.sqrt(spread)) / all;
}

/** √(c (1 − c)) of a block, above 0 even where all its rows were alike. */
function deviationOf({ positives, rows }: Block): number {
  return smoothedDeviation(positives, rows);
}

function estimatesOf(
  reference: ConfidenceReference,
  learnt: readonly Calibrated[],
  window: ConfidenceCells,
  z: number,
): EstimatedMetric[] {
  const counts = learnt.map((each, i) => expectedCounts(each, window.classes[i]!));
  if (learnt.length === 1) return binaryEstimates(reference, learnt[0]!, counts[0]!, window, z);
  return severalEstimates(learnt, counts, window, z);
}

type Rows = Readonly<Record<Side, Float64Array>>;

/** A number with the variance of the labels' chance and of the calibration. */
interface Uncertain {
  readonly value: number;
  readonly variance: number;
}

interface ExpectedCounts {
  readonly hits: Uncertain;
  readonly missed: Uncertain;
  readonly predicted: number;
  readonly rows: number;
}

function expectedCounts({ curves }: Calibrated, rows: Rows): ExpectedCounts {
  return {
    hits: expectedPositives(curves.predicted, rows.predicted),
    missed: expectedPositives(curves.other, rows.other),
    predicted: total(rows.predicted),
    rows: total(rows.predicted) + total(rows.other),
  };
}

function expectedPositives(curve: Curve, rows: Float64Array): Uncertain {
  let value = 0;
  let variance = 0;
  for (const [block, share] of sharesOf(curve)) {
    let count = 0;
    for (let i = block.from; i < block.to; i++) count += rows[i]!;
    const deviation = deviationOf(block);
    value += count * share;
    variance += deviation * deviation * (count + (count * count) / Math.max(1, block.rows));
  }
  return { value, variance };
}

/** Each block with its share of positives; ½ where the reference has no row of that side at all. */
function sharesOf(curve: Curve): [Block, number][] {
  return curve.map((block) => [block, block.rows > 0 ? block.positives / block.rows : 0.5]);
}

function binaryEstimates(
  reference: ConfidenceReference,
  learnt: Calibrated,
  counts: ExpectedCounts,
  window: ConfidenceCells,
  z: number,
): EstimatedMetric[] {
  const { hits, missed, predicted, rows } = counts;
  const negatives = rows - predicted;
  const positive = learnt.name;
  const accuracy: Uncertain = {
    value: (hits.value + negatives - missed.value) / rows,
    variance: (hits.variance + missed.variance) / (rows * rows),
  };
  return [
    estimate('accuracy', null, accuracy, z),
    ...classEstimates(positive, counts, z),
    ...(reference.rest === null ? [] : classEstimates(reference.rest, complementOf(counts), z)),
    areaEstimate(learnt, window.classes[0]!, z),
  ];
}

/** The same rows seen from the other class: what was missed of the one was wrongly predicted as the other. */
function complementOf({ hits, missed, predicted, rows }: ExpectedCounts): ExpectedCounts {
  const others = rows - predicted;
  return {
    hits: { value: others - missed.value, variance: missed.variance },
    missed: { value: predicted - hits.value, variance: hits.variance },
    predicted: others,
    rows,
  };
}

function severalEstimates(
  learnt: readonly Calibrated[],
  counts: readonly ExpectedCounts[],
  window: ConfidenceCells,
  z: number,
): EstimatedMetric[] {
  const { rows } = window;
  // each row is predicted as one class, so their hits are independent given the scores
  const hits = counts.reduce(
    (sum, each) => ({ value: sum.value + each.hits.value, variance: sum.variance + each.hits.variance }),
    { value: 0, variance: 0 },
  );
  const accuracy = { value: hits.value / rows, variance: hits.variance / (rows * rows) };
  const each = learnt.map(({ name }, i) => classEstimates(name, counts[i]!, z));
  const areas = learnt.map((one, i) => areaEstimate(one, window.classes[i]!, z));
  return [
    estimate('accuracy', null, accuracy, z),
    ...each.flat(),
    averaged(
      'f1-macro',
      each.map((metrics) => metrics.find(({ id }) => id === 'f1')!),
      z,
    ),
    ...areas,
    averaged('roc-auc-macro', areas, z),
  ];
}

/** Precision, recall and F1 of a class from its expected hits and misses. */
function classEstimates(name: string, { hits, missed, predicted }: ExpectedCounts, z: number): EstimatedMetric[] {
  const labelled = hits.value + missed.value;
  const both = predicted + labelled;
  const quotient = (value: number, ofHits: number, ofMissed: number): Uncertain => ({
    value,
    variance: ofHits * ofHits * hits.variance + ofMissed * ofMissed * missed.variance,
  });
  const parts = {
    precision: predicted > 0 ? quotient(hits.value / predicted, 1 / predicted, 0) : null,
    recall:
      labelled > 0 ? quotient(hits.value / labelled, missed.value / labelled ** 2, -hits.value / labelled ** 2) : null,
    f1:
      both > 0
        ? quotient((2 * hits.value) / both, (2 * (both - hits.value)) / both ** 2, (-2 * hits.value) / both ** 2)
        : null,
  } as const;
  return (['precision', 'recall', 'f1'] as const).map((id) => {
    const part = parts[id];
    return part === null
      ? undefinedEstimate(id, name, 'no row is predicted or expected to be of it')
      : estimate(id, name, part, z);
  });
}

/**
 * AUC of the expected positives and negatives of each cell. Slopes in them: the share of negatives below (of positives above),
 * ties as one half, less the AUC.
 */
function areaEstimate({ name, curves }: Calibrated, rows: Rows, z: number): EstimatedMetric {
  const size = rows.predicted.length;
  const positives = new Float64Array(size);
  for (const side of sides) {
    for (const [block, share] of sharesOf(curves[side])) {
      for (let i = block.from; i < block.to; i++) positives[i]! += rows[side][i]! * share;
    }
  }
  const negatives = positives.map((count, i) => rows.predicted[i]! + rows.other[i]! - count);
  const allPositives = total(positives);
  const allNegatives = total(negatives);
  if (!(allPositives > 0 && allNegatives > 0)) return undefinedEstimate('roc-auc', name, 'one class alone is expected');
  const slopes = new Float64Array(size);
  let concordant = 0;
  let below = 0;
  for (let i = 0; i < size; i++) {
    slopes[i] = (below + negatives[i]! / 2) / allNegatives / allPositives;
    concordant += positives[i]! * (below + negatives[i]! / 2);
    below += negatives[i]!;
  }
  const value = concordant / allPositives / allNegatives;
  let above = 0;
  for (let i = size - 1; i >= 0; i--) {
    // one more positive is one fewer negative
    slopes[i]! -= value / allPositives + ((above + positives[i]! / 2) / allPositives - value) / allNegatives;
    above += positives[i]!;
  }
  let variance = 0;
  for (const side of sides) {
    for (const block of curves[side]) {
      const deviation = deviationOf(block);
      let chance = 0;
      let pull = 0;
      for (let i = block.from; i < block.to; i++) {
        const count = rows[side][i]!;
        chance += count * slopes[i]! ** 2;
        pull += count * slopes[i]!;
      }
      variance += deviation * deviation * (chance + (pull * pull) / Math.max(1, block.rows));
    }
  }
  return estimate('roc-auc', name, { value, variance }, z);
}

/** The mean over the classes, with the mean of their errors: an upper bound. */
function averaged(id: MetricId, metrics: readonly EstimatedMetric[], z: number): EstimatedMetric {
  const lacking = metrics.find(({ value }) => value === null);
  if (lacking)
    return undefinedEstimate(id, null, `that of ${quoted(lacking.className!)} is undefined: ${lacking.reason}`);
  const mean = (of: (metric: EstimatedMetric) => number) =>
    metrics.reduce((sum, metric) => sum + of(metric), 0) / metrics.length;
  return estimate(
    id,
    null,
    { value: mean(({ value }) => value!), variance: mean(({ standardError }) => standardError!) ** 2 },
    z,
  );
}

function estimate(id: MetricId, className: string | null, { value, variance }: Uncertain, z: number): EstimatedMetric {
  const standardError = Math.sqrt(variance);
  // at 0 or 1 the logit has no place: as far inside as the error reaches
  const centre = Math.min(1 - standardError / 2, Math.max(standardError / 2, value));
  const interval: EstimatedMetric['interval'] =
    standardError > 0 && standardError < 1 ? widened(logitInterval(centre, standardError, z), value) : [value, value];
  return { id, className, value, interval, standardError, direction: directionOf(id), reason: null };
}

function widened([low, high]: readonly [number, number], value: number): readonly [number, number] {
  return [Math.min(low, value), Math.max(high, value)];
}

function undefinedEstimate(id: MetricId, className: string | null, reason: string): EstimatedMetric {
  return { id, className, value: null, interval: null, standardError: null, direction: directionOf(id), reason };
}
