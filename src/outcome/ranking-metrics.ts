import { logNormalUpperTail } from '../math/normal.ts';
import type { Metric } from '../model/outcome.ts';
import type { ClassScores, RankSums } from '../model/outcome-counts.ts';
import { quoted } from '../model/text.ts';
import { type Interval, logitInterval, waldInterval } from './intervals.ts';
import { bareMetric, estimatedMetric, undefinedMetric } from './metric.ts';
import { rankSumsOf } from './ranking.ts';

/**
 * Metrics of the order that the scores give the rows, P positives and N negatives.
 *
 *   ROC-AUC             P(score of a positive > of a negative) + ½ P(equal)
 *   average precision   Σ over thresholds of (recall gained) · precision = Σ over positives of the precision at their score / P
 *   macro, weighted     Σ AUCᵢ/k, Σ Pᵢ AUCᵢ/Σ Pᵢ of each class against the rest
 *
 * Asks       do positives score higher than negatives, whatever the cut?
 * Units      a probability; a mean precision.
 * Range      AUC 0 … ½ (chance) … 1; average precision: chance is P/(P + N).
 * Interval   AUC: DeLong's variance; average precision: delta method on the multinomial law of the table, whose slopes have a
 *            closed form (model/outcome-counts.ts); both on the scale of the logit. Where no pair is out of order (or all are)
 *            that variance is 0 and the interval is the exact one of disjoint pairs. Averages: the classes' standard errors are
 *            added, an upper bound, because they share their rows.
 * Ties…      equal scores are one threshold; in AUC they count one half.
 * Undefined  AUC without a positive or without a negative; average precision without a positive (scikit-learn says 0 there).
 * Cost       O(table).
 * Accuracy   exact on an exact table and from rank sums; on merged scores AUC is off by at most ½ Σ k l/(P N).
 * Sources    DeLong, DeLong & Clarke-Pearson (1988), doi:10.2307/2531595; Birnbaum & Klose (1957), Annals of Mathematical
 *            Statistics 28 (largest variance of U); agrees with scikit-learn
 *            (fixtures/outcomes/scikit-learn.json).
 *
 * @example
 * // labels 0 0 1 1, scores .1 .4 .35 .8  =>  AUC 3/4, average precision (1 + 2/3)/2 = 5/6
 */
export function rankingMetrics(classes: readonly ClassScores[], z: number): Metric[] {
  const each = classes.map(({ name, ranking }) => ({ name, sums: rankSumsOf(ranking) }));
  const areas = each.map(({ name, sums }) => areaUnderCurve(name, sums, z));
  const averages = classes.length > 1 ? (['macro', 'weighted'] as const) : [];
  return [
    ...areas,
    ...averages.map((average) =>
      averagedArea(
        average,
        areas,
        each.map(({ sums }) => sums.positives),
        z,
      ),
    ),
    ...each.map(({ name, sums }) => averagePrecision(name, sums, z)),
  ];
}

function areaUnderCurve(className: string, sums: RankSums, z: number): Metric {
  const { positives, negatives, discordant } = sums;
  const name = { id: 'roc-auc' as const, className, rows: positives + negatives };
  const pairs = positives * negatives;
  if (pairs === 0) {
    const missing = positives === 0 ? 'no row has it as its label' : 'every row has it as its label';
    return undefinedMetric(name, `${missing}; two classes are needed`);
  }
  const value = (pairs - discordant) / pairs;
  const fewest = Math.min(positives, negatives);
  if (discordant === 0 || discordant === pairs) {
    // disjoint pairs of a positive and a negative are independent: P(all in order) ≤ AUC^fewest
    const bound = Math.exp(logNormalUpperTail(z) / fewest);
    const interval: Interval = discordant === 0 ? [bound, 1] : [0, 1 - bound];
    const method = 'exact, of disjoint pairs of a positive and a negative';
    return estimatedMetric(name, { value, standardError: (1 - bound) / z, interval, method });
  }
  const variance = fewest < 2 ? 0 : deLongVariance(sums, discordant / pairs);
  const standardError = Math.sqrt(variance > 0 ? variance : (value * (1 - value)) / fewest);
  return estimatedMetric(name, {
    value,
    standardError,
    interval: logitInterval(value, standardError, z),
    method: variance > 0 ? 'DeLong, logit' : 'largest variance possible, logit',
  });
}

