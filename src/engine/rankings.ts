import type { SqlDialect } from './dialect.ts';
import type { ScoreRanking } from './engine.ts';

/**
 * What ranks of scores need, by SQL: one grouping by score, then running sums over its groups. Sorting happens where the rows are;
 * a table of a few numbers a group of rows comes back, however many distinct scores there are.
 */

/** Columns of the query below after the group, in its order. */
export const rankingSums = [
  'positives',
  'negatives',
  'discordant',
  'positiveSquares',
  'negativeSquares',
  'precisions',
  'precisionSquares',
] as const satisfies readonly (keyof ScoreRanking)[];

/**
 * Of each group of rows its {@link ScoreRanking}.
 *
 * @param rows SQL of the columns w (group), s (score, never NULL) and y (1 for a positive, 0 for a negative)
 */
export function rankingQuery(sql: SqlDialect, rows: string): string {
  const double = sql.asDouble;
  const groups = `SELECT w, s, ${double('sum(y)')} AS k, ${double('count(*) - sum(y)')} AS l FROM (${rows}) r GROUP BY w, s`;
  const descending = 'OVER (PARTITION BY w ORDER BY s DESC ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)';
  const running = `SELECT w, s, k, l, sum(k) ${descending} AS t, sum(l) ${descending} AS f FROM (${groups}) g`;
  const whole = 'OVER (PARTITION BY w)';
  const ascending = 'OVER (PARTITION BY w ORDER BY s ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)';
  const sums = [
    `sum(k * f / ((t + f) * (t + f))) ${ascending} AS a`,
    `sum(k * t / ((t + f) * (t + f))) ${ascending} AS b`,
    `sum(k * t / (t + f)) ${whole} AS q`,
    `sum(k) ${whole} AS p`,
    `sum(l) ${whole} AS n`,
  ];
  const terms = `SELECT w, k, l, t, f, a, b, q, p, n, t / (t + f) AS c FROM (SELECT *, ${sums.join(', ')} FROM (${running}) u) v`;
  const lower = '(f - l / 2e0)';
  const higher = '(p - t + k / 2e0)';
  const sum = (term: string) => `coalesce(${sql.stableSum(term)}, 0e0)`;
  const answers = [
    double('w'),
    'sum(k)',
    'sum(l)',
    sum(`k * ${lower}`),
    // without a row on the other side there is nothing to compare with
    sum(`CASE WHEN n > 0 THEN k * (${lower} / n) * (${lower} / n) END`),
    sum(`CASE WHEN p > 0 THEN l * (${higher} / p) * (${higher} / p) END`),
    sum('k * c'),
    sum('CASE WHEN p > 0 THEN k * (c + a - q / p) * (c + a - q / p) + l * b * b END'),
  ];
  return `SELECT ${answers.join(', ')} FROM (${terms}) x GROUP BY w`;
}

/** Rows by group and score, at most `limit` of them. */
export function scoreTableQuery(sql: SqlDialect, rows: string, limit: number): string {
  const counts = `${sql.asDouble('sum(y)')}, ${sql.asDouble('count(*) - sum(y)')}`;
  return `SELECT ${sql.asDouble('w')}, s, ${counts} FROM (${rows}) r GROUP BY w, s LIMIT ${limit}`;
}
