import fc from 'fast-check';
import { expect } from 'vitest';
import type { IntervalTable, TestedCells, ValueTable } from '../../src/model/frequency-table.ts';
import type { MeasureInput } from '../../src/model/measure.ts';

type Sample = readonly number[];

/** Every distinct value of both samples with its counts. */
export function valueTable(reference: Sample, current: Sample): ValueTable {
  const support = [...new Set([...reference, ...current])].sort((a, b) => a - b);
  const place = new Map(support.map((value, i) => [value, i]));
  const counts = (sample: Sample) => {
    const rows = new Float64Array(support.length);
    for (const value of sample) rows[place.get(value)!]! += 1;
    return rows;
  };
  return {
    form: 'values',
    support: Float64Array.from(support),
    reference: counts(reference),
    current: counts(current),
  };
}

/** The same samples merged into the intervals between the edges. */
export function intervalTable(reference: Sample, current: Sample, edges: Sample): IntervalTable {
  const cell = (value: number) => edges.filter((edge) => edge <= value).length;
  const counts = (sample: Sample) => {
    const rows = new Float64Array(edges.length + 1);
    for (const value of sample) rows[cell(value)]! += 1;
    return rows;
  };
  const sum = (sample: Sample, wanted: number) =>
    sample.filter((value) => cell(value) === wanted).reduce((total, value) => total + value, 0);
  const outer = (sample: Sample) => ({
    min: Math.min(...sample),
    max: Math.max(...sample),
    sumBelow: sum(sample, 0),
    sumAbove: sum(sample, edges.length),
  });
  return {
    form: 'intervals',
    edges: Float64Array.from(edges),
    reference: counts(reference),
    current: counts(current),
    outer: { reference: outer(reference), current: outer(current) },
  };
}

export function cellsOf(
  reference: Sample,
  current: Sample,
  labels = reference.map((_, i) => `cell ${i}`),
): TestedCells {
  const counts = { labels, reference: Float64Array.from(reference), current: Float64Array.from(current) };
  return { ...counts, main: counts };
}

/** What a measure of cells reads; it has no business with the table. */
export function cellsInput(reference: Sample, current: Sample): MeasureInput {
  return { cells: cellsOf(reference, current), table: { form: 'categories', support: [], ...empty } };
}

/** What a rank measure reads; it has no business with the cells. */
export function tableInput(table: ValueTable | IntervalTable, moments?: MeasureInput['moments']): MeasureInput {
  return { table, cells: cellsOf([], []), moments };
}

export const valuesInput = (reference: Sample, current: Sample) => tableInput(valueTable(reference, current));

const empty = { reference: new Float64Array(), current: new Float64Array() };

export function expectRelative(actual: number | undefined, expected: number, tolerance: number): void {
  if (actual === expected) return;
  expect(Math.abs(actual! - expected) / Math.abs(expected), `${actual} for ${expected}`).toBeLessThan(tolerance);
}

/** Small samples with many ties. */
export const sample = fc.array(fc.integer({ min: -8, max: 8 }), { minLength: 1, maxLength: 60 });

/** Counts of both sides over the same cells, neither side empty. */
export const pairedCounts = fc
  .array(fc.tuple(fc.nat(1000), fc.nat(1000)), { minLength: 1, maxLength: 12 })
  .map((pairs) => ({ reference: pairs.map(([r]) => r), current: pairs.map(([, c]) => c) }))
  .filter(({ reference, current }) => Math.max(...reference) > 0 && Math.max(...current) > 0);
