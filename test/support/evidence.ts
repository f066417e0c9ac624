import type { ColumnEvidence } from '../../src/model/evidence.ts';
import type { TestedCells } from '../../src/model/frequency-table.ts';
import type { Role } from '../../src/model/profile.ts';

/**
 * From raw values to what the verdict reads, written for the tests alone and apart from the engine and the profile: numbers,
 * NaN for a missing value; categories are whole numbers.
 */
export interface Sample {
  readonly name: string;
  readonly role?: Role;
  readonly kind: 'numeric' | 'categorical';
  readonly reference: Float64Array;
  readonly current: Float64Array;
}

/** Cells with the same counts for both measures, as categories have them. */
export function cellsOf(
  reference: readonly number[],
  current: readonly number[],
  labels?: readonly string[],
): TestedCells {
  const cells = {
    labels: labels ?? reference.map((_, i) => `cell ${i}`),
    reference: Float64Array.from(reference),
    current: Float64Array.from(current),
  };
  return { ...cells, main: cells };
}

/** A column of which only the cells are known. */
export function columnOf(
  name: string,
  reference: readonly number[],
  current: readonly number[],
  more: Partial<ColumnEvidence> = {},
): ColumnEvidence {
  const total = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0);
  return {
    name,
    role: 'feature',
    kind: 'categorical',
    schema: 'same',
    rows: { reference: total(reference), current: total(current) },
    cells: cellsOf(reference, current),
    missing: null,
    unseen: null,
    outside: null,
    mode: null,
    ...more,
  };
}

export function evidenceOf(sample: Sample): ColumnEvidence {
  const { name, kind } = sample;
  const reference = sample.reference.filter((x) => !Number.isNaN(x)).sort();
  const current = sample.current.filter((x) => !Number.isNaN(x)).sort();
  const rows = { reference: sample.reference.length, current: sample.current.length };
  const missing = { reference: rows.reference - reference.length, current: rows.current - current.length };
  const shared = { name, role: sample.role ?? 'feature', kind, schema: 'same', rows, missing } as const;
  return kind === 'numeric'
    ? {
        ...shared,
        cells: numericCells(reference, current, rows, missing),
        unseen: null,
        mode: null,
        outside: outside(reference, current),
      }
    : { ...shared, ...categorical(reference, current, rows, missing), outside: null };
}

function outside(reference: Float64Array, current: Float64Array): ColumnEvidence['outside'] {
  const referenceMin = reference[0]!;
  const referenceMax = reference.at(-1)!;
  return {
    referenceRows: reference.length,
    currentRows: current.length,
    below: current.filter((x) => x < referenceMin).length,
    above: current.filter((x) => x > referenceMax).length,
    referenceMin,
    referenceMax,
    currentMin: current[0]!,
    currentMax: current.at(-1)!,
  };
}

interface Both {
  readonly reference: number;
  readonly current: number;
}

/** Ten decile cells of a column without repeated values, and the outer max(0.005, 5/min(n, m)) of either end. */
function numericCells(reference: Float64Array, current: Float64Array, rows: Both, missing: Both): TestedCells {
  const n = reference.length;
  const tail = Math.max(0.005, 5 / Math.min(rows.reference, rows.current));
  const at = (share: number): number => reference[Math.round(share * n)]!;
  const deciles = Array.from({ length: 9 }, (_, i) => at((i + 1) / 10));
  const cut = (edges: readonly number[]) => {
    const counts = (sorted: Float64Array): number[] => {
      const result = new Array<number>(edges.length + 1).fill(0);
      let cell = 0;
      for (const x of sorted) {
        while (cell < edges.length && edges[cell]! <= x) cell += 1;
        result[cell]! += 1;
      }
      return result;
    };
    const cells = cellsOf([...counts(reference), missing.reference], [...counts(current), missing.current]);
    return { labels: cells.labels, reference: cells.reference, current: cells.current };
  };
  return { ...cut(tail < 0.1 ? [at(tail), ...deciles, at(1 - tail)] : deciles), main: cut(deciles) };
}

/** The reference's values that are not rare, at most 100; OTHER with the rest and the unseen; missing. */
function categorical(
  reference: Float64Array,
  current: Float64Array,
  rows: Both,
  missing: Both,
): Pick<ColumnEvidence, 'cells' | 'unseen' | 'mode'> {
  const then = tally(reference);
  const now = tally(current);
  const ordered = [...then].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  const least = (5 * rows.reference) / Math.min(rows.reference, rows.current);
  const kept = ordered.filter(([, count]) => count >= least).slice(0, 100);
  const keptNow = kept.map(([value]) => now.get(value) ?? 0);
  const total = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0);
  const other = reference.length - total(kept.map(([, count]) => count));
  const [mode, modeRows] = ordered[0]!;
  const seen = [...then.values()];
  const unseen = [...now].filter(([value]) => !then.has(value));
  return {
    cells: cellsOf(
      [...kept.map(([, count]) => count), other, missing.reference],
      [...keptNow, current.length - total(keptNow), missing.current],
      [...kept.map(([value]) => String(value)), 'OTHER', 'missing'],
    ),
    unseen: {
      referenceRows: reference.length,
      currentRows: current.length,
      unseenRows: total(unseen.map(([, count]) => count)),
      singletons: seen.filter((count) => count === 1).length,
      doubletons: seen.filter((count) => count === 2).length,
      examples: unseen.sort((a, b) => b[1] - a[1]).map(([value, count]) => ({ value: String(value), rows: count })),
    },
    mode: {
      value: String(mode),
      referenceRows: reference.length,
      referenceOffMode: reference.length - modeRows,
      currentRows: current.length,
      currentOffMode: current.length - (now.get(mode) ?? 0),
      currentConstant: now.size === 1,
      ...(now.size === 1 ? { currentValue: String([...now.keys()][0]) } : {}),
    },
  };
}

function tally(values: Float64Array): Map<number, number> {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
