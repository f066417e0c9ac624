import type { TestedCells } from './frequency-table.ts';
import type { Kind } from './measure.ts';
import type { Role } from './profile.ts';
import type { BatchEvidence } from './time.ts';
import type { MeasureGate } from './verdict.ts';
import type { WindowCounts } from './windows.ts';

/**
 * Everything the verdict may know of one column: integer counts only, so that the same data gives the same verdict whatever the
 * order of rows, files or threads.
 */
export interface ColumnEvidence {
  readonly name: string;
  readonly role: Role;
  readonly kind: Kind;
  /** facts about the schema, outside every probability */
  readonly schema: 'same' | 'missing-in-current' | 'new-in-current' | 'changed-type';
  /** what the types were when schema is changed-type, for the message */
  readonly schemaDetail?: string;
  /** why this column is shown and not tested; undefined when it is tested */
  readonly notTested?: string;
  /** a failure of this one column; the rest of the run goes on */
  readonly error?: string;
  readonly rows: { readonly reference: number; readonly current: number };
  /** null when there is nothing to compare */
  readonly cells: TestedCells | null;
  /** the reference's rows in these cells by window of time; absent or null when there are no windows */
  readonly windows?: WindowCounts | null;
  /** the batch by windows of its own; absent when it has none */
  readonly batch?: BatchEvidence;
  /** what the measure found that the user chose as the column's gate; absent for the default gate */
  readonly measureGate?: MeasureGate;
  /** nulls, NaN and cast failures; null when the null rule does not apply (labels arrive late) */
  readonly missing: { readonly reference: number; readonly current: number } | null;
  /** categorical columns whose reference values are all known; null otherwise */
  readonly unseen: {
    /** rows of the current side, values missing not among them */
    readonly currentRows: number;
    readonly referenceRows: number;
    /** rows whose value the reference never had */
    readonly unseenRows: number;
    /** reference values seen exactly once, exactly twice */
    readonly singletons: number;
    readonly doubletons: number;
    /** the most frequent new values, most frequent first, for the message */
    readonly examples: readonly { readonly value: string; readonly rows: number }[];
  } | null;
  /** numeric columns: rows outside the reference's finite range (±infinity counts as outside); null otherwise */
  readonly outside: {
    readonly currentRows: number;
    readonly referenceRows: number;
    readonly below: number;
    readonly above: number;
    readonly referenceMin: number;
    readonly referenceMax: number;
    readonly currentMin: number;
    readonly currentMax: number;
  } | null;
  /** rows equal to and different from the reference's most frequent value, values missing not among them; null when not counted */
  readonly mode: {
    readonly value: string;
    readonly referenceRows: number;
    readonly referenceOffMode: number;
    readonly currentRows: number;
    readonly currentOffMode: number;
    /** the current side holds one single value */
    readonly currentConstant: boolean;
    /** that single value, when it does */
    readonly currentValue?: string;
  } | null;
}
