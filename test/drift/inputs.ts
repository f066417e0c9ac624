import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gateEdges, type NumericGateCells, tailLadder } from '../../src/drift/tested-cells.ts';
import { nextUp } from '../../src/math/floats.ts';
import type { IntervalTable, TestedCells, ValueTable } from '../../src/model/frequency-table.ts';
import type { Measure, MeasureInput, Moments } from '../../src/model/measure.ts';

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

/** What a profile does: edges from the reference's atoms and order statistics, then counts of both sides. */
export function gateCells(reference: readonly number[], current: readonly number[]): NumericGateCells {
  const rows = new Map<number, number>();
  for (const value of reference) rows.set(value, (rows.get(value) ?? 0) + 1);
  const atoms = [...rows].filter(([, count]) => count >= reference.length / 20).map(([value]) => value);
  const ordinary = reference.filter((value) => !atoms.includes(value)).sort((a, b) => a - b);
  const at = (fraction: number) => ordinary[Math.floor(fraction * ordinary.length)]!;
  const edges = gateEdges({
    atoms,
    deciles: ordinary.length === 0 ? [] : [1, 2, 3, 4, 5, 6, 7, 8, 9].map((decile) => at(decile / 10)),
    tails:
      ordinary.length === 0
        ? []
        : tailLadder.map((fraction) => ({ fraction, lower: at(fraction), upper: at(1 - fraction) })),
  });
  const counts = (values: readonly number[]) => {
    const cells = new Float64Array(edges.length + 1);
    for (const value of values) cells[edges.filter((edge) => edge.at <= value).length]! += 1;
    return cells;
  };
  return { edges, atoms: atoms.sort((a, b) => a - b), reference: counts(reference), current: counts(current) };
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

/** Both samples merged at the given cuts, in ascending order. */
export const mergedInput = (reference: Sample, current: Sample, cuts: Sample, moments?: MeasureInput['moments']) =>
  tableInput(
    intervalTable(
      reference,
      current,
      [...cuts].sort((a, b) => a - b),
    ),
    moments,
  );

/** Mean, spread and quartiles of each side, by the textbook. */
export function momentsOf(reference: Sample, current: Sample): NonNullable<MeasureInput['moments']> {
  const of = (sample: Sample): Moments => {
    const sorted = [...sample].sort((a, b) => a - b);
    const count = sorted.length;
    const mean = sorted.reduce((sum, value) => sum + value, 0) / count;
    const quantile = (p: number) => {
      const place = (count - 1) * p;
      const [low, high] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
      return low + (high - low) * (place % 1);
    };
    return {
      count,
      min: sorted[0]!,
      max: sorted.at(-1)!,
      mean,
      std: Math.sqrt(sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1)),
      q25: quantile(0.25),
      median: quantile(0.5),
      q75: quantile(0.75),
    };
  };
  return { reference: of(reference), current: of(current) };
}

/** Every way to deal the pooled rows into n and the rest. */
export function deals(pool: Sample, n: number): { readonly reference: number[]; readonly current: number[] }[] {
  const all: { reference: number[]; current: number[] }[] = [];
  const deal = (place: number, reference: number[], current: number[]) => {
    if (place === pool.length) all.push({ reference, current });
    else {
      if (reference.length < n) deal(place + 1, [...reference, pool[place]!], current);
      if (current.length < pool.length - n) deal(place + 1, reference, [...current, pool[place]!]);
    }
  };
  deal(0, [], []);
  return all;
}

/** A hundred million rows on each side that have no value in common. */
export const farApart: ValueTable = {
  form: 'values',
  support: Float64Array.of(0, 1),
  reference: Float64Array.of(1e8, 0),
  current: Float64Array.of(0, 1e8),
};

/** Cuts between small integers, as many as there are. */
export const cuts = fc.uniqueArray(fc.integer({ min: -9, max: 9 }), { maxLength: 8 });

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

/** A distance of merged tables that is known well although their rows are not: far-shifted, shifted inside the edges, in the tails. */
export function describeMergedDistance(measure: Measure, farTolerance: number, widest: number): void {
  const even = Array.from({ length: 1000 }, (_, i) => (i + 0.5) / 1000);
  const edges = Array.from({ length: 41 }, (_, i) => i / 40);
  const raw = (reference: Sample, current: Sample) => measure.measure(valuesInput(reference, current)).statistic;
  const merged = (reference: Sample, current: Sample, at: Sample) =>
    measure.measure(mergedInput(reference, current, at));

  test('far-shifted current data is right, because the outer sums are known', () => {
    const far = even.map((value) => value + 1e6);
    const truth = raw(even, far);
    const { statistic, interval, exact } = merged(even, far, edges);
    expect(exact).toBe(false);
    for (const number of [statistic, ...interval!, merged(far, even, edges).statistic]) {
      expectRelative(number, truth, farTolerance);
    }
  });

  test('a smooth shift inside the edges is right to a thousandth, within honest bounds', () => {
    const shifted = even.map((value) => 0.9 * value);
    const { statistic, interval, exact } = merged(even, shifted, edges);
    expect(exact).toBe(false);
    expectRelative(statistic, raw(even, shifted), 2e-3);
    expect(interval![1] - interval![0]).toBeLessThan(widest);
  });

  test('exponential tails beyond the last edge', () => {
    const quantiles = (mean: number) => Array.from({ length: 4000 }, (_, i) => -mean * Math.log((i + 0.5) / 4000));
    const [reference, current] = [quantiles(1), quantiles(1.5)];
    const tenths = Array.from({ length: 20 }, (_, i) => 0.1 * i);
    expectRelative(merged(reference, current, tenths).statistic, raw(reference, current), 5e-3);
  });
}

/** Whatever the cuts, the interval of a merged table holds the statistic of the raw values, and the estimate. */
export function expectTruthWithin(measure: Measure, tolerance: number): void {
  fc.assert(
    fc.property(sample, sample, cuts, (reference, current, edges) => {
      const truth = measure.measure(valuesInput(reference, current)).statistic;
      const { statistic, interval } = measure.measure(mergedInput(reference, current, edges));
      const [lower, upper] = interval!;
      for (const held of [truth, statistic]) {
        expect(held).toBeGreaterThanOrEqual(lower - tolerance);
        expect(held).toBeLessThanOrEqual(upper + tolerance);
      }
    }),
  );
}

/** When no interval holds two values, the bounds meet at the statistic of the raw values. */
export function expectBoundsToMeet(measure: Measure, digits: number): void {
  fc.assert(
    fc.property(sample, sample, (reference, current) => {
      const edges = [...valueTable(reference, current).support].flatMap((value) => [value, nextUp(value)]);
      const [lower, upper] = measure.measure(mergedInput(reference, current, edges)).interval!;
      const truth = measure.measure(valuesInput(reference, current)).statistic;
      expect(lower).toBeCloseTo(truth, digits);
      expect(upper).toBeCloseTo(truth, digits);
    }),
  );
}
