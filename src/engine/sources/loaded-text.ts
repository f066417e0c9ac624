import type { RejectedRow } from '../../model/run.ts';
import type { TextTable } from './text-table.ts';

/** Text is read in order by one thread: as many rows as it takes a twentieth of the time of a small check. */
export const rowsInOrder = 50_000;

/** A text source in a table, before the filter. */
export interface LoadedText extends TextTable {
  /** `place` is the n of the table's column cn */
  readonly columns: readonly {
    readonly name: string;
    readonly place: number;
    readonly native: string;
    readonly unsupported?: boolean;
  }[];
  /**
   * SQL usable after FROM: the first {@link rowsInOrder} rows in the order of the files, typed as in the table, and the file f; null
   * when the files cannot be read again. The table itself has its rows as threads came to them: to keep their order takes a third longer.
   */
  readonly inOrder: string | null;
  readonly rejectedRows: number;
  readonly rejected: readonly RejectedRow[];
  readonly dialect: Readonly<Record<string, string>>;
}
