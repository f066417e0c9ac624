import {
  type GateEdge,
  type MissingRows,
  type TracedCells,
  tracedCategoryCells,
  tracedNumericCells,
} from '../drift/tested-cells.ts';
import { type Answer, ColumnFailure, type GroupedCells, type GroupedRequest } from '../engine/engine.ts';
import type { SourceColumn } from '../engine/source.ts';
import { nextUp } from '../math/floats.ts';
import type { Kind } from '../model/measure.ts';
import { type ColumnProfile, type Role, untestedRoles } from '../model/profile.ts';
import { total } from './numbers.ts';
import { categoryCells, numberReading, type ReferenceColumn, type SideCounts } from './side.ts';
import { countsOver } from './tables.ts';

/**
 * The gate's cells of a column, counted on whatever rows: a whole side, a period, a segment. What is counted are the fine cells
 * between the reference's own edges; they are merged to tested cells for the sizes that are compared.
 */

/** What of a reference column its gate's cells are counted and merged by; kept when its tables are let go. */
export interface GateColumn {
  readonly name: string;
  readonly role: Role;
  readonly kind: Kind;
  /** of the reference; see {@link requestOn} for the current side */
  readonly request: GroupedRequest;
  /** null for categories */
  readonly gate: readonly GateEdge[] | null;
  /** how a boundary is shown to people, when not as a number */
  readonly format: ((value: number) => string) | undefined;
}

/** One side's rows, or a part of them, over the fine cells of a column. */
export interface GateCounts extends MissingRows {
  /** numbers: one count a cell, infinities in the end cells; categories: one count a label */
  readonly cells: Float64Array;
  /** values of categories without a label */
  readonly other: number;
}

/** Null for a column that the gate has no cells for. */
export function gateColumnOf({ source, role, kind, counts, gate, error }: ReferenceColumn): GateColumn | null {
  if (counts === null || error !== null || untestedRoles.has(role)) return null;
  const base = { name: source.name, role, kind };
  if (counts.form === 'categories') {
    const labels = counts.values.slice(0, categoryCells);
    return { ...base, request: { form: 'categories', column: source, labels }, gate: null, format: undefined };
  }
  if (gate === null) return null;
  const edges = Float64Array.from(gate, ({ at }) => at);
  const format = kind === 'datetime' ? (isTimeOfDay(source) ? timeOf : dateOf) : undefined;
  return { ...base, request: { form: 'numbers', ...numberReading(source, kind), edges }, gate, format };
}

/** The same cells of the current side's column. */
export function requestOn({ request, kind }: GateColumn, column: SourceColumn): GroupedRequest {
  return request.form === 'categories' ? { ...request, column } : { ...request, ...numberReading(column, kind) };
}

/** What a tested column is counted by on either side; null for others. */
export function requestFor(column: ReferenceColumn, source: SourceColumn): GroupedRequest | null {
  const gate = gateColumnOf(column);
  return gate && requestOn(gate, source);
}

/** A whole side's counts over the column's cells, from its tables; null when it was counted in another form. */
export function gateCountsOf(
  { request }: GateColumn,
  counts: SideCounts,
  profile: ColumnProfile,
  missing: MissingRows,
): GateCounts | null {
  if (request.form === 'categories') {
    if (counts.form !== 'categories') return null;
    const places = new Map(request.labels.map((label, i) => [label, i]));
    const cells = new Float64Array(request.labels.length);
    for (const [i, value] of counts.values.entries()) {
      const place = places.get(value);
      if (place !== undefined) cells[place] = counts.counts[i]!;
    }
    return { cells, other: counts.rows - total(cells), ...missing };
  }
  if (counts.form === 'categories') return null;
  const cells = countsOver(counts, request.edges);
  const last = cells.length - 1;
  cells[0] = cells[0]! + profile.negativeInfinity;
  cells[last] = cells[last]! + profile.positiveInfinity;
  return { cells, other: 0, ...missing };
}

/** Counts by group, one a group; null for a column that failed. */
export function countsByGroup(
  { request, role }: GateColumn,
  answer: Answer<GroupedCells>,
  rows: Float64Array,
): GateCounts[] | null {
  if (answer instanceof ColumnFailure) return null;
  const { cells, present, nan } = answer;
  return Array.from(rows, (all, group) => {
    const own = Float64Array.from(cells, (cell) => cell[group]!);
    const other = request.form === 'categories' ? present[group]! - nan[group]! - total(own) : 0;
    // labels arrive late: what is not there yet says nothing
    const missing = role === 'label' ? { null: 0, nan: 0 } : { null: all - present[group]!, nan: nan[group]! };
    return { cells: own, other, ...missing };
  });
}

/** Counts as a part of so large a share of the rows would have them. */
export function scaledCounts(counts: GateCounts, share: number): GateCounts {
  if (share === 1) return counts;
  const { cells, other, null: none, nan } = counts;
  return { cells: cells.map((count) => count * share), other: other * share, null: none * share, nan: nan * share };
}

export function sumOfCounts(parts: readonly GateCounts[], cells: number): GateCounts {
  const sum = { cells: new Float64Array(cells), other: 0, null: 0, nan: 0 };
  for (const part of parts) {
    for (let i = 0; i < cells; i++) sum.cells[i] = sum.cells[i]! + part.cells[i]!;
    sum.other += part.other;
    sum.null += part.null;
    sum.nan += part.nan;
  }
  return sum;
}

/** Fine cells of a column: one more than edges, or the labels. */
export function cellsIn({ request }: GateColumn): number {
  return request.form === 'numbers' ? request.edges.length + 1 : request.labels.length;
}

/** The tested cells of both sides, or of the same part of both, merged for their sizes. */
export function tracedCells(column: GateColumn, reference: GateCounts, current: GateCounts): TracedCells {
  const missing = {
    reference: { null: reference.null, nan: reference.nan },
    current: { null: current.null, nan: current.nan },
  };
  const { request, gate, format } = column;
  if (request.form === 'categories') {
    return tracedCategoryCells(
      {
        labels: request.labels,
        reference: reference.cells,
        current: current.cells,
        otherReference: reference.other,
        // with UNSEEN: in the test the two are one cell
        otherCurrent: current.other,
        unseenCurrent: 0,
      },
      missing,
    );
  }
  const edges = gate!;
  const atoms = edges.filter(({ at }, i) => edges[i + 1]?.at === nextUp(at)).map(({ at }) => at);
  return tracedNumericCells({ edges, atoms, reference: reference.cells, current: current.cells }, missing, format);
}

/** Counts of one part put into tested cells that were merged for another. */
export function foldInto(sources: TracedCells['sources'], counts: GateCounts): Float64Array {
  return Float64Array.from(sources, (parts) =>
    parts.reduce<number>((sum, part) => sum + (typeof part === 'number' ? counts.cells[part]! : counts[part]), 0),
  );
}

function isTimeOfDay({ native }: SourceColumn): boolean {
  return native.startsWith('TIME') && !native.startsWith('TIMESTAMP');
}

/** Seconds since midnight. */
function timeOf(seconds: number): string {
  return dateOf(seconds).replace(/^1970-01-01 ?/, '') || '00:00:00';
}

/** Seconds since 1970 UTC as a date, or a date and time; plain seconds when it is none. */
function dateOf(seconds: number): string {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return String(seconds);
  return date
    .toISOString()
    .replace('T00:00:00.000Z', '')
    .replace('T', ' ')
    .replace(/(\.000)?Z$/, '');
}
