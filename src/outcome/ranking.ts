import type { RankSums, ScoreTable } from '../model/outcome-counts.ts';

/** What AUC and average precision need: the sums as they are, or those of the table. */
export function rankSumsOf(ranking: ScoreTable | RankSums): RankSums {
  return ranking.form === 'rank-sums' ? ranking : tableSums(ranking);
}

/** Two runs over the table: from the highest score down, then from the lowest up. */
function tableSums({ positives, negatives }: ScoreTable): RankSums {
  const size = positives.length;
  const totals = { positives: total(positives), negatives: total(negatives) };
  const above = new Float64Array(size);
  let positivesFrom = 0;
  let negativesFrom = 0;
  let discordant = 0;
  let positiveSquares = 0;
  let negativeSquares = 0;
  let precisions = 0;
  for (let i = size - 1; i >= 0; i--) {
    const k = positives[i]!;
    const l = negatives[i]!;
    const misplaced = negativesFrom + l / 2;
    discordant += k * misplaced;
    if (k > 0 && totals.negatives > 0) positiveSquares += k * (misplaced / totals.negatives) ** 2;
    positivesFrom += k;
    negativesFrom += l;
    above[i] = positivesFrom;
    const below = totals.positives - positivesFrom + k / 2;
    if (l > 0 && totals.positives > 0) negativeSquares += l * (below / totals.positives) ** 2;
    if (k > 0) precisions += k * (positivesFrom / (positivesFrom + negativesFrom));
  }
  return {
    form: 'rank-sums',
    ...totals,
    discordant,
    positiveSquares,
    negativeSquares,
    precisions,
    precisionSquares: precisionSquaresOf(positives, negatives, above, precisions / totals.positives),
  };
}

/** Σ rows · (P times the slope of average precision in a row at this place)², see {@link RankSums}. */
function precisionSquaresOf(
  positives: Float64Array,
  negatives: Float64Array,
  positivesAbove: Float64Array,
  average: number,
): number {
  let negativesAbove = total(negatives);
  let gained = 0;
  let lost = 0;
  let squares = 0;
  for (const [i, k] of positives.entries()) {
    const l = negatives[i]!;
    if (k + l === 0) continue;
    const here = positivesAbove[i]!;
    const rows = here + negativesAbove;
    gained += k * (negativesAbove / rows / rows);
    lost += k * (here / rows / rows);
    if (k > 0) squares += k * (here / rows + gained - average) ** 2;
    if (l > 0) squares += l * lost * lost;
    negativesAbove -= l;
  }
  return squares;
}

export function total(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
