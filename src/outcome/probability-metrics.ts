import type { Metric } from '../model/outcome.ts';
import type { PivotedSums, ScoreCounts, ScoreTable } from '../model/outcome-counts.ts';
import { logLossOf, meanLossMetric } from './losses.ts';
import { undefinedMetric } from './metric.ts';

/**
 * Losses of the scores as probabilities.
 *
 *   log loss      mean of −ln p(true class), p clipped to 2⁻⁵² … 1 − 2⁻⁵²
 *   Brier score   mean of (1{positive} − p)²; of several classes mean of Σ (1{c} − p_c)²
 *
 * Asks       how much probability did the model give to what happened?
 * Units      nats; squared probability.
 * Range      0 (certain and right) … 36.04 for log loss; 0 … 1 for Brier, 0 … 2 with several classes.
 * Interval   normal, on the scale of the logarithm: losses are skewed.
 * Undefined  when a score lies outside 0 … 1, when the scores of a row do not sum to one, when a label's class has no score.
 * Cost       O(table), or O(1) from sums.
 * Accuracy   exact on an exact table and from sums.
 * Sources    agrees with scikit-learn's log_loss and brier_score_loss (fixtures/outcomes/scikit-learn.json).
 *
 * @example
 * // label 1 with score 1/2  =>  log loss ln 2, Brier 1/4
 */
export function probabilityMetrics(scores: ScoreCounts, z: number): Metric[] {
  const metrics = [
    { id: 'log-loss', sums: scores.logLoss, losses: logLosses, most: Number.MAX_VALUE },
    { id: 'brier-score', sums: scores.brier, losses: squaredErrors, most: scores.classes.length > 1 ? 2 : 1 },
  ] as const;
  const invalid = whyNoProbabilities(scores);
  return metrics.map(({ id, sums, losses, most }) => {
    const { rows } = scores;
    if (invalid !== null) return undefinedMetric({ id, rows }, invalid);
    const known = sums ?? lossesOfTable(scores, losses);
    if (known === null) return undefinedMetric({ id, rows }, 'its sums were not computed');
    return meanLossMetric({ id }, known, z, most);
  });
}

/** Why the scores cannot be read as probabilities of the classes; null when they can. */
export function whyNoProbabilities(scores: ScoreCounts): string | null {
  const { rows, outsideUnit, notSummingToOne, unscoredLabels } = scores;
  if (outsideUnit > 0) return `${outsideUnit} of ${rows} rows have a score outside 0 to 1: no probability`;
  if (notSummingToOne > 0) return `the scores of ${notSummingToOne} of ${rows} rows do not sum to 1`;
  if (unscoredLabels > 0) return `the label of ${unscoredLabels} of ${rows} rows is a class without a score`;
  return null;
}

/** The loss of a positive and of a negative at a score. */
type Losses = (score: number) => readonly [number, number];
const logLosses: Losses = (score) => [logLossOf(score), logLossOf(1 - score)];
const squaredErrors: Losses = (score) => [(1 - score) ** 2, score * score];

/** The losses of an exact table of one scored class; null when there is none. */
function lossesOfTable({ classes }: ScoreCounts, losses: Losses): PivotedSums | null {
  const table = exactTable(classes[0]?.ranking);
  if (classes.length !== 1 || table === null) return null;
  let rows = 0;
  let sum = 0;
  let squares = 0;
  const add = (count: number, value: number) => {
    if (count === 0) return;
    rows += count;
    sum += count * value;
    squares += count * value * value;
  };
  for (const [i, score] of table.scores.entries()) {
    const [ofPositive, ofNegative] = losses(score);
    add(table.positives[i]!, ofPositive);
    add(table.negatives[i]!, ofNegative);
  }
  return { rows, pivot: 0, sum, squares };
}

export function exactTable(ranking: ScoreCounts['classes'][number]['ranking'] | undefined): ScoreTable | null {
  return ranking?.form === 'table' && ranking.exact ? ranking : null;
}
