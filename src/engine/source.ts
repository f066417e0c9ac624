import type { DatasetInfo } from '../model/run.ts';
import type { RowOrder } from './row-order.ts';

/** How the values of a column are handled; the native type stays in the report. */
export type Family = 'number' | 'integer' | 'boolean' | 'string' | 'datetime' | 'embedding' | 'unsupported';

/**
 * A column of an opened source. The relation offers it as `c<index>`:
 * number and integer in a numeric type that casts to DOUBLE, boolean as BOOLEAN, string as VARCHAR,
 * datetime as DOUBLE seconds since 1970-01-01 UTC (seconds since midnight for times), embedding and unsupported as they are.
 */
export interface SourceColumn {
  readonly index: number;
  /** as in the file; nested fields joined with dots */
  readonly name: string;
  readonly family: Family;
  /** the engine's name of the type as stored, e.g. `DECIMAL(10,2)`; `VARCHAR` for CSV */
  readonly native: string;
  /** how the values are written where they are text, e.g. `month-first` dates; the other side must follow */
  readonly notation?: string;
  /** for numbers that count time since 1970 UTC: so many to the second; they are read in seconds */
  readonly ticks?: number;
  /** SQL, true for rows whose value did not read as this family; absent when that cannot happen */
  readonly castFailed?: string;
  /** SQL for the value as it was written, for examples of cast failures */
  readonly written?: string;
}

/** Columns whose numbers are read as times on the reference are read so here. */
export function withTicks(columns: readonly SourceColumn[], imposed: ImposedSchema | undefined): SourceColumn[] {
  const ticks = new Map(imposed?.columns.map((column) => [column.name, column.ticks]));
  return columns.map((column) => {
    const many = ticks.get(column.name);
    return many === undefined ? column : { ...column, ticks: many };
  });
}

/** One side, readable as a relation. */
export interface OpenedSource {
  /** SQL usable after FROM: a table or view with the columns c0, c1, … and their cast-failure expressions */
  readonly relation: string;
  readonly rows: number;
  readonly columns: readonly SourceColumn[];
  readonly info: DatasetInfo;
  /** SQL for a row's place in the order of the files, from 0; absent unless opened as ordered */
  readonly rowNumber?: string;
  /** the rows were read into memory: that of two such sources together may not do */
  readonly loaded: boolean;
  /** how its rows can be read in the order of the files, or why that order is not known or says nothing */
  readonly order: RowOrder | { readonly none: string };
  /** drops whatever was loaded */
  close(): Promise<void>;
}

/** What the reference decided and the current side must follow. */
export interface ImposedSchema {
  readonly columns: readonly {
    readonly name: string;
    readonly family: Family;
    readonly notation?: string;
    readonly ticks?: number;
  }[];
  /** the reference's dialect, when both are CSV */
  readonly dialect: Readonly<Record<string, string>>;
}
