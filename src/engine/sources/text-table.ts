import type { Kind } from '../../model/measure.ts';
import type { DuckDbSession } from '../duckdb.ts';
import { freshName } from './sql.ts';
import {
  countingSql,
  countsFromRow,
  countsPerColumn,
  decideReading,
  declaredReading,
  isAmbiguousDate,
  isCode,
  markerSql,
  nearReading,
  type Reading,
  readableShare,
  readSql,
  type ValueRules,
} from './values.ts';

/** A column that arrives as text. */
export interface TextColumn {
  /** undefined: the whole column has to be looked at */
  readonly reading: Reading | undefined;
  /** the other side or the format settled it; values that do not read are failures, however many */
  readonly settled: boolean;
  /** the format says that these are words, so they are at most dates */
  readonly words: boolean;
  /** the user says what it holds */
  readonly declared?: Kind;
}

/** A table with c0 … and a column `unread`: the failed values of the columns in `unreadAt`, NULL where all were read. */
export interface TextTable {
  readonly table: string;
  readonly rows: number;
  readonly readings: readonly Reading[];
  /** 1-based place in `unread`; absent for columns without a failure */
  readonly unreadAt: ReadonlyMap<number, number>;
  /** columns of dates that could be read with the day or the month first */
  readonly ambiguous: ReadonlySet<number>;
  /** columns of digits that are codes: 01067 */
  readonly codes: ReadonlySet<number>;
  /** columns that are text although most of their values read as a type, with a value that does not */
  readonly nearly: ReadonlyMap<number, { readonly reading: Reading; readonly example: string }>;
}

/** columns in one statement: wide aggregates are slower by the column */
const chunk = 40;

/** as many columns as a remark names */
export const namedColumns = 10;

/**
 * SQL for a table of typed columns from a scan that offers text as r0 …; failures are kept beside.
 * Columns without a reading stay text.
 */
export function typedSelect(scan: string, readings: readonly (Reading | undefined)[], rules: ValueRules): string {
  const typed = typedColumns(readings);
  const values = readings.map((reading, i) => `${readSql(reading ?? 'text', `r${i}`, rules)} AS c${i}`);
  const kept = readings.map((_, i) => `c${i}`).join(', ');
  const inner = `SELECT ${[...values, ...typed.map((i) => `r${i}`)].join(', ')} FROM ${scan}`;
  return failuresKept(inner, typed, readings, kept, rules);
}

/** SQL usable after FROM: the same columns without their failures, and the file f that a row of the scan is of. */
export function typedRows(scan: string, readings: readonly Reading[], rules: ValueRules): string {
  const values = readings.map((reading, i) => `${readSql(reading, `r${i}`, rules)} AS c${i}`);
  return `(SELECT ${[...values, 'file_index AS f'].join(', ')} FROM ${scan})`;
}

function typedColumns(readings: readonly (Reading | undefined)[]): number[] {
  return readings.flatMap((reading, i) =>
    reading === undefined || reading === 'text' || reading === 'empty' ? [] : [i],
  );
}

/**
 * A sum over all typed columns is NULL where any of them is, which costs next to nothing; only those rows are looked at closely,
 * and only those with a failure keep a list.
 */
function failuresKept(
  inner: string,
  typed: readonly number[],
  readings: readonly (Reading | undefined)[],
  kept: string,
  rules: ValueRules,
): string {
  if (typed.length === 0) return `SELECT ${kept}, NULL::VARCHAR[] AS unread FROM (${inner})`;
  const parts = typed.map((i) => {
    if (readings[i] === 'boolean') return `CAST(c${i} AS INTEGER)`;
    return readings[i] === 'vector' ? `len(c${i})` : `c${i}`;
  });
  const sums: string[] = [];
  for (let i = 0; i < parts.length; i += chunk) sums.push(`(0e0 + ${parts.slice(i, i + chunk).join(' + ')}) IS NULL`);
  const unread = `[${typed.map((i) => `CASE WHEN c${i} IS NULL THEN r${i} END`).join(', ')}]`;
  // one expression for all columns: planning a thousand takes longer than reading them
  const failures = `list_transform(${unread}, lambda x: CASE WHEN NOT ${markerSql('x', rules)} THEN x END)`;
  const lists = `SELECT ${kept}, CASE WHEN ${sums.join(' OR ')} THEN ${failures} END AS found FROM (${inner})`;
  return `SELECT ${kept}, CASE WHEN found IS NOT NULL AND list_any_value(found) IS NOT NULL THEN found END AS unread FROM (${lists})`;
}

