import { rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { DriftError } from '../../model/errors.ts';
import type { DatasetInfo, InputFile, SourceOptions } from '../../model/run.ts';
import { printable } from '../../model/text.ts';
import type { DuckDbSession } from '../duckdb.ts';
import type { ImposedSchema, OpenedSource, SourceColumn } from '../source.ts';
import { auditFile } from './audit.ts';
import { relationColumns } from './columns.ts';
import { loadCsv } from './csv.ts';
import { commonFormat, type DataFile, formatByName, identify } from './format.ts';
import { loadJsonLines } from './json-lines.ts';
import type { LoadedText } from './loaded-text.ts';
import { openParquet, unreadable } from './parquet.ts';
import { expandPaths } from './paths.ts';
import { freshName } from './sql.ts';
import { familyOfReading, type Reading } from './values.ts';
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

  const opened =
    format === 'csv'
      ? await openText(session, side, options.where, await loadCsv(session, files, options.csv, imposed), imposed)
      : format === 'jsonl'
        ? await openText(session, side, options.where, await loadJsonLines(session, files, imposed), imposed)
        : await openNative(session, side, options.where, files, format, imposed);

  const { relation, rows, columns, dialect, drop } = opened;
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
  return { relation, rows, columns, info, close };
}

async function findFiles(
  session: DuckDbSession,
  options: SourceOptions,
): Promise<{ files: DataFile[]; passedOver: string[] }> {
  if (options.paths.length === 0) throw new DriftError('NO_DATA_FILES', 'no file was named');
  const accepts = (path: string): boolean => formatByName(path) !== undefined;
  const { files, passedOver } = await expandPaths(options.paths, accepts, session.temporaryFolder, options.stdin);
  const identified: DataFile[] = [];
  for (const file of files) identified.push(await identify(file, options.format));
  return { files: identified, passedOver };
}

interface Opened extends Pick<OpenedSource, 'relation' | 'rows' | 'columns'> {
  readonly dialect: Readonly<Record<string, string>>;
  readonly rejectedRows: number;
  readonly rejected: DatasetInfo['rejected'];
  /** statements that free what was made */
  readonly drop: readonly string[];
}

async function openNative(
  session: DuckDbSession,
  side: string,
  where: string | undefined,
  files: readonly DataFile[],
  format: 'parquet' | 'arrow',
  imposed: ImposedSchema | undefined,
): Promise<Opened> {
  // the library takes 90 ms to load
  const source =
    format === 'parquet'
      ? { ...(await openParquet(session, files)), tables: [] }
      : await (await import('./arrow.ts')).openArrow(session, files);
  let { base, columns: natives } = source;
  if (where !== undefined) {
    // both forms of a column pass the filter; a question reads the one it needs
    const carried = natives.flatMap(({ value, natural }) => (value === natural ? [value] : [value, natural]));
    const names = carried.map((_, i) => `k${i}`);
    base = `(SELECT ${carried.map((sql, i) => `${sql} AS k${i}`).join(', ')} FROM ${base})`;
    let next = 0;
    natives = natives.map((native) => {
      const value = `k${next++}`;
      return { ...native, value, natural: native.value === native.natural ? value : `k${next++}` };
    });
    base = await filtered(session, base, natives, names, where);
  }
  const { select, columns } = relationColumns(natives, imposed);
  const relation = freshName(side);
  try {
    await session.run(`CREATE VIEW ${relation} AS SELECT ${select} FROM ${base}`);
    const [row] = await session.rows(`SELECT CAST(count(*) AS DOUBLE) FROM ${relation}`);
    const drop = [`DROP VIEW ${relation}`, ...source.tables.map((table) => `DROP TABLE ${table}`)];
    return { relation, rows: row![0] as number, columns, dialect: source.dialect, rejectedRows: 0, rejected: [], drop };
  } catch (cause) {
    throw where !== undefined && isConversion(cause) ? badWhere(cause, where) : unreadable(session, cause, files);
  }
}

async function openText(
  session: DuckDbSession,
  side: string,
  where: string | undefined,
  loaded: LoadedText,
  imposed: ImposedSchema | undefined,
): Promise<Opened> {
  const { columns: found, readings, unreadAt, dialect, rejectedRows, rejected } = loaded;
  const imposedFamilies = new Map(imposed?.columns.map(({ name, family }) => [name, family]));
  let { table, rows } = loaded;
  if (where !== undefined) {
    const exposed = found.map(({ name, place }) => ({ name, natural: natural(`c${place}`, readings[place]!) }));
    const kept = [...readings.map((_, i) => `c${i}`), 'unread'];
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
    await session.run(`CREATE VIEW ${relation} AS SELECT ${select}, unread FROM ${table}`);
  }
  const drop = [...(gaps ? [`DROP VIEW ${relation}`] : []), `DROP TABLE ${table}`];
  return { relation, rows, columns, dialect, rejectedRows, rejected, drop };
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
