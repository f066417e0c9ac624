import type { RejectedRow } from '../../model/run.ts';
import type { TextTable } from './text-table.ts';

/** A text source in a table, before the filter. */
export interface LoadedText extends TextTable {
  /** `place` is the n of the table's column cn */
  readonly columns: readonly {
    readonly name: string;
    readonly place: number;
    readonly native: string;
    readonly unsupported?: boolean;
  }[];
  readonly rejectedRows: number;
  readonly rejected: readonly RejectedRow[];
  readonly dialect: Readonly<Record<string, string>>;
}
