import { DriftError } from '../../model/errors.ts';
import { printable, quoted } from '../../model/text.ts';
import type { DuckDbSession } from '../duckdb.ts';
import { leaves, type NativeColumn } from './columns.ts';
import type { DataFile } from './format.ts';
import { partitionColumns } from './partitions.ts';
import { list } from './sql.ts';

export interface NativeSource {
  /** SQL after FROM */
  readonly base: string;
  readonly columns: readonly NativeColumn[];
  readonly dialect: Readonly<Record<string, string>>;
}

/** Parquet stays where it is: only the columns and row groups that a question needs are read. */
export async function openParquet(session: DuckDbSession, files: readonly DataFile[]): Promise<NativeSource> {
  const paths = list(files.map((file) => file.safePath));
  try {
    const schemas = await topLevelNames(session, files, paths);
    const same = schemas.shapes === 1;
    // many writers leave NaN out of their statistics, which would then answer for it
    const scan = `read_parquet(${paths}, hive_partitioning = false, union_by_name = ${!same}, can_have_nan = true)`;
    const described = await session.describe(`SELECT * FROM ${scan}`);
    // the engine renames columns that differ in case only; the file's own names stand in its schema, by position
    const names = same ? schemas.first : described.map(({ name }) => name);
    const wide = same ? schemas.wide : await wideDecimals(session, paths);
    const own = described
      .flatMap(({ type }, i) => leaves(names[i]!, type, `t.p${i}`))
      .map((leaf): NativeColumn => {
        const native = wide.find(([name]) => leaf.name === name || leaf.name.endsWith(`.${name}`))?.[1];
        return native && leaf.native === 'DOUBLE' ? { ...leaf, native, family: 'unsupported' } : leaf;
      });
    const keys = partitionColumns(files, new Set(names));
    const partitions = keys.flatMap((key) => leaves(key.name, key.type, key.sql('file_index', files)));
    const base = `${scan} AS t(${described.map((_, i) => `p${i}`).join(', ')})`;
    return {
      base,
      columns: [...own, ...partitions],
      dialect: same ? {} : { schema: 'differs over the files: columns matched by name, missing ones are null' },
    };
  } catch (cause) {
    throw unreadable(session, cause, files);
  }
}

async function topLevelNames(
  session: DuckDbSession,
  files: readonly DataFile[],
  paths: string,
): Promise<{ first: string[]; wide: WideDecimal[]; shapes: number }> {
  const rows = (await session.rows(
    `SELECT name, CAST(num_children AS INTEGER), ${wideDecimal} FROM parquet_schema(${list([files[0]!.safePath])}) ORDER BY column_id`,
  )) as [string, number | null, string | null][];
  const first: string[] = [];
  let at = 1;
  const skip = (): void => {
    const children = rows[at]![1] ?? 0;
    at += 1;
    for (let i = 0; i < children; i++) skip();
  };
  while (at < rows.length) {
    first.push(rows[at]![0]);
    skip();
  }
  const wide = rows.flatMap(([name, , native]): WideDecimal[] => (native === null ? [] : [[name, native]]));
  if (files.length === 1) return { first, wide, shapes: 1 };
  const [count] = await session.rows(
    `SELECT CAST(count(DISTINCT shape) AS INTEGER) FROM (
      SELECT list((name, type, num_children, converted_type, logical_type) ORDER BY column_id) AS shape
      FROM parquet_schema(${paths}) WHERE column_id > 0 GROUP BY file_name)`,
  );
  return { first, wide, shapes: count![0] as number };
}

/** A field with more digits than the engine's decimals hold: it is read as doubles, and wrong. */
type WideDecimal = readonly [name: string, native: string];
const wideDecimal = "CASE WHEN precision > 38 THEN 'DECIMAL(' || precision || ',' || scale || ')' END";

async function wideDecimals(session: DuckDbSession, paths: string): Promise<WideDecimal[]> {
  const rows = await session.rows(
    `SELECT DISTINCT name, ${wideDecimal} FROM parquet_schema(${paths}) WHERE precision > 38`,
  );
  return rows as [string, string][];
}

/** Reading a damaged file, in one line. */
export function unreadable(session: DuckDbSession, cause: unknown, files: readonly DataFile[]): unknown {
  if (!(cause instanceof Error) || cause instanceof DriftError || session.isInterruption(cause)) return cause;
  const [line = ''] = cause.message.split('\n');
  const file = files.find(({ safePath }) => cause.message.includes(safePath)) ?? files[0]!;
  const reason = line.replace(/^(?:\w+ )+Error: /, '').replaceAll(file.safePath, file.path);
  return new DriftError('FILE_UNREADABLE', `cannot read ${quoted(file.path, 200)}: ${printable(reason, 200)}`, {
    cause,
  });
}