/** Of the share of pairs out of order, which is that of the AUC. 0 up to rounding when every placement is the same. */
function deLongVariance(sums: RankSums, disorder: number): number {
  const part = (rows: number, squares: number) => {
    const spread = squares / rows - disorder * disorder;
    return spread > 1e-13 * disorder * disorder ? spread / (rows - 1) : 0;
  };
  return part(sums.positives, sums.positiveSquares) + part(sums.negatives, sums.negativeSquares);
}

function averagedArea(
  average: 'macro' | 'weighted',
  areas: readonly Metric[],
  positives: readonly number[],
  z: number,
): Metric {
  const rows = positives.reduce((sum, ofClass) => sum + ofClass, 0);
  const name = { id: `roc-auc-${average}` as const, rows };
  const lacking = areas.find(({ value }) => value === null);
  if (lacking) return undefinedMetric(name, `the AUC of ${quoted(lacking.className!)} is undefined: ${lacking.reason}`);
  let value = 0;
  let standardError = 0;
  for (const [i, area] of areas.entries()) {
    const weight = average === 'macro' ? 1 / areas.length : positives[i]! / rows;
    value += weight * area.value!;
    standardError += weight * area.standardError!;
  }
  const inside = value > 0 && value < 1;
  const interval = inside ? logitInterval(value, standardError, z) : waldInterval(value, standardError, z, [0, 1]);
  return estimatedMetric(name, {
    value,
    standardError,
    interval,
    method: 'DeLong, standard errors of the classes added (an upper bound)',
  });
}

function averagePrecision(className: string, sums: RankSums, z: number): Metric {
  const { positives, negatives, precisions, precisionSquares } = sums;
  const name = { id: 'average-precision' as const, className, rows: positives + negatives };
  if (positives === 0) return undefinedMetric(name, 'no row has it as its label');
  const value = precisions / positives;
  if (negatives === 0) return bareMetric(name, value, 'every row has it as its label');
  if (sums.discordant === 0) {
    const worst = slightlyDisordered(positives, negatives, z);
    return estimatedMetric(name, {
      value,
      standardError: (value - worst) / z,
      interval: [worst, 1],
      method: 'of the ranking with as many rows out of order as may have been missed',
    });
  }
  if (precisionSquares === null) return bareMetric(name, value, 'the sums for its variance were not computed');
  const standardError = Math.sqrt(precisionSquares) / positives;
  if (!(standardError > 0)) return bareMetric(name, value, 'too few rows for a variance');
  return estimatedMetric(name, {
    value,
    standardError,
    interval: logitInterval(value, standardError, z),
    method: 'delta method, logit',
  });
}

/**
 * The average precision when, of as many rows, the largest shares that could have gone unseen (each at half of what is left of
 * the confidence) were out of order: negatives above all positives, positives below all negatives.
 */
function slightlyDisordered(positives: number, negatives: number, z: number): number {
  const logTail = logNormalUpperTail(z) - Math.LN2;
  const missed = (rows: number) => -Math.expm1(logTail / rows) * rows;
  const high = missed(negatives);
  const low = missed(positives);
  return (
    rankSumsOf({
      form: 'table',
      scores: Float64Array.of(0, 1, 2, 3),
      positives: Float64Array.of(low, 0, positives - low, 0),
      negatives: Float64Array.of(0, negatives - high, 0, high),
      exact: false,
    }).precisions / positives
  );
}
