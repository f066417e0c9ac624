import { DriftError } from '../../model/errors.ts';
import { printable, quoted } from '../../model/text.ts';
import type { DuckDbSession } from '../duckdb.ts';
import { distinctNames, identifier } from './sql.ts';

/** A column as a predicate sees it and as the relation keeps it. */
export interface Exposed {
  readonly name: string;
  /** SQL over the base, in the column's natural type */
  readonly natural: string;
}

/**
 * A base filtered by the user's own predicate over the columns' own names. As in SQL, case is ignored; of names that differ only
 * in case or repeat, the first keeps its name and later ones get `_2`, `_3` …; nested fields are quoted: `"features.age"`;
 * an empty name is `column_` and its place.
 *
 * @param carried columns of the base that the result keeps under their own names
 * @returns SQL for use after FROM
 */
export async function filtered(
  session: DuckDbSession,
  base: string,
  exposed: readonly Exposed[],
  carried: readonly string[],
  predicate: string,
): Promise<string> {
  const names = distinctNames(
    exposed.map(({ name }, i) => (name === '' ? `column_${i + 1}` : name.replaceAll('\0', '\u2400'))),
    (name) => name.toLowerCase(),
  );
  // names of ours that no name of the user's can be
  let prefix = 'row';
  while (names.some((name) => name.toLowerCase().startsWith(prefix))) prefix += '_';
  const seen = exposed.map(({ natural }, i) => `${natural} AS ${identifier(names[i]!)}`);
  const hidden = carried.map((column, i) => `${column} AS ${prefix}${i}`);
  const rows = `SELECT ${[...seen, ...hidden].join(', ')} FROM ${base}`;
  const query = `SELECT ${carried.map((_, i) => `${prefix}${i}`).join(', ')} FROM (${rows}) AS data WHERE (${predicate}\n)`;
  try {
    if (predicate.includes('\0') || (await session.countStatements(query)) !== 1) {
      throw new DriftError('BAD_WHERE', `"where" is one condition, not ${quoted(predicate)}`);
    }
    await session.describe(query);
  } catch (cause) {
    throw badWhere(cause, predicate);
  }
  return `(SELECT ${carried.map((column, i) => `${prefix}${i} AS ${column}`).join(', ')} FROM (${query}))`;
}

/** What the engine said of a predicate, in one line. */
export function badWhere(cause: unknown, predicate: string): unknown {
  if (!(cause instanceof Error) || cause instanceof DriftError || cause.message.startsWith('INTERRUPT')) return cause;
  const [line = ''] = cause.message.replace(/^Failed to extract statements: /, '').split('\n');
  const reason = line.replace(/^\w+ Error: /, '');
  return new DriftError('BAD_WHERE', `where ${quoted(predicate, 60)}: ${printable(reason, 160)}`, { cause });
}
