import type { EngineType } from '../duckdb.ts';
import type { SourceFile } from './paths.ts';
import { literal } from './sql.ts';

/** A key of a partitioned folder tree, `k=v/`, as a column. */
export interface PartitionColumn {
  readonly name: string;
  readonly type: EngineType;
  /** SQL, given SQL for the 0-based index of the file in these files */
  sql(fileIndex: string, files: readonly SourceFile[]): string;
}

/**
 * The keys that are not columns of the files themselves, typed by all their values: integers, ISO dates, else text.
 * Read from the paths here: the engine would also take keys above the folder that was named.
 */
export function partitionColumns(files: readonly SourceFile[], taken: ReadonlySet<string>): PartitionColumn[] {
  const names = new Set(files.flatMap((file) => [...file.partition.keys()]));
  return [...names]
    .filter((name) => !taken.has(name))
    .map((name) => {
      const values = files.map((file) => file.partition.get(name) ?? null).filter((value) => value !== null);
      const kind = values.every((value) => /^-?(?:0|[1-9]\d{0,17})$/.test(value))
        ? 'BIGINT'
        : values.every((value) => /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value)))
          ? 'DATE'
          : 'VARCHAR';
      return {
        name,
        type: { name: kind, kind, fields: [] },
        sql: (fileIndex, some) => {
          const cells = some.map((file) => {
            const value = file.partition.get(name) ?? null;
            return value === null ? 'NULL' : `CAST(${literal(value)} AS ${kind})`;
          });
          return `CAST([${cells.join(', ')}][CAST(${fileIndex} AS BIGINT) + 1] AS ${kind})`;
        },
      };
    });
}
