import type { GateEdge } from '../drift/tested-cells.ts';
import type { CategoryTableSide, NumberReading, NumberTable } from '../engine/engine.ts';
import type { SourceColumn } from '../engine/source.ts';
import type { Kind } from '../model/measure.ts';
import type { ColumnProfile, Role, ValueCount } from '../model/profile.ts';
import type { Occurrences, ReadRows } from '../model/quality.ts';

/** More distinct values than this, and neighbouring values are merged. */
export const exactTableLimit = 100_000;
/** An approximate count up to this nominates a column for an exact table: the estimate is off by up to a sixth. */
export const nominationLimit = 130_000;
/** Values held in exact tables over all columns; beyond, further columns are merged (16 bytes a value). */
export const heldValuesLimit = 12_000_000;
/** Categories of the reference that are cells of their own. */
export const categoryCells = 100;
/** Most frequent values shown. */
const topShown = 20;

/** One side's counts of one column. */
export type SideCounts =
  | ({ readonly form: 'values' } & NumberTable)
  | {
      readonly form: 'intervals';
      readonly edges: Float64Array;
      readonly counts: Float64Array;
      readonly min: number;
      readonly max: number;
      readonly sumBelow: number;
      readonly sumAbove: number;
      readonly sums: IntervalSums;
      /** the most frequent value, where the intervals stand for a table of all values; the edges tell it apart */
      readonly mode?: number;
      /** of the values of that table */
      readonly occurrences?: Occurrences;
    }
  | ({
      readonly form: 'categories';
      readonly rows: number;
      /** values that are known and not in the table; of a saved profile */
      readonly further?: FurtherValues;
      /** what all values read as; of a saved profile */
      readonly reads?: ReadRows;
    } & CategoryTableSide);

/** What moments are made from. */
export interface IntervalSums extends Pivot {
  readonly zeros: number;
  /** Σ d, Σ d², Σ d³, Σ d⁴ with d = (x − center)·scale */
  readonly powerSums: readonly number[];
}

/** Values of a column beyond those that a saved profile names. */
export interface FurtherValues {
  readonly rows: number;
  readonly values: number | null;
  /** how many of them occur exactly once, exactly twice */
  readonly singletons: number;
  readonly doubletons: number;
  /** of the values that are not in the table; null when they are not all known */
  readonly occurrences: Occurrences | null;
  readonly has: (value: string) => boolean;
  /** of a current side: rows of values that its reference does not know; null when it cannot tell */
  readonly unseenRows: number | null;
}

/** A column of the reference, as decided and counted. */
export interface ReferenceColumn {
  readonly source: SourceColumn;
  readonly role: Role;
  readonly roleReason: string | null;
  readonly kind: Kind;
  readonly kindReason: string | null;
  /** null when the column could not be read */
  readonly profile: ColumnProfile | null;
  readonly counts: SideCounts | null;
  /** null unless read as numbers */
  readonly gate: readonly GateEdge[] | null;
  /** of a saved profile: where the finer cells are cut */
  readonly edges?: Float64Array;
  /** sums of the current side are taken about this point */
  readonly pivot: Pivot;
  readonly error: string | null;
}

/** A column of the current side, counted over the reference's edges. */
export interface CurrentColumn {
  readonly source: SourceColumn;
  readonly profile: ColumnProfile | null;
  readonly counts: SideCounts | null;
  readonly error: string | null;
}

export interface Pivot {
  readonly center: number;
  /** a power of two */
  readonly scale: number;
}

/** How a kind is read. */
export type Reading = 'numbers' | 'categories' | 'nothing';

export function readingOf(kind: Kind): Reading {
  switch (kind) {
    case 'numeric':
    case 'datetime':
    case 'text':
      return 'numbers';
    case 'categorical':
    case 'boolean':
      return 'categories';
    default:
      return 'nothing';
  }
}

export function numberReading(column: SourceColumn, kind: Kind): NumberReading {
  if (kind === 'datetime' && column.family === 'string') return { column, as: 'time' };
  return { column, as: kind === 'text' ? 'length' : 'value' };
}

/** Categories as shown in a profile. */
export function topOf(table: CategoryTableSide): { mode: ValueCount | null; top: ValueCount[] } {
  const top = table.values.slice(0, topShown).map((value, i) => ({ value, rows: table.counts[i]! }));
  return { mode: top[0] ?? null, top };
}

/** Numbers as shown in a profile: only values that repeat are worth naming. */
export function topOfNumbers({ values, counts }: NumberTable): { mode: ValueCount | null; top: ValueCount[] } {
  // of a column that is nearly continuous, the top would show its rounding and not its shape
  const shown = values.length <= 1000 ? topShown : 3;
  const most: number[] = [];
  for (let i = 0; i < counts.length; i++) {
    if (counts[i]! < 2 || (most.length === shown && counts[i]! <= counts[most.at(-1)!]!)) continue;
    if (most.length === shown) most.pop();
    let at = most.length;
    while (at > 0 && counts[most[at - 1]!]! < counts[i]!) at--;
    most.splice(at, 0, i);
  }
  const top = most.map((i) => ({ value: String(values[i]!), rows: counts[i]! }));
  return { mode: top[0] ?? null, top };
}

/** Of equally frequent values the smallest; there must be one. */
export function mostFrequentOf({ values, counts }: NumberTable): number {
  return values[counts.reduce((best, count, i) => (count > counts[best]! ? i : best), 0)]!;
}
