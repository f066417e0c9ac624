import type { SqlDialect } from './dialect.ts';

/** Rows of two data sets that name the same thing. A key that several rows of a side share names none of them. */

/** In SQL over a relation. */
export interface KeyedRows {
  readonly relation: string;
  /** as text */
  readonly key: string;
  readonly columns: readonly string[];
}

/** The rows with a key of their own, as k, v0, v1 …; of a single row, the least value is its value. */
export function uniqueRows({ relation, key, columns }: KeyedRows): string {
  const values = columns.map((_, i) => `min(v${i}) AS v${i}`);
  const rows = `SELECT ${[`${key} AS k`, ...columns.map((column, i) => `${column} AS v${i}`)].join(', ')} FROM ${relation} WHERE ${key} IS NOT NULL`;
  return `SELECT ${['k', ...values].join(', ')} FROM (${rows}) r GROUP BY k HAVING count(*) = 1`;
}

/** Rows with a key, and rows with one of their own. */
export function keyCounts(sql: SqlDialect, { relation, key }: KeyedRows): string {
  const keys = `SELECT ${key} AS k, count(*) AS n FROM ${relation} WHERE ${key} IS NOT NULL GROUP BY ${key}`;
  return `SELECT coalesce(${sql.asDouble('sum(n)')}, 0), ${sql.asDouble('count(CASE WHEN n = 1 THEN 1 END)')} FROM (${keys}) g`;
}
