import { rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { DriftError } from '../../model/errors.ts';
import type { Kind } from '../../model/measure.ts';
import type { DatasetInfo, InputFile, SourceOptions } from '../../model/run.ts';
import { printable } from '../../model/text.ts';
import type { DuckDbSession } from '../duckdb.ts';
import type { ImposedSchema, OpenedSource, SourceColumn } from '../source.ts';
import { auditFile } from './audit.ts';
import { asDeclared, duckDbCasts, kindOf, type NativeColumn, relationColumns } from './columns.ts';
import { loadCsv } from './csv.ts';
import { commonFormat, type DataFile, formatByName, identify } from './format.ts';
import { loadJsonLines } from './json-lines.ts';
import type { LoadedText } from './loaded-text.ts';
import { openParquet, unreadable } from './parquet.ts';
import { expandPaths } from './paths.ts';
import { distinctNames, freshName } from './sql.ts';
import { familyOfReading, markerSql, nullMarkers, type Reading, readableShare, readSql } from './values.ts';
import { badWhere, filtered } from './where.ts';

/**
 * Opens one side's files as a relation with columns c0, c1 …
 *
 * Parquet stays in place, behind a view; everything else is loaded once into a table.
 *
 * @throws {DriftError} FILE_NOT_FOUND, NO_DATA_FILES, FILE_EMPTY, FILE_UNREADABLE, BAD_WHERE, BAD_OPTION
 */
export async function openSource(
  session: DuckDbSession,
  side: 'reference' | 'current',
  options: SourceOptions,
  hash: 'ends' | 'full',
  imposed?: ImposedSchema,
): Promise<OpenedSource> {
  const { files, passedOver } = await findFiles(session, options);
  const format = commonFormat(files);
  const audited: InputFile[] = [];
  for (const file of files) audited.push(await auditFile(file, hash));

  const open = async (): Promise<Opened> =>
    format === 'csv'
      ? openText(session, side, options, await loadCsv(session, files, options, imposed), imposed)
      : format === 'jsonl'
        ? openText(session, side, options, await loadJsonLines(session, files, options, imposed), imposed)
        : openNative(session, side, options, files, format, imposed);
  const opened = options.ordered ? await session.inOrder(open) : await open();

  const { relation, rows, columns, dialect, drop, rowNumber } = opened;
  const shuffled = files.some(({ partition }) => partition.size > 0);
  const order = shuffled ? { none: 'a partitioned tree has its rows in the order of its folders' } : opened.order;
  const passed = passedOver.slice(0, 5).map((path) => printable(path));
  const info: DatasetInfo = {
    paths: options.paths,
    format,
    files: audited,
    rows,
    where: options.where ?? null,
    rejectedRows: opened.rejectedRows,
    rejected: opened.rejected,
    dialect:
      passedOver.length > 0
        ? { ...dialect, skipped: `${passedOver.length} other files: ${passed.join(', ')}` }
        : dialect,
    columns: columns.length,
  };
  const close = async (): Promise<void> => {
    for (const statement of drop) await session.run(statement);
    for (const { path, safePath } of files) {
      // copies, links and what came from standard input
      if (dirname(safePath) === resolve(session.temporaryFolder) && safePath !== resolve(path))
        await rm(safePath, { force: true });
    }
  };
  const { loaded } = opened;
  return { relation, rows, columns, info, order, loaded, close, ...(rowNumber === undefined ? {} : { rowNumber }) };
}

async function findFiles(
  session: DuckDbSession,
  options: SourceOptions,
): Promise<{ files: DataFile[]; passedOver: string[] }> {
  if (options.paths.length === 0) throw new DriftError('NO_DATA_FILES', 'no file was named');
  const accepts = (path: string): boolean => formatByName(path) !== undefined;
  const { files, passedOver } = await expandPaths(
    options.paths,
    accepts,
    session.temporaryFolder,
    options.stdin,
    session.interruption,
  );
  const identified: DataFile[] = [];
  for (const file of files) identified.push(await identify(file, options.format));
  return { files: identified, passedOver };
}

interface Opened extends Pick<OpenedSource, 'relation' | 'rows' | 'columns' | 'rowNumber' | 'order' | 'loaded'> {
  readonly dialect: Readonly<Record<string, string>>;
  readonly rejectedRows: number;
  readonly rejected: DatasetInfo['rejected'];
  /** statements that free what was made */
  readonly drop: readonly string[];
}

async function openNative(
  session: DuckDbSession,
  side: string,
  { where, ordered, kinds = {} }: SourceOptions,
  files: readonly DataFile[],
  format: 'parquet' | 'arrow',
  imposed: ImposedSchema | undefined,
): Promise<Opened> {
  // the library takes 90 ms to load
  const source =
    format === 'parquet'
      ? { ...(await openParquet(session, files)), tables: [] }
      : await (await import('./arrow.ts')).openArrow(session, files);
  let { base } = source;
  const names = distinctNames(
    source.columns.map(({ name }) => name),
    (name) => name,
  );
  const found = source.columns.map((column, i) => ({ ...column, name: names[i]! }));
  const aggregates = async (sql: readonly string[]): Promise<number[]> => {
    const [row] = await session.rows(
      `SELECT ${sql.map((count) => `CAST(${count} AS DOUBLE)`).join(', ')} FROM ${base}`,
    );
    return row as number[];
  };
  // what is said of a column is decided on the reference, whose type the current side follows
  const said = imposed ? {} : kinds;
  let natives = await readDates(session, base, await asDeclared(found, said, duckDbCasts, aggregates), said);
  // these files keep the order of their rows, and knowing it costs nothing until it is asked for
  natives = [...natives, hidden('\0file', 'file_index'), hidden('\0row', 'file_row_number')];
  const file = `c${natives.length - 2}`;
  const place = `c${natives.length - 1}`;
  const whole = base;
  if (where !== undefined) {
    // both forms of a column pass the filter; a question reads the one it needs
    const carried: string[] = [];
    const carry = (sql: string): string => {
      if (!carried.includes(sql)) carried.push(sql);
      return `k${carried.indexOf(sql)}`;
    };
    natives = natives.map((native) => ({
      ...native,
      value: carry(native.value),
      natural: carry(native.natural),
      ...(native.failed === undefined ? {} : { failed: carry(native.failed) }),
    }));
    const kept = carried.map((_, i) => `k${i}`);
    base = `(SELECT ${carried.map((sql, i) => `${sql} AS k${i}`).join(', ')} FROM ${base})`;
    base = await filtered(session, base, natives, kept, where);
  }
  const { select, columns } = relationColumns(natives, imposed);
  const relation = freshName(side);
  try {
    const list = Array.from(select, ([column, sql]) => `${sql} AS ${column}`).join(', ');
    await session.run(`CREATE VIEW ${relation} AS SELECT ${list} FROM ${base}`);
    const [row] = await session.rows(`SELECT CAST(count(*) AS DOUBLE) FROM ${relation}`);
    const drop = [`DROP VIEW ${relation}`, ...source.tables.map((table) => `DROP TABLE ${table}`)];
    return {
      relation,
      rows: row![0] as number,
      columns: columns.slice(0, -2),
      dialect: source.dialect,
      rejectedRows: 0,
      rejected: [],
      loaded: source.tables.length > 0,
      drop,
      order: { relation, file: files.length > 1 ? file : null, place },
      ...(files.length === 1
        ? { rowNumber: place }
        : ordered
          ? { rowNumber: await placeOf(session, whole, file, place) }
          : {}),
    };
  } catch (cause) {
    throw where !== undefined && isConversion(cause) ? badWhere(cause, where) : unreadable(session, cause, files);
  }
}

/** What tells a row's place, beside the columns. */
function hidden(name: string, sql: string): NativeColumn {
  const value = `CAST(${sql} AS BIGINT)`;
  return { name, native: 'BIGINT', family: 'integer', value, natural: value };
}

/** SQL for a row's place in the order of all files, from its place in its own. */
async function placeOf(session: DuckDbSession, base: string, file: string, place: string): Promise<string> {
  const sizes = await session.rows(
    `SELECT CAST(file_index AS DOUBLE) AS f, CAST(count(*) AS DOUBLE) FROM ${base} GROUP BY f ORDER BY f`,
  );
  let before = 0;
  const offsets = sizes.map(([index, rows]) => {
    const offset = `WHEN ${index} THEN ${before}`;
    before += rows as number;
    return offset;
  });
  return offsets.length < 2 ? place : `(${place} + CASE ${file} ${offsets.join(' ')} END)`;
}

/** Rows that tell whether text may be dates, before all are asked. */
const dateSample = 2048;

/** Text in ISO 8601 throughout is read as dates: many writers of columnar files leave timestamps as strings. */
async function readDates(
  session: DuckDbSession,
  base: string,
  natives: readonly NativeColumn[],
  said: Readonly<Record<string, Kind>>,
): Promise<readonly NativeColumn[]> {
  const texts = natives.filter(
    ({ name, family, native }) => family === 'string' && !native.startsWith('ENUM') && kindOf(said, name) === undefined,
  );
  const dated = new Set<NativeColumn>();
  const share = async (some: readonly NativeColumn[], limit: string): Promise<NativeColumn[]> => {
    if (some.length === 0) return [];
    const columns = some.map(({ value }, i) => `${value} AS v${i}`).join(', ');
    const counts = some.flatMap((_, i) => [
      `CAST(count(v${i}) AS DOUBLE)`,
      `CAST(count(CASE WHEN regexp_matches(v${i}, '^\\d{4}[-/]') THEN ${readSql('iso', `v${i}`, textRules)} END) AS DOUBLE)`,
    ]);
    const [row] = await session.rows(`SELECT ${counts.join(', ')} FROM (SELECT ${columns} FROM ${base} ${limit})`);
    return some.filter(
      (_, i) => (row![2 * i] as number) > 0 && (row![2 * i + 1] as number) >= readableShare * (row![2 * i] as number),
    );
  };
  for (let from = 0; from < texts.length; from += 40) {
    const likely = await share(texts.slice(from, from + 40), `LIMIT ${dateSample}`);
    for (const native of await share(likely, '')) dated.add(native);
  }
  return natives.map((native): NativeColumn => {
    if (!dated.has(native)) return native;
    const text = native.value;
    const value = readSql('iso', text, textRules);
    const failed = `${value} IS NULL AND NOT ${markerSql(text, textRules)}`;
    return { ...native, family: 'datetime', value, natural: text, failed, notation: 'iso' };
  });
}

const textRules = { decimal: '.', markers: nullMarkers } as const;

async function openText(
  session: DuckDbSession,
  side: string,
  { where, ordered }: SourceOptions,
  loaded: LoadedText,
  imposed: ImposedSchema | undefined,
): Promise<Opened> {
  const { columns: found, readings, unreadAt, dialect, rejectedRows, rejected } = loaded;
  const kept = [...readings.map((_, i) => `c${i}`), 'unread'];
  const exposed = found.map(({ name, place }) => ({ name, natural: natural(`c${place}`, readings[place]!) }));
  const imposedFamilies = new Map(imposed?.columns.map(({ name, family }) => [name, family]));
  let { table, rows } = loaded;
  if (where !== undefined) {
    const select = await filtered(session, table, exposed, kept, where);
    const target = freshName(side);
    try {
      await session.run(`CREATE TABLE ${target} AS SELECT * FROM ${select}`);
    } catch (cause) {
      throw badWhere(cause, where);
    }
    await session.run(`DROP TABLE ${table}`);
    table = target;
    const [row] = await session.rows(`SELECT CAST(count(*) AS DOUBLE) FROM ${table}`);
    rows = row![0] as number;
  }
  const columns = found.map(({ name, place, native, unsupported }, index): SourceColumn => {
    const reading = readings[place]!;
    const target = imposedFamilies.get(name);
    // an empty column has the type that was wanted of it
    const family = unsupported || target === 'unsupported' ? 'unsupported' : familyOfReading[reading];
    const at = unreadAt.get(place);
    return {
      index,
      name,
      family,
      native,
      ...(family === 'datetime' ? { notation: reading } : {}),
      ...(at === undefined ? {} : { castFailed: `unread[${at}] IS NOT NULL`, written: `unread[${at}]` }),
    };
  });
  // columns that were dropped leave gaps
  const gaps = found.some(({ place }, index) => place !== index);
  const relation = gaps ? freshName(side) : table;
  if (gaps) {
    const select = found.map(({ place }, index) => `c${place} AS c${index}`).join(', ');
    const place = ordered ? ', rowid AS row_place' : '';
    await session.run(`CREATE VIEW ${relation} AS SELECT ${select}, unread${place} FROM ${table}`);
  }
  const drop = [...(gaps ? [`DROP VIEW ${relation}`] : []), `DROP TABLE ${table}`];
  const rowNumber = gaps ? 'row_place' : 'rowid';
  const order = await orderOfText(session, loaded, where, exposed);
  return {
    relation,
    rows,
    columns,
    order,
    dialect,
    rejectedRows,
    rejected,
    loaded: true,
    drop,
    ...(ordered ? { rowNumber } : {}),
  };
}

/** The first rows of a text as they stand in the files, under the same filter as the table. */
async function orderOfText(
  session: DuckDbSession,
  { columns, readings, inOrder }: LoadedText,
  where: string | undefined,
  exposed: Parameters<typeof filtered>[2],
): Promise<OpenedSource['order']> {
  if (inOrder === null) return { none: 'text was rewritten before it could be read' };
  const carried = [...readings.map((_, i) => `c${i}`), 'f'];
  const rows = where === undefined ? inOrder : await filtered(session, inOrder, exposed, carried, where);
  const select = columns.map(({ place }, index) => `c${place} AS c${index}`);
  return {
    relation: `(SELECT ${[...select, 'f'].join(', ')} FROM ${rows}) AS in_order`,
    file: 'f',
    place: null,
  };
}

/** A column as a predicate sees it: dates as timestamps. */
function natural(column: string, reading: Reading): string {
  if (familyOfReading[reading] !== 'datetime') return column;
  const timestamp = `make_timestamp(CAST(round(${column} * 1e6) AS BIGINT))`;
  return reading === 'time' ? `CAST(${timestamp} AS TIME)` : timestamp;
}

function isConversion(cause: unknown): boolean {
  return cause instanceof Error && /^(?:Conversion|Out of Range|Binder|Invalid Input) Error/.test(cause.message);
}
