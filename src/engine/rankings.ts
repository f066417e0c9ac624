import type { SqlDialect } from './dialect.ts';
import type { ScoreRanking } from './engine.ts';

/**
 * What ranks of scores need, by SQL: one grouping by score, then running sums over its groups from the highest score down. Sorting
 * happens where the rows are; one row of numbers a group of rows comes back, however many distinct scores there are.
 *
 *   k, l     positives and negatives at a score; t, f  their running sums, this score included
 *   a, b     running sums of k f/(t + f)² and of k t/(t + f)², from above; the sums over this score and lower ones are the whole less these
 *
 * What is squared about a whole that only the last row knows is taken apart: Σ k (e + c)² = Σ k e² + 2 c Σ k e + c² Σ k. Wide rows cost
 * memory here, so nothing is carried along that can be put together afterwards.
 *
 * @param rows SQL of the columns w (group), s (score, never NULL) and y (1 for a positive, 0 for a negative)
 */
export function rankingQuery(sql: SqlDialect, rows: string): string {
  const double = sql.asDouble;
  const groups = `SELECT w, s, ${double('sum(y)')} AS k, ${double('count(*) - sum(y)')} AS l FROM (${rows}) r GROUP BY w, s`;
  const fromAbove = 'OVER (PARTITION BY w ORDER BY s DESC ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)';
  const running = `SELECT w, s, k, l, sum(k) ${fromAbove} AS t, sum(l) ${fromAbove} AS f FROM (${groups}) g`;
  const square = '((t + f) * (t + f))';
  const slopes = `SELECT w, k, l, t, f, sum(k * f / ${square}) ${fromAbove} AS a, sum(k * t / ${square}) ${fromAbove} AS b FROM (${running}) u`;
  const sum = (term: string) => `coalesce(${sql.stableSum(term)}, 0e0)`;
  // without its own share: what lies strictly above
  const precision = `(t / (t + f) - a + k * f / ${square})`;
  const lost = `(b - k * t / ${square})`;
  const misplaced = '(f - l / 2e0)';
  const above = '(t - k / 2e0)';
  const answers = [
    double('w'),
    'sum(k)',
    'sum(l)',
    sum(`k * ${misplaced}`),
    sum(`k * ${misplaced} * ${misplaced}`),
    sum(`l * ${above}`),
    sum(`l * ${above} * ${above}`),
    sum('k * t / (t + f)'),
    'max(a)',
    'max(b)',
    sum(`k * ${precision}`),
    sum(`k * ${precision} * ${precision}`),
    sum(`l * ${lost}`),
    sum(`l * ${lost} * ${lost}`),
  ];
  return `SELECT ${answers.join(', ')} FROM (${slopes}) x GROUP BY w`;
}

/** The sums of one row of the query, without its group. */
export function rankingOf(sums: readonly number[]): ScoreRanking {
  const [p, n, discordant, misplaced2, above, above2, precisions, a, b, gain, gain2, lost, lost2] =
    sums as readonly number[] &
      Required<
        readonly [
          number,
          number,
          number,
          number,
          number,
          number,
          number,
          number,
          number,
          number,
          number,
          number,
          number,
        ]
      >;
  const mean = a - precisions / p;
  return {
    positives: p,
    negatives: n,
    discordant,
    // without a row on the other side there is nothing to compare with
    positiveSquares: n > 0 ? misplaced2 / n / n : 0,
    negativeSquares: p > 0 ? (n * p * p - 2 * p * above + above2) / p / p : 0,
    precisions,
    precisionSquares:
      p > 0 ? Math.max(0, gain2 + 2 * mean * gain + mean * mean * p + lost2 - 2 * b * lost + b * b * n) : 0,
  };
}

/** Rows by group and score, at most `limit` of them. */
export function scoreTableQuery(sql: SqlDialect, rows: string, limit: number): string {
  const counts = `${sql.asDouble('sum(y)')}, ${sql.asDouble('count(*) - sum(y)')}`;
  return `SELECT ${sql.asDouble('w')}, s, ${counts} FROM (${rows}) r GROUP BY w, s LIMIT ${limit}`;
}
