import type { Distribution } from '../../../../model/report.ts';

/** Both sides of a column as shares of their rows with a value. */
export interface Shares {
  readonly reference: readonly number[];
  readonly current: readonly number[];
  readonly tallest: number;
}

/** With a share as large as this one cell would flatten all others. */
export const crowded = 0.6;

export function sharesOf({ reference, current }: Pick<Distribution, 'reference' | 'current'>): Shares {
  const shares = (counts: readonly number[]) => {
    const total = counts.reduce((sum, rows) => sum + rows, 0);
    return counts.map((rows) => (total > 0 ? rows / total : 0));
  };
  const sides = { reference: shares(reference), current: shares(current) };
  return { ...sides, tallest: Math.max(0, ...sides.reference, ...sides.current) };
}

/** Shares of rows up to each edge, one more than there are cells. */
export function cumulated(shares: readonly number[]): number[] {
  let sum = 0;
  return [0, ...shares.map((share) => (sum += share))];
}

/** The height of a broken line over ascending x. */
export function heightAt(xs: readonly number[], ys: readonly number[], x: number): number {
  const right = xs.findIndex((edge) => edge >= x);
  if (right === -1) return ys.at(-1)!;
  if (right === 0) return ys[0]!;
  const [from, to] = [xs[right - 1]!, xs[right]!];
  return ys[right - 1]! + ((ys[right]! - ys[right - 1]!) * (x - from)) / (to - from);
}
