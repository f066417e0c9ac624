import type { CategoryTable, ValueTable } from '../../src/model/frequency-table.ts';
import type { ColumnProfile } from '../../src/model/profile.ts';
import type { QualityColumn } from '../../src/model/quality.ts';
import { tally, textsOf } from '../../src/profile/quality.ts';
import { cellsOf } from '../support/evidence.ts';

/** What a check reads of one column, from raw values. `null` is a missing value. */
export type Values = readonly (string | number | null)[];

export function columnOf(reference: Values, current: Values, more: Partial<QualityColumn> = {}): QualityColumn {
  const numeric = [...reference, ...current].some((value) => typeof value === 'number');
  const [then, now] = [countsOf(reference), countsOf(current)];
  const support = [...new Set([...then.keys(), ...now.keys()])];
  if (numeric) support.sort((a, b) => Number(a) - Number(b));
  const counts = (table: ReadonlyMap<string | number, number>) =>
    Float64Array.from(support, (value) => table.get(value) ?? 0);
  const table: CategoryTable | ValueTable = numeric
    ? { form: 'values', support: Float64Array.from(support, Number), reference: counts(then), current: counts(now) }
    : { form: 'categories', support: support.map(String), reference: counts(then), current: counts(now) };
  return {
    name: 'x',
    role: 'feature',
    kind: numeric ? 'numeric' : 'categorical',
    rows: { reference: reference.length, current: current.length },
    profiles: { reference: profileOf(reference), current: profileOf(current) },
    table,
    cells: cellsOf([...counts(then)], [...counts(now)], support.map(String)),
    occurrences: tally(counts(then)),
    texts: numeric
      ? null
      : textsOf(
          'categorical',
          categories(support.map(String), counts(then)),
          categories(support.map(String), counts(now)),
        ),
    ...more,
  };
}

function categories(values: readonly string[], counts: Float64Array) {
  const order = [...values.keys()].sort((a, b) => counts[b]! - counts[a]!);
  return {
    form: 'categories' as const,
    rows: counts.reduce((sum, rows) => sum + rows, 0),
    values: order.map((i) => values[i]!),
    counts: Float64Array.from(order, (i) => counts[i]!),
    complete: true,
  };
}

function countsOf(values: Values): Map<string | number, number> {
  const counts = new Map<string | number, number>();
  for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

export function profileOf(values: Values, more: Partial<ColumnProfile> = {}): ColumnProfile {
  const counts = [...countsOf(values)].sort((a, b) => b[1] - a[1]);
  const [first] = counts;
  return {
    rows: values.length,
    nulls: values.filter((value) => value === null).length,
    nan: 0,
    positiveInfinity: 0,
    negativeInfinity: 0,
    castFailures: 0,
    castFailureExamples: [],
    distinct: { value: counts.length, exact: true },
    mode: first === undefined ? null : { value: String(first[0]), rows: first[1] },
    top: [],
    numbers: null,
    ...more,
  };
}

/** The value so many times. */
export function times<T>(count: number, value: T): T[] {
  return new Array<T>(count).fill(value);
}
