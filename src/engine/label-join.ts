import type { SqlDialect } from './dialect.ts';
import type { SourceColumn } from './source.ts';

/**
 * Labels that lie in a file of their own, met by key. Keys are compared as text, so that the number 7 of one side is the text "7" of
 * the other, and by a hash of that text, which is narrower than most keys. A label counts only where all labels of its key agree, so
 * a key never multiplies rows.
 */

/** A value as text; NULL stays NULL. A whole number reads the same whether it is kept as an integer or as a double. */
export function plainText(sql: SqlDialect, { family }: SourceColumn, name: string): string {
  if (family === 'string') return name;
  if (family !== 'number' && family !== 'integer') return sql.asText(name, family);
  const isWhole = `${name} = floor(${name}) AND abs(${name}) < ${sql.number(2 ** 53)}`;
  return `CASE WHEN ${isWhole} THEN ${sql.asText(`CAST(${name} AS BIGINT)`, 'integer')} ELSE ${sql.asText(name, family)} END`;
}

/** NULL for no key. */
export function keyHash(sql: SqlDialect, key: string): string {
  return `CASE WHEN ${key} IS NOT NULL THEN ${sql.rowHash([{ name: key, family: 'string' }])} END`;
}

/** Where labels lie, in SQL over their relation. */
export interface KeyedLabels {
  readonly relation: string;
  readonly key: string;
  readonly label: string;
  /** when the label came, in seconds; null when nothing tells */
  readonly time: string | null;
}

/** One row a key: its hash h, how many labels it has, the least and the greatest of them, and when the first came. */
export function labelsByKey(sql: SqlDialect, { relation, key, label, time }: KeyedLabels): string {
  const when = time ?? sql.asDouble('NULL');
  const rows = `SELECT ${keyHash(sql, key)} AS h, ${label} AS v, ${when} AS t FROM ${relation} WHERE ${key} IS NOT NULL AND ${label} IS NOT NULL`;
  return `SELECT h, ${sql.asDouble('count(*)')} AS n, min(v) AS low, max(v) AS high, min(t) AS t FROM (${rows}) k GROUP BY h`;
}

/**
 * The log's columns as c0, c1 …, and after them the key's hash, the number of its labels, the label where they agree, and when it
 * came.
 *
 * @param labels SQL of {@link labelsByKey}, or a table of its rows
 */
export function joinedQuery(
  columns: readonly string[],
  { relation, hash, labels }: { readonly relation: string; readonly hash: string; readonly labels: string },
): string {
  const from = columns.length;
  const kept = columns.map((column, i) => `${column} AS c${i}`);
  const own = [
    ...columns.map((_, i) => `d.c${i} AS c${i}`),
    `d.h AS c${from}`,
    `k.n AS c${from + 1}`,
    `CASE WHEN k.low = k.high THEN k.low END AS c${from + 2}`,
    `CASE WHEN k.low = k.high THEN k.t END AS c${from + 3}`,
  ];
  const rows = `SELECT ${[...kept, `${hash} AS h`].join(', ')} FROM ${relation}`;
  return `SELECT ${own.join(', ')} FROM (${rows}) d LEFT JOIN ${labels} k ON d.h = k.h`;
}