/**
 * Loads and settles the types: the proposals are tried in the load itself; columns that contradict theirs are loaded once more
 * as text, counted in full and then converted.
 *
 * @param load makes a table with these readings by {@link typedSelect}
 */
export async function settleTypes(
  session: DuckDbSession,
  columns: readonly TextColumn[],
  rules: ValueRules,
  load: (readings: readonly (Reading | undefined)[]) => Promise<string>,
): Promise<TextTable> {
  let readings = columns.map((column) => column.reading);
  let table = await load(readings);
  let failed = await failuresOf(session, table, readings, rules);
  const revised = readings.map((reading, i) => (failed.has(i) ? revise(columns[i]!, failed.get(i)!) : reading));
  if (revised.some((reading, i) => reading !== readings[i])) {
    await session.run(`DROP TABLE ${table}`);
    readings = revised;
    table = await load(readings);
    failed = await failuresOf(session, table, readings, rules);
  }
  const open = readings.flatMap((reading, i) => (reading === undefined ? [i] : []));
  const decided = new Map<number, Reading>();
  const ambiguous = new Set<number>();
  const codes = new Set<number>();
  const near = new Map<number, Reading>();
  const blank = new Set<number>();
  for (let from = 0; from < open.length; from += chunk) {
    const some = open.slice(from, from + chunk);
    const counts = some.map((i) => `CAST(count(c${i}) AS DOUBLE)`).join(', ');
    const [row] = await session.rows(`SELECT ${counts} FROM ${table}`);
    for (const [k, i] of some.entries()) if (row![k] === 0) blank.add(i);
  }
  const filled = open.filter((i) => !blank.has(i));
  for (const i of blank) decided.set(i, 'empty');
  for (let from = 0; from < filled.length; from += chunk) {
    const some = filled.slice(from, from + chunk);
    const values = some.map((i) => `CASE WHEN NOT ${markerSql(`c${i}`, rules)} THEN c${i} END AS v${i}`).join(', ');
    const counts = some.flatMap((i) => countingSql(`v${i}`, rules)).join(', ');
    const [row] = await session.rows(`SELECT ${counts} FROM (SELECT ${values} FROM ${table})`);
    for (const [k, i] of some.entries()) {
      const count = countsFromRow(row!.slice(k * countsPerColumn, (k + 1) * countsPerColumn));
      const reading = decideReading(count);
      const isDate = reading !== 'boolean' && reading !== 'integer' && reading !== 'number' && reading !== 'empty';
      const { words, declared } = columns[i]!;
      const chosen = declared ? declaredReading(declared, count) : words && !isDate ? 'text' : reading;
      decided.set(i, chosen);
      if (declared && chosen !== 'text') continue;
      if (isAmbiguousDate(count)) ambiguous.add(i);
      if (words) continue;
      if (isCode(count)) codes.add(i);
      const most = nearReading(count);
      if (most) near.set(i, most);
    }
  }
  const nearly = await examples(session, table, near, rules);
  const final = readings.map((reading, i) => reading ?? decided.get(i)!);
  const converted = filled.filter((i) => final[i] !== 'text');
  if (converted.length > 0) table = await convert(session, table, readings, final, rules);
  const places = [
    ...typedColumns(readings),
    ...typedColumns(final.map((r, i) => (readings[i] === undefined ? r : undefined))),
  ];
  if (converted.length > 0) failed = await failuresAt(session, table, places, final, rules);
  const [count] = await session.rows(`SELECT CAST(count(*) AS DOUBLE) FROM ${table}`);
  const unreadAt = new Map(places.flatMap((i, place) => (failed.has(i) ? [[i, place + 1] as const] : [])));
  return { table, rows: count![0] as number, readings: final, unreadAt, ambiguous, codes, nearly };
}

/** For each column, a value that does not read like the others. */
async function examples(
  session: DuckDbSession,
  table: string,
  near: ReadonlyMap<number, Reading>,
  rules: ValueRules,
): Promise<TextTable['nearly']> {
  const nearly = new Map<number, { reading: Reading; example: string }>();
  for (const [i, reading] of [...near].slice(0, namedColumns)) {
    const [row] = await session.rows(
      `SELECT min(c${i}) FROM ${table} WHERE NOT ${markerSql(`c${i}`, rules)} AND ${readSql(reading, `c${i}`, rules)} IS NULL`,
    );
    const example = row![0] as string | null;
    if (example !== null) nearly.set(i, { reading, example });
  }
  return nearly;
}

