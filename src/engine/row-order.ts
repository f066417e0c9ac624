import type { SqlDialect } from './dialect.ts';

/**
 * Where the rows of a source can be read in the order of its files. Nothing is sorted: a window without an order of its own takes its
 * rows as they come, and makes the engine read them one after the other. That costs little for a single column.
 */
export interface RowOrder {
  /** SQL usable after FROM, with the columns of the source's own relation */
  readonly relation: string;
  /** SQL for the file that a row is of; null for one file */
  readonly file: string | null;
  /** SQL for a row's place in its file; null where it is not known */
  readonly place: string | null;
}

/**
 * One row: how many rows are earlier than the one before them in their file, how many rows have a time, and how many of them the
 * engine gave in another order than that of their places.
 *
 * @param time SQL over the relation, NULL for none
 */
export function disorderQuery(sql: SqlDialect, { relation, file, place }: RowOrder, time: string): string {
  const rows = `SELECT ${time} AS t, ${file ?? '0'} AS f, ${place ?? '0'} AS p FROM ${relation}`;
  const before = ['t', 'f', 'p'].map((name) => `lag(${name}) OVER () AS ${name}_before`);
  const steps = `SELECT t, f, p, ${before.join(', ')} FROM (${rows}) r WHERE t IS NOT NULL`;
  const fallen = (name: string) =>
    sql.asDouble(`count(CASE WHEN f = f_before AND ${name} < ${name}_before THEN 1 END)`);
  return `SELECT ${fallen('t')}, ${sql.asDouble('count(*)')}, ${fallen('p')} FROM (${steps}) s`;
}
