import type { SqlDialect } from './dialect.ts';
import type { MisplacedRows, PairedRanking, ScoreRanking } from './engine.ts';

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
  // running sums of whole numbers cost two thirds of those of doubles
  const whole = (rows: string) => `CAST(${rows} AS BIGINT)`;
  const groups = `SELECT w, s, ${whole('sum(y)')} AS k, ${whole('count(*) - sum(y)')} AS l FROM (${rows}) r GROUP BY w, s`;
  const fromAbove = 'OVER (PARTITION BY w ORDER BY s DESC ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)';
  const atOrAbove = (rows: string) => double(`sum(${rows}) ${fromAbove}`);
  const running = `SELECT w, s, ${double('k')} AS k, ${double('l')} AS l, ${atOrAbove('k')} AS t, ${atOrAbove('l')} AS f FROM (${groups}) g`;
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
  const [p = 0, n = 0, discordant = 0, misplaced2 = 0, above = 0, above2 = 0, precisions = 0, ...more] = sums;
  const [a = 0, b = 0, gain = 0, gain2 = 0, lost = 0, lost2 = 0] = more;
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

/** Cells of the log-odds a unit: neighbouring cells are a ten-thousandth of their odds apart. */
const cellsPerUnit = 10_000;
/** Probabilities beyond this far from 0 and 1 lie in the end cells; 1 less this is still a double. */
const leastOdds = 2 ** -53;

/**
 * Scores on both sides of a half in cells of equal ratio, at most 740,000 of them: scores in [0, 1] lie close to either end, where
 * cells of equal width would hold most of them. What lies outside of [0, 1] is in the end cells.
 */
function oddsCell(sql: SqlDialect, score: string): string {
  const least = sql.number(leastOdds);
  const [yes, no] = [score, `1e0 - ${score}`].map((part) => sql.extreme('greatest', [part, least]));
  return `floor(ln(${yes} / ${no}) * ${sql.number(cellsPerUnit)})`;
}

/**
 * Two rankings of the same rows: each score's table of distinct values says by how many rows of the other class a row of it is misplaced,
 * and every row is looked up in both. One row of numbers a class comes back.
 *
 *   m   negatives above and half of those at the score: misplaces a positive
 *   b   positives below and half of those at the score: misplaces a negative
 *
 * @param rows SQL of the columns a, b (scores, never NULL) and y (1 for a positive, 0 for a negative)
 * @param merged whether scores are taken as {@link oddsCell}
 */
export function pairedRankingQuery(sql: SqlDialect, rows: string, merged: boolean): string {
  const double = sql.asDouble;
  // −0 and 0 are one score
  const place = (score: string) => (merged ? `${oddsCell(sql, score)} + 0e0` : `${score} + 0e0`);
  const placed = `SELECT ${place('a')} AS a, ${place('b')} AS b, y FROM (${rows}) r`;
  const running = (order: 'ASC' | 'DESC') =>
    `OVER (ORDER BY s ${order} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)`;
  const table = (score: 'a' | 'b') => {
    const groups = `SELECT ${score} AS s, ${double('sum(y)')} AS k, ${double('count(*) - sum(y)')} AS l FROM (${placed}) p GROUP BY ${score}`;
    return `SELECT s, k, l, sum(l) ${running('DESC')} - l / 2e0 AS m, sum(k) ${running('ASC')} - k / 2e0 AS b FROM (${groups}) g`;
  };
  const misplaced = (side: string) => `CASE WHEN y = 1 THEN ${side}.m ELSE ${side}.b END`;
  const tied = (side: string) => `CASE WHEN y = 1 THEN ${side}.l ELSE ${side}.k END`;
  const each = `SELECT y, ${misplaced('u')} AS m1, ${misplaced('v')} AS m2, ${tied('u')} AS t1, ${tied('v')} AS t2 FROM (${placed}) p JOIN (${table('a')}) u ON p.a = u.s JOIN (${table('b')}) v ON p.b = v.s`;
  const sums = ['m1', 'm2', 'm1 * m1', 'm2 * m2', 'm2 - m1', '(m2 - m1) * (m2 - m1)', 't1', 't2'];
  return `SELECT ${[double('y'), double('count(*)'), ...sums.map((term) => sql.stableSum(term))].join(', ')} FROM (${each}) e GROUP BY y`;
}

/** The query's columns. */
export function pairedRankingOf(columns: readonly Float64Array[]): PairedRanking {
  const of = (y: number): MisplacedRows => {
    const at = columns[0]!.indexOf(y);
    const sums = columns.slice(1).map((column) => (at < 0 ? 0 : column[at]!));
    const [rows = 0, m1 = 0, m2 = 0, squares1 = 0, squares2 = 0, ...more] = sums;
    const [difference = 0, differenceSquares = 0, tied1 = 0, tied2 = 0] = more;
    return {
      rows,
      sums: [m1, m2],
      squares: [squares1, squares2],
      difference,
      differenceSquares,
      tied: [tied1, tied2],
    };
  };
  return { positives: of(1), negatives: of(0) };
}