interface Failures {
  /** values, read or not */
  readonly values: number;
  readonly failures: number;
  /** failures that are numbers after all */
  readonly numbers: number;
}

function revise(column: TextColumn, { values, failures, numbers }: Failures): Reading | undefined {
  const { reading } = column;
  // categories stay as they are written, unless all of them read
  if (column.declared === 'categorical' && failures > numbers) return undefined;
  if (reading === 'integer' && numbers > 0 && (column.settled || failures - numbers <= (1 - readableShare) * values))
    return 'number';
  if (column.settled) return reading;
  // these hold for all values or not at all
  if (reading === 'boolean' || reading === 'month-first' || reading === 'day-first') return undefined;
  return failures > (1 - readableShare) * values ? undefined : reading;
}

async function failuresOf(
  session: DuckDbSession,
  table: string,
  readings: readonly (Reading | undefined)[],
  rules: ValueRules,
): Promise<Map<number, Failures>> {
  return failuresAt(session, table, typedColumns(readings), readings, rules);
}

async function failuresAt(
  session: DuckDbSession,
  table: string,
  typed: readonly number[],
  readings: readonly (Reading | undefined)[],
  rules: ValueRules,
): Promise<Map<number, Failures>> {
  const result = new Map<number, Failures>();
  const [first] = await session.rows(`SELECT CAST(count(unread) AS DOUBLE) FROM ${table}`);
  if (first![0] === 0) return result;
  for (let from = 0; from < typed.length; from += chunk) {
    const some = typed.slice(from, from + chunk);
    const failures = some.flatMap((i, k) => {
      const unread = `unread[${from + k + 1}]`;
      const numbers = readings[i] === 'integer' ? `count(${readSql('number', unread, rules)})` : '0';
      return [`CAST(count(${unread}) AS DOUBLE)`, `CAST(${numbers} AS DOUBLE)`];
    });
    const [row] = await session.rows(`SELECT ${failures.join(', ')} FROM ${table} WHERE unread IS NOT NULL`);
    const failing = some.filter((_, k) => row![2 * k] !== 0);
    if (failing.length === 0) continue;
    const counts = failing.map((i) => `CAST(count(c${i}) AS DOUBLE)`).join(', ');
    const [read] = await session.rows(`SELECT ${counts} FROM ${table}`);
    for (const [k, i] of some.entries()) {
      const place = failing.indexOf(i);
      if (place < 0) continue;
      const count = row![2 * k] as number;
      result.set(i, { values: (read![place] as number) + count, failures: count, numbers: row![2 * k + 1] as number });
    }
  }
  return result;
}

/** Gives columns that were loaded as text their types; failures are added behind those already kept. */
async function convert(
  session: DuckDbSession,
  table: string,
  before: readonly (Reading | undefined)[],
  final: readonly Reading[],
  rules: ValueRules,
): Promise<string> {
  const fresh = final.map((reading, i) => (before[i] === undefined ? reading : undefined));
  const typed = typedColumns(fresh);
  const old = typedColumns(before).length;
  const columns = final.map((reading, i) => (fresh[i] ? `${readSql(reading, `c${i}`, rules)} AS c${i}` : `c${i}`));
  const raw = typed.map((i) => `c${i} AS r${i}`);
  const inner = `SELECT ${[...columns, ...raw, 'unread AS earlier'].join(', ')} FROM ${table}`;
  const kept = final.map((_, i) => `c${i}`).join(', ');
  const added = failuresKept(inner, typed, fresh, `${kept}, earlier`, rules);
  const nulls = (count: number): string => `list_resize([]::VARCHAR[], ${count})`;
  const joined = `CASE WHEN earlier IS NOT NULL OR unread IS NOT NULL
    THEN list_concat(coalesce(earlier, ${nulls(old)}), coalesce(unread, ${nulls(typed.length)})) END`;
  const target = freshName('typed');
  await session.run(`CREATE TABLE ${target} AS SELECT ${kept}, ${joined} AS unread FROM (${added})`);
  await session.run(`DROP TABLE ${table}`);
  return target;
}
