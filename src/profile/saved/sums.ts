import type { ExactSum } from '../../model/saved-profile.ts';
import { real } from './packing.ts';

/**
 * Sums of doubles without rounding, so that it does not matter in which order profiles are merged: an exact sum is kept as the
 * nearest double, the nearest double of what is left, and so on. That form is unique.
 *
 * Sources   Shewchuk (1997), Adaptive precision floating-point arithmetic, doi:10.1007/PL00009321.
 */

/** A sum beyond all doubles, or of what is no number, is kept as that. */
export function exactSum(terms: Iterable<number>): ExactSum {
  const parts: number[] = [];
  let special = 0;
  for (const term of terms) {
    if (!Number.isFinite(term)) special += term;
    else addTo(parts, term);
  }
  const infinite = parts.find((part) => !Number.isFinite(part));
  if (special !== 0 || infinite !== undefined) return [real(special + (infinite ?? 0))];
  return canonical(parts).map(real);
}

export function mergeSums(a: ExactSum, b: ExactSum): ExactSum {
  return exactSum([...a, ...b].map(Number));
}

export function sumOf(sum: ExactSum): number {
  return Number(sum[0] ?? 0);
}

/** Adds to parts that do not overlap and grow in size; what is lost in one is kept in the one before. */
function addTo(parts: number[], term: number): void {
  let x = term;
  let kept = 0;
  for (const part of parts) {
    const [large, small] = Math.abs(x) < Math.abs(part) ? [part, x] : [x, part];
    const high = large + small;
    const low = small - (high - large);
    if (low !== 0) parts[kept++] = low;
    x = high;
  }
  parts.length = kept;
  if (x !== 0) parts.push(x);
}

/** Rounds the sum, then what is left of it, until nothing is. */
function canonical(parts: readonly number[]): number[] {
  const result: number[] = [];
  let rest = [...parts];
  while (rest.length > 0) {
    const rounded = roundedSum(rest);
    result.push(rounded);
    addTo(rest, -rounded);
    rest = rest.filter((part) => part !== 0);
  }
  return result;
}

/** The nearest double of parts that do not overlap, half-way cases to even. */
function roundedSum(parts: readonly number[]): number {
  let i = parts.length - 1;
  let high = parts[i]!;
  let low = 0;
  while (i > 0 && low === 0) {
    const x = high;
    const y = parts[--i]!;
    high = x + y;
    low = y - (high - x);
  }
  // half-way between two doubles: what lies below decides
  if (i > 0 && Math.sign(low) === Math.sign(parts[i - 1]!)) {
    const twice = low * 2;
    const x = high + twice;
    if (twice === x - high) high = x;
  }
  return high;
}

/** Power sums about another point: Σ (d + t)ᵏ from Σ dᵏ, where all sums have one scale. */
export function movedSums(sums: readonly number[], count: number, by: number): number[] {
  const [s1, s2, s3, s4] = sums as [number, number, number, number];
  return [
    s1 + count * by,
    s2 + 2 * by * s1 + count * by ** 2,
    s3 + 3 * by * s2 + 3 * by ** 2 * s1 + count * by ** 3,
    s4 + 4 * by * s3 + 6 * by ** 2 * s2 + 4 * by ** 3 * s1 + count * by ** 4,
  ];
}
