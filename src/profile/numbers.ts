import type { IntervalCounts, NumberTable } from '../engine/engine.ts';
import type { Moments } from '../model/measure.ts';
import { type NumericProfile, type QuantileName, quantileProbabilities } from '../model/profile.ts';

/**
 * Every number derived from a sum passes here: sums differ in their last digits with the number of threads, and a report must not.
 *
 * @param scale what the digits are counted from: a mean of 1e-17 among values around 1 is 0
 */
export function roundDerived(x: number, scale = Math.abs(x)): number {
  if (!Number.isFinite(x) || x === 0 || !(scale > 0)) return x;
  const digits = derivedDigits + exponentOf(x) - exponentOf(scale);
  if (digits < 1) return 0;
  // half of the last digit, as means of few digits end, would be rounded up or down by chance
  const steady = Number(x.toPrecision(Math.min(17, digits + 3)));
  return Number(steady.toPrecision(Math.min(17, digits)));
}
const derivedDigits = 11;

/** @param least what is uncertain in the eleventh digit, at least */
function roundAround1(x: number, least: number): number {
  return roundDerived(x, Math.max(least, Math.abs(x)));
}

function exponentOf(x: number): number {
  return Math.floor(Math.log10(Math.abs(x)));
}

const finiteOrNull = (x: number): number | null => (Number.isFinite(x) ? x : null);

/** Rows of a table. */
export function total(counts: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < counts.length; i++) sum += counts[i]!;
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
  // indexed loops: iterators cost several times more here, and tables are long
  for (let i = 0; i < values.length; i++) {
    const term = values[i]! * scale * counts[i]!;
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
  for (let i = 0; i < values.length; i++) {
    const d = (values[i]! * scale - mean) * spread;
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
  // sums about a center far from the mean lose digits when they are moved to it: as many as the powers of this have
  const lost = m2 > 0 ? 1 + (mean * mean) / m2 : 1;
  return {
    mean: finiteOrNull(roundDerived(center + mean / scale, std)),
    std: count < 2 ? null : finiteOrNull(roundDerived(std, std * lost)),
    skewness: constant || m2 <= 0 ? null : finiteOrNull(roundAround1(m3 / m2 ** 1.5, lost ** 1.5)),
    kurtosis: constant || m2 <= 0 ? null : finiteOrNull(roundAround1(m4 / (m2 * m2) - 3, lost * lost)),
  };
}

/** Moments and quantiles of all values; null when there is none. */
export function profileTable(table: NumberTable): NumericProfile | null {
  const { values, counts } = table;
  if (values.length === 0) return null;
  const zero = values.indexOf(0);
  const quantile = quantilesOfTable(table);
  return {
    min: values[0]!,
    max: values.at(-1)!,
    ...describe(tableMoments(table), values.length === 1),
    zeros: zero < 0 ? 0 : counts[zero]!,
    quantiles: quantiles(quantile),
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

/** Quantiles of type 7: linear interpolation between the order statistics around (n − 1)·p. */
export function quantilesOfTable({ values, counts }: NumberTable): (probability: number) => number {
  const upTo = new Float64Array(counts.length);
  let rows = 0;
  for (let i = 0; i < counts.length; i++) {
    rows += counts[i]!;
    upTo[i] = rows;
  }
  return (probability) => {
    const position = (rows - 1) * probability;
    const rank = Math.floor(position);
    const i = firstAbove(upTo, rank);
    const value = values[i]!;
    const weight = position - rank;
    if (weight === 0 || rank + 1 < upTo[i]! || i + 1 === values.length) return value;
    return value * (1 - weight) + values[i + 1]! * weight;
  };
}

/** Index of the first value > x of an ascending array. */
function firstAbove(ascending: Float64Array, x: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! <= x) low = middle + 1;
    else high = middle;
  }
  return low;
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
