import type { IntervalCounts, NumberTable } from '../engine/engine.ts';
import type { Moments } from '../model/measure.ts';
import { type NumericProfile, type QuantileName, quantileProbabilities } from '../model/profile.ts';

/**
 * Every number derived from a sum passes here: sums differ in their last digits with the number of threads, and a report must not.
 */
export function roundDerived(x: number): number {
  return Number.isFinite(x) ? Number(x.toPrecision(11)) : x;
}

const finiteOrNull = (x: number): number | null => (Number.isFinite(x) ? x : null);

/** Rows of a table. */
export function total(counts: Float64Array): number {
  let sum = 0;
  for (const count of counts) sum += count;
  return sum;
}

/** A power of two near 1/x: multiplying by it is exact and keeps fourth powers within range. */
export function inversePowerOfTwo(x: number): number {
  if (!(x > 0) || !Number.isFinite(x)) return 1;
  return 2 ** -Math.max(-1022, Math.min(1023, Math.ceil(Math.log2(x))));
}

/** Mean and central moments of the scaled values (x − center)·scale. */
interface CentralMoments {
  readonly count: number;
  readonly mean: number;
  readonly m2: number;
  readonly m3: number;
  readonly m4: number;
  readonly center: number;
  readonly scale: number;
}

function tableMoments({ values, counts }: NumberTable): CentralMoments {
  const min = values[0]!;
  const max = values.at(-1)!;
  const scale = inversePowerOfTwo(Math.max(Math.abs(min), Math.abs(max)));
  const count = total(counts);
  let sum = 0;
  let carry = 0; // Neumaier
  for (const [i, value] of values.entries()) {
    const term = value * scale * counts[i]!;
    const next = sum + term;
    carry += Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum;
    sum = next;
  }
  const mean = (sum + carry) / count;
  let m1 = 0;
  let m2 = 0;
  let m3 = 0;
  let m4 = 0;
  // a second, finer power of two, so that a narrow column far from zero does not underflow
  const spread = inversePowerOfTwo((max - min) * scale);
  for (const [i, value] of values.entries()) {
    const d = (value * scale - mean) * spread;
    const weighted = d * counts[i]!;
    m1 += weighted;
    m2 += weighted * d;
    m3 += weighted * d * d;
    m4 += weighted * d * d * d;
  }
  m1 /= count;
  return {
    count,
    mean: m1,
    m2: m2 / count - m1 * m1,
    m3: m3 / count - (3 * m1 * m2) / count + 2 * m1 ** 3,
    m4: m4 / count - (4 * m1 * m3) / count + (6 * m1 * m1 * m2) / count - 3 * m1 ** 4,
    center: mean / scale,
    scale: scale * spread,
  };
}

function sumMoments({ counts, powerSums }: IntervalCounts, center: number, scale: number): CentralMoments {
  const count = total(counts);
  const [m1, p2, p3, p4] = powerSums.map((sum) => sum / count) as [number, number, number, number];
  return {
    count,
    mean: m1,
    m2: p2 - m1 * m1,
    m3: p3 - 3 * m1 * p2 + 2 * m1 ** 3,
    m4: p4 - 4 * m1 * p3 + 6 * m1 * m1 * p2 - 3 * m1 ** 4,
    center,
    scale,
  };
}

function describe(moments: CentralMoments, constant: boolean) {
  const { count, mean, m2, m3, m4, center, scale } = moments;
  const std = constant ? 0 : Math.sqrt((Math.max(0, m2) * count) / (count - 1)) / scale;
  return {
    mean: finiteOrNull(roundDerived(center + mean / scale)),
    std: count < 2 ? null : finiteOrNull(roundDerived(std)),
    skewness: constant || m2 <= 0 ? null : finiteOrNull(roundDerived(m3 / m2 ** 1.5)),
    kurtosis: constant || m2 <= 0 ? null : finiteOrNull(roundDerived(m4 / (m2 * m2) - 3)),
  };
}

/** Moments and quantiles of all values; null when there is none. */
export function profileTable(table: NumberTable): NumericProfile | null {
  const { values, counts } = table;
  if (values.length === 0) return null;
  const zero = values.indexOf(0);
  return {
    min: values[0]!,
    max: values.at(-1)!,
    ...describe(tableMoments(table), values.length === 1),
    zeros: zero < 0 ? 0 : counts[zero]!,
    quantiles: quantiles((probability) => tableQuantile(table, probability)),
    quantilesExact: true,
  };
}

/** The same from interval counts and power sums: moments of all rows, quantiles interpolated within an interval. */
export function profileIntervals(
  answer: IntervalCounts,
  edges: Float64Array,
  pivot: { readonly center: number; readonly scale: number },
  min: number,
  max: number,
): NumericProfile | null {
  if (total(answer.counts) === 0) return null;
  return {
    min,
    max,
    ...describe(sumMoments(answer, pivot.center, pivot.scale), min === max),
    zeros: answer.zeros,
    quantiles: quantiles((probability) => roundDerived(intervalQuantile(edges, answer.counts, min, max, probability))),
    quantilesExact: false,
  };
}

function quantiles(of: (probability: number) => number): Record<QuantileName, number> {
  return Object.fromEntries(
    Object.entries(quantileProbabilities).map(([name, probability]) => [name, of(probability)]),
  ) as Record<QuantileName, number>;
}

/** Type 7: linear interpolation between the order statistics around (n − 1)·p. */
export function tableQuantile({ values, counts }: NumberTable, probability: number): number {
  const position = (total(counts) - 1) * probability;
  const rank = Math.floor(position);
  let below = 0;
  for (const [i, count] of counts.entries()) {
    below += count;
    if (rank < below) {
      const value = values[i]!;
      const weight = position - rank;
      if (weight === 0 || rank + 1 < below || i + 1 === values.length) return value;
      return value * (1 - weight) + values[i + 1]! * weight;
    }
  }
  return values.at(-1)!;
}

function intervalQuantile(
  edges: Float64Array,
  counts: Float64Array,
  min: number,
  max: number,
  probability: number,
): number {
  const wanted = total(counts) * probability;
  let below = 0;
  for (const [i, count] of counts.entries()) {
    if (below + count >= wanted && count > 0) {
      const from = Math.max(min, i === 0 ? min : edges[i - 1]!);
      const to = Math.min(max, i === edges.length ? max : edges[i]!);
      const weight = (wanted - below) / count;
      return from * (1 - weight) + to * weight;
    }
    below += count;
  }
  return max;
}

/** What measures read of one side's location and spread. */
export function momentsOf(profile: NumericProfile, count: number): Moments {
  return {
    count,
    min: profile.min,
    max: profile.max,
    mean: profile.mean ?? Number.NaN,
    std: profile.std ?? Number.NaN,
    q25: profile.quantiles.q25,
    median: profile.quantiles.q50,
    q75: profile.quantiles.q75,
  };
}
